"""Parking: a worker whose connection does not work puts its command back and starts nothing more of that connection."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.leases import Lease, PutDown, holding, put_down
from adapters.persistence.tables import connections
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
    held, _ = holding(c, [item.lease for item in items])
    for item in items:
        if item.lease in held:
            seen = sa.and_(connections.c.id == item.connection, connections.c.revision == item.revision)
            there = connections.c.removed_at.is_(None)
            c.execute(sa.update(connections).where(seen, there).values(parked=item.why))
    return put_down(c, [PutDown(item.lease, WriteBackState.WAITING, _reason(item)) for item in items])


def _reason(item: Parking) -> str:
    return f"the connection is parked: {item.why}"
