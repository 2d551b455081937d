"""Events stand in the outbox from the transaction on that makes them true, in one order for whoever reads them."""

import asyncio
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from adapters.persistence.outbox_tables import events
from adapters.persistence.tables import commands
from domain.effect import EffectState
from domain.event import EventType
from domain.evidence import Receipt
from domain.ids import CandidateId
from domain.writeback import WriteBackState
from ports.errors import ConflictError, LeaseLostError, NotFoundError
from ports.outbox import PolledEvent
from ports.scope import EVERYTHING, Scope
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, claimed, connection, new, note
from tests.persistence.receivers import event, told
from tests.persistence.rows import count, everything
from tests.persistence.worlds import World

DAY = 86_400.0


async def read(world: World, scope: Scope = EVERYTHING, after: int = 0) -> tuple[PolledEvent, ...]:
    return await world.stores.outbox.read(scope, after=after, limit=100)


async def types(world: World) -> list[EventType]:
    return [one.event.type for one in await read(world)]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (WriteBackState.DONE, EventType.WRITEBACK_DONE),
        (WriteBackState.REFUSED, EventType.WRITEBACK_REFUSED),
        (WriteBackState.HELD, EventType.WRITEBACK_HELD),
        (WriteBackState.DEAD, EventType.WRITEBACK_REFUSED),
    ],
)
async def test_the_end_of_a_write_back_is_told(world: World, state: WriteBackState, kind: EventType) -> None:
    claim = await claimed(world)
    await world.stores.commands.finish(claim, state, "canary reason")
    (polled,) = await read(world)
    assert (polled.event.type, polled.event.connection) == (kind, ACME)
    assert polled.event.data == {
        "writeback_id": claim.command,
        "href": f"/v1/writebacks/{claim.command}",
        "kind": "screening",
        "key": "screening:s1",
        "state": state.value,
    }


async def test_what_goes_on_by_itself_is_not_told(world: World) -> None:
    claim = await claimed(world)
    await world.stores.commands.postpone(claim, 5, "later")
    assert await types(world) == []


async def test_who_lost_the_lease_tells_nothing(world: World) -> None:
    claim = await claimed(world)
    await world.later(21)
    with pytest.raises(LeaseLostError):
        await world.stores.commands.finish(claim, WriteBackState.DONE)
    assert await count(world, events) == 0


async def test_an_end_that_is_rolled_back_is_not_told(world: World) -> None:
    """The event and the state are of one transaction: neither is there without the other."""
    claim = await claimed(world)
    await world.stores.database.write(forbid_events, True)
    with pytest.raises(ConflictError):
        await world.stores.commands.finish(claim, WriteBackState.DONE)
    await world.stores.database.write(forbid_events, False)
    assert await count(world, commands, commands.c.state == WriteBackState.RUNNING.value) == 1
    assert await count(world, events) == 0


_FORBID = {
    "sqlite": {True: "CREATE TRIGGER n BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'no'); END"}
    | {False: "DROP TRIGGER n"},
    "postgresql": {True: "ALTER TABLE events ADD CONSTRAINT n CHECK (type = 'no')"}
    | {False: "ALTER TABLE events DROP CONSTRAINT n"},
}


def forbid_events(c: sa.Connection, items: Sequence[bool]) -> list[None]:
    for forbid in items:
        c.exec_driver_sql(_FORBID[c.dialect.name][forbid])
    return [None] * len(items)


async def test_one_that_is_given_up_is_told_by_whoever_takes_it_over(world: World) -> None:
    await claimed(world)
    for _ in range(5):
        await world.later(21)
        await world.stores.commands.claim(1)
    assert await types(world) == [EventType.WRITEBACK_REFUSED]
    assert [one.event.data["state"] for one in await read(world) if one.event.data] == ["dead"]


async def test_what_is_given_up_in_doubt_is_told_as_held(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(),), "ada")
    await world.stores.ledger.begin(claim, 1, 10)
    for _ in range(5):
        await world.later(21)
        await world.stores.commands.claim(1)
    assert await types(world) == [EventType.WRITEBACK_HELD]


async def test_a_late_receipt_that_ends_it_otherwise_is_told(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(),), "ada")
    attempt = await world.stores.ledger.begin(claim, 1, 10)
    await world.stores.ledger.decide(claim, 1, EffectState.HELD)
    await world.stores.commands.finish(claim, WriteBackState.HELD)
    await world.stores.ledger.testify(claim, 1, attempt, Receipt())
    assert await types(world) == [EventType.WRITEBACK_HELD, EventType.WRITEBACK_DONE]


