"""Pulls on their own: scheduled, carried out beside one another, let go of when the worker stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import attrs
import pytest

from adapters.deps import Deps
from adapters.providers import Catalogue
from adapters.turns.in_process import InProcessTurns
from application.pull_changes import PullChanges
from application.schedule_pulls import SchedulePulls
from domain.candidate import Candidate
from domain.ids import CandidateId, ConnectionId
from domain.policy import RecordType
from domain.pull import PullMode, PullState
from entrypoints.worker.loop import Worker
from entrypoints.worker.schedule import EVERY, schedule_in_time
from ports.connections import Connection, Connections
from ports.feeds import CandidateFeed, Page, Sighting
from ports.gateway import Gateway, Provider
from ports.pulls import Pull, PullClaim
from ports.scope import EVERYTHING, Scope
from tests.builders import API_SECRET
from tests.clocks import HandClock
from tests.office import CONNECTION, Office, an_office

OTHER = ConnectionId("con_other")
KIND = RecordType.CANDIDATE


@attrs.define
class Feed(CandidateFeed):
    """One person a page; whoever is `held` waits for the second page."""

    held: asyncio.Event | None = None

    async def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        for number in range(int(place or 0), 3):
            if number and self.held is not None:
                await self.held.wait()
            one = Candidate(id=CandidateId(str(number)), first_name="Ada", last_name="Row")
            yield Page(
                (Sighting(one.id, str(number).encode() * 32, partial(attrs.evolve, one), size=1),), str(number + 1)
            )


@attrs.define
class TwoGateways(Connections):
    office: Office
    feeds: dict[ConnectionId, Feed]

    async def open(
        self, scope: Scope, connection: ConnectionId, *, patient: bool = False
    ) -> tuple[Connection, Gateway]:
        row, gateway = await self.office.connections.open(scope, connection)
        return row, attrs.evolve(gateway, candidate_feed=self.feeds[connection])


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, clock=HandClock()) as office:
        like = await office.stores.connections.get(EVERYTHING, CONNECTION)
        await office.stores.connections.add(attrs.evolve(like, id=OTHER), {"api_key": API_SECRET})
        yield office


@asynccontextmanager
async def pulling(office: Office, feeds: dict[ConnectionId, Feed]) -> AsyncIterator["Worker[PullClaim]"]:
    stores = office.stores
    use_case = PullChanges(TwoGateways(office, feeds), stores.connections, stores.pulls, stores.records, office.clock)
    worker = Worker(stores.pulls, use_case, office.clock, concurrency=2, lease_seconds=20.0, stop_seconds=0)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running


async def until(office: Office, connection: ConnectionId, state: PullState, read: int = 0) -> Pull:
    for _ in range(10_000):
        (pull,) = await office.stores.pulls.page(EVERYTHING, connection, after=None, limit=1)
        if pull.state is state and pull.tally.read >= read:
            return pull
        await asyncio.sleep(0)
    pytest.fail(f"it stayed {pull.state}, {pull.tally}")


async def test_one_page_that_does_not_come_keeps_no_other_connection_waiting(office: Office) -> None:
    slow = Feed(asyncio.Event())
    for one in (CONNECTION, OTHER):
        await office.stores.pulls.ask(EVERYTHING, one, [KIND], PullMode.CHANGES)
    async with pulling(office, {CONNECTION: slow, OTHER: Feed()}):
        assert (await until(office, OTHER, PullState.DONE)).tally.read == 3
        assert (await until(office, CONNECTION, PullState.RUNNING, 1)).tally.read == 1
        assert slow.held is not None
        slow.held.set()
        assert (await until(office, CONNECTION, PullState.DONE)).tally.read == 3


async def test_a_worker_that_stops_lets_go_and_the_next_one_goes_on_there(office: Office) -> None:
    await office.stores.pulls.ask(EVERYTHING, CONNECTION, [KIND], PullMode.CHANGES)
    async with pulling(office, {CONNECTION: Feed(asyncio.Event())}):
        await until(office, CONNECTION, PullState.RUNNING, 1)
    office.clock.advance(21)
    async with pulling(office, {CONNECTION: Feed()}):
        done = await until(office, CONNECTION, PullState.DONE)
    assert (done.tally.read, done.tally.new) == (3, 3)


async def all_scheduled(office: Office) -> None:
    for _ in range(1_000):
        if not await office.stores.pulls.unscheduled(10):
            return
        office.clock.advance(EVERY)
    pytest.fail("some never came into the schedule")


async def test_new_connections_are_scheduled_within_seconds_and_each_once(office: Office) -> None:
    stores = office.stores
    catalogue = Catalogue(Deps(turns=InProcessTurns(office.clock), clock=office.clock))
    schedule = SchedulePulls(stores.connections, stores.pulls, catalogue)
    keeping = asyncio.create_task(schedule_in_time(schedule, office.clock))
    third = ConnectionId("con_third")
    like = await stores.connections.get(EVERYTHING, CONNECTION)
    await all_scheduled(office)
    await stores.connections.add(attrs.evolve(like, id=third, provider=Provider.PUBLIC_API), {})
    await all_scheduled(office)
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    office.clock.advance(900)
    claims = await stores.pulls.claim(100)
    assert {(one.connection, one.kind) for one in claims} == {
        (one, kind) for one in (CONNECTION, OTHER) for kind in RecordType
    }
