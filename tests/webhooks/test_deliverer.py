"""The deliverer: what is in the table goes out, and no endpoint keeps the others waiting."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import attrs
import pytest

from adapters.persistence.migrate import migrate
from application.deliver_webhooks import DeliverWebhooks
from domain.delivery import WAITS, DeliveryState, Reply
from domain.ids import EndpointId
from entrypoints.worker.deliverer import Deliverer
from ports.errors import UnavailableError
from ports.scope import EVERYTHING
from ports.webhooks import Errand, Sender
from tests.clocks import FakeClock
from tests.persistence.builders import CREDENTIALS, connection
from tests.persistence.receivers import SECRET, endpoint, event, told
from tests.persistence.worlds import World, opened_world

OK = Reply(status=200)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    url = f"sqlite:///{tmp_path / 'webhooks.db'}"
    await migrate(url)
    async with opened_world("sqlite", url) as made:
        await made.stores.connections.add(connection(), CREDENTIALS)
        for name in ("whe_a", "whe_b", "whe_c"):
            await made.stores.endpoints.add(endpoint(name), SECRET)
        yield made


@attrs.define
class Receivers(Sender):
    """Answers as each endpoint is told to; `silent` ones never do."""

    replies: dict[str, Reply] = attrs.field(factory=dict)
    silent: set[str] = attrs.field(factory=set)
    seen: list[Errand] = attrs.field(factory=list)
    here: Counter[EndpointId] = attrs.field(factory=Counter)
    most: Counter[EndpointId] = attrs.field(factory=Counter)
    changed: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def send(self, errand: Errand) -> Reply:
        self.seen.append(errand)
        self.here[errand.endpoint] += 1
        self.most[errand.endpoint] = max(self.most[errand.endpoint], self.here[errand.endpoint])
        self.changed.set()
        if errand.endpoint in self.silent:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        self.here[errand.endpoint] -= 1
        return self.replies.get(errand.endpoint, OK)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def delivering(
    world: World, deliver: Callable[[Errand], Awaitable[None]], *, concurrency: int = 20, clock: FakeClock | None = None
) -> AsyncIterator[Deliverer]:
    deliverer = Deliverer(
        world.stores.deliveries, deliver, clock or FakeClock(), concurrency=concurrency, each=5, stop_seconds=0.1
    )
    running = asyncio.create_task(deliverer.run())
    try:
        yield deliverer
    finally:
        deliverer.stop()
        await asyncio.wait_for(running, 10)


def by(world: World, receivers: Receivers) -> DeliverWebhooks:
    return DeliverWebhooks(world.stores.deliveries, receivers, lambda: 0.5)


async def states(world: World) -> Counter[DeliveryState]:
    page = await world.stores.deliveries.page(EVERYTHING, after=None, limit=1000)
    return Counter(one.state for one in page)


async def test_what_is_told_is_delivered_to_all_who_hear_it(world: World) -> None:
    receivers = Receivers()
    async with delivering(world, by(world, receivers)):
        await told(world, *(event(n) for n in range(50)))
        await receivers.until(lambda: len(receivers.seen) == 150)
    assert await states(world) == {DeliveryState.DELIVERED: 150}
    assert max(receivers.most.values()) <= 5


async def test_stopping_waits_for_what_is_under_way(world: World) -> None:
    receivers = Receivers()
    await told(world)
    async with delivering(world, by(world, receivers)) as deliverer:
        await receivers.until(lambda: bool(receivers.seen))
        deliverer.stop()
    assert await states(world) == {DeliveryState.DELIVERED: 3}


async def test_what_does_not_end_is_left_to_its_lease(world: World) -> None:
    receivers = Receivers(silent={"whe_a"})
    await told(world)
    async with delivering(world, by(world, receivers)):
        await receivers.until(lambda: len(receivers.seen) == 3)
    assert await states(world) == {DeliveryState.DELIVERED: 2, DeliveryState.RUNNING: 1}
    await world.later(36)
    receivers.silent.clear()
    async with delivering(world, by(world, receivers)):
        await receivers.until(lambda: len(receivers.seen) == 4)
    assert await states(world) == {DeliveryState.DELIVERED: 3}


async def test_one_that_is_silent_does_not_keep_the_others_waiting(world: World) -> None:
    receivers = Receivers(silent={"whe_a"})
    await told(world, *(event(n) for n in range(100)))
    async with delivering(world, by(world, receivers), concurrency=8):
        await receivers.until(lambda: len([one for one in receivers.seen if one.endpoint != "whe_a"]) == 200)
    assert receivers.most[EndpointId("whe_a")] <= 5
    assert (await states(world))[DeliveryState.DELIVERED] == 200


async def test_one_that_keeps_us_waiting_has_two_places_and_no_more(world: World) -> None:
    clock = FakeClock()
    receivers = Receivers(silent={"whe_a"})
    async with delivering(world, by(world, receivers), clock=clock):
        await told(world, event(1))
        await receivers.until(lambda: receivers.here[EndpointId("whe_a")] == 1)
        clock.advance(2.0)
        await told(world, *(event(n) for n in range(2, 30)))
        await receivers.until(lambda: len([one for one in receivers.seen if one.endpoint == "whe_b"]) == 29)
    assert receivers.most[EndpointId("whe_a")] == 2


async def test_what_fails_is_sent_again_when_it_is_due(world: World) -> None:
    receivers = Receivers(replies={"whe_a": Reply(status=500, asked=60.0)})
    await told(world)
    async with delivering(world, by(world, receivers)):
        await receivers.until(lambda: len(receivers.seen) == 3)
    assert await states(world) == {DeliveryState.DELIVERED: 2, DeliveryState.WAITING: 1}
    receivers.replies.clear()
    await world.later(59)
    assert await world.stores.deliveries.claim(9, 9, {}, ()) == ()
    await world.later(2)
    async with delivering(world, by(world, receivers)):
        await receivers.until(lambda: len(receivers.seen) == 4)
    assert await states(world) == {DeliveryState.DELIVERED: 3}


async def test_after_ten_attempts_it_has_failed(world: World) -> None:
    receivers = Receivers(replies={"whe_a": Reply(error="no connection could be made")})
    await told(world)

    def seen(times: int) -> bool:
        return sum(one.endpoint == "whe_a" for one in receivers.seen) == times

    for attempt, wait in enumerate((*WAITS, WAITS[-1]), start=1):
        async with delivering(world, by(world, receivers)):
            await receivers.until(partial(seen, attempt))
        await world.later(wait)
    assert seen(10)
    assert await states(world) == {DeliveryState.DELIVERED: 2, DeliveryState.FAILED: 1}
    assert await world.stores.deliveries.claim(9, 9, {}, ()) == ()


@pytest.mark.parametrize("error", [ZeroDivisionError(), UnavailableError("the database is away")])
async def test_a_defect_ends_neither_the_deliverer_nor_the_delivery(world: World, error: Exception) -> None:
    receivers = Receivers()
    failed: list[Errand] = []

    async def broken(errand: Errand) -> None:
        if not failed:
            failed.append(errand)
            raise error
        await by(world, receivers)(errand)

    await told(world)
    async with delivering(world, broken):
        await receivers.until(lambda: len(receivers.seen) == 2)
    assert (await states(world))[DeliveryState.RUNNING] == 1
    await world.later(36)
    async with delivering(world, broken):
        await receivers.until(lambda: len(receivers.seen) == 3)
    assert await states(world) == {DeliveryState.DELIVERED: 3}
