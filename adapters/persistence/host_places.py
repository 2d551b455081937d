"""Places of what is under way at a host: numbered rows, each free or somebody's until a moment."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import present
from adapters.persistence.host_turns import add_host, add_missing, named
from adapters.persistence.moments import now_us
from adapters.persistence.tables import host_places, host_turns
from ports.errors import NotFoundError, PortError
from ports.turns import Host


@attrs.frozen
class Seat:
    """A wish for one of `in_flight` places, for so many microseconds."""

    host: Host
    holder: str
    in_flight: int
    length: int


@attrs.frozen
class Left:
    """A place that its holder needs no more, and how many at once the host said to bear."""

    host: Host
    holder: str
    bears: int | None


def _number(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.BigInteger)


def _at(table: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.connection_id == sa.bindparam("connection"), table.c.host == sa.bindparam("name"))


_TURNS = _at(host_turns)
_HERE = _at(host_places)
_HOLDER = sa.bindparam("who", type_=sa.Text)
_BEARS = sa.select(host_turns.c.bears).where(_TURNS).scalar_subquery()
_ALLOWED = sa.case((_number("in_flight") > _BEARS, _BEARS), else_=_number("in_flight"))


def _chosen() -> sa.ScalarSelect[int]:
    """The holder's own place, else the first that is free. What another is about to take is passed over."""
    free, taken = host_places.alias("free"), host_places.alias("taken")
    under_way = sa.select(sa.func.count()).where(_at(taken), taken.c.until > _number("now")).scalar_subquery()
    own = sa.and_(free.c.holder == _HOLDER, free.c.until > _number("now"))
    # The number bounds it; the count as well, as long as more are under way than the host bears by now.
    room = sa.and_(free.c.until <= _number("now"), free.c.n <= _ALLOWED, under_way < _ALLOWED)
    return (
        sa.select(free.c.n)
        .where(_at(free), sa.or_(own, room))
        .order_by(sa.case((own, 0), else_=1), free.c.n)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )


_OCCUPY = (
    sa.update(host_places)
    .where(_HERE, host_places.c.n == _chosen())
    .values(holder=_HOLDER, until=_number("now") + _number("length"))
)
_VACATE = sa.update(host_places).where(_HERE, host_places.c.holder == _HOLDER).values(until=0)
_KNOWN = sa.select(sa.func.count()).where(_HERE)
_BEAR = (
    sa.update(host_turns)
    .where(_TURNS, sa.or_(host_turns.c.bears.is_(None), host_turns.c.bears != _number("told")))
    .values(bears=_number("told"))
)


def occupy(c: sa.Connection, seats: Sequence[Seat]) -> list[bool | PortError]:
    return [_occupy(c, seat) for seat in seats]


def _occupy(c: sa.Connection, seat: Seat) -> bool | PortError:
    if _taken(c, seat):
        return True
    known = c.execute(_KNOWN, named(seat.host)).scalar_one()
    if known >= seat.in_flight:
        return False
    if not present(c, {seat.host.connection}):
        return NotFoundError("connection", seat.host.connection)
    of = {"connection_id": seat.host.connection, "host": seat.host.name}
    for n in range(1, seat.in_flight + 1):
        add_missing(c, host_places, of | {"n": n, "holder": "", "until": 0})
    return _taken(c, seat)


def _taken(c: sa.Connection, seat: Seat) -> bool:
    values = {"who": seat.holder, "in_flight": seat.in_flight, "now": now_us(c), "length": seat.length}
    return c.execute(_OCCUPY, named(seat.host) | values).rowcount == 1


def vacate(c: sa.Connection, items: Sequence[Left]) -> list[None]:
    for left in items:
        c.execute(_VACATE, named(left.host) | {"who": left.holder})
        if left.bears is not None and add_host(c, left.host):
            c.execute(_BEAR, named(left.host) | {"told": max(1, left.bears)})
    return [None] * len(items)
