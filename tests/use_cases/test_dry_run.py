import pytest

from domain.effect import EffectState
from domain.errors import PlanMovedError
from domain.policy import Policy, VerdictAction, Where
from domain.screening import Verdict
from domain.writeback import WriteBackState
from ports.errors import UnavailableError
from ports.scope import EVERYTHING
from tests import builders as b
from tests.memory_gateway import without
from tests.office import CONNECTION, Office


async def test_a_dry_run_shows_what_will_stand_there_and_writes_nothing(office: Office) -> None:
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    assert not office.ats.writes
    assert await office.stores.commands.page(EVERYTHING, after=None, limit=10) == ()
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    done = await office.work_until_finished(accepted)
    assert [(one.n, one.effect.slot, one.marker) for one in shown.effects] == [
        (one.n, one.effect.slot, one.marker) for one in done.effects
    ]
    assert shown.effects[0].preview == office.ats.writes[0]["text"]


async def test_the_plan_that_was_agreed_to_is_the_one_that_is_carried_out(office: Office) -> None:
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    accepted = await office.post_call_results(
        EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),), if_match=shown.digest
    )
    await office.set_policy(Policy(note_on=Where.NONE))
    done = await office.work_until_finished(accepted)
    assert [one.effect for one in done.effects] == [one.effect for one in shown.effects]


async def test_a_record_that_moved_since_breaks_the_agreement(office: Office) -> None:
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    office.ats.state.move(b.APPLICATION, b.INTERVIEW, office.clock.now())
    with pytest.raises(PlanMovedError):
        await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), if_match=shown.digest)
    assert await office.stores.commands.page(EVERYTHING, after=None, limit=10) == ()


async def test_an_agreed_screening_is_carried_out_as_shown(office: Office) -> None:
    shown = await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, b.a_screening())
    accepted = await office.screen_and_tag(EVERYTHING, CONNECTION, b.a_screening(), if_match=shown.digest)
    done = await office.work_until_finished(accepted)
    assert done.state is WriteBackState.DONE
    assert len(office.ats.writes) == len(shown.effects)


async def test_facts_that_cannot_be_read_are_said_not_guessed(office: Office) -> None:
    office.ats.fail_next(UnavailableError("no answer"), on="stage_moves.current")
    with pytest.raises(UnavailableError):
        await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())


async def test_what_would_be_refused_or_skipped_is_shown_with_its_reason(office: Office) -> None:
    await office.set_policy(Policy(verdicts={Verdict.PASSED: VerdictAction(stage=b.PIPELINE)}))
    office.without(without(office.connections.gateway, "application_files", why="no files here"))
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    remarks = {one.effect.slot: (one.effect.state, one.effect.reason) for one in shown.effects}
    assert remarks["stage@application"] == (EffectState.REFUSED, f"stage pipeline is barred: {b.PIPELINE_BARRED}")
    assert remarks["file@candidate"] == (EffectState.PLANNED, "goes on the candidate: no files here")
