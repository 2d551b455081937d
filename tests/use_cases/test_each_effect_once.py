"""What if the reply is lost here? What if a worker is?"""

import pytest

from application.post_call_results import PostCallResults
from domain.effect import EffectState, Target
from domain.policy import Policy, RecordType, VerdictAction
from domain.screening import Verdict
from domain.writeback import WriteBackState
from ports.commands import Accepted, SettleAs
from ports.errors import (
    AccessError,
    LeaseLostError,
    OutcomeUnknownError,
    RefusedError,
    ThrottledError,
    UnavailableError,
)
from ports.gateway import need
from ports.scope import EVERYTHING
from tests import builders as b
from tests.memory_ats import Done, Fate
from tests.office import CONNECTION, LEASE_SECONDS, SETTLE_SECONDS, Office

LOST = OutcomeUnknownError("the reply was lost")
WRITES = ("application_notes.add", "application_files.add", "tagging.tag", "stage_moves.move")
MOVING = Policy(verdicts={Verdict.PASSED: VerdictAction(stage=b.INTERVIEW)})


async def posted(office: Office) -> Accepted:
    return await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))


def kinds(office: Office) -> list[str]:
    return sorted(one["kind"] for one in office.ats.writes)


@pytest.mark.parametrize("operation", WRITES)
@pytest.mark.parametrize("fate", list(Fate))
async def test_a_lost_reply_neither_loses_nor_doubles(office: Office, operation: str, fate: Fate) -> None:
    office.ats.fail_next(LOST, fate=fate, after=30.0, on=operation)
    done = await office.work_until_finished(await posted(office))
    assert done.state is WriteBackState.DONE
    assert kinds(office) == ["file", "note", "stage", "tag"]


