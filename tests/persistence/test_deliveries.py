"""Deliveries: begun for whoever hears an event, in one worker's hands at a time, endpoints in turn."""

import asyncio
from collections import Counter

import attrs
import msgspec
import pytest

from adapters.persistence.outbox_tables import deliveries, delivery_attempts, events
from domain.delivery import DeliveryState
from domain.event import EventType
from domain.ids import CandidateId, EndpointId
from domain.writeback import WriteBackState
from ports.errors import ConflictError, LeaseLostError
from ports.scope import EVERYTHING, Scope
from ports.webhooks import Delivery
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, claimed, connection
from tests.persistence.receivers import OK, SECRET, claimed_errands, endpoint, event, failed, told
from tests.persistence.rows import count
from tests.persistence.worlds import World

DAY = 86_400.0


async def prepared(world: World, *names: str) -> None:
    """Two connections and some endpoints of one of them."""
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    for name in names or ("whe_acme",):
        await world.stores.endpoints.add(endpoint(name), SECRET)


async def shown(world: World, scope: Scope = EVERYTHING) -> tuple[Delivery, ...]:
    return await world.stores.deliveries.page(scope, after=None, limit=200)


async def test_what_is_claimed_is_all_that_sending_takes(world: World) -> None:
    await prepared(world)
    (of,) = await told(world)
    (errand,) = await claimed_errands(world)
    assert (errand.event, errand.endpoint, errand.tries) == (of, "whe_acme", 0)
    assert (errand.url, errand.secrets) == ("https://hooks.example.com/whe_acme", (SECRET,))
    body = msgspec.json.decode(errand.body)
    assert list(body) == ["id", "type", "timestamp", "connection", "data"]
    assert (body["id"], body["type"], body["connection"]) == (of, "result.ready", ACME)
    assert body["timestamp"].endswith("Z")
    assert body["data"] == {"n": 1, "summary": "canary words"}
    assert SECRET not in repr(errand)
    assert "canary" not in repr(errand)
    assert await claimed_errands(world) == ()


async def test_an_endpoint_hears_what_it_asked_for(world: World) -> None:
    await prepared(world, "whe_all_of_acme")
    await world.stores.endpoints.add(endpoint("whe_everything", of=None), SECRET)
    await world.stores.endpoints.add(endpoint("whe_of_other", of=OTHER), SECRET)
    calls = frozenset({EventType.CALL_COMPLETED})
    await world.stores.endpoints.add(endpoint("whe_calls", of=None, types=calls), SECRET)
    await told(world, event(1), event(2, of=OTHER), event(3, kind=EventType.CALL_COMPLETED))
    heard = {(one.endpoint, msgspec.json.decode(one.body)["data"]["n"]) for one in await claimed_errands(world)}
    everything = {("whe_everything", n) for n in (1, 2, 3)}
    assert heard == {("whe_all_of_acme", 1), ("whe_all_of_acme", 3), ("whe_of_other", 2), ("whe_calls", 3)} | everything


async def test_the_end_of_a_write_back_is_delivered(world: World) -> None:
    claim = await claimed(world)
    await world.stores.endpoints.add(endpoint(), SECRET)
    await world.stores.commands.finish(claim, WriteBackState.DONE)
    (errand,) = await claimed_errands(world)
    assert msgspec.json.decode(errand.body)["type"] == "writeback.done"


async def test_each_attempt_is_kept(world: World) -> None:
    await prepared(world)
    await told(world)
    (errand,) = await claimed_errands(world)
    await world.stores.deliveries.record(errand, failed(5.0))
    (waiting,) = await shown(world)
    assert (waiting.state, waiting.event_type) == (DeliveryState.WAITING, EventType.RESULT_READY)
    assert waiting.due_at is not None
    assert await claimed_errands(world) == ()
    await world.later(6)
    (errand,) = await claimed_errands(world)
    assert errand.tries == 1
    await world.stores.deliveries.record(errand, failed(None, status=None))
    (given_up,) = await shown(world)
    assert (given_up.state, given_up.due_at) == (DeliveryState.FAILED, None)
    told_of = [(one.n, one.status, one.error, one.seconds) for one in given_up.attempts]
    assert told_of == [(1, 500, None, 0.5), (2, None, "it did not answer in time", 0.5)]
    assert await claimed_errands(world) == ()


