"""When which kind of a connection is pulled: scheduled, asked for, claimed."""

from collections.abc import Mapping, Sequence

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.persistence.connections import exists
from adapters.persistence.ids import id_at
from adapters.persistence.moments import now_us, span
from adapters.persistence.record_tables import cursors, pulls, records
from adapters.persistence.serial import encode
from adapters.persistence.tables import AnyRow, asked_pulls, connections
from domain.ids import ConnectionId
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from ports.errors import NotFoundError, PortError
from ports.scope import EVERYTHING, Scope

PREFIX = "pul_"


@attrs.frozen
class Plan:
    """What is pulled of a connection, and in how many seconds for the first time."""

    connection: ConnectionId
    first: Mapping[RecordType, float | None]


def unscheduled(c: sa.Connection, limit: int) -> Sequence[AnyRow]:
    known = sa.exists().where(cursors.c.connection_id == connections.c.id)
    query = sa.select(connections.c.id, connections.c.provider).where(connections.c.removed_at.is_(None), ~known)
    return c.execute(query.order_by(connections.c.id).limit(limit)).all()


def schedule(c: sa.Connection, plans: Sequence[Plan]) -> list[None]:
    now = now_us(c)
    for plan in sorted(plans, key=lambda plan: plan.connection):
        if exists(c, EVERYTHING, plan.connection):
            due = {kind: None if first is None else now + span(first) for kind, first in plan.first.items()}
            _enter(c, plan.connection, due)
    return [None] * len(plans)


def _enter(c: sa.Connection, connection: ConnectionId, due: Mapping[RecordType, int | None]) -> None:
    """Kinds that stand there already stay as they are."""
    rows = [
        {"connection_id": connection, "kind": kind.value, "due_at": due[kind], "fence": 0, "failures": 0}
        for kind in sorted(due)
    ]
    insert = sqlite.insert(cursors) if c.dialect.name == "sqlite" else postgresql.insert(cursors)
    c.execute(insert.values(rows).on_conflict_do_nothing(index_elements=["connection_id", "kind"]))


@attrs.frozen
class Wish:
    """Kinds that somebody wants to have pulled now."""

    scope: Scope
    connection: ConnectionId
    kinds: tuple[RecordType, ...]
    mode: PullMode


def ask(c: sa.Connection, wishes: Sequence[Wish]) -> list[tuple[str, ...] | PortError]:
    """Their ids."""
    return [_ask(c, wish) for wish in wishes]


def _ask(c: sa.Connection, wish: Wish) -> tuple[str, ...] | PortError:
    if not exists(c, wish.scope, wish.connection):
        return NotFoundError("connection", wish.connection)
    _enter(c, wish.connection, dict.fromkeys(wish.kinds))
    now = now_us(c)
    mine = sa.and_(cursors.c.connection_id == wish.connection, cursors.c.kind.in_(sorted(set(wish.kinds))))
    rows = {row.kind: row for row in c.execute(sa.select(cursors).where(mine).with_for_update())}
    return tuple(_asked(c, rows[kind], wish.mode, now) for kind in dict.fromkeys(wish.kinds))


def _asked(c: sa.Connection, row: AnyRow, mode: PullMode, now: int) -> str:
    pull: str = row.pull_id or _begun(c, row, mode, now, asked=True)
    # Whoever asks for one that runs already waits to be told of it.
    c.execute(sa.update(pulls).where(pulls.c.id == pull).values(asked=True))
    if mode is PullMode.FULL:
        waiting = sa.and_(pulls.c.id == pull, pulls.c.began_at.is_(None))
        c.execute(sa.update(pulls).where(waiting).values(mode=mode.value))
    this = sa.and_(cursors.c.connection_id == row.connection_id, cursors.c.kind == row.kind)
    c.execute(sa.update(cursors).where(this).values(pull_id=pull, due_at=now))
    return pull


