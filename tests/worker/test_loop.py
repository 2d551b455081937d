import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.writeback import WriteBackState
from entrypoints.worker.loop import Worker
from ports.commands import Accepted, Claim
from ports.scope import EVERYTHING
from tests import builders as b
from tests.clocks import HandClock
from tests.office import CONNECTION, LEASE_SECONDS, Office, an_office

CarryOut = Callable[[Claim], Awaitable[None]]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, clock=HandClock()) as office:
        yield office


@asynccontextmanager
async def working(office: Office, carry_out: CarryOut, *, concurrency: int = 4) -> "AsyncIterator[Worker[Claim]]":
    """A worker that runs until the block ends."""
    worker = Worker(
        office.stores.commands,
        carry_out,
        office.clock,
        concurrency=concurrency,
        lease_seconds=LEASE_SECONDS,
        stop_seconds=5.0,
    )
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(running, 10)


async def results(office: Office, count: int) -> list[Accepted]:
    """As many results, each of a call of its own and of another person."""
    return [
        await office.post_call_results(
            EVERYTHING,
            CONNECTION,
            b.a_call_result(call_id=f"call-{n}", candidate_id=f"cand-{n}", application_id=None, report=None),
        )
        for n in range(count)
    ]


class Desk:
    """Carries nothing out: it shows what it was given and lets go when it is told to."""

    def __init__(self) -> None:
        self.seen: list[Claim] = []
        self.most = 0
        self.ended = 0
        self._here = 0
        self._changed = asyncio.Event()
        self.let_go = asyncio.Event()

    async def __call__(self, claim: Claim) -> None:
        self.seen.append(claim)
        self._here += 1
        self.most = max(self.most, self._here)
        self._changed.set()
        await self.let_go.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        self._here -= 1
        self.ended += 1

    async def until_seen(self, count: int) -> None:
        while len(self.seen) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 10)


async def finished(office: Office, accepted: Accepted) -> WriteBackState:
    """Its state once it goes on no more; yields to the worker meanwhile."""
    for _ in range(100_000):
        state = (await office.show(accepted)).state
        if state not in {WriteBackState.WAITING, WriteBackState.RUNNING}:
            return state
    raise AssertionError("the worker did not finish it")


async def test_what_is_in_the_table_is_carried_out(office: Office) -> None:
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    async with working(office, office.carry_out):
        assert await finished(office, accepted) is WriteBackState.DONE
    assert len(office.ats.writes) == 4


async def test_what_comes_later_is_carried_out_without_waiting_for_the_clock(office: Office) -> None:
    async with working(office, office.carry_out):
        accepted = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
        assert await finished(office, accepted) is WriteBackState.DONE


async def test_no_more_are_claimed_than_can_be_carried_out_at_once(office: Office) -> None:
    desk = Desk()
    await results(office, 5)
    async with working(office, desk, concurrency=2):
        await desk.until_seen(2)
        desk.let_go.set()
        await desk.until_seen(5)
    assert desk.most == 2


async def test_stopping_waits_for_what_is_under_way_and_claims_nothing_more(office: Office) -> None:
    desk = Desk()
    await results(office, 3)
    async with working(office, desk, concurrency=1) as worker:
        await desk.until_seen(1)
        worker.stop()
        desk.let_go.set()
    assert (len(desk.seen), desk.ended) == (1, 1)


async def test_a_defect_of_ours_ends_neither_the_worker_nor_the_command(office: Office) -> None:
    await results(office, 2)
    seen: list[Claim] = []
    both = asyncio.Event()

    async def broken(claim: Claim) -> None:
        seen.append(claim)
        if len(seen) == 2:
            both.set()
        raise ZeroDivisionError

    async with working(office, broken, concurrency=1):
        await asyncio.wait_for(both.wait(), 10)
    states = [one.state for one in await office.stores.commands.page(EVERYTHING, after=None, limit=9)]
    assert states == [WriteBackState.RUNNING] * 2


async def test_the_lease_is_kept_for_as_long_as_it_takes(office: Office) -> None:
    desk = Desk()
    await results(office, 1)
    async with working(office, desk):
        await desk.until_seen(1)
        for _ in range(20):
            office.clock.advance(LEASE_SECONDS / 4)
            # A round trip through the one writer: the renewal that was due went before it.
            assert await office.stores.commands.claim(1) == ()
            assert await office.stores.commands.claim(1) == ()
        desk.let_go.set()
