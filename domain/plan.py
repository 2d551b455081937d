"""Planning: from a request, a policy and the facts to the effects, in order. Pure; computed once, then stored."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum

import attrs

from domain.call_result import CallOutcome, CallResult
from domain.checks import CAPABILITIES, NO_APPLICATION, also_from, checked, checked_field, skipped, unless_so
from domain.custom_field import as_text
from domain.effect import DECISIVE, Effect, EffectKind, EffectState, Target
from domain.ids import ApplicationId, CandidateId, FieldId
from domain.note import Note
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.result_note import note_of
from domain.screening import Judgement, Screening, Verdict, judge
from domain.writeback import Facts, Write


@attrs.frozen
class _Subject:
    """Whom a result is about, and what is known of them."""

    candidate: CandidateId
    application: ApplicationId | None
    facts: Facts
    policy: Policy

    @property
    def person(self) -> Target:
        return Target(RecordType.CANDIDATE, self.candidate)

    @property
    def way(self) -> Target:
        """The application; its id is empty where there is none, and then nothing is planned on it."""
        return Target(RecordType.APPLICATION, self.application or "")


def judgement_of(request: CallResult | Screening, policy: Policy) -> Judgement:
    """A verdict that came with the result wins, else the criteria decide."""
    if isinstance(request, CallResult) and request.verdict is not None:
        return Judgement(request.verdict)
    return judge(request.answers, request.score, policy.criteria)


def plan_screening(screening: Screening, policy: Policy, facts: Facts) -> tuple[Effect, ...]:
    """Tag, status, then what follows the verdict."""
    subject = _Subject(screening.candidate_id, screening.application_id, facts, policy)
    return _in_order(_marks(subject, judgement_of(screening, policy).verdict))


def plan_call_result(result: CallResult, policy: Policy, facts: Facts) -> tuple[Effect, ...]:
    """Notes, files and fields, then as for a screening. A call that was not completed marks and moves nobody.

    Where there is no ATS that could bear a note, the result itself is delivered, and that is all.
    """
    subject = _Subject(result.candidate_id, result.application_id, facts, policy)
    judgement = judgement_of(result, policy)
    if _is_delivered(facts):
        return (_delivery(subject, judgement.verdict),)
    effects = [*_notes(subject, note_of(result, judgement)), *_files(subject, result), *_mapped(subject, result)]
    marks = _marks(subject, judgement.verdict)
    if result.outcome is not CallOutcome.COMPLETED:
        marks = (skipped(effect, f"the call was not completed: {result.outcome}") for effect in marks)
    return _in_order((*effects, *marks))


def _is_delivered(facts: Facts) -> bool:
    return "result_delivery" not in facts.absent and facts.absent.keys() >= {"application_notes", "candidate_notes"}


def _delivery(subject: _Subject, verdict: Verdict) -> Effect:
    """Whether the candidate is still kept does not matter: whoever sent the result knows them."""
    return Effect(slot="webhook@candidate", kind=EffectKind.WEBHOOK, target=subject.person, value=verdict.value)


def plan_write(write: Write, facts: Facts) -> tuple[Effect, ...]:
    """One effect a target, or one a field."""
    if write.kind is EffectKind.FIELD:
        wishes = ((target, wish) for target in write.targets for wish in write.fields)
        return _in_order(_field(facts, target, wish.field, wish.value) for target, wish in wishes)
    return _in_order(_single(write, target, facts) for target in write.targets)


def _in_order(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Each is planned from what those before it leave: a value that we set ourselves is no sign of another's hand.

    A slot that comes again is numbered: `field:1@job#2`.
    """
    seen: Counter[str] = Counter()
    ours: defaultdict[object, list[str]] = defaultdict(list)
    planned = []
    for effect in effects:
        seen[effect.slot] += 1
        again = f"#{seen[effect.slot]}" if seen[effect.slot] > 1 else ""
        one = unless_so(also_from(attrs.evolve(effect, slot=effect.slot + again), ours[_place(effect)]))
        if one.state is EffectState.PLANNED and one.wanted is not None:
            ours[_place(effect)].append(one.wanted)
        planned.append(one)
    return tuple(planned)


def _place(effect: Effect) -> object:
    """What the effect sets; status, stage and rejection set the same thing."""
    if effect.kind in {EffectKind.STATUS, *DECISIVE}:
        return effect.target
    return effect.target, effect.kind, effect.field or effect.value


