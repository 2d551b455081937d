"""Records that were pulled, read back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from adapters.persistence.connections import there
from adapters.persistence.database import Database
from adapters.persistence.many import Many
from adapters.persistence.moments import micros, moment_of
from adapters.persistence.record_tables import cursor_of, records
from adapters.persistence.serial import decode
from adapters.persistence.tables import AnyRow
from domain.candidate import Candidate
from domain.ids import ConnectionId
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType
from domain.pull import Record
from ports.errors import InvalidInputError, NotFoundError
from ports.records import KeptRecord, RecordPage, RecordQuery, Records
from ports.scope import Scope

SHAPES: Mapping[RecordType, type[Record]] = {
    RecordType.JOB: Job,
    RecordType.APPLICATION: Application,
    RecordType.CANDIDATE: Candidate,
}

_DIGESTS = Many(
    {"id": sa.Text},
    lambda given: sa.select(records.c.id, records.c.digest).where(
        records.c.cursor_id == cursor_of(sa.bindparam("connection"), sa.bindparam("kind")),
        records.c.id == given.c.id,
    ),
)


class RecordTable(Records):
    """`PullTables` writes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def digests(self, connection: ConnectionId, kind: RecordType, ids: Sequence[str]) -> Mapping[str, bytes]:
        given = [(one,) for one in ids]
        rows = await self._database.read(lambda c: _DIGESTS.rows(c, given, connection=connection, kind=kind.value))
        return {row.id: row.digest for row in rows}

    async def page(
        self, scope: Scope, connection: ConnectionId, query: RecordQuery, *, cursor: str | None, limit: int
    ) -> RecordPage:
        place = None if cursor is None else _place_of(cursor)

        def read(c: sa.Connection) -> Sequence[AnyRow]:
            if not there(c, scope, connection):
                raise NotFoundError("connection", connection)
            return c.execute(_selected(connection, query, place, limit + 1)).all()

        rows = await self._database.read(read)
        items = tuple(_kept(row, query.kind) for row in rows[:limit])
        return RecordPage(items=items, next=_cursor_of(rows[limit - 1]) if len(rows) > limit else None)


def _selected(
    connection: str, query: RecordQuery, place: tuple[int, str] | None, limit: int
) -> sa.Select[*tuple[object, ...]]:
    columns = (records.c.id, records.c.content, records.c.updated_at)
    selected = sa.select(*columns).where(records.c.cursor_id == cursor_of(connection, query.kind.value))
    if query.updated_after is None:
        selected = selected.where(records.c.content.is_not(None))
    else:
        selected = selected.where(records.c.updated_at > micros(query.updated_after))
    if query.status is not None:
        selected = selected.where(records.c.status == query.status)
    if place is not None:
        selected = selected.where(sa.tuple_(records.c.updated_at, records.c.id) > sa.tuple_(*place))
    return selected.order_by(records.c.updated_at, records.c.id).limit(limit)


def _kept(row: AnyRow, kind: RecordType) -> KeptRecord:
    record = None if row.content is None else decode(row.content, SHAPES[kind])
    return KeptRecord(id=row.id, record=record, updated_at=moment_of(row.updated_at))


def _cursor_of(row: AnyRow) -> str:
    return urlsafe_b64encode(f"{row.updated_at}:{row.id}".encode()).decode().rstrip("=")


def _place_of(cursor: str) -> tuple[int, str]:
    try:
        at, _, last = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        return micros(moment_of(int(at))), last
    except (ValueError, OverflowError):
        raise InvalidInputError("is not a cursor of this list", field="cursor") from None
