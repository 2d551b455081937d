from typing import Any

import attrs
import pytest

from domain.effect import EffectState
from domain.ids import ReasonId, StageId
from domain.job_application import Outcome, Stage, Standing
from domain.plan import judgement_of, plan_screening
from domain.screening import Criteria, KnockOut, Verdict
from tests import builders as b
from tests.rules.plans import going_to, only, planned, slots

PLANNED, SKIPPED, REFUSED = EffectState.PLANNED, EffectState.SKIPPED, EffectState.REFUSED


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
    effect = only(planned(going_to(**action)), slot)

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
        decision = planned(going_to(**action), facts)[-1]

        assert decision.state is REFUSED
        assert "the application has ended" in (decision.reason or "")


def test_an_application_that_has_ended_just_so_is_no_fault() -> None:
    standing = Standing(stage=b.APPLIED, outcome=Outcome.REJECTED, reason=b.NOT_QUALIFIED)
    facts = b.some_facts(standings={b.APPLICATION: standing})

    status, decision = planned(going_to(disposition_reason=b.NOT_QUALIFIED), facts)[-2:]

    assert status.state is REFUSED
    assert (decision.state, decision.before, decision.reason) == (SKIPPED, (decision.wanted,), "is so already")


def test_without_a_catalogue_of_stages_or_reasons_ids_are_taken_as_they_are() -> None:
    facts = b.some_facts(stages={}, reasons={}, absent={"stages": "no list", "reasons": "no list"})

    assert planned(going_to(stage=StageId("x")), facts)[-1].state is PLANNED
    assert planned(going_to(disposition_reason=ReasonId("y")), facts)[-1].state is PLANNED


@pytest.mark.parametrize("action", [{"stage": b.INTERVIEW}, {"disposition_reason": b.NOT_QUALIFIED}])
def test_the_status_that_we_set_is_not_somebody_elses_hand(action: dict[str, Any]) -> None:
    decision = planned(going_to(**action))[-1]

    assert decision.before == ("stage:applied", "stage:screened")


@pytest.mark.parametrize("status", [None, StageId("nowhere"), b.PIPELINE])
def test_a_status_that_will_not_be_set_is_somebody_elses_hand(status: StageId | None) -> None:
    effects = planned(going_to(stage=b.INTERVIEW), b.some_facts(screened_status=status))

    assert effects[-1].before == ("stage:applied",)


def test_without_a_status_of_ours_only_the_stage_found_is_one_to_start_from() -> None:
    effects = planned(attrs.evolve(going_to(stage=b.INTERVIEW), screened_status=False))

    assert effects[-1].before == ("stage:applied",)


def test_where_the_standing_could_not_be_read_nothing_is_known_of_before() -> None:
    effects = planned(going_to(stage=b.INTERVIEW), b.some_facts(standings={}))

    assert [effect.before for effect in effects[-2:]] == [(), ()]


def test_a_verdict_that_came_with_the_result_wins_over_the_criteria() -> None:
    strict = b.a_policy(criteria=Criteria(least_score=99))

    assert judgement_of(b.a_call_result(verdict=Verdict.PASSED), strict).verdict is Verdict.PASSED
    assert judgement_of(b.a_call_result(verdict=None), strict).verdict is Verdict.FAILED
    assert judgement_of(b.a_call_result(verdict=None), b.a_policy()).verdict is Verdict.REVIEW


def test_a_screening_is_judged_and_marks_only() -> None:
    criteria = Criteria(knock_outs=(KnockOut(question="forklift", accept=("yes",)),))
    policy = attrs.evolve(going_to(stage=b.INTERVIEW), criteria=criteria)

    effects = plan_screening(b.a_screening(), policy, b.some_facts())

    assert slots(effects) == ["tag@candidate", "status@application", "stage@application"]


def test_a_verdict_without_an_action_moves_nobody() -> None:
    assert slots(planned(going_to(stage=b.INTERVIEW), verdict=Verdict.REVIEW))[-1] == "status@application"
    assert slots(planned(going_to()))[-1] == "status@application"


def test_a_barred_stage_is_refused_also_as_a_status() -> None:
    barred = Stage(id=b.SCREENED, name="Screened", barred="closed")

    status = only(planned(facts=b.some_facts(stages={b.SCREENED: barred})), "status@application")

    assert (status.state, status.reason) == (REFUSED, "stage screened is barred: closed")
