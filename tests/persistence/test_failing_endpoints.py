"""Endpoints that are gone or fail for days are disabled, and the others hear of it."""

import msgspec

from domain.event import EventType
from ports.scope import EVERYTHING, Scope
from tests.persistence.builders import ACME, OTHER
from tests.persistence.receivers import OK, SECRET, claimed_errands, endpoint, event, failed, told
from tests.persistence.test_deliveries import prepared
from tests.persistence.worlds import World

DAY = 86_400.0


async def test_an_endpoint_that_answers_410_is_gone_at_once(world: World) -> None:
    await prepared(world, "whe_a", "whe_b")
    await world.stores.endpoints.add(endpoint("whe_of_other", of=OTHER), SECRET)
    await told(world, event(1), event(2))
    (errand, *_) = await claimed_errands(world, 1)
    await world.stores.deliveries.record(errand, failed(None, status=410))
    found = await world.stores.endpoints.get(EVERYTHING, errand.endpoint)
    assert found.disabled == "the receiver answered 410: it is gone"
    assert await world.stores.endpoints.given_up() == 1
    told_of = [one for one in await claimed_errands(world) if b"endpoint.disabled" in one.body]
    assert [one.endpoint for one in told_of] == ["whe_b"]
    data = msgspec.json.decode(told_of[0].body)["data"]
    assert data == {
        "endpoint_id": "whe_a",
        "href": "/v1/webhook-endpoints/whe_a",
        "reason": "the receiver answered 410: it is gone",
    }
    await told(world, event(3))
    assert "whe_a" not in {one.endpoint for one in await claimed_errands(world)}


async def test_five_days_without_a_success_disable(world: World) -> None:
    await prepared(world)
    await told(world, *(event(n) for n in range(4)))
    for passed, disabled in ((0.0, None), (4.9 * DAY, None), (0.2 * DAY, True)):
        await world.later(passed)
        (errand,) = await claimed_errands(world, 1)
        await world.stores.deliveries.record(errand, failed(None))
        found = await world.stores.endpoints.get(EVERYTHING, errand.endpoint)
        assert (found.disabled is not None) is bool(disabled)
        assert found.failing_since is not None
    assert found.disabled == "nothing was answered with a success for five days"


async def test_a_success_in_between_begins_the_five_days_anew(world: World) -> None:
    await prepared(world)
    await told(world, *(event(n) for n in range(4)))
    for verdict in (failed(None), OK, failed(None)):
        (errand,) = await claimed_errands(world, 1)
        await world.stores.deliveries.record(errand, verdict)
        await world.later(4 * DAY)
    assert (await world.stores.endpoints.get(EVERYTHING, errand.endpoint)).disabled is None


async def test_a_disabled_endpoint_of_all_connections_is_not_told_to_a_single_one(world: World) -> None:
    await prepared(world, "whe_acme")
    await world.stores.endpoints.add(endpoint("whe_0_all", of=None), SECRET)
    await world.stores.endpoints.add(endpoint("whe_too", of=None), SECRET)
    await told(world)
    (errand, *_) = await claimed_errands(world, 1)
    assert errand.endpoint == "whe_0_all"
    await world.stores.deliveries.record(errand, failed(None, status=410))
    told_of = [one.endpoint for one in await claimed_errands(world) if b"endpoint.disabled" in one.body]
    assert told_of == ["whe_too"]
    assert (
        await world.stores.outbox.read(Scope(ACME), after=0, limit=9, types=frozenset({EventType.ENDPOINT_DISABLED}))
        == ()
    )
