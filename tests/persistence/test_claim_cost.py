"""What a claim costs does not grow with what waits: counted in what the engines do, not in time."""

from collections.abc import Callable, Sequence

import pytest
import sqlalchemy as sa

from adapters.persistence import claiming
from adapters.persistence.tables import connections
from domain.ids import ConnectionId
from tests.persistence.backlog import fill
from tests.persistence.builders import ACME
from tests.persistence.worlds import World

_STEPS = 100
_READ = sa.text("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'commands'")


def cost_of_claiming(c: sa.Connection, orders: Sequence[claiming.Order]) -> list[int]:
    """SQLite: hundreds of steps of its machine. PostgreSQL: rows of commands that were read."""
    read = _steps(c) if c.dialect.name == "sqlite" else _rows(c)
    taken = claiming.claim(c, orders)
    assert len(taken[0].rows) == orders[0].most
    return [read()]


def _steps(c: sa.Connection) -> Callable[[], int]:
    counted: list[None] = []
    raw = c.connection.driver_connection
    assert raw is not None
    raw.set_progress_handler(lambda: counted.append(None), _STEPS)

    def read() -> int:
        raw.set_progress_handler(None, 0)
        return len(counted)

    return read


def _rows(c: sa.Connection) -> Callable[[], int]:
    before = int(c.scalar(_READ) or 0)
    return lambda: int(c.scalar(_READ) or 0) - before


@pytest.mark.parametrize("most", [1, 20])
async def test_claiming_from_a_long_queue_costs_as_much_as_from_a_short_one(world: World, most: int) -> None:
    order = claiming.Order(most=most, lease_seconds=20.0, at_once=100, crashes_allowed=5)
    await fill(world, {ACME: 100})
    short = await world.stores.database.write(cost_of_claiming, order)
    await fill(world, {ConnectionId("con_long"): 10_000})
    await world.stores.database.write(close, ACME)
    long = await world.stores.database.write(cost_of_claiming, order)
    assert long <= 2 * short + 10


def close(c: sa.Connection, items: Sequence[ConnectionId]) -> list[None]:
    c.execute(sa.update(connections).where(connections.c.id.in_(items)).values(parked="out of the way"))
    return [None]
