"""Connections in the database. Credentials are sealed before they come here and opened after they left."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from adapters.persistence.database import Database
from adapters.persistence.erasing import erase
from adapters.persistence.intake_tables import intake_messages, intake_records, intake_resumes
from adapters.persistence.many import Many
from adapters.persistence.moments import micros, moment_of, now_us
from adapters.persistence.outbox_tables import endpoints, events
from adapters.persistence.record_tables import cursors, pulls, put_aside, records
from adapters.persistence.remembering import erase_events, remove_endpoints
from adapters.persistence.serial import decode, encode, plain
from adapters.persistence.tables import (
    RUNNING,
    WAITING,
    AnyRow,
    api_keys,
    asked_pulls,
    commands,
    connections,
    erased_people,
    host_places,
    host_tokens,
    host_turns,
    rounds,
    vendor_events,
)
from adapters.persistence.wake import Bell
from domain.ids import ConnectionId
from domain.policy import Policy
from ports.connections import Connection, ConnectionStore
from ports.errors import ConflictError, NotFoundError, PortError
from ports.gateway import Provider
from ports.scope import EVERYTHING, Scope
from ports.vault import Vault


class ConnectionTable(ConnectionStore):
    """A removed connection leaves its row behind, empty, for the keys of what was written through it."""

    def __init__(self, database: Database, vault: Vault, bell: Bell) -> None:
        self._database = database
        self._vault = vault
        self._bell = bell

    async def add(self, connection: Connection, credentials: Mapping[str, str]) -> None:
        sealed = self._vault.seal(connection.id, connection.revision, credentials)
        await self._database.write(_add, _columns(connection) | {"credentials": sealed, "parked": connection.parked})

    async def get(self, scope: Scope, connection: ConnectionId) -> Connection:
        return _connection(await self._row(scope, connection))

    async def page(self, scope: Scope, *, after: str | None, limit: int) -> tuple[Connection, ...]:
        query = sa.select(connections).where(_present(scope)).order_by(connections.c.id).limit(limit)
        if after is not None:
            query = query.where(connections.c.id > after)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return tuple(_connection(row) for row in rows)

    async def change(self, scope: Scope, connection: Connection, credentials: Mapping[str, str] | None) -> None:
        # What is sealed names its revision, so it is sealed anew even if only other things change.
        row = await self._row(scope, connection.id)
        told = (
            credentials if credentials is not None else self._vault.unseal(connection.id, row.revision, row.credentials)
        )
        sealed = self._vault.seal(connection.id, connection.revision, told)
        columns = _columns(connection) | {"credentials": sealed}
        if credentials is not None:
            columns["parked"] = None
        await self._database.write(
            _change, _Change(scope, connection.id, row.revision, columns, credentials is not None)
        )
        self._bell.ring_everywhere()

    async def remove(self, scope: Scope, connection: ConnectionId) -> None:
        await self._database.write(_remove, _Removal(scope, connection))

    async def credentials(self, connection: ConnectionId) -> Mapping[str, str]:
        row = await self._row(EVERYTHING, connection)
        return self._vault.unseal(connection, row.revision, row.credentials)

    async def unpark(self, connection: ConnectionId, revision: int) -> None:
        await self._database.write(_unpark, (connection, revision))
        self._bell.ring_everywhere()

    async def _row(self, scope: Scope, connection: ConnectionId) -> AnyRow:
        query = sa.select(connections).where(connections.c.id == connection, _present(scope))
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None:
            raise NotFoundError("connection", connection)
        return row


def exists(c: sa.Connection, scope: Scope, connection: ConnectionId) -> bool:
    """Whether it is there and in the scope; locked, so that it stays."""
    query = sa.select(connections.c.id).where(connections.c.id == connection, _present(scope))
    return c.execute(query.with_for_update()).one_or_none() is not None


def there(c: sa.Connection, scope: Scope, connection: ConnectionId) -> bool:
    """As `exists`, for whoever only reads."""
    return c.scalar(sa.select(connections.c.id).where(connections.c.id == connection, _present(scope))) is not None


_OF_A_CONNECTION = (
    cursors,
    pulls,
    put_aside,
    api_keys,
    erased_people,
    rounds,
    host_turns,
    host_places,
    host_tokens,
    vendor_events,
    asked_pulls,
    intake_resumes,
    intake_records,
    intake_messages,
)
_PRESENT = Many(
    {"id": sa.Text},
    lambda given: (
        sa.select(connections.c.id)
        .where(connections.c.id == given.c.id, connections.c.removed_at.is_(None))
        .order_by(connections.c.id)
        .with_for_update(read=True, of=connections)
    ),
)


def present(c: sa.Connection, ids: Collection[ConnectionId]) -> frozenset[str]:
    """Those of the ids that exist; locked, so that none is removed, nor anybody erased there, before the commit."""
    return frozenset(row.id for row in _PRESENT.rows(c, [(one,) for one in ids]))


@attrs.frozen
class _Change:
    """What a connection is to become, if it is still the one that was read."""

    scope: Scope
    connection: ConnectionId
    read_revision: int
    columns: Mapping[str, Any]
    new_credentials: bool


@attrs.frozen
class _Removal:
    """A connection that is to go."""

    scope: Scope
    connection: ConnectionId


def _present(scope: Scope) -> sa.ColumnElement[bool]:
    there = connections.c.removed_at.is_(None)
    return there if scope.connection is None else sa.and_(there, connections.c.id == scope.connection)


def _add(c: sa.Connection, items: Sequence[Mapping[str, Any]]) -> list[PortError | None]:
    return [_add_one(c, columns) for columns in items]


def _add_one(c: sa.Connection, columns: Mapping[str, Any]) -> PortError | None:
    taken = c.scalar(sa.select(connections.c.id).where(connections.c.id == columns["id"]))
    if taken is not None:
        return ConflictError(f"there is or was a connection {taken}")
    c.execute(sa.insert(connections).values(columns))
    c.execute(sa.insert(rounds).values(connection_id=columns["id"], served_at=0))
    return None


def _change(c: sa.Connection, changes: Sequence[_Change]) -> list[PortError | None]:
    return [_change_one(c, change) for change in changes]


def _change_one(c: sa.Connection, change: _Change) -> PortError | None:
    if not exists(c, change.scope, change.connection):
        return NotFoundError("connection", change.connection)
    before = change.columns["revision"] - 1
    this = sa.and_(connections.c.id == change.connection, connections.c.revision == before)
    kept = {name: value for name, value in change.columns.items() if name not in {"id", "provider", "created_at"}}
    changed = c.execute(sa.update(connections).where(this, connections.c.revision == change.read_revision).values(kept))
    if changed.rowcount == 0:
        return ConflictError(f"{change.connection} was changed by somebody else meanwhile")
    if change.new_credentials:
        _count_anew(c, change.connection)
    return None


def _remove(c: sa.Connection, removals: Sequence[_Removal]) -> list[PortError | None]:
    return [_remove_one(c, removal) for removal in removals]


def _remove_one(c: sa.Connection, removal: _Removal) -> PortError | None:
    connection = removal.connection
    if not exists(c, removal.scope, connection):
        return NotFoundError("connection", connection)
    erase(c, connection, sa.true(), "its connection was removed")
    remove_endpoints(c, endpoints.c.connection_id == connection)
    erase_events(c, events.c.connection_id == connection)
    pulled = sa.select(cursors.c.id).where(cursors.c.connection_id == connection)
    c.execute(sa.delete(records).where(records.c.cursor_id.in_(pulled)))
    for table in _OF_A_CONNECTION:
        c.execute(sa.delete(table).where(table.c.connection_id == connection))
    empty = {"name": "", "settings": b"{}", "policy": b"{}", "credentials": None, "removed_at": now_us(c)}
    c.execute(sa.update(connections).where(connections.c.id == connection).values(empty))
    return None


def _unpark(c: sa.Connection, items: Sequence[tuple[ConnectionId, int]]) -> list[None]:
    for connection, revision in items:
        seen = sa.and_(connections.c.id == connection, connections.c.revision == revision)
        parked = sa.and_(connections.c.removed_at.is_(None), connections.c.parked.is_not(None))
        if c.execute(sa.update(connections).where(seen, parked).values(parked=None)).rowcount:
            _count_anew(c, connection)
    return [None] * len(items)


def _count_anew(c: sa.Connection, connection: ConnectionId) -> None:
    """The time in which nothing could be tried is not held against what is unfinished."""
    unfinished = commands.alias("unfinished")
    ids = (
        sa.select(unfinished.c.id)
        .where(unfinished.c.connection_id == connection, unfinished.c.state.in_([WAITING, RUNNING]))
        .order_by(unfinished.c.id)
        .with_for_update()
    )
    c.execute(sa.update(commands).where(commands.c.id.in_(ids)).values(since=now_us(c)))


def _columns(connection: Connection) -> dict[str, Any]:
    return {
        "id": plain(connection.id, "id"),
        "provider": connection.provider.value,
        "name": plain(connection.name, "name"),
        "settings": encode(connection.settings),
        "policy": encode(connection.policy),
        "revision": connection.revision,
        "created_at": micros(connection.created_at),
    }


def _connection(row: AnyRow) -> Connection:
    return Connection(
        id=ConnectionId(row.id),
        provider=Provider(row.provider),
        name=row.name,
        settings=decode(row.settings, dict[str, object]),
        policy=decode(row.policy, Policy),
        revision=row.revision,
        created_at=moment_of(row.created_at),
        parked=row.parked,
    )
