"""Reading the facts that a plan needs: what the gateway can do, and how the records stand right now."""

from collections.abc import Awaitable, Iterable
from contextlib import suppress
from typing import TypeVar

from domain.call_result import CallResult
from domain.custom_field import FieldDefinition
from domain.effect import Effect, EffectKind, Target
from domain.evidence import CannotTell
from domain.ids import ApplicationId, CandidateId, FieldId, ReasonId, StageId, TagId
from domain.job_application import DispositionReason, Stage, Standing
from domain.plan import judgement_of
from domain.policy import Policy, RecordType
from domain.screening import Screening
from domain.writeback import Facts, Request, Write
from ports.errors import ForbiddenError, NotFoundError, RefusedError, UnsupportedError
from ports.fields import CustomFields
from ports.gateway import Absence, Gateway, absences

T = TypeVar("T")


class FactFinder:
    """Reads each fact once. Raises UnavailableError, AccessError, MalformedReplyError."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._absent: dict[str, str] = {}
        self._missing: dict[Target, str] = {}
        self._standings: dict[ApplicationId, Standing] = {}
        self._owners: dict[ApplicationId, CandidateId] = {}
        self._stages: dict[StageId, Stage] = {}
        self._reasons: dict[ReasonId, DispositionReason] = {}
        self._tags: dict[CandidateId, frozenset[TagId]] = {}
        self._all_tags: frozenset[TagId] | None = None
        self._definitions: dict[RecordType, dict[FieldId, FieldDefinition]] = {}
        self._values: dict[Target, dict[FieldId, str]] = {}

    def facts(self) -> Facts:
        """What was found."""
        tagging, moves = self._gateway.tagging, self._gateway.stage_moves
        return Facts(
            absent={**absences(self._gateway), **self._absent},
            missing=self._missing,
            standings=self._standings,
            stages=self._stages,
            reasons=self._reasons,
            tags=self._tags,
            all_tags=self._all_tags,
            definitions=self._definitions,
            values=self._values,
            screened_tag=None if isinstance(tagging, Absence) else tagging.screened_tag,
            screened_status=None if isinstance(moves, Absence) else moves.screened_status,
        )

    async def standing(self, application: ApplicationId) -> Standing | None:
        """Where the application stands, if that can be told."""
        moves = self._gateway.stage_moves
        if isinstance(moves, Absence):
            return None
        found = await self._unless_missing(Target(RecordType.APPLICATION, application), moves.current(application))
        owner = found.owner if isinstance(found, CannotTell) else found.candidate if found is not None else None
        if owner is not None:
            self._owners[application] = owner
        if not isinstance(found, Standing):
            return None
        self._standings[application] = found
        return found

    async def belonging(self, application: ApplicationId, candidate: CandidateId, *, anew: bool = False) -> None:
        """The standing; somebody else's application counts as missing: nothing may land on the wrong person.

        Read `anew`, after a refusal, it must also be known whose it is, wherever that can be known.
        """
        standing = await self.standing(application)
        target = Target(RecordType.APPLICATION, application)
        if self._owners.get(application, candidate) != candidate:
            self._missing[target] = f"application {application} is not one of candidate {candidate}"
        elif (
            standing is None
            and anew
            and application not in self._owners
            and not isinstance(self._gateway.stage_moves, Absence)
        ):
            self._missing.setdefault(target, f"whose application {application} is cannot be told")

    async def stages(self) -> None:
        """The stages that there are."""
        if not isinstance(self._gateway.stages, Absence):
            stages = await self._unless_unlisted("stages", self._gateway.stages.stages())
            self._stages.update({stage.id: stage for stage in stages})

    async def reasons(self) -> None:
        """The disposition reasons that there are."""
        if not isinstance(self._gateway.reasons, Absence):
            reasons = await self._unless_unlisted("reasons", self._gateway.reasons.reasons())
            self._reasons.update({reason.id: reason for reason in reasons})

    async def tags(self) -> None:
        """The tags that there are, where they are listed."""
        if not isinstance(self._gateway.tagging, Absence):
            with suppress(NotFoundError, RefusedError, UnsupportedError, ForbiddenError):
                tags = await self._gateway.tagging.tags()
                self._all_tags = None if isinstance(tags, CannotTell) else tags

    async def person(self, candidate: CandidateId) -> None:
        """Whether the candidate is there, and the tags on them."""
        target = Target(RecordType.CANDIDATE, candidate)
        tagging, lookup = self._gateway.tagging, self._gateway.candidate_lookup
        if not isinstance(tagging, Absence):
            tags = await self._unless_missing(target, tagging.current(candidate))
            if isinstance(tags, frozenset):
                self._tags[candidate] = tags
                return
        if not isinstance(lookup, Absence) and target not in self._missing:
            await self._unless_missing(target, lookup.candidate(candidate))

    async def fields(self, targets: Iterable[Target]) -> None:
        """The definitions and values of the records' custom fields."""
        for target in targets:
            port = fields_of(self._gateway, target.type)
            if isinstance(port, Absence):
                continue
            if target.type not in self._definitions:
                definitions = await self._unless_unlisted(f"{target.type}_fields", port.definitions())
                self._definitions[target.type] = {one.id: one for one in definitions}
            values = await self._unless_missing(target, port.current(target.id))
            if isinstance(values, tuple):
                self._values[target] = {one.field: one.value for one in values if one.value is not None}

    async def _unless_missing(self, target: Target, reading: Awaitable[T]) -> T | None:
        try:
            return await reading
        except (NotFoundError, RefusedError, ForbiddenError) as error:
            self._missing[target] = error.message
        except UnsupportedError:
            pass  # this installation has no such look: that says nothing of the record
        return None

    async def _unless_unlisted(self, capability: str, reading: Awaitable[tuple[T, ...]]) -> tuple[T, ...]:
        """A list that this installation does not give: only what hangs on it is done without."""
        try:
            return await reading
        except (NotFoundError, RefusedError, UnsupportedError) as error:
            self._absent[capability] = error.message
            return ()


