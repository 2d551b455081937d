"""The outbox in the database."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.persistence import remembering
from adapters.persistence.connections import present
from adapters.persistence.database import Database
from adapters.persistence.moments import moment_of, now_us
from adapters.persistence.numbering import number
from adapters.persistence.outbox_tables import events
from adapters.persistence.serial import decode, encode, plain
from adapters.persistence.tables import AnyRow
from adapters.persistence.telling import News, tell
from adapters.persistence.wake import Bell
from domain.event import Event, EventType
from domain.ids import ConnectionId, EventId
from ports.errors import NotFoundError, PortError
from ports.outbox import NewEvent, Outbox, PolledEvent
from ports.scope import Scope


class EventTable(Outbox):
    """`bell` is rung for whoever delivers."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self._database = database
        self._bell = bell

    async def put(self, events: Sequence[NewEvent]) -> tuple[EventId, ...]:
        told = await self._database.write(put, tuple(_news(one) for one in events))
        self._bell.ring()
        return told

    async def find(self, connection: ConnectionId, key: str) -> EventId | None:
        query = _with_key(connection, [key])
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else EventId(row.id)

    async def read(
        self, scope: Scope, *, after: int, limit: int, types: frozenset[EventType] = frozenset()
    ) -> tuple[PolledEvent, ...]:
        await self._database.write(number, None)
        query = _VISIBLE.where(events.c.place > after).order_by(events.c.place).limit(limit)
        if scope.connection is not None:
            query = query.where(events.c.connection_id == scope.connection)
        if types:
            query = query.where(events.c.type.in_(sorted(types)))
        rows = await self._database.read(lambda c: c.execute(query).all())
        return tuple(PolledEvent(place=row.place, event=_event(row)) for row in rows)

    async def forget(self, older_than_days: float) -> int:
        forgotten = await self._database.write(remembering.forget, older_than_days)
        if forgotten:
            await self._database.scrub()
        return forgotten


# For others they are tests; and the partial index is used only where its conditions are named.
_VISIBLE = sa.select(events).where(events.c.endpoint_id.is_(None), events.c.data.is_not(None))


def _with_key(connection: str, keys: Sequence[str]) -> sa.Select[str, str | None]:
    mine = sa.and_(events.c.connection_id == connection, events.c.key.in_(keys), events.c.key.is_not(None))
    return sa.select(events.c.id, events.c.key).where(mine)


def put(c: sa.Connection, items: Sequence[tuple[News, ...]]) -> list[tuple[EventId, ...] | PortError]:
    named = {ConnectionId(one.connection) for news in items for one in news if one.connection is not None}
    known = present(c, named)
    now = now_us(c)
    return [_put(c, news, known, now) for news in items]


def _put(c: sa.Connection, news: Sequence[News], known: frozenset[str], now: int) -> tuple[EventId, ...] | PortError:
    missing = next((one.connection for one in news if one.connection not in {None, *known}), None)
    if missing is not None:
        return NotFoundError("connection", missing)
    return tuple(_standing(c, one) or EventId(tell(c, [one], now)[0]) for one in news)


def _standing(c: sa.Connection, one: News) -> EventId | None:
    if one.key is None or one.connection is None:
        return None
    row = c.execute(_with_key(one.connection, [one.key])).one_or_none()
    return None if row is None else EventId(row.id)


def _news(one: NewEvent) -> News:
    return News(
        type=one.type,
        connection=one.connection,
        data=encode(one.data),
        candidate=None if one.candidate is None else plain(one.candidate, "candidate"),
        key=None if one.key is None else plain(one.key, "key"),
    )


def _event(row: AnyRow) -> Event:
    data: dict[str, Any] | None = None if row.data is None else decode(row.data, dict[str, Any])
    return Event(
        id=EventId(row.id),
        type=EventType(row.type),
        timestamp=moment_of(row.created_at),
        connection=None if row.connection_id is None else ConnectionId(row.connection_id),
        data=data,
    )
