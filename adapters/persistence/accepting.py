"""Accepting commands: a key is taken once, for ever."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.persistence.connections import present
from adapters.persistence.effects import Values, insert_effects
from adapters.persistence.moments import now_us
from adapters.persistence.tables import AnyRow, blobs, command_files, commands
from domain.ids import CommandId, ConnectionId
from domain.writeback import WriteBackState
from ports.commands import Accepted
from ports.errors import ConflictError, NotFoundError, PortError

_INSERTS: dict[tuple[str, str], sa.Insert] = {
    (name, table.name): statement
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
    files: tuple[tuple[str, bytes], ...]
    effects: tuple[Values, ...] | None


def accept(c: sa.Connection, news: Sequence[Acceptance]) -> list[Accepted | PortError]:
    known = present(c, {new.connection for new in news})
    welcome = [new for new in news if new.connection in known]
    if welcome:
        _insert(c, welcome, now_us(c))
    kept = _kept(c, welcome)
    added = [new for new in welcome if kept[new.connection, new.key].id == new.id]
    _keep_files(c, added)
    insert_effects(c, [row for new in added for row in new.effects or ()])
    return [_outcome(new, kept.get((new.connection, new.key))) for new in news]


def _insert(c: sa.Connection, news: Sequence[Acceptance], now: int) -> None:
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
    c.execute(_INSERTS[c.dialect.name, commands.name], rows)


def _kept(c: sa.Connection, news: Sequence[Acceptance]) -> dict[tuple[str, str], AnyRow]:
    """What stands under each key now, ours or an earlier one."""
    if not news:
        return {}
    keys = sa.tuple_(commands.c.connection_id, commands.c.key).in_([(new.connection, new.key) for new in news])
    query = sa.select(commands.c.id, commands.c.connection_id, commands.c.key, commands.c.body_sha256).where(keys)
    return {(row.connection_id, row.key): row for row in c.execute(query)}


def _keep_files(c: sa.Connection, added: Sequence[Acceptance]) -> None:
    files = [(new, sha256, content) for new in added for sha256, content in new.files]
    if not files:
        return
    contents = [{"connection_id": new.connection, "sha256": sha, "content": content} for new, sha, content in files]
    c.execute(_INSERTS[c.dialect.name, blobs.name], contents)
    links = [{"command_id": new.id, "connection_id": new.connection, "sha256": sha} for new, sha, _ in files]
    c.execute(sa.insert(command_files), links)


def _outcome(new: Acceptance, kept: AnyRow | None) -> Accepted | PortError:
    if kept is None:
        return NotFoundError("connection", new.connection)
    if kept.body_sha256 != new.digest:
        return ConflictError(f"the key {new.key} was used before for another request")
    return Accepted(CommandId(kept.id), new=kept.id == new.id)
