"""Parking: a worker whose connection does not work puts its command back and starts nothing more of that connection."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.leases import Lease, PutDown, holding, put_down
from adapters.persistence.serial import encode
from adapters.persistence.tables import connections
from adapters.persistence.telling import News, tell
from domain.event import EventType
from domain.ids import ConnectionId
from domain.writeback import WriteBackState
from ports.errors import LeaseLostError
from ports.scope import EVERYTHING


@attrs.frozen
class Parking:
    """What a worker saw of its connection, as that was at one revision."""

    lease: Lease
    connection: ConnectionId
    revision: int
    why: str


def park(c: sa.Connection, items: Sequence[Parking]) -> list[LeaseLostError | None]:
    for connection in sorted({item.connection for item in items}):
        exists(c, EVERYTHING, connection)  # locked before the commands are, as everybody does
    held, now = holding(c, [item.lease for item in items])
    for item in items:
        if item.lease in held:
            park_connection(c, item.connection, item.revision, item.why, now)
    return put_down(c, [PutDown(item.lease, WriteBackState.WAITING, _reason(item)) for item in items])


def park_connection(c: sa.Connection, connection: ConnectionId, revision: int, why: str, now: int) -> None:
    """It is told once, by whoever parks it. What was seen of another revision is not held against this one."""
    seen = sa.and_(connections.c.id == connection, connections.c.revision == revision)
    there = connections.c.removed_at.is_(None)
    row = c.execute(sa.select(connections.c.parked).where(seen, there)).one_or_none()
    if row is None:
        return
    c.execute(sa.update(connections).where(seen, there).values(parked=why))
    if row.parked is None:
        data = encode({"href": f"/v1/connections/{connection}", "reason": why})
        tell(c, [News(type=EventType.CONNECTION_PARKED, connection=connection, data=data)], now)


def _reason(item: Parking) -> str:
    return f"the connection is parked: {item.why}"