async def test_an_effect_that_does_not_show_yet_is_not_sent_again_before_it_has_settled(office: Office) -> None:
    office.ats.fail_next(LOST, fate=Fate.LATER, after=SETTLE_SECONDS - 1, on="application_notes.add")
    accepted = await posted(office)
    await office.work()
    note = (await office.show(accepted)).effects[0]
    assert note.state is EffectState.UNKNOWN
    for _ in range(int(SETTLE_SECONDS // 10) - 1):
        office.clock.advance(10)
        await office.work()
    assert office.ats.operations.count("application_notes.add") == 1
    done = await office.work_until_finished(accepted)
    assert (done.state, kinds(office).count("note")) == (WriteBackState.DONE, 1)


async def test_what_cannot_be_told_is_held_for_a_person(office: Office) -> None:
    office.ats.fail_next(LOST, fate=Fate.DONE, on="application_notes.add")
    office.ats.blind = "this ATS shows no notes"
    held = await office.work_until_finished(await posted(office))
    assert held.state is WriteBackState.HELD
    assert (held.effects[0].state, held.effects[0].reason) == (EffectState.HELD, "this ATS shows no notes")


async def test_a_person_settles_what_is_held_and_the_move_goes_on(office: Office) -> None:
    await office.set_policy(MOVING)
    office.ats.fail_next(RefusedError("the note is not liked"), on="application_notes.add")
    accepted = await posted(office)
    held = await office.work_until_finished(accepted)
    assert held.state is WriteBackState.HELD
    assert held.effects[-1].state is EffectState.HELD
    assert b.INTERVIEW not in [one.get("value") for one in office.ats.writes]
    await office.stores.commands.settle(EVERYTHING, accepted.id, held.effects[-1].n, SettleAs.DONE)
    ended = await office.work_until_finished(accepted)
    assert ended.effects[-1].state is EffectState.CONFIRMED
    assert ended.state is WriteBackState.REFUSED


async def test_a_refused_effect_can_be_replayed_under_the_same_key(office: Office) -> None:
    office.ats.fail_next(RefusedError("the note is not liked"), on="application_notes.add")
    accepted = await posted(office)
    refused = await office.work_until_finished(accepted)
    assert refused.state is WriteBackState.REFUSED
    await office.stores.commands.replay(EVERYTHING, accepted.id)
    done = await office.work_until_finished(accepted)
    assert done.state is WriteBackState.DONE
    assert [one.marker for one in done.effects] == [one.marker for one in refused.effects]
    assert kinds(office) == ["file", "note", "stage", "tag"]


async def test_an_application_that_a_recruiter_moved_on_is_not_dragged_back(office: Office) -> None:
    await office.set_policy(MOVING)
    office.ats.fail_next(LOST, fate=Fate.NOT_DONE, on="stage_moves.move")
    accepted = await posted(office)
    await office.work()
    office.ats.state.move(b.APPLICATION, b.HIRED, office.clock.now())
    ended = await office.work_until_finished(accepted)
    assert ended.state is WriteBackState.REFUSED
    assert office.ats.state.standing(b.APPLICATION).stage == b.HIRED
    assert all("superseded" in (one.reason or "") for one in ended.effects if one.state is EffectState.REFUSED)


async def test_dead_credentials_park_the_connection_and_cost_nothing(office: Office) -> None:
    office.ats.fail_next(AccessError("the key was revoked"), on="application_notes.add")
    accepted = await posted(office)
    await office.work()
    kept = await office.stores.connections.get(EVERYTHING, CONNECTION)
    assert kept.parked == "the key was revoked"
    office.clock.advance(3600)
    assert await office.stores.commands.claim(10) == ()
    await office.stores.connections.unpark(CONNECTION, 1)
    done = await office.work_until_finished(accepted)
    assert (done.state, kinds(office)) == (WriteBackState.DONE, ["file", "note", "stage", "tag"])


async def test_an_ats_that_asks_for_patience_gets_it_to_the_second(office: Office) -> None:
    office.ats.fail_next(ThrottledError("too many requests", retry_after=90.0), on="application_notes.add")
    accepted = await posted(office)
    await office.work()
    office.clock.advance(89.0)
    assert await office.stores.commands.claim(10) == ()
    office.clock.advance(1.0)
    done = await office.work_until_finished(accepted)
    assert done.state is WriteBackState.DONE


async def test_after_a_week_of_silence_it_is_given_up_with_the_reason(office: Office) -> None:
    office.ats.fail_next(UnavailableError("no answer"), on="stage_moves.current", times=10_000)
    dead = await office.work_until_finished(await posted(office), rounds=2000, step=900.0)
    assert dead.state is WriteBackState.DEAD
    assert "7 days" in (dead.reason or "")


async def test_the_plan_is_made_once_whatever_becomes_of_the_policy(office: Office) -> None:
    office.ats.fail_next(ThrottledError("too many requests", retry_after=5.0), on="application_files.add")
    accepted = await posted(office)
    await office.work()
    await office.set_policy(Policy(tag=False, screened_status=False, verdicts=MOVING.verdicts))
    done = await office.work_until_finished(accepted)
    assert [one.effect.kind for one in done.effects] == ["note", "file", "tag", "status"]
    assert kinds(office) == ["file", "note", "stage", "tag"]


async def test_a_worker_that_lost_its_lease_sends_nothing(office: Office) -> None:
    await posted(office)
    stale = await office.claim()
    office.clock.advance(LEASE_SECONDS + 1)
    await office.carry_out(await office.claim())
    before = list(office.ats.writes)
    await office.carry_out(stale)
    assert office.ats.writes == before


async def test_a_worker_that_lost_its_lease_may_testify_but_not_decide(office: Office) -> None:
    accepted = await posted(office)
    stale = await office.claim()
    (note, *_) = await office.stores.ledger.plan(stale, [b.an_effect()], stale.subject)
    number = await office.stores.ledger.begin(stale, note.n, 5.0)
    office.clock.advance(LEASE_SECONDS + 1)
    await office.claim()
    with pytest.raises(LeaseLostError):
        await office.stores.ledger.decide(stale, note.n, EffectState.REFUSED)
    receipt = await office.ats.write("application_notes.add", b.an_attempt(note.marker), _a_note)
    await office.stores.ledger.testify(stale, note.n, number, receipt)
    (kept,) = (await office.show(accepted)).effects
    assert (kept.state, kept.receipt) == (EffectState.CONFIRMED, receipt)


def _a_note(state: object) -> Done:
    return Done(kind="note", target=Target(RecordType.APPLICATION, b.APPLICATION), id="n-1", content=b"a note")


async def test_a_crash_while_sending_is_settled_by_evidence_not_by_sending_again(office: Office) -> None:
    accepted = await posted(office)
    dying = await office.claim()
    effects = (await PostCallResults.plan(b.a_call_result(), office.connections.gateway, Policy())).effects
    records = await office.stores.ledger.plan(dying, effects, dying.subject)
    await office.stores.ledger.begin(dying, 1, 5.0)
    await need(office.connections.gateway.application_notes).add(
        b.APPLICATION, records[0].effect.note or b.a_note(), b.an_attempt(records[0].marker)
    )
    done = await office.work_until_finished(accepted)
    assert (done.state, kinds(office)) == (WriteBackState.DONE, ["file", "note", "stage", "tag"])