def fields_of(gateway: Gateway, record: RecordType) -> CustomFields | Absence:
    """The port for the custom fields of a kind of record."""
    ports = {
        RecordType.APPLICATION: gateway.application_fields,
        RecordType.CANDIDATE: gateway.candidate_fields,
        RecordType.JOB: gateway.job_fields,
    }
    return ports[record]


async def facts_of_screening(gateway: Gateway, policy: Policy, request: Screening | CallResult) -> Facts:
    """What marks and the verdict's action need."""
    finder = FactFinder(gateway)
    await finder.person(request.candidate_id)
    if request.application_id is not None:
        await finder.belonging(request.application_id, request.candidate_id)
    if policy.tag:
        await finder.tags()
    action = policy.verdicts.get(judgement_of(request, policy).verdict)
    if policy.screened_status or (action is not None and action.stage):
        await finder.stages()
    if action is not None and action.disposition_reason:
        await finder.reasons()
    if isinstance(request, CallResult):
        await finder.fields(_mapped_targets(policy, request))
    return finder.facts()


def _mapped_targets(policy: Policy, result: CallResult) -> list[Target]:
    ids = {
        RecordType.APPLICATION: result.application_id,
        RecordType.CANDIDATE: result.candidate_id,
        RecordType.JOB: result.job_id,
    }
    wanted = dict.fromkeys(mapping.on for mapping in policy.fields)
    return [Target(record, record_id) for record in wanted if (record_id := ids[record])]


async def facts_of_write(gateway: Gateway, write: Write) -> Facts:
    """What a single write needs."""
    finder = FactFinder(gateway)
    if write.kind is EffectKind.FIELD:
        await finder.fields(write.targets)
    for target in write.targets:
        if target.type is RecordType.APPLICATION:
            await finder.standing(ApplicationId(target.id))
        elif target.type is RecordType.CANDIDATE:
            await finder.person(CandidateId(target.id))
    if write.kind is EffectKind.TAG:
        await finder.tags()
    if write.kind is EffectKind.STAGE:
        await finder.stages()
    if write.kind is EffectKind.REJECTION:
        await finder.reasons()
    return finder.facts()


async def facts_of_effect(gateway: Gateway, request: Request, effect: Effect) -> Facts:
    """What must be looked at again before an effect can go that its plan had refused."""
    finder, target = FactFinder(gateway), effect.target
    match target.type, request:
        case RecordType.APPLICATION, Write():
            await finder.standing(ApplicationId(target.id))
        case RecordType.APPLICATION, CallResult() | Screening():
            await finder.belonging(ApplicationId(target.id), request.candidate_id, anew=True)
        case RecordType.CANDIDATE, _:
            await finder.person(CandidateId(target.id))
        case _:
            pass
    match effect.kind:
        case EffectKind.FIELD:
            await finder.fields([target])
        case EffectKind.TAG:
            await finder.tags()
        case EffectKind.STATUS | EffectKind.STAGE:
            await finder.stages()
        case EffectKind.REJECTION:
            await finder.reasons()
        case _:
            pass
    return finder.facts()
