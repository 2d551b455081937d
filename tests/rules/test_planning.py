from typing import Any

import attrs
import pytest

from domain.call_result import CallOutcome
from domain.effect import TAGGED, UNTAGGED, Effect, EffectKind, EffectState, Target
from domain.ids import FieldId, ReasonId, StageId
from domain.job_application import Outcome, Stage, Standing
from domain.plan import judgement_of, plan_call_result, plan_screening, plan_write
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.screening import Criteria, KnockOut, Verdict
from domain.writeback import Facts, FieldWish, Write
from tests import builders as b

PLANNED, SKIPPED, REFUSED = EffectState.PLANNED, EffectState.SKIPPED, EffectState.REFUSED
SOURCING = "there is no application: it was a sourcing call"


def _slots(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.slot for effect in effects]


def _only(effects: tuple[Effect, ...], slot: str) -> Effect:
    (found,) = (effect for effect in effects if effect.slot == slot)
    return found


def _going_to(**action: Any) -> Policy:
    return b.a_policy(verdicts={Verdict.PASSED: VerdictAction(**action)})


def _planned(policy: Policy | None = None, facts: Facts | None = None, **result: Any) -> tuple[Effect, ...]:
    return plan_call_result(b.a_call_result(**result), policy or b.a_policy(), facts or b.some_facts())


def test_by_default_note_and_report_go_on_the_application_then_tag_and_status() -> None:
    effects = _planned()

    assert _slots(effects) == ["note@application", "file@application", "tag@candidate", "status@application"]
    assert {effect.state for effect in effects} == {PLANNED}
    assert [effect.target for effect in effects] == [
        b.ON_APPLICATION, b.ON_APPLICATION, b.ON_CANDIDATE, b.ON_APPLICATION,
    ]  # fmt: skip
    assert [effect.before for effect in effects] == [(), (), (UNTAGGED,), ("stage:applied",)]
    assert all(effect.reason is None for effect in effects)


def test_a_result_without_a_report_plans_no_file() -> None:
    assert "file@application" not in _slots(_planned(report=None))


def test_without_an_application_note_and_report_go_on_the_candidate_and_say_why() -> None:
    effects = _planned(_going_to(stage=b.INTERVIEW), application_id=None)

    for slot in ("note@candidate", "file@candidate"):
        assert _only(effects, slot).state is PLANNED
        assert _only(effects, slot).reason == f"goes on the candidate: {SOURCING}"
    assert _only(effects, "tag@candidate").state is PLANNED
    for slot in ("status@application", "stage@application"):
        assert (_only(effects, slot).state, _only(effects, slot).reason) == (SKIPPED, SOURCING)


def test_where_applications_bear_no_notes_they_go_on_the_candidate() -> None:
    effects = _planned(facts=b.some_facts(absent={"application_notes": "no such page"}))

    assert _only(effects, "note@candidate").reason == "goes on the candidate: no such page"
    assert "note@application" not in _slots(effects)
    assert _only(effects, "file@application").state is PLANNED


def test_where_nobody_bears_notes_the_note_is_skipped() -> None:
    absent = {"application_notes": "no such page", "candidate_notes": "none either"}

    note = _only(_planned(facts=b.some_facts(absent=absent)), "note@candidate")

    assert (note.state, note.reason) == (SKIPPED, "none either")


@pytest.mark.parametrize(
    ("where", "slots"),
    [
        (Where.APPLICATION, ["note@application"]),
        (Where.CANDIDATE, ["note@candidate"]),
        (Where.BOTH, ["note@application", "note@candidate"]),
        (Where.NONE, []),
    ],
)
def test_the_policy_says_where_notes_and_reports_go(where: Where, slots: list[str]) -> None:
    effects = _planned(b.a_policy(note_on=where, report_on=where))

    assert [slot for slot in _slots(effects) if slot.startswith("note")] == slots
    assert [slot for slot in _slots(effects) if slot.startswith("file")] == [
        slot.replace("note", "file") for slot in slots
    ]


