"""Write-backs as they are shown."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.persistence.effects import effects_of
from adapters.persistence.moments import moment_of
from adapters.persistence.serial import decode_request, kind_of
from adapters.persistence.tables import AnyRow, blobs, bodies, command_files, commands
from domain.ids import CommandId, ConnectionId
from domain.writeback import EffectRecord, Request, WriteBackState
from ports.commands import CommandKind, WriteBack
from ports.errors import NotFoundError
from ports.scope import Scope

_SHOWN = sa.select(
    commands.c.id,
    commands.c.connection_id,
    commands.c.kind,
    commands.c.key,
    commands.c.state,
    commands.c.reason,
    commands.c.created_at,
)


def within(scope: Scope) -> sa.ColumnElement[bool]:
    """The commands that the scope covers."""
    return sa.true() if scope.connection is None else commands.c.connection_id == scope.connection


def write_back(c: sa.Connection, scope: Scope, command: CommandId) -> WriteBack:
    return _only(c, command, _SHOWN.where(commands.c.id == command, within(scope)))


def with_key(c: sa.Connection, scope: Scope, connection: ConnectionId, key: str) -> WriteBack:
    mine = commands.c.connection_id == connection
    return _only(c, key, _SHOWN.where(mine, commands.c.key == key, within(scope)))


def request(c: sa.Connection, scope: Scope, connection: ConnectionId, key: str) -> Request | None:
    mine = sa.and_(commands.c.connection_id == connection, commands.c.key == key)
    query = sa.select(commands.c.kind, bodies.c.content).outerjoin(bodies, bodies.c.command_id == commands.c.id)
    row = c.execute(query.where(mine, within(scope))).one_or_none()
    if row is None:
        raise NotFoundError("write-back", key)
    return None if row.content is None else decode_request(row.content, kind_of(row.kind))


def file(c: sa.Connection, scope: Scope, connection: ConnectionId, key: str, sha256: str) -> bytes:
    mine = sa.and_(commands.c.connection_id == connection, commands.c.key == key)
    query = (
        sa.select(blobs.c.content)
        .join(command_files, command_files.c.sha256 == blobs.c.sha256)
        .join(commands, commands.c.id == command_files.c.command_id)
        .where(blobs.c.connection_id == connection, blobs.c.sha256 == sha256)
    )
    content: bytes | None = c.scalar(query.where(mine, within(scope)))
    if content is None:
        raise NotFoundError("file", sha256)
    return content


def page(
    c: sa.Connection,
    scope: Scope,
    state: WriteBackState | None,
    connection: ConnectionId | None,
    after: str | None,
    limit: int,
) -> tuple[WriteBack, ...]:
    query = _SHOWN.where(within(scope)).order_by(commands.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(commands.c.state == state.value)
    if connection is not None:
        query = query.where(commands.c.connection_id == connection)
    if after is not None:
        query = query.where(commands.c.id < after)
    return _write_backs(c, c.execute(query).all())


def _only(c: sa.Connection, name: str, query: sa.Select[*tuple[Any, ...]]) -> WriteBack:
    found = _write_backs(c, c.execute(query).all())
    if not found:
        raise NotFoundError("write-back", name)
    return found[0]


def _write_backs(c: sa.Connection, rows: Sequence[AnyRow]) -> tuple[WriteBack, ...]:
    effects = effects_of(c, [row.id for row in rows])
    return tuple(_write_back(row, effects[row.id]) for row in rows)


def _write_back(row: AnyRow, effects: tuple[EffectRecord, ...]) -> WriteBack:
    return WriteBack(
        id=CommandId(row.id),
        connection=ConnectionId(row.connection_id),
        kind=CommandKind(row.kind),
        key=row.key,
        state=WriteBackState(row.state),
        created_at=moment_of(row.created_at),
        reason=row.reason,
        effects=effects,
    )
