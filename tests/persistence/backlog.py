"""Long queues."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence.effects import Values
from adapters.persistence.tables import bodies, commands
from domain.ids import CommandId, ConnectionId
from tests.persistence.builders import CREDENTIALS, connection, new
from tests.persistence.worlds import World


async def fill(world: World, queues: dict[ConnectionId, int], *, subjects: int | None = None) -> None:
    """Many commands at once: rows as accepting makes them, for accepting them one by one would take seconds."""
    for one in queues:
        await world.stores.connections.add(connection(one), CREDENTIALS)
    model = await world.stores.commands.accept(new(0, of=next(iter(queues)), subject="model"))
    rows: list[Values] = [
        {"id": f"wb_{n:06}{one}", "connection_id": one, "key": f"k{n}", "subject": f"p{n % (subjects or 10**9)}"}
        for one, many in queues.items()
        for n in range(many)
    ]
    await world.stores.database.write(_copies, (model.id, rows))


def _copies(c: sa.Connection, items: Sequence[tuple[CommandId, list[Values]]]) -> list[None]:
    for model, rows in items:
        this = commands.c.id == model
        row = dict(c.execute(sa.select(commands).where(this)).one()._mapping)
        body = c.execute(sa.delete(bodies).where(bodies.c.command_id == model).returning(bodies)).one()._mapping
        c.execute(sa.delete(commands).where(this))
        c.execute(sa.insert(commands), [row | one for one in rows])
        c.execute(sa.insert(bodies), [{**body, "command_id": one["id"]} for one in rows])
    return [None] * len(items)
