"""What may have been done is never taken for not done: whatever a port says, however late, however blind the look."""

from typing import Any

import attrs
import pytest

from application.attempts import LedgerAttempt
from application.post_call_results import PostCallResults
from domain.effect import EffectState
from domain.evidence import EvidenceGrade
from domain.policy import Policy, Where
from domain.writeback import WriteBackState
from ports.commands import Accepted, Claim, SettleAs
from ports.errors import (
    AccessError,
    LeaseLostError,
    MalformedReplyError,
    OutcomeUnknownError,
    PortError,
    TimedOutError,
    UnavailableError,
)
from ports.gateway import need
from ports.scope import EVERYTHING
from tests import builders as b
from tests.memory_ats import FLIGHT_SECONDS, Fate
from tests.memory_gateway import MemoryTagging
from tests.memory_writes import MemoryNotes
from tests.office import CONNECTION, LEASE_SECONDS, SETTLE_SECONDS, Office

LOST = OutcomeUnknownError("the reply was lost")
ONLY_A_NOTE = Policy(report_on=Where.NONE, tag=False, screened_status=False)
ONLY_A_TAG = Policy(note_on=Where.NONE, report_on=Where.NONE, screened_status=False)


async def posted(office: Office, policy: Policy = ONLY_A_NOTE) -> Accepted:
    await office.set_policy(policy)
    return await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(report=None))


async def sent_and_lost(office: Office, lands_after: float) -> tuple[Accepted, Claim]:
    """A note whose request is under way, and lands so much later; whoever sent it heard nothing and does no more."""
    accepted = await posted(office)
    claim = await office.claim()
    draft = await PostCallResults.plan(b.a_call_result(report=None), office.connections.gateway, ONLY_A_NOTE)
    (record,) = await office.stores.ledger.plan(claim, draft.effects, claim.subject)
    office.ats.fail_next(LOST, fate=Fate.LATER, after=lands_after, on="application_notes.add")
    attempt = LedgerAttempt(office.stores.ledger, office.clock, claim, record)
    with pytest.raises(OutcomeUnknownError):
        await need(office.connections.gateway.application_notes).add(b.APPLICATION, b.a_note(), attempt)
    return accepted, claim


@pytest.mark.parametrize(
    "error", [MalformedReplyError("the answer cannot be read"), TimedOutError("no answer in time")], ids=["odd", "slow"]
)
async def test_a_port_that_blames_the_reply_of_a_write_does_not_have_it_sent_again(
    office: Office, error: PortError
) -> None:
    office.ats.fail_next(error, fate=Fate.LATER, after=30.0, on="application_notes.add")
    done = await office.work_until_finished(await posted(office))
    assert done.state is WriteBackState.DONE
    assert len(office.ats.writes) == 1


def noting(office: Office, grade: EvidenceGrade) -> None:
    usual = need(office.connections.gateway.application_notes)
    assert isinstance(usual, MemoryNotes)
    office.without(attrs.evolve(office.connections.gateway, application_notes=attrs.evolve(usual, evidence=grade)))


@pytest.mark.parametrize(
    ("grade", "fate", "ends"),
    [
        (EvidenceGrade.LIVE, Fate.DONE, EffectState.CONFIRMED),
        (EvidenceGrade.LIVE, Fate.NOT_DONE, EffectState.CONFIRMED),
        (EvidenceGrade.PRESENCE_ONLY, Fate.DONE, EffectState.CONFIRMED),
        (EvidenceGrade.PRESENCE_ONLY, Fate.NOT_DONE, EffectState.HELD),
        (EvidenceGrade.NONE, Fate.DONE, EffectState.HELD),
        (EvidenceGrade.NONE, Fate.NOT_DONE, EffectState.HELD),
    ],
)
async def test_a_lost_note_is_settled_as_far_as_the_grade_of_evidence_goes(
    office: Office, grade: EvidenceGrade, fate: Fate, ends: EffectState
) -> None:
    noting(office, grade)
    office.ats.fail_next(LOST, fate=fate, on="application_notes.add")
    (note,) = (await office.work_until_finished(await posted(office))).effects
    assert note.state is ends
    assert len(office.ats.writes) == (fate is Fate.DONE or grade is EvidenceGrade.LIVE)


@pytest.mark.parametrize(
    ("grade", "ends"),
    [(EvidenceGrade.LIVE, EffectState.CONFIRMED), (EvidenceGrade.PRESENCE_ONLY, EffectState.HELD)],
)
async def test_a_copy_that_lags_does_not_show_that_a_tag_is_missing(
    office: Office, grade: EvidenceGrade, ends: EffectState
) -> None:
    office.without(attrs.evolve(office.connections.gateway, tagging=MemoryTagging(office.ats, evidence=grade)))
    office.ats.fail_next(LOST, fate=Fate.NOT_DONE, on="tagging.tag")
    (tag,) = (await office.work_until_finished(await posted(office, ONLY_A_TAG))).effects
    assert tag.state is ends


