import attrs
import pytest

from domain.call_result import CallOutcome
from domain.effect import TAGGED, UNTAGGED, EffectKind, EffectState, Target
from domain.ids import FieldId
from domain.job_application import Stage
from domain.policy import FieldMapping, RecordType, Where
from domain.screening import Verdict
from tests import builders as b
from tests.rules.plans import going_to, only, planned, slots

PLANNED, SKIPPED, REFUSED = EffectState.PLANNED, EffectState.SKIPPED, EffectState.REFUSED
SOURCING = "there is no application: it was a sourcing call"


def test_by_default_note_and_report_go_on_the_application_then_tag_and_status() -> None:
    effects = planned()

    assert slots(effects) == ["note@application", "file@application", "tag@candidate", "status@application"]
    assert {effect.state for effect in effects} == {PLANNED}
    assert [effect.target for effect in effects] == [
        b.ON_APPLICATION, b.ON_APPLICATION, b.ON_CANDIDATE, b.ON_APPLICATION,
    ]  # fmt: skip
    assert [effect.before for effect in effects] == [(), (), (UNTAGGED,), ("stage:applied",)]
    assert all(effect.reason is None for effect in effects)


def test_a_result_without_a_report_plans_no_file() -> None:
    assert "file@application" not in slots(planned(report=None))


def test_without_an_application_note_and_report_go_on_the_candidate_and_say_why() -> None:
    effects = planned(going_to(stage=b.INTERVIEW), application_id=None)

    for slot in ("note@candidate", "file@candidate"):
        assert only(effects, slot).state is PLANNED
        assert only(effects, slot).reason == f"goes on the candidate: {SOURCING}"
    assert only(effects, "tag@candidate").state is PLANNED
    for slot in ("status@application", "stage@application"):
        assert (only(effects, slot).state, only(effects, slot).reason) == (SKIPPED, SOURCING)


def test_where_applications_bear_no_notes_they_go_on_the_candidate() -> None:
    effects = planned(facts=b.some_facts(absent={"application_notes": "no such page"}))

    assert only(effects, "note@candidate").reason == "goes on the candidate: no such page"
    assert "note@application" not in slots(effects)
    assert only(effects, "file@application").state is PLANNED


def test_where_nobody_bears_notes_the_note_is_skipped() -> None:
    absent = {"application_notes": "no such page", "candidate_notes": "none either", "result_delivery": "nor that"}

    note = only(planned(facts=b.some_facts(absent=absent)), "note@candidate")

    assert (note.state, note.reason) == (SKIPPED, "none either")


def test_where_there_is_no_ats_the_result_is_delivered_and_that_is_all() -> None:
    """Also of a call that was not completed, and of somebody who is not kept here any more."""
    absent = {"application_notes": "there is no ATS", "candidate_notes": "there is no ATS"}
    facts = b.some_facts(absent=absent, missing={Target(RecordType.CANDIDATE, b.CANDIDATE): "gone"})

    (delivery,) = planned(facts=facts, outcome=CallOutcome.FAILED, verdict=Verdict.FAILED)

    assert (delivery.slot, delivery.kind, delivery.state) == ("webhook@candidate", EffectKind.WEBHOOK, PLANNED)
    assert (delivery.target, delivery.value) == (Target(RecordType.CANDIDATE, b.CANDIDATE), "failed")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Where.APPLICATION, ["note@application"]),
        (Where.CANDIDATE, ["note@candidate"]),
        (Where.BOTH, ["note@application", "note@candidate"]),
        (Where.NONE, []),
    ],
)
def test_the_policy_says_where_notes_and_reports_go(where: Where, expected: list[str]) -> None:
    effects = planned(b.a_policy(note_on=where, report_on=where))

    assert [slot for slot in slots(effects) if slot.startswith("note")] == expected
    assert [slot for slot in slots(effects) if slot.startswith("file")] == [
        slot.replace("note", "file") for slot in expected
    ]


def test_who_asks_for_both_is_told_of_the_one_that_cannot_be() -> None:
    sourcing = planned(b.a_policy(note_on=Where.BOTH), application_id=None)
    bare = planned(b.a_policy(note_on=Where.BOTH), b.some_facts(absent={"application_notes": "no such page"}))

    for effects, why in ((sourcing, "there is no application: it was a sourcing call"), (bare, "no such page")):
        assert (only(effects, "note@application").state, only(effects, "note@application").reason) == (SKIPPED, why)
        assert only(effects, "note@candidate").state is PLANNED


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
    policy = attrs.evolve(going_to(stage=b.INTERVIEW), fields=(mapping,))

    effect = only(planned(policy, b.some_facts(absent={capability: "not in this ATS"})), slot)

    assert (effect.state, effect.reason) == (SKIPPED, "not in this ATS")


def test_a_policy_can_turn_marks_off() -> None:
    assert slots(planned(b.a_policy(tag=False, screened_status=False))) == ["note@application", "file@application"]


def test_a_connection_without_tag_or_status_skips_them() -> None:
    effects = planned(facts=b.some_facts(screened_tag=None, screened_status=None))

    assert only(effects, "tag@candidate").reason == "the connection has no tag for screened candidates"
    assert only(effects, "status@application").reason == "the connection has no status for screened applications"
    assert {only(effects, slot).state for slot in ("tag@candidate", "status@application")} == {SKIPPED}


