"""Claiming: connections in turn, the oldest due command first, one of a subject at a time."""

from collections.abc import Sequence
from contextlib import suppress

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.persistence.many import Many
from adapters.persistence.moments import now_us, span
from adapters.persistence.queues import next_moment, queues_with_work, running_of
from adapters.persistence.tables import RUNNING, WAITING, AnyRow, bodies, commands, effects, rounds
from adapters.persistence.telling import tell_of_write_backs
from domain.effect import IN_DOUBT, EffectState
from domain.writeback import WriteBackState


@attrs.frozen(kw_only=True)
class Order:
    """How many a worker takes, and for how long; `at_once` is how many of one connection may run, over all workers.

    A command whose workers ended `crashes_allowed` times in a row without a verdict is given up.
    `one_by_one` costs more, and is for when another process has just begun with one of the subjects.
    """

    most: int
    lease_seconds: float
    at_once: int | None
    crashes_allowed: int
    one_by_one: bool = False


@attrs.frozen
class Taken:
    """Rows of claimed commands with their requests, and the time at which they were claimed.

    `again`: when there may be more to claim, if no more was to be had and nobody says anything before.
    """

    rows: tuple[AnyRow, ...]
    now: int
    again: int | None


def claim(c: sa.Connection, orders: Sequence[Order]) -> list[Taken]:
    return [_claim(c, order) for order in orders]


def _claim(c: sa.Connection, order: Order) -> Taken:
    now = now_us(c)
    _take_over(c, now, order.crashes_allowed)
    queues = queues_with_work(c, now, order.at_once)
    taken = _in_turn(c, [queue.connection_id for queue in queues], order, now)
    _mark_served(c, {row.connection_id for row in taken}, max([now, *(queue.served_at + 1 for queue in queues)]))
    return Taken(tuple(taken), now, next_moment(c, now) if len(taken) < order.most else now)


_expired = commands.alias("expired")
_crashes = commands.c.crashes + 1
_too_many = _crashes >= sa.bindparam("allowed", type_=sa.Integer)
_TAKE_OVER = (
    sa.update(commands)
    .where(
        commands.c.state == RUNNING,
        commands.c.lease_until <= sa.bindparam("now"),
        commands.c.id.in_(
            sa.select(_expired.c.id)
            .where(_expired.c.state == RUNNING, _expired.c.lease_until <= sa.bindparam("now"))
            .with_for_update(skip_locked=True)
        ),
    )
    .values(
        crashes=_crashes,
        lease_until=None,
        finished_at=sa.case((_too_many, sa.bindparam("now", type_=sa.BigInteger))),
        state=sa.case((_too_many, WriteBackState.DEAD.value), else_=WAITING),
        reason=sa.case((_too_many, sa.bindparam("why", type_=sa.Text)), else_="its worker ended without a verdict"),
    )
    .returning(*(commands.c[name] for name in ("id", "state", "connection_id", "key", "kind")))
)
_IDS: sa.BindParameter[str] = sa.bindparam("ids", expanding=True)
_HOLD_DOUBTFUL = (
    sa.update(effects)
    .where(effects.c.command_id.in_(_IDS), effects.c.state.in_([state.value for state in IN_DOUBT]))
    .values(state=EffectState.HELD.value, reason="given up before it was known what became of it")
)
_HOLD = (
    sa.update(commands)
    .where(
        commands.c.id.in_(_IDS),
        sa.exists().where(effects.c.command_id == commands.c.id, effects.c.state == EffectState.HELD.value),
    )
    .values(state=WriteBackState.HELD.value)
    .returning(commands.c.id)
)


def _take_over(c: sa.Connection, now: int, allowed: int) -> None:
    """Puts commands whose worker is gone back, or gives them up when they may be what ends the workers.

    What may have been done of those that are given up is left to a person.
    """
    why = f"given up: {allowed} workers in a row ended without a verdict"
    taken = c.execute(_TAKE_OVER, {"now": now, "allowed": allowed, "why": why}).all()
    given_up = [row for row in taken if row.state == WriteBackState.DEAD]
    if given_up:
        ids = {"ids": [row.id for row in given_up]}
        c.execute(_HOLD_DOUBTFUL, ids)
        held = set(c.scalars(_HOLD, ids))
        states = {row.id: WriteBackState.HELD if row.id in held else WriteBackState.DEAD for row in given_up}
        tell_of_write_backs(c, given_up, states, now)


