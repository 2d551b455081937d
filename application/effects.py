"""Carrying an effect to the port that makes it, and looking whether it stands."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import attrs

from application.facts import fields_of
from domain.attachment import Attachment, FileReference
from domain.call_result import CallResult
from domain.checks import CAPABILITIES
from domain.custom_field import FieldUpdate
from domain.effect import TAGGED, UNTAGGED, Effect, EffectKind
from domain.evidence import CannotTell, Current, Evidence, EvidenceGrade, Receipt, believed
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from domain.policy import RecordType
from domain.screening import Verdict
from domain.writeback import Request
from ports.attachments import Files
from ports.attempt import Attempt
from ports.errors import ForbiddenError, NotFoundError, RefusedError, UnsupportedError
from ports.gateway import Gateway, need
from ports.notes import Notes


def grade_of(gateway: Gateway, effect: Effect) -> EvidenceGrade:
    """What a look can prove of such an effect. Raises UnsupportedError where the gateway lacks its port."""
    row = CAPABILITIES.get((effect.kind, effect.target.type))
    if row is None:
        return EvidenceGrade.NONE
    grade: EvidenceGrade = need(getattr(gateway, row)).evidence
    return grade


@attrs.frozen
class Carrier:
    """One gateway's way to make and to look for effects.

    `load` gives a file's bytes by its SHA-256; `room` is taken for as long as they are in memory. `request` is what the
    effects come from.
    """

    gateway: Gateway
    load: Callable[[str], Awaitable[bytes]]
    room: Callable[[FileReference], AbstractAsyncContextManager[None]]
    request: Request

    async def send(self, effect: Effect, attempt: Attempt) -> Receipt:
        """Makes exactly one unsafe request. Raises what the port raises."""
        record, value = effect.target.id, effect.value or ""
        match effect.kind:
            case EffectKind.NOTE if effect.note is not None:
                return await self._notes(effect).add(record, effect.note, attempt)
            case EffectKind.FILE if effect.file is not None:
                async with self.room(effect.file):
                    return await self._files(effect).add(record, await self._attachment(effect.file), attempt)
            case EffectKind.FIELD:
                update = FieldUpdate(effect.field or FieldId(""), value)
                return await need(fields_of(self.gateway, effect.target.type)).update(record, update, attempt)
            case EffectKind.TAG:
                return await need(self.gateway.tagging).tag(CandidateId(record), TagId(value), attempt)
            case EffectKind.STATUS | EffectKind.STAGE:
                return await need(self.gateway.stage_moves).move(ApplicationId(record), StageId(value), attempt)
            case EffectKind.REJECTION:
                return await need(self.gateway.rejection).reject(ApplicationId(record), ReasonId(value), attempt)
            case EffectKind.APPLICATION:
                return await need(self.gateway.application_intake).create(CandidateId(record), JobId(value), attempt)
            case EffectKind.WEBHOOK if isinstance(self.request, CallResult):
                judged = attrs.evolve(self.request, verdict=Verdict(value))
                return await need(self.gateway.result_delivery).deliver(judged, attempt)
            case _:
                raise UnsupportedError(f"effects of kind {effect.kind} cannot be carried out here")

    async def look(self, effect: Effect, marker: str) -> Evidence:
        """What the ATS shows of the effect, as far as such a look can be believed.

        A record that is gone gives no evidence either way.
        """
        try:
            grade = grade_of(self.gateway, effect)
            return believed(effect, await self._look(effect, marker), grade)
        except (NotFoundError, RefusedError) as error:
            return CannotTell(f"{error.message}: gone or merged")
        except (UnsupportedError, ForbiddenError) as error:
            return CannotTell(error.message)

    async def _look(self, effect: Effect, marker: str) -> Evidence:
        record = effect.target.id
        match effect.kind:
            case EffectKind.NOTE:
                return await self._notes(effect).find(record, marker)
            case EffectKind.FILE:
                return await self._files(effect).find(record, marker)
            case EffectKind.FIELD:
                return await self._field(effect)
            case EffectKind.TAG:
                return await self._tag(effect)
            case EffectKind.STATUS | EffectKind.STAGE:
                standing = await need(self.gateway.stage_moves).current(ApplicationId(record))
                return standing if isinstance(standing, CannotTell) else Current(standing.value)
            case EffectKind.REJECTION:
                standing = await need(self.gateway.rejection).current(ApplicationId(record))
                return standing if isinstance(standing, CannotTell) else Current(standing.value)
            case EffectKind.APPLICATION:
                intake = need(self.gateway.application_intake)
                return await intake.find(CandidateId(record), JobId(effect.value or ""))
            case EffectKind.WEBHOOK if isinstance(self.request, CallResult):
                return await need(self.gateway.result_delivery).find(self.request)
            case _:
                return CannotTell(f"effects of kind {effect.kind} leave no evidence")

    async def _field(self, effect: Effect) -> Evidence:
        values = await need(fields_of(self.gateway, effect.target.type)).current(effect.target.id)
        if isinstance(values, CannotTell):
            return values
        found = next((one.value for one in values if one.field == effect.field), None)
        return Current(found or "")

    async def _tag(self, effect: Effect) -> Evidence:
        tags = await need(self.gateway.tagging).current(CandidateId(effect.target.id))
        if isinstance(tags, CannotTell):
            return tags
        return Current(TAGGED if TagId(effect.value or "") in tags else UNTAGGED)

    async def _attachment(self, file: FileReference) -> Attachment:
        content = await self.load(file.sha256)
        return Attachment(filename=file.filename, media_type=file.media_type, content=content)

    def _notes(self, effect: Effect) -> Notes:
        on_application = effect.target.type is RecordType.APPLICATION
        return need(self.gateway.application_notes if on_application else self.gateway.candidate_notes)

    def _files(self, effect: Effect) -> Files:
        on_application = effect.target.type is RecordType.APPLICATION
        return need(self.gateway.application_files if on_application else self.gateway.candidate_files)
