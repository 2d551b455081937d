"""What the facts say of an effect before anything is sent: skipped, refused, or from which values it may go."""

from collections.abc import Iterable, Mapping

import attrs

from domain.custom_field import canonical
from domain.effect import TAGGED, UNTAGGED, Effect, EffectKind, EffectState
from domain.errors import InvalidError
from domain.ids import ApplicationId, CandidateId, FieldId, ReasonId, StageId, TagId
from domain.job_application import Outcome, in_stage
from domain.policy import RecordType
from domain.writeback import Facts

SO_ALREADY = "is so already"
NO_APPLICATION = "there is no application: it was a sourcing call"
CAPABILITIES: Mapping[tuple[EffectKind, RecordType], str] = {
    (EffectKind.NOTE, RecordType.APPLICATION): "application_notes",
    (EffectKind.NOTE, RecordType.CANDIDATE): "candidate_notes",
    (EffectKind.FILE, RecordType.APPLICATION): "application_files",
    (EffectKind.FILE, RecordType.CANDIDATE): "candidate_files",
    (EffectKind.FIELD, RecordType.APPLICATION): "application_fields",
    (EffectKind.FIELD, RecordType.CANDIDATE): "candidate_fields",
    (EffectKind.FIELD, RecordType.JOB): "job_fields",
    (EffectKind.TAG, RecordType.CANDIDATE): "tagging",
    (EffectKind.STATUS, RecordType.APPLICATION): "stage_moves",
    (EffectKind.STAGE, RecordType.APPLICATION): "stage_moves",
    (EffectKind.REJECTION, RecordType.APPLICATION): "rejection",
    (EffectKind.APPLICATION, RecordType.CANDIDATE): "application_intake",
    (EffectKind.WEBHOOK, RecordType.CANDIDATE): "result_delivery",
}
"""Which port of the gateway carries out which effect."""


def checked(effect: Effect, facts: Facts) -> Effect:
    """The effect with its values before; skipped or refused where the facts already say that it cannot be."""
    if not effect.target.id:
        return skipped(effect, NO_APPLICATION)
    absent = facts.absent.get(CAPABILITIES[effect.kind, effect.target.type])
    if absent is not None:
        return skipped(effect, absent)
    missing = facts.missing.get(effect.target)
    if missing is not None:
        return refused(effect, missing)
    match effect.kind:
        case EffectKind.TAG:
            return _checked_tag(effect, facts)
        case EffectKind.STATUS | EffectKind.STAGE:
            return _checked_stage(effect, facts)
        case EffectKind.REJECTION:
            return _checked_rejection(effect, facts)
        case _:
            return effect


def checked_field(effect: Effect, facts: Facts, value: object) -> Effect:
    """The same of a field, with its value in canonical text. Where no values could be read, none is known of before."""
    effect = checked(effect, facts)
    if effect.state is not EffectState.PLANNED:
        return effect
    target, field = effect.target, effect.field or FieldId("")
    definition = facts.definitions.get(target.type, {}).get(field)
    if definition is None:
        return refused(effect, f"the {target.type} has no custom field {field}")
    try:
        text = canonical(definition, value)
    except InvalidError as error:
        return refused(effect, f"field {field} {error.faults[0].message}")
    values = facts.values.get(target)
    return attrs.evolve(effect, value=text, before=() if values is None else (values.get(field, ""),))


def checked_anew(effect: Effect, facts: Facts) -> Effect:
    """An effect that its plan had refused, by the facts of now: refused again, or fit to be sent."""
    fresh = attrs.evolve(effect, state=EffectState.PLANNED, reason=None, before=())
    if fresh.kind is EffectKind.FIELD:
        return checked_field(fresh, facts, fresh.value)
    return checked(fresh, facts)


def _checked_tag(effect: Effect, facts: Facts) -> Effect:
    if effect.value is None:
        return skipped(effect, "the connection has no tag for screened candidates")
    tag = TagId(effect.value)
    # Where the tags could not be read it is planned from the one value that is not the wanted one.
    tags = facts.tags.get(CandidateId(effect.target.id), frozenset())
    if facts.all_tags is not None and tag not in facts.all_tags | tags:
        return refused(effect, f"tag {tag} does not exist")
    return attrs.evolve(effect, before=(TAGGED if tag in tags else UNTAGGED,))


def _checked_stage(effect: Effect, facts: Facts) -> Effect:
    if effect.value is None:
        return skipped(effect, "the connection has no status for screened applications")
    stage = facts.stages.get(StageId(effect.value))
    if stage is None and "stages" not in facts.absent:
        return refused(effect, f"stage {effect.value} does not exist")
    if stage is not None and stage.barred is not None:
        return refused(effect, f"stage {effect.value} is barred: {stage.barred}")
    if stage is not None and stage.rejected and "rejection" not in facts.absent:
        return refused(effect, f"stage {effect.value} is a rejection: it needs a disposition reason")
    return _from_standing(effect, facts)


def _checked_rejection(effect: Effect, facts: Facts) -> Effect:
    reason = facts.reasons.get(ReasonId(effect.value or ""))
    if "reasons" not in facts.absent:
        if reason is None:
            return refused(effect, f"disposition reason {effect.value} does not exist")
        if not reason.active:
            return refused(effect, f"disposition reason {effect.value} is no longer active")
    return _from_standing(effect, facts)


def _from_standing(effect: Effect, facts: Facts) -> Effect:
    standing = facts.standings.get(ApplicationId(effect.target.id))
    if standing is None:
        return effect
    if standing.outcome is not Outcome.OPEN and standing.value != effect.wanted:
        return refused(effect, f"the application has ended: {standing.outcome} ({in_stage(standing.stage)})")
    return attrs.evolve(effect, before=(standing.value,))


def also_from(effect: Effect, values: Iterable[str]) -> Effect:
    """The effect may start from these values too, where any is known that it may start from."""
    return attrs.evolve(effect, before=(*effect.before, *values)) if effect.before else effect


def unless_so(effect: Effect) -> Effect:
    """What will stand there already when its turn comes is not sent."""
    if effect.state is EffectState.PLANNED and effect.before and effect.before[-1] == effect.wanted:
        return skipped(effect, SO_ALREADY)
    return effect


def skipped(effect: Effect, why: str) -> Effect:
    return attrs.evolve(effect, state=EffectState.SKIPPED, reason=why)


def refused(effect: Effect, why: str) -> Effect:
    return attrs.evolve(effect, state=EffectState.REFUSED, reason=why)
