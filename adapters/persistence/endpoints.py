"""Webhook endpoints in the database. Secrets are sealed before they come here and opened after they left."""

from collections.abc import Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from adapters.persistence import recovering
from adapters.persistence.connections import exists
from adapters.persistence.database import Database
from adapters.persistence.moments import micros, moment_of, now_us, span
from adapters.persistence.numbering import audience_of
from adapters.persistence.outbox_tables import endpoints
from adapters.persistence.remembering import remove_endpoints
from adapters.persistence.serial import encode, plain, without_nul
from adapters.persistence.tables import AnyRow
from adapters.persistence.telling import News, tell
from adapters.persistence.wake import Bell
from domain.event import EventType
from domain.ids import EndpointId, EventId
from ports.errors import ConflictError, NotFoundError, PortError
from ports.scope import EVERYTHING, Scope
from ports.vault import Vault
from ports.webhooks import Endpoint, Endpoints, Span

CURRENT, PREVIOUS = "current", "previous"


class EndpointTable(Endpoints):
    """`bell` is rung for whoever delivers."""

    def __init__(self, database: Database, vault: Vault, bell: Bell) -> None:
        self._database = database
        self._vault = vault
        self._bell = bell

    async def add(self, endpoint: Endpoint, secret: str) -> None:
        sealed = self._vault.seal(endpoint.id, 1, {CURRENT: secret})
        columns = _columns(endpoint) | {"id": endpoint.id, "created_at": micros(endpoint.created_at)}
        columns |= {"connection_id": endpoint.audience.connection, "failing_since": None}
        await self._database.write(_add, columns | {"secrets": sealed, "secrets_version": 1, "previous_until": 0})

    async def get(self, scope: Scope, endpoint: EndpointId) -> Endpoint:
        return _endpoint(await self._row(scope, endpoint))

    async def page(self, scope: Scope, *, after: str | None, limit: int) -> tuple[Endpoint, ...]:
        query = sa.select(endpoints).where(within(scope)).order_by(endpoints.c.id).limit(limit)
        if after is not None:
            query = query.where(endpoints.c.id > after)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return tuple(_endpoint(row) for row in rows)

    async def change(self, scope: Scope, endpoint: Endpoint) -> None:
        await self._database.write(_change, _Change(scope, endpoint.id, _columns(endpoint)))
        self._bell.ring()

    async def rotate(self, scope: Scope, endpoint: EndpointId, secret: str, overlap_seconds: float) -> None:
        row = await self._row(scope, endpoint)
        before = self._vault.unseal(row.id, row.secrets_version, row.secrets)[CURRENT]
        version = row.secrets_version + 1
        sealed = self._vault.seal(row.id, version, {CURRENT: secret, PREVIOUS: before})
        await self._database.write(_rotate, _Rotation(endpoint, version, sealed, span(overlap_seconds)))

    async def reseal(self, scope: Scope, endpoint: EndpointId) -> None:
        row = await self._row(scope, endpoint)
        secrets, version = self._vault.unseal(row.id, row.secrets_version, row.secrets), row.secrets_version + 1
        sealed = self._vault.seal(row.id, version, secrets)
        await self._database.write(_rotate, _Rotation(endpoint, version, sealed, None))

    async def remove(self, scope: Scope, endpoint: EndpointId) -> None:
        await self._database.write(_remove, (scope, endpoint))

    async def test(self, scope: Scope, endpoint: EndpointId) -> EventId:
        event = await self._database.write(_test, (scope, endpoint))
        self._bell.ring()
        return event

    async def recover(self, scope: Scope, missing: Span) -> int:
        found = await self._database.write(recovering.recover, recovering.Wish(scope, missing))
        self._bell.ring()
        return found

    async def given_up(self) -> int:
        query = sa.select(sa.func.count()).select_from(endpoints).where(endpoints.c.given_up)
        return int(await self._database.read(lambda c: c.scalars(query).one()))

    async def _row(self, scope: Scope, endpoint: EndpointId) -> AnyRow:
        return await self._database.read(lambda c: row_of(c, scope, endpoint))


def within(scope: Scope) -> sa.ColumnElement[bool]:
    """Endpoints of the scope: those of all connections are no single one's."""
    return sa.true() if scope.connection is None else endpoints.c.connection_id == scope.connection