async def test_what_was_delivered_is_over(world: World) -> None:
    await prepared(world)
    await told(world)
    (errand,) = await claimed_errands(world)
    await world.stores.deliveries.record(errand, OK)
    await world.later(10 * DAY)
    assert await claimed_errands(world) == ()
    (delivered,) = await shown(world)
    assert (delivered.state, [one.status for one in delivered.attempts]) == (DeliveryState.DELIVERED, [204])


async def test_the_deliveries_of_a_worker_that_is_gone_are_taken_over(world: World) -> None:
    await prepared(world)
    (of,) = await told(world)
    (errand,) = await claimed_errands(world)
    await world.later(34)
    assert await claimed_errands(world) == ()
    await world.later(2)
    other = await world.another()
    (again,) = await claimed_errands(world, deliveries=other.deliveries)
    assert (again.delivery, again.event, again.fence) == (errand.delivery, of, errand.fence + 1)
    with pytest.raises(LeaseLostError):
        await world.stores.deliveries.record(errand, OK)
    await other.deliveries.record(again, OK)
    (delivered,) = await shown(world)
    assert len(delivered.attempts) == 1


async def test_a_lease_that_ran_out_records_nothing_even_if_nobody_took_over(world: World) -> None:
    await prepared(world)
    await told(world)
    (errand,) = await claimed_errands(world)
    await world.later(36)
    with pytest.raises(LeaseLostError):
        await world.stores.deliveries.record(errand, OK)
    assert await count(world, delivery_attempts) == 0


async def test_one_lease_is_recorded_once(world: World) -> None:
    await prepared(world)
    await told(world)
    (errand,) = await claimed_errands(world)
    record = world.stores.deliveries.record
    outcomes = await asyncio.gather(*(record(errand, OK) for _ in range(3)), return_exceptions=True)
    assert Counter(type(one) for one in outcomes) == {type(None): 1, LeaseLostError: 2}
    assert await count(world, delivery_attempts) == 1


async def test_workers_never_hold_the_same(world: World) -> None:
    await prepared(world, "whe_a", "whe_b", "whe_c")
    others = [await world.another() for _ in range(3)]
    held: list[str] = []
    for n in range(5):
        await told(world, *(event(n * 10 + m) for m in range(10)))
        found = await asyncio.gather(
            *(claimed_errands(world, 7, stores.deliveries) for stores in (world.stores, *others) for _ in range(2))
        )
        held += [errand.delivery for errands in found for errand in errands]
    while errands := await claimed_errands(world):
        held += [errand.delivery for errand in errands]
    assert len(held) == len(set(held)) == 150


async def test_no_more_of_an_endpoint_are_in_hand_than_it_may_have(world: World) -> None:
    await prepared(world, "whe_a", "whe_b")
    await told(world, *(event(n) for n in range(30)))
    claim = world.stores.deliveries.claim
    first = await claim(100, 10, {}, ())
    assert Counter(errand.endpoint for errand in first) == {"whe_a": 10, "whe_b": 10}
    a, b = EndpointId("whe_a"), EndpointId("whe_b")
    assert await claim(100, 10, {a: 10, b: 10}, ()) == ()
    slow = await claim(100, 10, {a: 1, b: 4}, (a,))
    assert Counter(errand.endpoint for errand in slow) == {"whe_a": 1, "whe_b": 6}


async def test_one_that_fails_is_asked_by_one_at_a_time_until_it_answers(world: World) -> None:
    await prepared(world, "whe_a", "whe_b")
    await told(world, *(event(n) for n in range(30)))
    claim = world.stores.deliveries.claim
    (one, *_) = await claim(2, 10, {}, ())
    await world.stores.deliveries.record(one, failed())
    failing = one.endpoint
    assert Counter(errand.endpoint for errand in await claim(100, 10, {}, ()))[failing] == 1
    assert Counter(errand.endpoint for errand in await claim(100, 10, {failing: 1}, ()))[failing] == 0
    (probe,) = [errand for errand in await claim(100, 10, {}, ()) if errand.endpoint == failing]
    await world.stores.deliveries.record(probe, OK)
    assert Counter(errand.endpoint for errand in await claim(100, 10, {}, ()))[failing] == 10


async def test_endpoints_are_served_in_turn(world: World) -> None:
    """However many wait for one of them, and however few a worker takes at once."""
    await prepared(world, "whe_a", "whe_b", "whe_c", "whe_d")
    await world.stores.endpoints.add(endpoint("whe_0_long", of=OTHER), SECRET)
    await told(world, *(event(n, of=OTHER) for n in range(200)), *(event(n) for n in range(5)))
    served = [errand.endpoint for _ in range(10) for errand in await claimed_errands(world, 1)]
    assert served == ["whe_0_long", "whe_a", "whe_b", "whe_c", "whe_d"] * 2