def _single(write: Write, target: Target, facts: Facts) -> Effect:
    alone = len(write.targets) == 1
    effect = Effect(
        slot=f"{write.kind}@{target.type}" if alone else f"{write.kind}@{target.type}:{target.id}",
        kind=write.kind,
        target=target,
        note=write.note,
        file=write.file,
        value=write.value,
    )
    return checked(effect, facts)


def _places(subject: _Subject, where: Where, kind: EffectKind) -> Iterator[tuple[Target, str | None]]:
    """The records that a note or report goes on, each with why it is not the one asked for."""
    absent = subject.facts.absent.get(CAPABILITIES[kind, RecordType.APPLICATION])
    elsewhere = NO_APPLICATION if subject.application is None else absent
    if where is Where.BOTH or (where is Where.APPLICATION and elsewhere is None):
        yield subject.way, None
    if where in {Where.CANDIDATE, Where.BOTH}:
        yield subject.person, None
    elif where is Where.APPLICATION and elsewhere is not None:
        yield subject.person, f"goes on the candidate: {elsewhere}"


def _notes(subject: _Subject, note: Note) -> Iterator[Effect]:
    for target, remark in _places(subject, subject.policy.note_on, EffectKind.NOTE):
        effect = Effect(slot=f"note@{target.type}", kind=EffectKind.NOTE, target=target, note=note, reason=remark)
        yield checked(effect, subject.facts)


def _files(subject: _Subject, result: CallResult) -> Iterator[Effect]:
    if result.report is None:
        return
    for target, remark in _places(subject, subject.policy.report_on, EffectKind.FILE):
        effect = Effect(
            slot=f"file@{target.type}", kind=EffectKind.FILE, target=target, file=result.report, reason=remark
        )
        yield checked(effect, subject.facts)


def _mapped(subject: _Subject, result: CallResult) -> Iterator[Effect]:
    for mapping in subject.policy.fields:
        target = _target_of(mapping, result)
        value = pointed_at(result, mapping.pointer)
        if target is None:
            empty = Target(mapping.on, "")
            yield skipped(_field_effect(empty, mapping.field), f"the result names no {mapping.on}")
        elif value is None:
            yield skipped(_field_effect(target, mapping.field), f"the result has no value at {mapping.pointer}")
        else:
            yield _field(subject.facts, target, mapping.field, value)


def _target_of(mapping: FieldMapping, result: CallResult) -> Target | None:
    ids = {
        RecordType.APPLICATION: result.application_id,
        RecordType.CANDIDATE: result.candidate_id,
        RecordType.JOB: result.job_id,
    }
    record_id = ids[mapping.on]
    return Target(mapping.on, record_id) if record_id else None


def _field_effect(target: Target, field: FieldId, value: str | None = None) -> Effect:
    return Effect(slot=f"field:{field}@{target.type}", kind=EffectKind.FIELD, target=target, field=field, value=value)


def _field(facts: Facts, target: Target, field: FieldId, value: object) -> Effect:
    return checked_field(_field_effect(target, field, as_text(value)), facts, value)


def _marks(subject: _Subject, verdict: Verdict) -> Iterator[Effect]:
    policy, facts = subject.policy, subject.facts
    if policy.tag:
        tag = Effect(slot="tag@candidate", kind=EffectKind.TAG, target=subject.person, value=facts.screened_tag)
        yield checked(tag, facts)
    if policy.screened_status:
        status = Effect(
            slot="status@application", kind=EffectKind.STATUS, target=subject.way, value=facts.screened_status
        )
        yield checked(status, facts)
    action = policy.verdicts.get(verdict)
    if action is not None:
        yield from _decision(subject, action)


def _decision(subject: _Subject, action: VerdictAction) -> Iterator[Effect]:
    if action.stage:
        move = Effect(slot="stage@application", kind=EffectKind.STAGE, target=subject.way, value=action.stage)
        yield checked(move, subject.facts)
    elif action.disposition_reason:
        rejection = Effect(
            slot="rejection@application",
            kind=EffectKind.REJECTION,
            target=subject.way,
            value=action.disposition_reason,
        )
        yield checked(rejection, subject.facts)


_INDEX = re.compile("0|[1-9][0-9]{0,8}")


def pointed_at(result: CallResult, pointer: str) -> object:
    """The value at a JSON Pointer (RFC 6901) of a call result's body, or None where there is none."""
    found: object = attrs.asdict(result, value_serializer=_as_json)
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list | tuple) and _INDEX.fullmatch(name) and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return None if isinstance(found, dict | list | tuple) else found


def _as_json(_: object, __: object, value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case _:
            return value
