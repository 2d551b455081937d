"""What vendors told, each event once, and the pulls that are asked for."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.persistence.connections import present
from adapters.persistence.database import Database
from adapters.persistence.ids import new_id
from adapters.persistence.moments import moment_of, now_us, span
from adapters.persistence.serial import decode, encode, plain
from adapters.persistence.tables import AnyRow, asked_pulls, connections, vendor_events
from adapters.persistence.wake import Bell
from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.clock import Clock
from ports.errors import NotFoundError, PortError
from ports.scope import Scope
from ports.vendor_events import HeardEvent, VendorEvent, VendorInbox

AT_ONCE = 500
_DAY = 24 * 3600.0


class VendorInboxTables(VendorInbox):
    """An event and the pulls that it asks for stand there together, or not at all. `bell`: of those who pull."""

    def __init__(self, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    async def take(self, connection: ConnectionId, event: VendorEvent) -> bool:
        told = _Told(new_id("vev_", self._clock), connection, _checked(event))
        new = await self._database.write(_take, told)
        if new and event.pulls:
            self._bell.ring()
        return new

    async def page(
        self, scope: Scope, connection: ConnectionId, *, after: str | None, limit: int
    ) -> tuple[HeardEvent, ...]:
        return await self._database.read(lambda c: _page(c, scope, connection, after, limit))

    async def forget(self, older_than_days: float) -> int:
        return await self._database.write(_forget, older_than_days)


@attrs.frozen
class _Told:
    """An event that came, and the id that it gets if it is new."""

    id: str
    connection: ConnectionId
    event: VendorEvent


def _checked(event: VendorEvent) -> VendorEvent:
    return attrs.evolve(event, id=plain(event.id, "id"), type=plain(event.type, "type"))


def _take(c: sa.Connection, items: Sequence[_Told]) -> list[bool | PortError]:
    there = present(c, {one.connection for one in items})
    now = now_us(c)
    # In one order for all, and events before wishes, or two processes that take the same would wait for one another.
    order = sorted(range(len(items)), key=lambda n: (items[n].connection, items[n].event.id))
    new = {n: items[n].connection in there and _added(c, items[n], now) for n in order}
    wishes = {(items[n].connection, kind) for n in order if new[n] for kind in items[n].event.pulls}
    for connection, kind in sorted(wishes):
        _ask(c, connection, kind, now)
    return [
        new[n] if one.connection in there else NotFoundError("connection", one.connection)
        for n, one in enumerate(items)
    ]


def _insert(c: sa.Connection, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
    return sqlite.insert(table) if c.dialect.name == "sqlite" else postgresql.insert(table)


def _added(c: sa.Connection, told: _Told, now: int) -> bool:
    row = {
        "id": told.id,
        "connection_id": told.connection,
        "event_id": told.event.id,
        "type": told.event.type,
        "changed": encode(told.event.changed),
        "fault": told.event.fault,
        "received_at": now,
    }
    insert = _insert(c, vendor_events).values(row)
    once = insert.on_conflict_do_nothing(index_elements=["connection_id", "event_id"])
    return c.execute(once.returning(vendor_events.c.id)).scalar_one_or_none() is not None


def _ask(c: sa.Connection, connection: ConnectionId, kind: RecordType, now: int) -> None:
    row = {"connection_id": connection, "kind": kind.value, "asked_at": now}
    insert = _insert(c, asked_pulls).values(row)
    c.execute(insert.on_conflict_do_update(index_elements=["connection_id", "kind"], set_={"asked_at": now}))


def _page(
    c: sa.Connection, scope: Scope, connection: ConnectionId, after: str | None, limit: int
) -> tuple[HeardEvent, ...]:
    there = sa.select(connections.c.id).where(connections.c.id == connection, connections.c.removed_at.is_(None))
    if not scope.covers(connection) or c.scalar(there) is None:
        raise NotFoundError("connection", connection)
    query = sa.select(vendor_events).where(vendor_events.c.connection_id == connection)
    if after is not None:
        query = query.where(vendor_events.c.id < after)
    return tuple(_heard(row) for row in c.execute(query.order_by(vendor_events.c.id.desc()).limit(limit)))


def _heard(row: AnyRow) -> HeardEvent:
    return HeardEvent(
        id=row.id,
        event=row.event_id,
        type=row.type,
        changed=decode(row.changed, tuple[str, ...]),
        fault=row.fault,
        received_at=moment_of(row.received_at),
    )


def _forget(c: sa.Connection, ages: Sequence[float]) -> list[int]:
    return [_forget_older(c, now_us(c) - span(days * _DAY)) for days in ages]


def _forget_older(c: sa.Connection, before: int) -> int:
    old = (
        sa.select(vendor_events.c.id)
        .where(vendor_events.c.received_at <= before)
        .order_by(vendor_events.c.received_at)
        .limit(AT_ONCE)
    )
    return c.execute(sa.delete(vendor_events).where(vendor_events.c.id.in_(old))).rowcount
