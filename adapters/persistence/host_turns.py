"""Turns: each is one statement that moves the moment of the next one, never two requests' worth at a time (GCRA)."""

from collections.abc import Mapping, Sequence

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.persistence.connections import present
from adapters.persistence.moments import now_us
from adapters.persistence.tables import host_turns
from ports.errors import NotFoundError, PortError, ThrottledError
from ports.turns import Host

_MICROSECOND = 1e-6


@attrs.frozen
class Order:
    """So many microseconds' worth of turns, unless a silence of more than `patience` microseconds is left."""

    host: Host
    length: int
    patience: int


@attrs.frozen
class Hush:
    """A silence from now on, in microseconds."""

    host: Host
    length: int


def _later(one: sa.ColumnElement[int], other: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.case((one > other, one), else_=other)


def _number(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.BigInteger)


_THIS = sa.and_(host_turns.c.connection_id == sa.bindparam("connection"), host_turns.c.host == sa.bindparam("name"))
_FIRST = _later(_later(host_turns.c.next_at, host_turns.c.silent_until), _number("now"))
_RESERVE = (
    sa.update(host_turns)
    .where(_THIS, host_turns.c.silent_until <= _number("now") + _number("patience"))
    .values(next_at=_FIRST + _number("length"))
    .returning(host_turns.c.next_at)
)
_HUSH = (
    sa.update(host_turns)
    .where(_THIS)
    .values(silent_until=_later(host_turns.c.silent_until, _number("now") + _number("length")))
)
_SILENT_UNTIL = sa.select(host_turns.c.silent_until).where(_THIS)


def reserve(c: sa.Connection, orders: Sequence[Order]) -> list[float | PortError]:
    """Seconds from now until the first turn of each order."""
    now = now_us(c)
    outcomes: dict[int, float | PortError] = {}
    # In one order for all, or two processes with turns for the same hosts would wait for one another.
    for n in sorted(range(len(orders)), key=lambda n: (orders[n].host.connection, orders[n].host.name)):
        outcomes[n] = _reserve(c, orders[n], now)
    return [outcomes[n] for n in range(len(orders))]


def _reserve(c: sa.Connection, order: Order, now: int) -> float | PortError:
    values = {**named(order.host), "now": now, "length": order.length, "patience": order.patience}
    end = c.execute(_RESERVE, values).scalar_one_or_none()
    if end is None:
        until = c.execute(_SILENT_UNTIL, named(order.host)).scalar_one_or_none() or 0
        if until > now + order.patience:
            return ThrottledError(f"{order.host.name} asked for silence", retry_after=(until - now) * _MICROSECOND)
        # There was no row, though another process may have added it meanwhile.
        if not add_host(c, order.host):
            return NotFoundError("connection", order.host.connection)
        end = c.execute(_RESERVE, values).scalar_one()
    return max(0, int(end) - order.length - now) * _MICROSECOND


def hush(c: sa.Connection, hushes: Sequence[Hush]) -> list[None]:
    for one in hushes:
        values = {**named(one.host), "now": now_us(c), "length": one.length}
        if not c.execute(_HUSH, values).rowcount and add_host(c, one.host):
            c.execute(_HUSH, values)
    return [None] * len(hushes)


def silence(c: sa.Connection, host: Host) -> float:
    """Seconds that are left of it."""
    until = c.execute(_SILENT_UNTIL, named(host)).scalar_one_or_none()
    return 0.0 if until is None else max(0, until - now_us(c)) * _MICROSECOND


_FREE_AT = sa.select(_later(host_turns.c.next_at, host_turns.c.silent_until)).where(_THIS)


def ahead(c: sa.Connection, host: Host) -> float:
    """Seconds until a turn that is taken now would come."""
    at = c.execute(_FREE_AT, named(host)).scalar_one_or_none()
    return 0.0 if at is None else max(0, at - now_us(c)) * _MICROSECOND


def add_host(c: sa.Connection, host: Host) -> bool:
    """A row for a host that nobody spoke to yet; none for a connection that is gone."""
    if not present(c, {host.connection}):
        return False
    row = {"connection_id": host.connection, "host": host.name, "next_at": 0, "silent_until": 0}
    add_missing(c, host_turns, row)
    return True


def add_missing(c: sa.Connection, table: sa.Table, row: Mapping[str, object]) -> None:
    """Adds the row unless it is there, or is being added by another process."""
    insert = sqlite.insert(table) if c.dialect.name == "sqlite" else postgresql.insert(table)
    c.execute(insert.values(row).on_conflict_do_nothing())


def named(host: Host) -> dict[str, str]:
    return {"connection": host.connection, "name": host.name}
