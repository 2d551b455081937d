from domain.policy import Policy, VerdictAction
from domain.screening import Criteria, KnockOut, Verdict
from domain.writeback import WriteBackState
from ports.scope import EVERYTHING
from tests import builders as b
from tests.office import CONNECTION, Office

CRITERIA = Criteria(least_score=60, knock_outs=(KnockOut(question="forklift", accept=("yes",)),))
ACTIONS = {
    Verdict.PASSED: VerdictAction(stage=b.INTERVIEW),
    Verdict.FAILED: VerdictAction(disposition_reason=b.NOT_QUALIFIED),
}


async def screened(office: Office, **changes: object) -> list[tuple[str, str | None]]:
    accepted = await office.screen_and_tag(EVERYTHING, CONNECTION, b.a_screening(**changes))
    done = await office.work_until_finished(accepted)
    assert done.state is WriteBackState.DONE
    return [(one["kind"], one.get("value")) for one in office.ats.writes]


async def test_who_passes_is_tagged_marked_and_moved_on(office: Office) -> None:
    await office.set_policy(Policy(criteria=CRITERIA, verdicts=ACTIONS))
    assert await screened(office) == [("tag", b.SCREENED_TAG), ("stage", b.SCREENED), ("stage", b.INTERVIEW)]


async def test_who_fails_is_tagged_marked_and_rejected_for_the_reason(office: Office) -> None:
    await office.set_policy(Policy(criteria=CRITERIA, verdicts=ACTIONS))
    writes = await screened(office, score=20.0)
    assert [kind for kind, _ in writes] == ["tag", "stage", "rejection"]
    assert office.ats.state.standing(b.APPLICATION).reason == b.NOT_QUALIFIED


async def test_without_criteria_a_person_must_review_and_nothing_is_moved(office: Office) -> None:
    await office.set_policy(Policy(verdicts=ACTIONS))
    assert [kind for kind, _ in await screened(office)] == ["tag", "stage"]


async def test_the_same_screening_again_is_the_same_write_back(office: Office) -> None:
    await screened(office)
    again = await office.screen_and_tag(EVERYTHING, CONNECTION, b.a_screening())
    await office.work()
    assert not again.new
    assert len(office.ats.writes) == 2