def _in_turn(c: sa.Connection, queues: Sequence[str], order: Order, now: int) -> list[AnyRow]:
    """A fair share of each queue; what is left over goes to those that still have work."""
    taken: list[AnyRow] = []
    until = now + span(order.lease_seconds)
    while queues and len(taken) < order.most:
        share = max(1, (order.most - len(taken)) // len(queues))
        picked: list[str] = []
        full = []
        for queue in queues:
            room = order.most - len(taken) - len(picked)
            wanted = min(share, room, _free(c, queue, order)) if room else 0
            found = _oldest(c, queue, wanted, now) if wanted else ()
            picked.extend(found)
            if len(found) == share:
                full.append(queue)
        taken.extend(_start_one_by_one(c, picked, until) if order.one_by_one else _start(c, picked, until))
        queues = full
    return taken


_ROUND = (
    sa.select(rounds.c.connection_id)
    .where(rounds.c.connection_id == sa.bindparam("queue"))
    .with_for_update(skip_locked=True)
)
_RUN = running_of(sa.bindparam("queue"))


def _free(c: sa.Connection, queue: str, order: Order) -> int:
    """How many more of a connection may run. It is left to whoever holds its round: two would both fill it."""
    if order.at_once is None:
        return order.most
    if c.scalar(_ROUND, {"queue": queue}) is None:
        return 0
    return max(0, order.at_once - int(c.scalars(_RUN, {"queue": queue}).one()))


def _due() -> sa.Select[str]:
    """The conditions stand on the locked rows themselves: one that was waited for is judged by them anew.

    What is in its way is a value and not EXISTS, of which PostgreSQL would make a join with the whole backlog.
    """
    other = commands.alias("other")
    in_its_way = (
        sa.select(other.c.id)
        .where(
            other.c.connection_id == commands.c.connection_id,
            other.c.subject == commands.c.subject,
            other.c.state.in_([WAITING, RUNNING]),
            sa.or_(other.c.state == RUNNING, other.c.id < commands.c.id),
        )
        .limit(sa.literal_column("1"))
        .correlate(commands)
        .scalar_subquery()
    )
    return (
        sa.select(commands.c.id)
        .where(
            commands.c.state == WAITING,
            commands.c.connection_id == sa.bindparam("queue"),
            commands.c.due_at <= sa.bindparam("now"),
            in_its_way.is_(None),
        )
        .order_by(commands.c.due_at, commands.c.id)
        .limit(sa.bindparam("most"))
        .with_for_update(skip_locked=True)
    )


_DUE = _due()


def _oldest(c: sa.Connection, queue: str, most: int, now: int) -> Sequence[str]:
    return c.scalars(_DUE, {"queue": queue, "most": most, "now": now}).all()


# They are locked, so they wait still; to ask for it would make PostgreSQL read all that waits.
_START = Many(
    {"command": sa.Text},
    lambda given: (
        sa.update(commands)
        .where(commands.c.id == given.c.command)
        .values(state=RUNNING, fence=commands.c.fence + 1, lease_until=sa.bindparam("until"))
        .returning(
            *(
                commands.c[name]
                for name in ("id", "connection_id", "key", "kind", "subject", "fence", "planned", "since")
            ),
            sa.select(bodies.c.content).where(bodies.c.command_id == commands.c.id).scalar_subquery().label("body"),
        )
    ),
)


def _start(c: sa.Connection, ids: Sequence[str], until: int) -> list[AnyRow]:
    rows = {row.id: row for row in _START.rows(c, [(one,) for one in ids], until=until)}
    return [rows[one] for one in ids if one in rows]


def _start_one_by_one(c: sa.Connection, ids: Sequence[str], until: int) -> list[AnyRow]:
    """Leaves those whose subject somebody else runs."""
    rows: list[AnyRow] = []
    for one in ids:
        with suppress(IntegrityError), c.begin_nested():
            rows.extend(_start(c, [one], until))
    return rows


# Another worker that has just served one of them need not be waited for.
_NOT_LOCKED = (
    sa.select(rounds.c.connection_id)
    .where(rounds.c.connection_id.in_(sa.bindparam("ids", expanding=True)))
    .with_for_update(skip_locked=True)
)
_SERVED = sa.update(rounds).where(rounds.c.connection_id.in_(_NOT_LOCKED)).values(served_at=sa.bindparam("at"))


def _mark_served(c: sa.Connection, served: set[str], at: int) -> None:
    if served:
        c.execute(_SERVED, {"ids": list(served), "at": at})
