"""Endpoints: kept with a sealed secret, changed by one at a time, sent again what they missed."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa

from adapters.persistence.migrate import migrate
from adapters.persistence.outbox_tables import deliveries, delivery_attempts, endpoints, events
from adapters.persistence.stores import open_stores
from adapters.vault import FernetVault, new_key
from domain.delivery import DeliveryState
from domain.event import EventType
from domain.ids import DeliveryId, EndpointId
from ports.errors import ConflictError, NotFoundError
from ports.scope import EVERYTHING, Scope
from ports.webhooks import Span
from tests.clocks import FakeClock
from tests.persistence.builders import ACME, OTHER
from tests.persistence.receivers import OK, SECRET, claimed_errands, endpoint, event, failed, told
from tests.persistence.rows import count, everything
from tests.persistence.test_deliveries import prepared, shown
from tests.persistence.worlds import World

DAY = 86_400.0
BOTH = EndpointId("whe_acme")
NEWER = "whsec_YW5vdGhlci1jYW5hcnktb2YtdGhlLXRlc3Rz"


async def since_yesterday(world: World, name: str = "whe_acme") -> Span:
    polled = await world.stores.outbox.read(EVERYTHING, after=0, limit=1)
    return Span(endpoint=EndpointId(name), since=polled[0].event.timestamp - timedelta(days=1))


async def disabled(world: World, why: str | None = "by hand") -> None:
    found = await world.stores.endpoints.get(EVERYTHING, BOTH)
    await world.stores.endpoints.change(EVERYTHING, attrs.evolve(found, revision=found.revision + 1, disabled=why))


async def test_what_is_kept_is_what_was_added(world: World) -> None:
    await prepared(world)
    types = frozenset({EventType.RESULT_READY, EventType.WRITEBACK_HELD})
    mine = endpoint("whe_b", of=OTHER, types=types)
    await world.stores.endpoints.add(mine, SECRET)
    assert await world.stores.endpoints.get(Scope(OTHER), mine.id) == mine
    assert await world.stores.endpoints.page(EVERYTHING, after=None, limit=9) == (endpoint(), mine)
    assert await world.stores.endpoints.page(EVERYTHING, after="whe_acme", limit=9) == (mine,)
    assert SECRET not in await everything(world)
    assert SECRET.removeprefix("whsec_") not in await everything(world)


async def test_of_a_connection_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFoundError):
        await world.stores.endpoints.add(endpoint(), SECRET)


async def test_an_endpoint_of_all_connections_is_no_single_ones(world: World) -> None:
    await prepared(world)
    await world.stores.endpoints.add(endpoint("whe_all", of=None), SECRET)
    with pytest.raises(NotFoundError):
        await world.stores.endpoints.get(Scope(ACME), EndpointId("whe_all"))
    mine = await world.stores.endpoints.page(Scope(ACME), after=None, limit=9)
    assert [one.id for one in mine] == ["whe_acme"]


async def test_two_changes_at_once_are_one(world: World) -> None:
    await prepared(world)
    change = attrs.evolve(endpoint(), revision=2, url="https://elsewhere.example.com/")
    await world.stores.endpoints.change(EVERYTHING, change)
    with pytest.raises(ConflictError):
        await world.stores.endpoints.change(EVERYTHING, change)
    found = await world.stores.endpoints.get(EVERYTHING, BOTH)
    assert (found.url, found.revision) == ("https://elsewhere.example.com/", 2)


async def test_a_disabled_endpoint_is_sent_nothing_until_it_is_enabled(world: World) -> None:
    await prepared(world)
    await told(world, event(1))
    await claimed_errands(world, 0)
    await disabled(world)
    await told(world, event(2))
    assert await claimed_errands(world) == ()
    await disabled(world, None)
    assert len(await claimed_errands(world)) == 1


async def test_enabling_one_that_had_failed_begins_anew(world: World) -> None:
    await prepared(world)
    await told(world)
    (errand,) = await claimed_errands(world)
    await world.stores.deliveries.record(errand, failed(None, status=410))
    assert await world.stores.endpoints.given_up() == 1
    await disabled(world, "by hand")
    kept = await world.stores.endpoints.get(EVERYTHING, BOTH)
    assert kept.disabled == "the receiver answered 410: it is gone"
    assert await world.stores.endpoints.given_up() == 1
    await disabled(world, None)
    kept = await world.stores.endpoints.get(EVERYTHING, BOTH)
    assert (kept.disabled, kept.failing_since) == (None, None)
    assert await world.stores.endpoints.given_up() == 0


async def test_a_new_secret_signs_beside_the_one_before_for_a_day(world: World) -> None:
    await prepared(world)
    await told(world, *(event(n) for n in range(3)))
    (before,) = await claimed_errands(world, 1)
    await world.stores.endpoints.rotate(EVERYTHING, BOTH, NEWER, DAY)
    (during,) = await claimed_errands(world, 1)
    await world.later(DAY + 1)
    (after, *_) = await claimed_errands(world, 1)
    assert (before.secrets, during.secrets, after.secrets) == ((SECRET,), (NEWER, SECRET), (NEWER,))


async def test_a_secret_that_cannot_be_opened_signs_nothing(world: World) -> None:
    await prepared(world)
    await told(world)
    await world.stores.database.write(spoil, None)
    (errand,) = await claimed_errands(world)
    assert errand.secrets == ()


def spoil(c: sa.Connection, items: object) -> list[None]:
    c.execute(sa.update(endpoints).values(secrets=b"spoilt"))
    return [None]


async def test_a_test_is_for_one_endpoint_alone(world: World) -> None:
    await prepared(world, "whe_acme", "whe_b")
    of = await world.stores.endpoints.test(EVERYTHING, BOTH)
    (errand,) = await claimed_errands(world)
    assert (errand.event, errand.endpoint) == (of, BOTH)
    assert b'"type":"endpoint.test"' in errand.body
    assert await world.stores.outbox.read(EVERYTHING, after=0, limit=9) == ()
    await disabled(world)
    with pytest.raises(ConflictError, match="disabled"):
        await world.stores.endpoints.test(EVERYTHING, BOTH)


async def test_a_removed_endpoint_goes_with_its_deliveries(world: World) -> None:
    await prepared(world, "whe_acme", "whe_b")
    await told(world)
    errands = await claimed_errands(world)
    for errand in errands:
        await world.stores.deliveries.record(errand, OK)
    await world.stores.endpoints.remove(EVERYTHING, BOTH)
    assert [one.endpoint for one in await shown(world)] == ["whe_b"]
    assert await count(world, delivery_attempts) == 1
    with pytest.raises(NotFoundError):
        await world.stores.endpoints.get(EVERYTHING, BOTH)


async def test_endpoints_go_with_their_connection(world: World) -> None:
    await prepared(world)
    await world.stores.endpoints.add(endpoint("whe_all", of=None), SECRET)
    await told(world)
    await claimed_errands(world, 0)
    await world.stores.connections.remove(EVERYTHING, ACME)
    assert [one.id for one in await world.stores.endpoints.page(EVERYTHING, after=None, limit=9)] == ["whe_all"]
    assert await claimed_errands(world) == ()
    assert Counter(one.state for one in await shown(world)) == {DeliveryState.FAILED: 1}
    assert await count(world, deliveries, deliveries.c.endpoint_id == "whe_acme") == 0


async def test_a_replay_is_the_same_event_with_all_its_attempts_before_it(world: World) -> None:
    await prepared(world)
    (of,) = await told(world)
    (errand,) = await claimed_errands(world)
    await world.stores.deliveries.record(errand, failed(None))
    replayed = await world.stores.deliveries.replay(EVERYTHING, errand.delivery)
    assert (replayed.state, len(replayed.attempts)) == (DeliveryState.WAITING, 1)
    (again,) = await claimed_errands(world)
    assert (again.event, again.tries, again.body) == (of, 0, errand.body)
    await world.stores.deliveries.record(again, OK)
    await world.stores.deliveries.replay(EVERYTHING, errand.delivery)
    (third,) = await claimed_errands(world)
    await world.stores.deliveries.record(third, OK)
    (found,) = await shown(world)
    assert [(one.n, one.status) for one in found.attempts] == [(1, 500), (2, 204), (3, 204)]


async def test_replays_of_what_cannot_be_sent_are_refused(world: World) -> None:
    await prepared(world)
    await told(world)
    (errand,) = await claimed_errands(world)
    await world.stores.deliveries.record(errand, failed(None))
    with pytest.raises(NotFoundError):
        await world.stores.deliveries.replay(EVERYTHING, DeliveryId("whd_nothing"))
    await disabled(world)
    with pytest.raises(ConflictError, match="disabled"):
        await world.stores.deliveries.replay(EVERYTHING, errand.delivery)
    with pytest.raises(ConflictError, match="disabled"):
        await world.stores.deliveries.replay_all(EVERYTHING, await since_yesterday(world))


async def test_a_range_is_replayed_whole(world: World) -> None:
    await prepared(world, "whe_acme", "whe_b")
    await told(world, event(1), event(2))
    for errand in await claimed_errands(world):
        await world.stores.deliveries.record(errand, OK)
    span = await since_yesterday(world)
    await world.later(10)
    early = attrs.evolve(span, until=span.since + timedelta(hours=1))
    assert await world.stores.deliveries.replay_all(EVERYTHING, early) == 0
    assert await world.stores.deliveries.replay_all(EVERYTHING, span) == 2
    assert {one.endpoint for one in await claimed_errands(world)} == {"whe_acme"}
    assert await world.stores.deliveries.replay_all(EVERYTHING, span) == 0


async def test_recovery_sends_what_failed_and_what_never_was_on_its_way(world: World) -> None:
    await prepared(world)
    ids = await told(world, event(1), event(2))
    first, second = await claimed_errands(world)
    await world.stores.deliveries.record(first, failed(None))
    await world.stores.deliveries.record(second, OK)
    assert {first.event, second.event} == set(ids)
    await disabled(world)
    late = await told(world, event(3), event(4, of=OTHER), event(5, kind=EventType.CALL_COMPLETED))
    assert await claimed_errands(world) == ()
    await disabled(world, None)
    span = await since_yesterday(world)
    assert await world.stores.endpoints.recover(EVERYTHING, span) == 3
    assert await world.stores.endpoints.recover(EVERYTHING, span) == 0
    found = {one.event for one in await claimed_errands(world)}
    assert found == {first.event, late[0], late[2]}


async def test_recovery_keeps_to_the_types_and_the_time_asked_for(world: World) -> None:
    await prepared(world)
    await told(world, event(1), event(2, kind=EventType.CALL_COMPLETED))
    calls = endpoint("whe_calls", of=None, types=frozenset({EventType.CALL_COMPLETED}))
    await world.stores.outbox.read(EVERYTHING, after=0, limit=1)
    await world.stores.endpoints.add(calls, SECRET)
    span = await since_yesterday(world, "whe_calls")
    later = attrs.evolve(span, since=span.since + timedelta(days=2))
    assert await world.stores.endpoints.recover(EVERYTHING, later) == 0
    assert await world.stores.endpoints.recover(EVERYTHING, span) == 1
    assert [one.endpoint for one in await claimed_errands(world)].count(EndpointId("whe_calls")) == 1


async def test_what_was_erased_is_beyond_recovery(world: World) -> None:
    await prepared(world)
    await told(world, event(1), event(2))
    span = await since_yesterday(world)
    await world.stores.database.write(spoil_events, None)
    assert await world.stores.endpoints.recover(EVERYTHING, span) == 0


def spoil_events(c: sa.Connection, items: object) -> list[None]:
    c.execute(sa.delete(deliveries))
    c.execute(sa.update(events).values(data=None))
    return [None]


async def test_secrets_sealed_anew_sign_on_when_the_old_key_is_gone(tmp_path: Path) -> None:
    url, old, new = f"sqlite:///{tmp_path / 'keys.db'}", new_key(), new_key()
    await migrate(url)
    for keys in ([old], [new, old], [new]):
        async with open_stores(url, vault=FernetVault(keys), clock=FakeClock(), lease_seconds=20.0) as stores:
            if keys == [old]:
                await stores.endpoints.add(endpoint(of=None), SECRET)
                await stores.endpoints.rotate(EVERYTHING, BOTH, NEWER, DAY)
            elif old in keys:
                await stores.endpoints.reseal(EVERYTHING, BOTH)
            else:
                await stores.endpoints.test(EVERYTHING, BOTH)
                (errand,) = await stores.deliveries.claim(1, 1, {}, ())
                assert set(errand.secrets) == {NEWER, SECRET}
