"""Vendors' events: each is kept once, and what it asks for stands until it was done."""

import asyncio

import attrs
import pytest

from adapters.persistence.stores import open_stores
from adapters.persistence.tables import asked_pulls, vendor_events
from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.errors import InvalidInputError, NotFoundError
from ports.scope import EVERYTHING, Scope
from ports.vendor_events import HeardEvent, VendorEvent
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, connection
from tests.persistence.pulled import asked
from tests.persistence.rows import count
from tests.persistence.worlds import VAULT, StoppedClock, World

DAY = 86_400.0
JOBS = VendorEvent(id="e1", type="data-changed", changed=("ats_jobs",), pulls=frozenset({RecordType.JOB}))
ALL = attrs.evolve(JOBS, id="e2", changed=("ats_jobs", "ats_offers"), pulls=frozenset(RecordType))
BROKEN = VendorEvent(id="e3", type="integration-state-changed", fault="the integration is INVALID")


async def opened(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)


async def test_an_event_is_new_once_and_each_connection_has_its_own(world: World) -> None:
    await opened(world)
    inbox = world.stores.vendor_inbox
    assert [await inbox.take(ACME, JOBS), await inbox.take(ACME, JOBS), await inbox.take(OTHER, JOBS)] == [
        True,
        False,
        True,
    ]
    assert await count(world, vendor_events) == 2
    assert await asked(world.stores) == {(ACME, RecordType.JOB), (OTHER, RecordType.JOB)}


async def test_of_many_that_come_at_once_in_several_processes_each_is_new_once(world: World) -> None:
    await opened(world)
    inboxes = [world.stores.vendor_inbox, (await world.another()).vendor_inbox]
    events = [attrs.evolve(ALL, id=f"e{n}") for n in range(30)]
    taken = await asyncio.gather(
        *(
            inbox.take(one, event)
            for inbox, order in zip(inboxes, (events, events[::-1]), strict=True)
            for event in order
            for one in (ACME, OTHER)
        )
    )
    assert taken.count(True) == 60
    assert await count(world, vendor_events) == 60


async def test_it_is_shown_the_newest_first_to_whoever_may_see_the_connection(world: World) -> None:
    await opened(world)
    inbox = world.stores.vendor_inbox
    for event in (JOBS, ALL, BROKEN):
        await inbox.take(ACME, event)
    await inbox.take(OTHER, JOBS)
    first = await inbox.page(EVERYTHING, ACME, after=None, limit=2)
    rest = await inbox.page(Scope(ACME), ACME, after=first[-1].id, limit=2)
    assert [one.event for one in (*first, *rest)] == ["e3", "e2", "e1"]
    assert first[1] == HeardEvent(
        id=first[1].id,
        event="e2",
        type="data-changed",
        changed=("ats_jobs", "ats_offers"),
        fault=None,
        received_at=first[1].received_at,
    )
    assert first[0].fault == "the integration is INVALID"
    for scope, of in ((Scope(OTHER), ACME), (EVERYTHING, ConnectionId("con_unknown"))):
        with pytest.raises(NotFoundError):
            await inbox.page(scope, of, after=None, limit=2)


class EndlessNight(StoppedClock):
    """Whoever sleeps is only woken by somebody."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


async def test_who_pulls_is_woken_by_an_event_that_asks_for_it(world: World) -> None:
    await opened(world)
    async with open_stores(world.url, vault=VAULT, clock=EndlessNight()) as stores:
        await stores.pulls.schedule(ACME, dict.fromkeys(RecordType))
        await stores.vendor_inbox.take(ACME, ALL)
        async with asyncio.timeout(20):
            await stores.pulls.wait(0.5)
        assert {claim.kind for claim in await stores.pulls.claim(9)} == set(RecordType)


async def test_events_are_forgotten_in_time_and_wishes_are_not(world: World) -> None:
    await opened(world)
    inbox = world.stores.vendor_inbox
    await inbox.take(ACME, JOBS)
    await world.later(31 * DAY)
    await inbox.take(ACME, BROKEN)
    assert [await inbox.forget(30), await inbox.forget(30)] == [1, 0]
    assert [one.event for one in await inbox.page(EVERYTHING, ACME, after=None, limit=9)] == ["e3"]
    assert await asked(world.stores) == {(ACME, RecordType.JOB)}
    assert await inbox.take(ACME, JOBS)


async def test_nothing_is_left_of_a_removed_connection_and_nothing_comes_back(world: World) -> None:
    await opened(world)
    inbox = world.stores.vendor_inbox
    await inbox.take(ACME, ALL)
    await world.stores.connections.remove(EVERYTHING, ACME)
    for gone in (ACME, ConnectionId("con_unknown")):
        with pytest.raises(NotFoundError):
            await inbox.take(gone, JOBS)
    assert await count(world, vendor_events) == await count(world, asked_pulls) == 0
    with pytest.raises(NotFoundError):
        await inbox.page(EVERYTHING, ACME, after=None, limit=9)


async def test_what_no_column_takes_is_refused(world: World) -> None:
    await opened(world)
    for bad in (attrs.evolve(JOBS, id="a\0"), attrs.evolve(JOBS, type="\ud800")):
        with pytest.raises(InvalidInputError):
            await world.stores.vendor_inbox.take(ACME, bad)