def test_a_candidate_who_bears_the_tag_is_known_to() -> None:
    facts = b.some_facts(tags={b.CANDIDATE: frozenset({b.SCREENED_TAG})})

    tag = only(planned(facts=facts), "tag@candidate")

    assert (tag.state, tag.reason, tag.before) == (SKIPPED, "is so already", (TAGGED,))


def test_a_tag_that_is_not_there_is_refused_unless_somebody_bears_it() -> None:
    unlisted = planned(facts=b.some_facts(all_tags=frozenset()))
    listed = planned(facts=b.some_facts(all_tags=frozenset({b.SCREENED_TAG})))
    borne = planned(facts=b.some_facts(all_tags=frozenset(), tags={b.CANDIDATE: frozenset({b.SCREENED_TAG})}))

    states = [only(effects, "tag@candidate").state for effects in (unlisted, listed, borne)]
    assert states == [REFUSED, PLANNED, SKIPPED]


def test_a_move_into_a_stage_that_is_a_rejection_needs_a_reason() -> None:
    stages = {b.INTERVIEW: Stage(id=b.INTERVIEW, name="Rejected", rejected=True)}
    able = planned(going_to(stage=b.INTERVIEW), b.some_facts(stages=stages))[-1]
    unable = planned(going_to(stage=b.INTERVIEW), b.some_facts(stages=stages, absent={"rejection": "none here"}))[-1]

    assert (able.state, able.reason) == (REFUSED, "stage interview is a rejection: it needs a disposition reason")
    assert unable.state is PLANNED


def test_a_move_to_where_our_own_status_leads_is_so_already() -> None:
    status, move = planned(going_to(stage=b.SCREENED))[-2:]

    assert (status.state, move.state, move.reason) == (PLANNED, SKIPPED, "is so already")


def test_a_record_that_the_ats_does_not_have_is_refused() -> None:
    effects = planned(facts=b.some_facts(missing={b.ON_APPLICATION: "application app-1 was not found"}))

    assert only(effects, "note@application").state is REFUSED
    assert only(effects, "note@application").reason == "application app-1 was not found"
    assert only(effects, "tag@candidate").state is PLANNED


def test_a_field_set_twice_is_two_effects_with_slots_of_their_own() -> None:
    mappings = tuple(FieldMapping(pointer=one, on=RecordType.JOB, field=b.SALARY) for one in ("/score", "/score"))

    effects = planned(b.a_policy(fields=mappings))

    assert slots(effects)[2:4] == ["field:salary@job", "field:salary@job#2"]


def test_a_field_set_twice_is_planned_from_our_own_value() -> None:
    mappings = tuple(
        FieldMapping(pointer=one, on=RecordType.JOB, field=b.SALARY) for one in ("/score", "/summary", "/summary")
    )
    facts = b.some_facts(values={b.ON_JOB: {b.SALARY: "10"}})

    first, second, third = planned(b.a_policy(fields=mappings), facts, summary="20")[2:5]

    assert (first.before, second.before) == (("10",), ("10", "82.5"))
    assert (third.state, third.reason) == (SKIPPED, "is so already")


@pytest.mark.parametrize("outcome", [CallOutcome.NO_ANSWER, CallOutcome.DECLINED, CallOutcome.FAILED])
def test_a_call_that_was_not_completed_is_noted_but_marks_and_moves_nobody(outcome: CallOutcome) -> None:
    effects = planned(going_to(stage=b.INTERVIEW), outcome=outcome)

    assert only(effects, "note@application").state is PLANNED
    for slot in ("tag@candidate", "status@application", "stage@application"):
        assert only(effects, slot).state is SKIPPED
        assert only(effects, slot).reason == f"the call was not completed: {outcome}"


def test_mapped_values_are_coerced_and_remember_what_was_there() -> None:
    mapping = FieldMapping(pointer="/score", on=RecordType.APPLICATION, field=b.SALARY)
    facts = b.some_facts(values={b.ON_APPLICATION: {b.SALARY: "10"}})

    field = only(planned(b.a_policy(fields=(mapping,)), facts), "field:salary@application")

    assert (field.value, field.before, field.state) == ("82.5", ("10",), PLANNED)


def test_where_the_values_could_not_be_read_none_is_known_of_before() -> None:
    mapping = FieldMapping(pointer="/score", on=RecordType.APPLICATION, field=b.SALARY)

    field = only(planned(b.a_policy(fields=(mapping,))), "field:salary@application")

    assert (field.value, field.before, field.state) == ("82.5", (), PLANNED)


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

    field = only(planned(policy), f"field:{field_id}@job")

    assert (field.state, field.reason) == (state, why)


def test_a_mapping_to_a_record_that_the_result_does_not_name_is_skipped() -> None:
    policy = b.a_policy(fields=(FieldMapping(pointer="/score", on=RecordType.JOB, field=b.SALARY),))

    field = only(planned(policy, job_id=None), "field:salary@job")

    assert (field.state, field.reason) == (SKIPPED, "the result names no job")
