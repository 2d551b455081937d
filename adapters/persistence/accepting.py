"""Accepting commands: a key is taken once, for ever."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from adapters.persistence.connections import present
from adapters.persistence.effects import Values, insert_effects
from adapters.persistence.many import Many
from adapters.persistence.moments import now_us
from adapters.persistence.tables import WAITING, blobs, bodies, command_files, commands
from domain.ids import CommandId, ConnectionId
from ports.commands import Accepted
from ports.errors import ConflictError, NotFoundError, PortError

_Insert: TypeAlias = sqlite.Insert | postgresql.Insert
_INSERTS: Mapping[str, Callable[[sa.Table], _Insert]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@attrs.frozen(kw_only=True)
class Acceptance:
    """A new command as it is kept, with its files (digest and content), and its effects if it is planned already."""

    id: CommandId
    connection: ConnectionId
    key: str
    kind: str
    subject: str
    candidate: str | None
    digest: bytes
    body: bytes
    files: tuple[tuple[str, bytes], ...]
    effects: tuple[Values, ...] | None


@attrs.frozen
class _Earlier:
    """What stood under the key of a new command before."""

    id: str
    digest: bytes


def accept(c: sa.Connection, news: Sequence[Acceptance]) -> list[Accepted | PortError]:
    known = present(c, {new.connection for new in news})
    welcome = [new for new in news if new.connection in known]
    now = now_us(c)
    taken = {row.id for row in _INSERT[c.dialect.name].rows(c, [_row(new) for new in welcome], now=now)}
    added = [new for new in welcome if new.id in taken]
    earlier = _earlier(c, [new for new in welcome if new.id not in taken])
    _INSERT_BODIES.run(c, [(new.id, new.body) for new in added], now=now)
    _keep_files(c, added)
    insert_effects(c, [row for new in added for row in new.effects or ()])
    return [_outcome(new, known, earlier.get(new.id)) for new in news]


_GIVEN = {
    "id": sa.Text,
    "connection_id": sa.Text,
    "key": sa.Text,
    "kind": sa.Text,
    "subject": sa.Text,
    "candidate_id": sa.Text,
    "body_sha256": sa.LargeBinary,
    "planned": sa.Boolean,
}


def _row(new: Acceptance) -> tuple[object, ...]:
    planned = new.effects is not None
    return new.id, new.connection, new.key, new.kind, new.subject, new.candidate, new.digest, planned


def _insert(engine: str, given: sa.FromClause) -> ReturningInsert[tuple[str]]:
    now = sa.bindparam("now", type_=sa.BigInteger)
    columns = {
        **{name: given.c[name] for name in _GIVEN},
        "state": WAITING,
        "fence": sa.literal_column("0"),
        "crashes": sa.literal_column("0"),
        "due_at": now,
        "created_at": now,
        "since": now,
    }
    # The condition is for SQLite, which would take the conflict's ON for a join's.
    rows = sa.select(*columns.values()).where(sa.true())
    into = _INSERTS[engine](commands).from_select(list(columns), rows)
    return into.on_conflict_do_nothing().returning(commands.c.id)


_INSERT = {engine: Many(_GIVEN, partial(_insert, engine)) for engine in _INSERTS}
_INSERT_BODIES = Many(
    {"id": sa.Text, "content": sa.LargeBinary},
    lambda given: sa.insert(bodies).from_select(
        ["command_id", "accepted_at", "content"],
        sa.select(given.c.id, sa.bindparam("now", type_=sa.BigInteger), given.c.content),
    ),
)
_EARLIER = Many(
    {"new": sa.Text, "connection_id": sa.Text, "key": sa.Text},
    lambda given: sa.select(given.c.new, commands.c.id, commands.c.body_sha256).where(
        commands.c.connection_id == given.c.connection_id, commands.c.key == given.c.key
    ),
)


def _earlier(c: sa.Connection, news: Sequence[Acceptance]) -> Mapping[str, _Earlier]:
    rows = _EARLIER.rows(c, [(new.id, new.connection, new.key) for new in news])
    return {row.new: _Earlier(row.id, row.body_sha256) for row in rows}


def _keep_files(c: sa.Connection, added: Sequence[Acceptance]) -> None:
    files = [(new, sha256, content) for new in added for sha256, content in new.files]
    for new, sha256, content in files:  # one by one: together they may be larger than what a statement holds
        named = {"connection_id": new.connection, "sha256": sha256}
        c.execute(_INSERTS[c.dialect.name](blobs).values(**named, content=content).on_conflict_do_nothing())
        c.execute(sa.insert(command_files).values(**named, command_id=new.id))


def _outcome(new: Acceptance, known: frozenset[str], earlier: _Earlier | None) -> Accepted | PortError:
    if new.connection not in known:
        return NotFoundError("connection", new.connection)
    if earlier is None:
        return Accepted(new.id, new=True)
    if earlier.digest != new.digest:
        return ConflictError(f"the key {new.key} was used before for another request")
    return Accepted(CommandId(earlier.id), new=False)