async def test_a_connection_that_is_parked_is_told_once(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    for n in (1, 2):
        await world.stores.commands.accept(new(n, subject=f"p{n}"))
    for claim in await world.stores.commands.claim(2):
        await world.stores.commands.park(claim, 1, "the log-in was refused")
    (polled,) = await read(world)
    assert polled.event.type is EventType.CONNECTION_PARKED
    assert polled.event.data == {"href": f"/v1/connections/{ACME}", "reason": "the log-in was refused"}
    await world.stores.connections.unpark(ACME, 1)
    (claim, *_) = await world.stores.commands.claim(2)
    await world.stores.commands.park(claim, 1, "again")
    assert await types(world) == [EventType.CONNECTION_PARKED] * 2


async def test_what_is_seen_of_an_older_revision_parks_and_tells_nothing(world: World) -> None:
    claim = await claimed(world)
    await world.stores.commands.park(claim, 7, "the log-in was refused")
    assert await types(world) == []


async def test_a_reader_who_goes_on_misses_nothing_and_sees_nothing_twice(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    put: set[str] = set()
    seen: list[str] = []
    after = 0

    async def tell(n: int) -> None:
        put.update(await told(world, event(n), event(-n)))

    for start in range(0, 60, 12):
        telling = asyncio.gather(*(tell(n) for n in range(start + 1, start + 13)))
        while not telling.done():
            page = await world.stores.outbox.read(EVERYTHING, after=after, limit=5)
            seen += [one.event.id for one in page]
            after = page[-1].place if page else after
        await telling
    while page := await world.stores.outbox.read(EVERYTHING, after=after, limit=7):
        seen += [one.event.id for one in page]
        after = page[-1].place
    assert len(seen) == len(set(seen)) == len(put) == 120
    assert set(seen) == put


async def test_a_reader_sees_what_the_scope_covers_and_the_types_asked_for(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    mine, theirs = await told(world, event(1), event(2, of=OTHER, kind=EventType.CALL_COMPLETED))
    assert [one.event.id for one in await read(world, Scope(ACME))] == [mine]
    assert [one.event.id for one in await read(world, Scope(OTHER))] == [theirs]
    wanted = frozenset({EventType.CALL_COMPLETED})
    asked = await world.stores.outbox.read(EVERYTHING, after=0, limit=9, types=wanted)
    assert [one.event.id for one in asked] == [theirs]


async def test_one_key_is_one_event_of_its_connection(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    both = await told(world, event(1, key="k"), event(2, key="k"))
    assert both[0] == both[1]
    assert await asyncio.gather(*(told(world, event(3, key="k")) for _ in range(5))) == [both[:1]] * 5
    assert await told(world, event(1, of=OTHER, key="k")) != both[:1]
    assert await world.stores.outbox.find(ACME, "k") == both[0]
    assert await world.stores.outbox.find(ACME, "other") is None
    assert [one.event.data["n"] for one in await read(world, Scope(ACME)) if one.event.data] == [1]


async def test_there_is_nothing_to_tell_of_a_connection_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFoundError):
        await told(world, event())


async def test_erasing_a_person_takes_what_was_told_of_them(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    await told(world, event(1, candidate="ada"), event(2, candidate="bob"), event(3, of=OTHER, candidate="ada"))
    assert (await world.stores.people.erase(EVERYTHING, ACME, CandidateId("ada"))).events == 1
    assert [one.event.data["n"] for one in await read(world) if one.event.data] == [2, 3]
    assert await count(world, events) == 3
    assert (await world.stores.people.erase(EVERYTHING, ACME, CandidateId("ada"))).events == 0
    kept = await everything(world)
    assert kept.count("canary words") == 2
    assert kept.count("'ada'") == 1


async def test_what_is_old_is_forgotten_and_its_id_stays(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    (old,) = await told(world, event(1, candidate="ada"))
    await read(world)
    await world.later(31 * DAY)
    await told(world, event(2))
    assert [await world.stores.outbox.forget(30) for _ in range(2)] == [1, 0]
    assert [one.event.data["n"] for one in await read(world) if one.event.data] == [2]
    kept = await everything(world)
    assert old in kept
    assert "'ada'" not in kept


async def test_of_a_removed_connection_nothing_is_left_but_ids(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    (gone,) = await told(world)
    await world.stores.connections.remove(EVERYTHING, ACME)
    assert await read(world) == ()
    assert gone in await everything(world)
    assert "canary" not in await everything(world)