@pytest.mark.parametrize(
    ("capability", "slot"),
    [
        ("tagging", "tag@candidate"),
        ("stage_moves", "status@application"),
        ("stage_moves", "stage@application"),
        ("candidate_fields", "field:salary@candidate"),
    ],
)
def test_an_absent_capability_is_skipped_with_its_reason(capability: str, slot: str) -> None:
    mapping = FieldMapping(pointer="/score", on=RecordType.CANDIDATE, field=b.SALARY)
    policy = attrs.evolve(_going_to(stage=b.INTERVIEW), fields=(mapping,))

    effect = _only(_planned(policy, b.some_facts(absent={capability: "not in this ATS"})), slot)

    assert (effect.state, effect.reason) == (SKIPPED, "not in this ATS")


def test_a_policy_can_turn_marks_off() -> None:
    assert _slots(_planned(b.a_policy(tag=False, screened_status=False))) == ["note@application", "file@application"]


def test_a_connection_without_tag_or_status_skips_them() -> None:
    effects = _planned(facts=b.some_facts(screened_tag=None, screened_status=None))

    assert _only(effects, "tag@candidate").reason == "the connection has no tag for screened candidates"
    assert _only(effects, "status@application").reason == "the connection has no status for screened applications"
    assert {_only(effects, slot).state for slot in ("tag@candidate", "status@application")} == {SKIPPED}


def test_a_candidate_who_bears_the_tag_is_known_to() -> None:
    facts = b.some_facts(tags={b.CANDIDATE: frozenset({b.SCREENED_TAG})})

    assert _only(_planned(facts=facts), "tag@candidate").before == (TAGGED,)


@pytest.mark.parametrize(
    ("action", "slot", "why"),
    [
        ({"stage": StageId("nowhere")}, "stage@application", "stage nowhere does not exist"),
        ({"stage": b.PIPELINE}, "stage@application", f"stage pipeline is barred: {b.PIPELINE_BARRED}"),
        (
            {"disposition_reason": ReasonId("nothing")},
            "rejection@application",
            "disposition reason nothing does not exist",
        ),
        (
            {"disposition_reason": b.RETIRED_REASON},
            "rejection@application",
            "disposition reason retired is no longer active",
        ),
    ],
)
def test_what_the_ats_does_not_have_is_refused_before_anything_is_sent(
    action: dict[str, Any], slot: str, why: str
) -> None:
    effect = _only(_planned(_going_to(**action)), slot)

    assert (effect.state, effect.reason) == (REFUSED, why)


@pytest.mark.parametrize(
    "standing",
    [
        Standing(stage=b.HIRED, outcome=Outcome.CLOSED),
        Standing(stage=b.APPLIED, outcome=Outcome.REJECTED, reason=b.RETIRED_REASON),
    ],
)
def test_an_application_that_has_ended_is_not_moved(standing: Standing) -> None:
    facts = b.some_facts(standings={b.APPLICATION: standing})

    for action in ({"stage": b.INTERVIEW}, {"disposition_reason": b.NOT_QUALIFIED}):
        decision = _planned(_going_to(**action), facts)[-1]

        assert decision.state is REFUSED
        assert "the application has ended" in (decision.reason or "")


def test_an_application_that_has_ended_just_so_is_no_fault() -> None:
    standing = Standing(stage=b.APPLIED, outcome=Outcome.REJECTED, reason=b.NOT_QUALIFIED)
    facts = b.some_facts(standings={b.APPLICATION: standing})

    status, decision = _planned(_going_to(disposition_reason=b.NOT_QUALIFIED), facts)[-2:]

    assert status.state is REFUSED
    assert (decision.state, decision.before) == (PLANNED, (decision.wanted,))


def test_without_a_catalogue_of_stages_or_reasons_ids_are_taken_as_they_are() -> None:
    facts = b.some_facts(stages={}, reasons={}, absent={"stages": "no list", "reasons": "no list"})

    assert _planned(_going_to(stage=StageId("x")), facts)[-1].state is PLANNED
    assert _planned(_going_to(disposition_reason=ReasonId("y")), facts)[-1].state is PLANNED