def _begun(c: sa.Connection, row: AnyRow, mode: PullMode, now: int, *, asked: bool) -> str:
    """A pull that waits to be claimed."""
    full = mode is PullMode.FULL or row.since is None
    values = {
        "id": id_at(PREFIX, now),
        "connection_id": row.connection_id,
        "kind": row.kind,
        "mode": (PullMode.FULL if full else PullMode.CHANGES).value,
        "state": PullState.WAITING.value,
        "asked": asked,
        "since": row.since,
        "tally": encode(Tally()),
        "created_at": now,
    }
    c.execute(sa.insert(pulls).values(values))
    return str(values["id"])


@attrs.frozen
class Order:
    """How many a worker takes, and for how long."""

    most: int
    lease_seconds: float


def claim(c: sa.Connection, orders: Sequence[Order]) -> list[tuple[AnyRow, ...]]:
    """Rows of pulls, each with `fence`, `cursor` (when the last finished read began) and `failures`."""
    return [tuple(_claimed(c, row, order.lease_seconds) for row in _due(c, order.most)) for order in orders]


def _due(c: sa.Connection, most: int) -> Sequence[AnyRow]:
    now = sa.literal(now_us(c))
    told = sa.exists().where(
        asked_pulls.c.connection_id == cursors.c.connection_id, asked_pulls.c.kind == cursors.c.kind
    )
    # A pull that was put back waits for its time: what a vendor says meanwhile comes after it.
    due = sa.or_(cursors.c.due_at <= now, sa.and_(cursors.c.pull_id.is_(None), told))
    free = sa.and_(cursors.c.lease_until.is_(None), due)
    gone = cursors.c.lease_until <= now
    query = (
        sa.select(cursors)
        .join(connections, connections.c.id == cursors.c.connection_id)
        .where(connections.c.parked.is_(None), connections.c.removed_at.is_(None), sa.or_(free, gone))
        .order_by(cursors.c.due_at, cursors.c.connection_id, cursors.c.kind)
        .limit(most)
    )
    # A pull that is begun refers to its connection, and whoever locks both locks that first. One that is locked right
    # now has its turn later.
    there = query.with_only_columns(cursors.c.connection_id)
    ids = c.scalars(there.with_for_update(of=connections, read=True, key_share=True, skip_locked=True)).all()
    mine = query.where(cursors.c.connection_id.in_(ids)).with_for_update(of=cursors, skip_locked=True)
    return c.execute(mine).all() if ids else ()


def _claimed(c: sa.Connection, row: AnyRow, lease_seconds: float) -> AnyRow:
    now = now_us(c)
    full = row.since is None or (row.full_at is not None and row.full_at <= now)
    mode = PullMode.FULL if full else PullMode.CHANGES
    pull = row.pull_id or _begun(c, row, mode, now, asked=False)
    taken = {"pull_id": pull, "fence": row.fence + 1, "lease_until": now + span(lease_seconds)}
    this = sa.and_(cursors.c.connection_id == row.connection_id, cursors.c.kind == row.kind)
    c.execute(sa.update(cursors).where(this).values(taken))
    mine = pulls.c.id == pull
    first = sa.and_(mine, pulls.c.began_at.is_(None))
    c.execute(sa.update(pulls).where(first).values(began_at=now, expected=_expected(row)))
    c.execute(sa.update(pulls).where(mine).values(state=PullState.RUNNING.value, reason=None))
    columns = (cursors.c.fence, cursors.c.since.label("cursor"), cursors.c.failures)
    joined = sa.select(pulls, *columns).join(cursors, cursors.c.pull_id == pulls.c.id)
    return c.execute(joined.where(mine)).one()


def _expected(row: AnyRow) -> sa.ColumnElement[int | None]:
    """A full read gives about as many as are kept, once there has been one."""
    kept = sa.and_(records.c.cursor_id == row.id, records.c.content.is_not(None))
    count = sa.select(sa.func.count()).select_from(records).where(kept)
    full = sa.and_(pulls.c.mode == PullMode.FULL.value, sa.literal(row.since is not None))
    return sa.case((full, count.scalar_subquery()))
