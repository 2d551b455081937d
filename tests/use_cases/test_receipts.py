"""What an ATS has confirmed is kept until the database takes it, and nothing new is begun meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from application.carry_out import CarryOut
from application.receipts import Receipts
from domain.evidence import Receipt
from domain.policy import Policy, Where
from domain.writeback import WriteBackState
from entrypoints.worker.loop import Worker
from ports.commands import Accepted, Claim
from ports.errors import UnavailableError
from ports.ledger import Ledger
from ports.scope import EVERYTHING
from tests import builders as b
from tests.clocks import HandClock
from tests.office import CONNECTION, LEASE_SECONDS, Office, an_office

ONE_NOTE = Policy(report_on=Where.NONE, tag=False, screened_status=False)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, policy=ONE_NOTE, clock=HandClock()) as office:
        yield office


@attrs.define
class Deaf:
    """A ledger that takes no testimony while it is full; some calls come when they can be seen."""

    ledger: Ledger
    full: bool = True
    refused: int = 0
    heard: asyncio.Event = attrs.field(factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ledger, name)

    async def testify(self, claim: Claim, n: int, attempt: int, receipt: Receipt) -> bool:
        if self.full:
            self.refused += 1
            self.heard.set()
            raise UnavailableError("the database failed (database or disk is full)")
        return await self.ledger.testify(claim, n, attempt, receipt)


async def posted(office: Office, call: str) -> Accepted:
    result = b.a_call_result(call_id=call, candidate_id=f"of-{call}", application_id=None, report=None)
    office.ats.state.candidates[result.candidate_id] = b.a_candidate(id=result.candidate_id)
    return await office.post_call_results(EVERYTHING, CONNECTION, result)


def at_work(office: Office, deaf: Any, receipts: Receipts) -> CarryOut:
    stores = office.stores
    return CarryOut(office.connections, stores.connections, stores.commands, deaf, office.clock, receipts)


def a_worker(office: Office, carry_out: CarryOut, receipts: Receipts, *, stop_seconds: float = 5.0) -> "Worker[Claim]":
    return Worker(
        office.stores.commands,
        carry_out,
        office.clock,
        concurrency=4,
        lease_seconds=LEASE_SECONDS,
        stop_seconds=stop_seconds,
        receipts=receipts,
    )


async def turn_over(office: Office) -> None:
    """Some round trips through the one writer: whoever was about to write has done so."""
    for _ in range(6):
        await office.stores.commands.renew([])


async def test_a_receipt_outlives_the_database_and_nothing_is_claimed_meanwhile(office: Office) -> None:
    first = await posted(office, "1")
    deaf, receipts = Deaf(office.stores.ledger), Receipts()
    worker = a_worker(office, at_work(office, deaf, receipts), receipts)
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(deaf.heard.wait(), 10)
    second = await posted(office, "2")
    for _ in range(30):
        office.clock.advance(1.0)
        await turn_over(office)
    assert (receipts.in_hand, deaf.refused > 10) == (1, True)
    assert (await office.show(second)).state is WriteBackState.WAITING
    assert (await office.show(first)).state is WriteBackState.RUNNING, "the lease is kept while the receipt is"
    deaf.full = False
    while WriteBackState.DONE not in {(await office.show(second)).state}:
        office.clock.advance(1.0)
        await turn_over(office)
    assert receipts.in_hand == 0
    assert [(await office.show(one)).state for one in (first, second)] == [WriteBackState.DONE] * 2
    assert [one["kind"] for one in office.ats.writes] == ["note", "note"]
    worker.stop()
    await asyncio.wait_for(running, 10)


@attrs.define
class Slow:
    """A ledger whose testimony is under way until it is let through."""

    ledger: Ledger
    asked: asyncio.Event = attrs.field(factory=asyncio.Event)
    through: asyncio.Event = attrs.field(factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ledger, name)

    async def testify(self, claim: Claim, n: int, attempt: int, receipt: Receipt) -> bool:
        self.asked.set()
        await self.through.wait()
        return await self.ledger.testify(claim, n, attempt, receipt)


async def test_who_is_stopped_with_a_receipt_in_hand_leaves_it_with_the_database(office: Office) -> None:
    accepted = await posted(office, "1")
    slow, receipts = Slow(office.stores.ledger), Receipts()
    worker = a_worker(office, at_work(office, slow, receipts), receipts, stop_seconds=0.0)
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(slow.asked.wait(), 10)
    worker.stop()
    await asyncio.wait_for(running, 10)
    slow.through.set()
    await turn_over(office)
    (note,) = (await office.show(accepted)).effects
    assert note.receipt is not None
    assert note.receipt.id == office.ats.writes[0]["id"]


async def test_what_stands_there_twice_is_counted(office: Office) -> None:
    accepted = await posted(office, "1")
    ledger, receipts = office.stores.ledger, Receipts()
    stale = await office.claim()
    await ledger.plan(stale, [b.an_effect()], stale.subject)
    await ledger.begin(stale, 1, 5.0)
    office.clock.advance(LEASE_SECONDS + 1)
    mine = await office.claim()
    number = await ledger.begin(mine, 1, 5.0)
    await receipts.testify(ledger, office.clock, mine, 1, number, Receipt(id="n-2"))
    assert receipts.doubled == 0
    await receipts.testify(ledger, office.clock, stale, 1, 1, Receipt(id="n-1"))
    (note,) = (await office.show(accepted)).effects
    assert (receipts.doubled, (note.reason or "")[:7]) == (1, "doubled")


@attrs.define
class Twice:
    """A ledger that says of each testimony, when all are there, how many effects stand twice."""

    all_there: asyncio.Barrier
    doubled: list[bool]

    async def testify(self, *_: object) -> bool:
        found = self.doubled.pop()
        await self.all_there.wait()
        return found


async def test_each_effect_that_stands_twice_is_counted_however_many_are_told_at_once(office: Office) -> None:
    await posted(office, "1")
    claim, receipts = await office.claim(), Receipts()
    ledger: Any = Twice(asyncio.Barrier(3), [True, False, True])
    await asyncio.gather(*(receipts.testify(ledger, office.clock, claim, 1, 1, Receipt()) for _ in range(3)))
    assert receipts.doubled == 2