def test_a_record_that_the_ats_does_not_have_is_refused() -> None:
    effects = _planned(facts=b.some_facts(missing={b.ON_APPLICATION: "application app-1 was not found"}))

    assert _only(effects, "note@application").state is REFUSED
    assert _only(effects, "note@application").reason == "application app-1 was not found"
    assert _only(effects, "tag@candidate").state is PLANNED


@pytest.mark.parametrize("action", [{"stage": b.INTERVIEW}, {"disposition_reason": b.NOT_QUALIFIED}])
def test_the_status_that_we_set_is_not_somebody_elses_hand(action: dict[str, Any]) -> None:
    decision = _planned(_going_to(**action))[-1]

    assert decision.before == ("stage:applied", "stage:screened")


@pytest.mark.parametrize("status", [None, StageId("nowhere"), b.PIPELINE])
def test_a_status_that_will_not_be_set_is_somebody_elses_hand(status: StageId | None) -> None:
    effects = _planned(_going_to(stage=b.INTERVIEW), b.some_facts(screened_status=status))

    assert effects[-1].before == ("stage:applied",)


def test_a_field_set_twice_is_two_effects_with_slots_of_their_own() -> None:
    mappings = tuple(FieldMapping(pointer=one, on=RecordType.JOB, field=b.SALARY) for one in ("/score", "/score"))

    effects = _planned(b.a_policy(fields=mappings))

    assert _slots(effects)[2:4] == ["field:salary@job", "field:salary@job#2"]


def test_without_a_status_of_ours_only_the_stage_found_is_one_to_start_from() -> None:
    effects = _planned(attrs.evolve(_going_to(stage=b.INTERVIEW), screened_status=False))

    assert effects[-1].before == ("stage:applied",)


def test_where_the_standing_could_not_be_read_nothing_is_known_of_before() -> None:
    effects = _planned(_going_to(stage=b.INTERVIEW), b.some_facts(standings={}))

    assert [effect.before for effect in effects[-2:]] == [(), ()]


@pytest.mark.parametrize("outcome", [CallOutcome.NO_ANSWER, CallOutcome.DECLINED, CallOutcome.FAILED])
def test_a_call_that_was_not_completed_is_noted_but_marks_and_moves_nobody(outcome: CallOutcome) -> None:
    effects = _planned(_going_to(stage=b.INTERVIEW), outcome=outcome)

    assert _only(effects, "note@application").state is PLANNED
    for slot in ("tag@candidate", "status@application", "stage@application"):
        assert _only(effects, slot).state is SKIPPED
        assert _only(effects, slot).reason == f"the call was not completed: {outcome}"


def test_a_verdict_that_came_with_the_result_wins_over_the_criteria() -> None:
    strict = b.a_policy(criteria=Criteria(least_score=99))

    assert judgement_of(b.a_call_result(verdict=Verdict.PASSED), strict).verdict is Verdict.PASSED
    assert judgement_of(b.a_call_result(verdict=None), strict).verdict is Verdict.FAILED
    assert judgement_of(b.a_call_result(verdict=None), b.a_policy()).verdict is Verdict.REVIEW


def test_a_screening_is_judged_and_marks_only() -> None:
    criteria = Criteria(knock_outs=(KnockOut(question="forklift", accept=("yes",)),))
    policy = attrs.evolve(_going_to(stage=b.INTERVIEW), criteria=criteria)

    effects = plan_screening(b.a_screening(), policy, b.some_facts())

    assert _slots(effects) == ["tag@candidate", "status@application", "stage@application"]


def test_a_verdict_without_an_action_moves_nobody() -> None:
    assert _slots(_planned(_going_to(stage=b.INTERVIEW), verdict=Verdict.REVIEW))[-1] == "status@application"
    assert _slots(_planned(_going_to()))[-1] == "status@application"


