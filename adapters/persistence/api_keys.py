"""API keys in the database; of their secrets only the digest."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.database import Database
from adapters.persistence.moments import micros, moment_of
from adapters.persistence.serial import decode, encode, plain
from adapters.persistence.tables import AnyRow, api_keys
from domain.ids import ConnectionId
from ports.api_keys import ApiKey, ApiKeyStore, Permission
from ports.errors import NotFoundError, PortError
from ports.scope import EVERYTHING, Scope


class ApiKeyTable(ApiKeyStore):
    """Keys, by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, key: ApiKey) -> None:
        await self._database.write(_add, _columns(key))

    async def get(self, key_id: str) -> ApiKey | None:
        query = sa.select(api_keys).where(api_keys.c.id == plain(key_id, "key"))
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else _api_key(row)

    async def page(self, scope: Scope, *, after: str | None, limit: int) -> tuple[ApiKey, ...]:
        query = sa.select(api_keys).where(_within(scope)).order_by(api_keys.c.id).limit(limit)
        if after is not None:
            query = query.where(api_keys.c.id > after)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return tuple(_api_key(row) for row in rows)

    async def remove(self, scope: Scope, key_id: str) -> None:
        await self._database.write(_remove, _Removal(scope, key_id))


@attrs.frozen
class _Removal:
    """A key that is to go."""

    scope: Scope
    key: str


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.true() if scope.connection is None else api_keys.c.connection_id == scope.connection


def _add(c: sa.Connection, items: Sequence[Mapping[str, Any]]) -> list[PortError | None]:
    return [_add_one(c, columns) for columns in items]


def _add_one(c: sa.Connection, columns: Mapping[str, Any]) -> PortError | None:
    connection = columns["connection_id"]
    if connection is not None and not exists(c, EVERYTHING, connection):
        return NotFoundError("connection", connection)
    c.execute(sa.delete(api_keys).where(api_keys.c.id == columns["id"]))
    c.execute(sa.insert(api_keys).values(columns))
    return None


def _remove(c: sa.Connection, removals: Sequence[_Removal]) -> list[PortError | None]:
    return [_remove_one(c, removal) for removal in removals]


def _remove_one(c: sa.Connection, removal: _Removal) -> PortError | None:
    this = sa.and_(api_keys.c.id == removal.key, _within(removal.scope))
    gone = c.execute(sa.delete(api_keys).where(this)).rowcount
    return None if gone else NotFoundError("API key", removal.key)


def _columns(key: ApiKey) -> dict[str, Any]:
    return {
        "id": plain(key.id, "id"),
        "name": plain(key.name, "name"),
        "permissions": encode(sorted(key.permissions)),
        "connection_id": key.connection,
        "created_at": micros(key.created_at),
        "expires_at": None if key.expires_at is None else micros(key.expires_at),
        "secret_sha256": key.secret_sha256,
    }


def _api_key(row: AnyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        permissions=decode(row.permissions, frozenset[Permission]),
        connection=None if row.connection_id is None else ConnectionId(row.connection_id),
        created_at=moment_of(row.created_at),
        expires_at=None if row.expires_at is None else moment_of(row.expires_at),
        secret_sha256=row.secret_sha256,
    )