async def test_what_is_left_over_goes_to_those_that_still_have_some(world: World) -> None:
    await prepared(world, "whe_a")
    await world.stores.endpoints.add(endpoint("whe_b", of=OTHER), SECRET)
    await told(world, *(event(n) for n in range(3)), *(event(n, of=OTHER) for n in range(30)))
    claim = await world.stores.deliveries.claim(12, 10, {}, ())
    assert Counter(errand.endpoint for errand in claim) == {"whe_a": 3, "whe_b": 9}
    of_b = [msgspec.json.decode(errand.body)["data"]["n"] for errand in claim if errand.endpoint == "whe_b"]
    assert of_b == list(range(9))


async def test_what_has_been_erased_meanwhile_is_not_delivered(world: World) -> None:
    await prepared(world)
    await told(world, event(1, candidate="ada"), event(2, candidate="ada"), event(3))
    (running, *_) = await claimed_errands(world, 1)
    await world.stores.people.erase(EVERYTHING, ACME, CandidateId("ada"))
    await world.stores.deliveries.record(running, failed(0.0))
    await world.later(1)
    claimed_now = [errand for _ in range(3) for errand in await claimed_errands(world)]
    assert [msgspec.json.decode(one.body)["data"]["n"] for one in claimed_now] == [3]
    states = Counter(one.state for one in await shown(world))
    assert states == {DeliveryState.FAILED: 2, DeliveryState.RUNNING: 1}


async def test_what_is_still_to_be_delivered_is_not_forgotten(world: World) -> None:
    await prepared(world)
    await told(world)
    (errand,) = await claimed_errands(world)
    await world.later(31)
    assert await world.stores.outbox.forget(0) == 0
    await world.stores.deliveries.record(errand, failed(100.0))
    assert await world.stores.outbox.forget(0) == 0
    await world.later(101)
    (errand,) = await claimed_errands(world)
    await world.stores.deliveries.record(errand, OK)
    assert await world.stores.outbox.forget(0) == 1
    assert await shown(world) == ()
    assert (await count(world, deliveries), await count(world, delivery_attempts)) == (0, 0)
    assert await count(world, events) == 1


async def test_what_waits_for_a_disabled_endpoint_is_forgotten_in_time(world: World) -> None:
    await prepared(world)
    await told(world)
    await claimed_errands(world, 0)
    await world.later(1)
    await world.stores.endpoints.change(EVERYTHING, attrs.evolve(endpoint(), revision=2, disabled="by hand"))
    assert await world.stores.outbox.forget(0) == 1


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.RUNNING])
async def test_what_is_on_its_way_is_not_replayed(world: World, state: DeliveryState) -> None:
    await prepared(world)
    await told(world)
    await claimed_errands(world, 1 if state is DeliveryState.RUNNING else 0)
    (one,) = await shown(world)
    assert one.state is state
    with pytest.raises(ConflictError, match="goes on by itself"):
        await world.stores.deliveries.replay(EVERYTHING, one.id)


async def test_pages_go_from_the_newest_to_the_oldest(world: World) -> None:
    await prepared(world, "whe_a", "whe_b")
    ids = await told(world, *(event(n) for n in range(4)))
    for errand in (await claimed_errands(world))[:3]:
        await world.stores.deliveries.record(errand, OK)
    page = world.stores.deliveries.page
    all_of_them = await shown(world)
    assert len(all_of_them) == 8
    assert [one.id for one in all_of_them] == sorted((one.id for one in all_of_them), reverse=True)
    first = await page(EVERYTHING, after=None, limit=3)
    rest = await page(EVERYTHING, after=first[-1].id, limit=9)
    assert (*first, *rest) == all_of_them
    assert {one.event for one in await page(EVERYTHING, event=ids[0], after=None, limit=9)} == {ids[0]}
    mine = await page(EVERYTHING, endpoint=EndpointId("whe_b"), after=None, limit=9)
    assert {one.endpoint for one in mine} == {"whe_b"}
    assert len(await page(EVERYTHING, state=DeliveryState.DELIVERED, after=None, limit=9)) == 3
    assert await page(Scope(OTHER), after=None, limit=9) == ()


async def test_waiting_ends_when_something_is_told(world: World) -> None:
    waiting = asyncio.ensure_future(world.stores.deliveries.wait(1.0))
    await world.stores.connections.add(connection(), CREDENTIALS)
    await told(world)
    await waiting