def row_of(c: sa.Connection, scope: Scope, endpoint: EndpointId, *, lock: bool = False) -> AnyRow:
    """Raises NotFoundError."""
    query = sa.select(endpoints).where(endpoints.c.id == endpoint, within(scope))
    row = c.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError("webhook endpoint", endpoint)
    return row


@attrs.frozen
class _Change:
    """What an endpoint is to become."""

    scope: Scope
    endpoint: EndpointId
    columns: dict[str, Any]


@attrs.frozen
class _Rotation:
    """Secrets sealed anew; with `overlap` there is a new one, and the one before signs beside it for so long."""

    endpoint: EndpointId
    version: int
    sealed: bytes
    overlap: int | None


def _add(c: sa.Connection, items: Sequence[dict[str, Any]]) -> list[PortError | None]:
    return [_add_one(c, columns) for columns in items]


def _add_one(c: sa.Connection, columns: dict[str, Any]) -> PortError | None:
    connection = columns["connection_id"]
    if connection is not None and not exists(c, EVERYTHING, connection):
        return NotFoundError("connection", connection)
    c.execute(sa.insert(endpoints).values(columns))
    return None


def _change(c: sa.Connection, changes: Sequence[_Change]) -> list[PortError | None]:
    return [_change_one(c, change) for change in changes]


def _change_one(c: sa.Connection, change: _Change) -> PortError | None:
    try:
        row = row_of(c, change.scope, change.endpoint, lock=True)
    except NotFoundError as error:
        return error
    columns = change.columns
    if row.revision != columns["revision"] - 1:
        return ConflictError(f"{change.endpoint} was changed by somebody else meanwhile")
    if columns["disabled"] is None:
        columns = columns | {"failing_since": None}
    elif row.disabled is not None:
        columns = columns | {"disabled": row.disabled, "given_up": row.given_up}
    c.execute(sa.update(endpoints).where(endpoints.c.id == change.endpoint).values(columns))
    return None


def _rotate(c: sa.Connection, items: Sequence[_Rotation]) -> list[PortError | None]:
    return [_rotate_one(c, item) for item in items]


def _rotate_one(c: sa.Connection, item: _Rotation) -> PortError | None:
    same = sa.and_(endpoints.c.id == item.endpoint, endpoints.c.secrets_version == item.version - 1)
    columns = {"secrets": item.sealed, "secrets_version": item.version}
    if item.overlap is not None:
        columns["previous_until"] = now_us(c) + item.overlap
    if c.execute(sa.update(endpoints).where(same).values(columns)).rowcount:
        return None
    return ConflictError(f"the secret of {item.endpoint} was changed by somebody else meanwhile")


def _remove(c: sa.Connection, items: Sequence[tuple[Scope, EndpointId]]) -> list[PortError | None]:
    return [_remove_one(c, scope, endpoint) for scope, endpoint in items]


def _remove_one(c: sa.Connection, scope: Scope, endpoint: EndpointId) -> PortError | None:
    try:
        row_of(c, scope, endpoint)
    except NotFoundError as error:
        return error
    remove_endpoints(c, endpoints.c.id == endpoint)
    return None


def _test(c: sa.Connection, items: Sequence[tuple[Scope, EndpointId]]) -> list[EventId | PortError]:
    return [_test_one(c, scope, endpoint) for scope, endpoint in items]


def _test_one(c: sa.Connection, scope: Scope, endpoint: EndpointId) -> EventId | PortError:
    try:
        row = row_of(c, scope, endpoint)
    except NotFoundError as error:
        return error
    if row.disabled is not None:
        return ConflictError(f"{endpoint} is disabled: {row.disabled}")
    data = encode({"endpoint_id": endpoint, "message": "a test: nothing has happened"})
    news = News(type=EventType.ENDPOINT_TEST, connection=row.connection_id, data=data, endpoint=endpoint)
    return EventId(tell(c, [news], now_us(c))[0])


def _columns(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "url": plain(endpoint.url, "url"),
        "types": encode(sorted(endpoint.audience.types)),
        "revision": endpoint.revision,
        "disabled": without_nul(endpoint.disabled),
        "given_up": False,
    }


def _endpoint(row: AnyRow) -> Endpoint:
    return Endpoint(
        id=EndpointId(row.id),
        url=row.url,
        audience=audience_of(row),
        revision=row.revision,
        created_at=moment_of(row.created_at),
        disabled=row.disabled,
        failing_since=None if row.failing_since is None else moment_of(row.failing_since),
    )