def test_mapped_values_are_coerced_and_remember_what_was_there() -> None:
    mapping = FieldMapping(pointer="/score", on=RecordType.APPLICATION, field=b.SALARY)
    facts = b.some_facts(values={b.ON_APPLICATION: {b.SALARY: "10"}})

    field = _only(_planned(b.a_policy(fields=(mapping,)), facts), "field:salary@application")

    assert (field.value, field.before, field.state) == ("82.5", ("10",), PLANNED)


@pytest.mark.parametrize(
    ("mapping", "state", "why"),
    [
        (("/nothing", RecordType.JOB, b.SALARY), SKIPPED, "the result has no value at /nothing"),
        (("/summary", RecordType.JOB, b.SALARY), REFUSED, "field salary must be a number"),
        (("/score", RecordType.JOB, FieldId("unheard-of")), REFUSED, "the job has no custom field unheard-of"),
    ],
)
def test_a_mapping_that_cannot_be_followed_says_so(
    mapping: tuple[str, RecordType, FieldId], state: EffectState, why: str
) -> None:
    pointer, on, field_id = mapping
    policy = b.a_policy(fields=(FieldMapping(pointer=pointer, on=on, field=field_id),))

    field = _only(_planned(policy), f"field:{field_id}@job")

    assert (field.state, field.reason) == (state, why)


def test_a_mapping_to_a_record_that_the_result_does_not_name_is_skipped() -> None:
    policy = b.a_policy(fields=(FieldMapping(pointer="/score", on=RecordType.JOB, field=b.SALARY),))

    field = _only(_planned(policy, job_id=None), "field:salary@job")

    assert (field.state, field.reason) == (SKIPPED, "the result names no job")


def test_a_single_write_is_one_effect_in_a_plain_slot() -> None:
    write = Write(kind=EffectKind.STAGE, targets=(b.ON_APPLICATION,), value=b.INTERVIEW)

    (effect,) = plan_write(write, b.some_facts())

    assert (effect.slot, effect.value, effect.before) == ("stage@application", b.INTERVIEW, ("stage:applied",))


def test_a_write_on_many_is_one_effect_each_judged_by_itself() -> None:
    ended = Standing(stage=b.HIRED, outcome=Outcome.CLOSED)
    standings = {b.APPLICATION: Standing(stage=b.APPLIED), b.OTHER_APPLICATION: ended}
    targets = (b.ON_APPLICATION, Target(RecordType.APPLICATION, b.OTHER_APPLICATION))
    write = Write(kind=EffectKind.REJECTION, targets=targets, value=b.NOT_QUALIFIED)

    effects = plan_write(write, b.some_facts(standings=standings))

    assert _slots(effects) == ["rejection@application:app-1", "rejection@application:app-2"]
    assert [effect.state for effect in effects] == [PLANNED, REFUSED]


def test_wishes_for_fields_are_one_effect_each() -> None:
    wishes = (FieldWish(field=b.SALARY, value=5200), FieldWish(field=b.SHIFT, value="dawn"))

    effects = plan_write(Write(kind=EffectKind.FIELD, targets=(b.ON_CANDIDATE,), fields=wishes), b.some_facts())

    assert _slots(effects) == ["field:salary@candidate", "field:shift@candidate"]
    assert [effect.state for effect in effects] == [PLANNED, REFUSED]
    assert effects[1].reason == "field shift must be one of: Day, Night"


def test_a_barred_stage_is_refused_also_as_a_status() -> None:
    barred = Stage(id=b.SCREENED, name="Screened", barred="closed")

    status = _only(_planned(facts=b.some_facts(stages={b.SCREENED: barred})), "status@application")

    assert (status.state, status.reason) == (REFUSED, "stage screened is barred: closed")


def test_an_application_wanted_for_a_candidate_is_one_effect_on_the_candidate() -> None:
    write = Write(kind=EffectKind.APPLICATION, targets=(b.ON_CANDIDATE,), value=b.OTHER_JOB)

    (effect,) = plan_write(write, b.some_facts())

    assert (effect.slot, effect.value, effect.state) == ("application@candidate", b.OTHER_JOB, PLANNED)
    assert effect.target == b.ON_CANDIDATE
