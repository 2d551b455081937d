"""Retention: the payloads of what was finished long ago are erased, some at a time."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.erasing import erase
from adapters.persistence.moments import now_us, span
from adapters.persistence.tables import bodies, commands, effects
from domain.effect import IN_DOUBT
from domain.ids import ConnectionId
from domain.writeback import WriteBackState
from ports.scope import EVERYTHING

AT_ONCE = 500
_DAY = 24 * 3600.0
_FINISHED = [state.value for state in (WriteBackState.DONE, WriteBackState.REFUSED, WriteBackState.DEAD)]

_OLD = sa.and_(
    bodies.c.command_id == commands.c.id,
    bodies.c.accepted_at <= sa.bindparam("before"),  # by which the index finds them
    commands.c.finished_at <= sa.bindparam("before"),
    commands.c.state.in_(_FINISHED),
    # What was given up may stand in the ATS: until that is known, a person may want it to go on.
    ~sa.exists().where(effects.c.command_id == commands.c.id, effects.c.state.in_(sorted(IN_DOUBT))),
)
_OLDEST = sa.select(commands.c.id, commands.c.connection_id).where(_OLD).order_by(bodies.c.accepted_at).limit(AT_ONCE)
_STILL_OLD = (
    sa.select(commands.c.id)
    .where(commands.c.id.in_(sa.bindparam("ids", expanding=True)), _OLD)
    .order_by(commands.c.id)
    .with_for_update(of=commands)
)


def forget(c: sa.Connection, ages: Sequence[float]) -> list[int]:
    """Of how many commands, finished so many days ago, the payloads were erased."""
    return [_forget(c, now_us(c) - span(days * _DAY)) for days in ages]


def _forget(c: sa.Connection, before: int) -> int:
    old: dict[str, list[str]] = {}
    for command, connection in c.execute(_OLDEST, {"before": before}):
        old.setdefault(connection, []).append(command)
    return sum(_forget_in(c, ConnectionId(connection), ids, before) for connection, ids in sorted(old.items()))


def _forget_in(c: sa.Connection, connection: ConnectionId, ids: Sequence[str], before: int) -> int:
    """Locked as for erasing a person: nobody accepts a request with one of the files at the same moment."""
    if not exists(c, EVERYTHING, connection):
        return 0
    still = c.scalars(_STILL_OLD, {"ids": ids, "before": before}).all()
    erase(c, connection, commands.c.id.in_(still), "its payload was erased: it was finished long ago")
    return len(still)