@pytest.mark.parametrize("lands_after", [30.0, SETTLE_SECONDS - 1])
async def test_who_takes_over_early_waits_until_the_flight_has_ended_and_settled(
    office: Office, lands_after: float
) -> None:
    """The worker died with its request under way: the lease is over long before that is."""
    accepted, _ = await sent_and_lost(office, lands_after)
    office.clock.advance(LEASE_SECONDS + 1)
    await office.work()
    (note,) = (await office.show(accepted)).effects
    assert (note.state, note.reason) == (EffectState.UNKNOWN, "its reply never came")
    done = await office.work_until_finished(accepted, step=5.0, rounds=60)
    assert (done.state, len(office.ats.writes)) == (WriteBackState.DONE, 1)
    assert office.ats.operations.count("application_notes.add") == 1


async def test_what_could_not_be_looked_for_in_a_week_is_held_not_given_up(office: Office) -> None:
    office.ats.fail_next(LOST, fate=Fate.DONE, on="application_notes.add")
    office.ats.fail_next(UnavailableError("no answer"), on="application_notes.find", times=10_000)
    accepted = await posted(office)
    held = await office.work_until_finished(accepted, rounds=400, step=3600.0)
    assert (held.state, held.effects[0].state) == (WriteBackState.HELD, EffectState.HELD)
    assert "7 days" in (held.reason or "")
    assert "7 days" in (held.effects[0].reason or "")
    await office.stores.commands.settle(EVERYTHING, accepted.id, 1, SettleAs.DONE)
    assert (await office.work_until_finished(accepted)).state is WriteBackState.DONE
    assert len(office.ats.writes) == 1


async def test_what_a_person_wants_sent_again_waits_until_the_first_request_can_no_longer_land(office: Office) -> None:
    accepted, claim = await sent_and_lost(office, FLIGHT_SECONDS)
    await office.stores.ledger.decide(claim, 1, EffectState.HELD, reason="nobody looked")
    await office.stores.commands.finish(claim, WriteBackState.HELD)
    await office.stores.commands.settle(EVERYTHING, accepted.id, 1, SettleAs.RESEND)
    done = await office.work_until_finished(accepted, step=5.0, rounds=100)
    office.clock.advance(1000)
    office.ats.settle()
    assert (done.state, len(office.ats.writes)) == (WriteBackState.DONE, 1)


@attrs.define
class Slow:
    """A ledger during whose first leave to send the process stands still, after the commit."""

    office: Office
    seconds: float

    def __getattr__(self, name: str) -> Any:
        return getattr(self.office.stores.ledger, name)

    async def begin(self, claim: Claim, n: int, seconds: float) -> int:
        number = await self.office.stores.ledger.begin(claim, n, seconds)
        self.office.clock.advance(self.seconds)
        self.seconds = 0.0
        return number


@pytest.mark.parametrize(("part", "sends"), [(0.24, 1), (0.26, 0), (1000.0, 0)])
async def test_leave_that_came_too_late_is_not_used(office: Office, part: float, sends: int) -> None:
    slow: Any = Slow(office, part * FLIGHT_SECONDS)
    accepted = await posted(office)
    await attrs.evolve(office.carry_out, ledger=slow)(await office.claim())
    assert len(office.ats.writes) == sends
    assert (await office.work_until_finished(accepted, step=600)).state is WriteBackState.DONE
    assert len(office.ats.writes) == 1


async def test_a_flight_ends_no_sooner_than_the_ledger_says(office: Office) -> None:
    """The request may leave a little after its beginning was written down, and takes its time from then on."""
    accepted = await posted(office)
    claim = await office.claim()
    (record,) = await office.stores.ledger.plan(claim, [b.an_effect()], claim.subject)
    attempt = LedgerAttempt(office.stores.ledger, office.clock, claim, record)
    await attempt.begin(40.0)
    (kept,) = (await office.show(accepted)).effects
    assert (attempt.number, kept.flight_left) == (1, 45.0)


async def test_who_lost_the_lease_gives_nothing_up(office: Office) -> None:
    accepted = await posted(office)
    stale = await office.claim()
    office.clock.advance(3600)
    mine = await office.claim()
    await office.carry_out(attrs.evolve(stale, age=10.0**9))
    assert (await office.show(accepted)).state is WriteBackState.RUNNING
    with pytest.raises(LeaseLostError):
        await office.stores.commands.finish(stale, WriteBackState.DEAD)
    await office.carry_out(mine)
    assert (await office.show(accepted)).state is WriteBackState.DONE


async def test_an_old_refusal_of_access_does_not_park_what_works_again(office: Office) -> None:
    accepted = await posted(office)
    stale = await office.claim()
    office.clock.advance(3600)
    mine = await office.claim()
    office.ats.fail_next(AccessError("the key was revoked"), on="tagging.current")
    await office.carry_out(stale)
    assert (await office.stores.connections.get(EVERYTHING, CONNECTION)).parked is None
    await office.carry_out(mine)
    assert (await office.show(accepted)).state is WriteBackState.DONE
