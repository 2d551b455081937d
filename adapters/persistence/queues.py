"""The connections as queues: which have work that may be claimed now, and when the next falls due."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence.tables import RUNNING, WAITING, AnyRow, commands, connections, rounds


def _loose_scan() -> sa.CTE:
    """Each connection with something waiting, by one hop through the index a connection, however long its queue."""
    waiting = commands.c.state == WAITING
    first = sa.select(sa.func.min(commands.c.connection_id).label("connection_id")).where(waiting)
    queue = first.cte("queue", recursive=True)
    following = (
        sa.select(sa.func.min(commands.c.connection_id))
        .where(waiting, commands.c.connection_id > queue.c.connection_id)
        .correlate(queue)
        .scalar_subquery()
    )
    return queue.union_all(sa.select(following).where(queue.c.connection_id.is_not(None)))


def running_of(connection: sa.ColumnElement[str]) -> sa.Select[int]:
    """How many commands of a connection run, whoever holds them."""
    run = commands.alias("running")
    # That the subject is any makes SQLite take the short index of what runs, not that of all the connection ever had.
    mine = sa.and_(run.c.state == RUNNING, run.c.connection_id == connection, run.c.subject >= "")
    return sa.select(sa.func.count()).select_from(run).where(mine)


def _queues() -> sa.Select[str, int]:
    queue = _loose_scan()
    at_once = sa.bindparam("at_once", type_=sa.Integer)
    run = running_of(queue.c.connection_id).correlate(queue).scalar_subquery()
    due = (
        sa.exists()
        .where(
            commands.c.state == WAITING,
            commands.c.connection_id == queue.c.connection_id,
            commands.c.due_at <= sa.bindparam("now"),
        )
        .correlate(queue)
    )
    return (
        sa.select(queue.c.connection_id, rounds.c.served_at)
        .join(connections, connections.c.id == queue.c.connection_id)
        .join(rounds, rounds.c.connection_id == queue.c.connection_id)
        .where(connections.c.parked.is_(None), due, sa.or_(at_once.is_(None), run < at_once))
        .order_by(rounds.c.served_at, queue.c.connection_id)
    )


_QUEUES = _queues()


def queues_with_work(c: sa.Connection, now: int, at_once: int | None) -> Sequence[AnyRow]:
    """Connections with something due that are neither parked nor full, those first that were served longest ago."""
    return c.execute(_QUEUES, {"now": now, "at_once": at_once}).all()


def _next_moment() -> sa.Select[int | None, int | None]:
    queue = _loose_scan()
    now = sa.bindparam("now", type_=sa.BigInteger)
    first = (
        sa.select(sa.func.min(commands.c.due_at))
        .where(commands.c.state == WAITING, commands.c.connection_id == queue.c.connection_id, commands.c.due_at > now)
        .correlate(queue)
        .scalar_subquery()
    )
    open_ones = queue.join(connections, connections.c.id == queue.c.connection_id)
    firsts = sa.select(first.label("at")).select_from(open_ones).where(connections.c.parked.is_(None)).subquery()
    held = sa.and_(commands.c.state == RUNNING, commands.c.lease_until > now)
    lease = sa.select(sa.func.min(commands.c.lease_until)).where(held)
    return sa.select(sa.select(sa.func.min(firsts.c.at)).scalar_subquery(), lease.scalar_subquery())


_NEXT_MOMENT = _next_moment()


def next_moment(c: sa.Connection, now: int) -> int | None:
    """When the next command falls due or the next lease ends, if any."""
    return min((at for at in c.execute(_NEXT_MOMENT, {"now": now}).one() if at is not None), default=None)
