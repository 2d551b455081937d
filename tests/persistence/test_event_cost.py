"""What telling and claiming cost: counted in statements, not in time."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from adapters.persistence import leases, sending
from adapters.persistence.outbox_tables import events
from domain.writeback import WriteBackState
from ports.scope import EVERYTHING
from tests.persistence.builders import CREDENTIALS, connection, new
from tests.persistence.receivers import SECRET, endpoint, event, told
from tests.persistence.rows import count
from tests.persistence.test_deliveries import prepared
from tests.persistence.worlds import World


async def test_a_claim_is_as_dear_with_a_long_queue_as_with_a_short_one(world: World) -> None:
    order = sending.Order(most=20, each=10, in_hand={}, slow=(), after="", lease_seconds=20.0)
    await prepared(world, "whe_a", "whe_b")
    await told(world, *(event(n) for n in range(20)))
    await world.stores.outbox.read(EVERYTHING, after=0, limit=1)
    short = await statements(world, sending.claim, order)
    for _ in range(3):
        await told(world, *(event(n) for n in range(400)))
        await world.stores.outbox.read(EVERYTHING, after=0, limit=1)
    assert await statements(world, sending.claim, order) <= short


async def test_all_endpoints_are_asked_at_once(world: World) -> None:
    order = sending.Order(most=8, each=10, in_hand={}, slow=(), after="", lease_seconds=20.0)
    await prepared(world, "whe_0")
    await told(world, *(event(n) for n in range(8)))
    await world.stores.outbox.read(EVERYTHING, after=0, limit=1)
    of_one = await statements(world, sending.claim, order)
    for n in range(1, 8):
        await world.stores.endpoints.add(endpoint(f"whe_{n}"), SECRET)
    await told(world)
    await world.stores.outbox.read(EVERYTHING, after=0, limit=1)
    assert await statements(world, sending.claim, order) == of_one


async def test_the_events_of_a_group_are_one_statement(world: World) -> None:
    """What a write-back's end costs is measured (`make bench`): it stays the time, the update and the event."""
    await world.stores.connections.add(connection(), CREDENTIALS)
    for n in range(8):
        await world.stores.commands.accept(new(n, subject=f"p{n}"))
    claims = await world.stores.commands.claim(8)
    ends = [leases.PutDown(leases.lease_of(claim), WriteBackState.DONE, None) for claim in claims]
    expected = {"sqlite": 2, "postgresql": 3}[world.engine]
    assert await statements(world, leases.put_down, *ends) == expected
    assert await count(world, events) == 8


async def statements(world: World, op: Callable[[sa.Connection, Sequence[Any]], object], *items: object) -> int:
    """How many statements an operation takes for some items."""

    def counted(c: sa.Connection, _: object) -> list[int]:
        seen: list[str] = []

        def note(*parts: object) -> None:
            seen.append(str(parts[2]))

        sa.event.listen(c, "before_cursor_execute", note)
        op(c, items)
        sa.event.remove(c, "before_cursor_execute", note)
        return [len(seen)]

    return await world.stores.database.write(counted, None)
