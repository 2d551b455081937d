"""Accepting commands: a key is taken once, for ever."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.persistence.connections import present
from adapters.persistence.effects import Values, insert_effects
from adapters.persistence.many import Many
from adapters.persistence.moments import now_us
from adapters.persistence.tables import blobs, bodies, command_files, commands
from domain.ids import CommandId, ConnectionId
from domain.writeback import WriteBackState
from ports.commands import Accepted
from ports.errors import ConflictError, NotFoundError, PortError

_INSERTS = {
    (name, table.name): Many(statement)
    for table in (commands, blobs)
    for name, statement in (
        ("sqlite", sqlite.insert(table).on_conflict_do_nothing()),
        ("postgresql", postgresql.insert(table).on_conflict_do_nothing()),
    )
}


@attrs.frozen(kw_only=True)
class Acceptance:
    """A new command as rows: its own, its files' (digest and content), and its effects' if it is planned already."""

    id: CommandId
    connection: ConnectionId
    key: str
    digest: bytes
    columns: Values
    body: bytes
    files: tuple[tuple[str, bytes], ...]
    effects: tuple[Values, ...] | None


@attrs.frozen
class _Kept:
    """What stands under a key."""

    id: str
    digest: bytes


def accept(c: sa.Connection, news: Sequence[Acceptance]) -> list[Accepted | PortError]:
    known = present(c, {new.connection for new in news})
    welcome = [new for new in news if new.connection in known]
    now = now_us(c)
    taken = _insert(c, welcome, now) if welcome else 0
    kept = _kept(c, welcome) if taken != len(welcome) else {_name(new): _Kept(new.id, new.digest) for new in welcome}
    added = [new for new in welcome if kept[_name(new)].id == new.id]
    _keep_bodies(c, added, now)
    _keep_files(c, added)
    insert_effects(c, [row for new in added for row in new.effects or ()])
    return [_outcome(new, kept.get(_name(new))) for new in news]


def _name(new: Acceptance) -> tuple[str, str]:
    return new.connection, new.key


def _insert(c: sa.Connection, news: Sequence[Acceptance], now: int) -> int:
    """How many were new, if the engine counts them."""
    common = {
        "state": WriteBackState.WAITING.value,
        "fence": 0,
        "crashes": 0,
        "due_at": now,
        "created_at": now,
        "since": now,
    }
    rows = [
        {"id": new.id, "connection_id": new.connection, "key": new.key, "body_sha256": new.digest}
        | {"planned": new.effects is not None, **new.columns, **common}
        for new in news
    ]
    return _INSERTS[c.dialect.name, commands.name].execute(c, rows)


_KEPT = sa.select(commands.c.id, commands.c.connection_id, commands.c.key, commands.c.body_sha256).where(
    sa.tuple_(commands.c.connection_id, commands.c.key).in_(sa.bindparam("names", expanding=True))
)


def _kept(c: sa.Connection, news: Sequence[Acceptance]) -> dict[tuple[str, str], _Kept]:
    """What stands under each key now, ours or an earlier one."""
    rows = c.execute(_KEPT, {"names": [_name(new) for new in news]})
    return {(row.connection_id, row.key): _Kept(row.id, row.body_sha256) for row in rows}


_INSERT_BODIES = Many(sa.insert(bodies))


def _keep_bodies(c: sa.Connection, added: Sequence[Acceptance], now: int) -> None:
    if added:
        _INSERT_BODIES.execute(c, [{"command_id": new.id, "accepted_at": now, "content": new.body} for new in added])


def _keep_files(c: sa.Connection, added: Sequence[Acceptance]) -> None:
    files = [(new, sha256, content) for new in added for sha256, content in new.files]
    if not files:
        return
    contents = [{"connection_id": new.connection, "sha256": sha, "content": content} for new, sha, content in files]
    _INSERTS[c.dialect.name, blobs.name].execute(c, contents)
    links = [{"command_id": new.id, "connection_id": new.connection, "sha256": sha} for new, sha, _ in files]
    c.execute(sa.insert(command_files), links)


def _outcome(new: Acceptance, kept: _Kept | None) -> Accepted | PortError:
    if kept is None:
        return NotFoundError("connection", new.connection)
    if kept.digest != new.digest:
        return ConflictError(f"the key {new.key} was used before for another request")
    return Accepted(CommandId(kept.id), new=kept.id == new.id)
