"""Tokens: whoever holds a row's lease logs in, and the version says whose log-in was the last."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import present
from adapters.persistence.host_turns import add_missing
from adapters.persistence.moments import now_us
from adapters.persistence.tables import host_tokens
from ports.errors import NotFoundError, PortError
from ports.turns import Host

_MICROSECOND = 1e-6


@attrs.frozen
class Lease:
    """Wish to log in, in place of a version, for so many microseconds."""

    host: Host
    holder: str
    version: int
    length: int


@attrs.frozen
class Kept:
    """A holder's new token, and for how many microseconds it is fresh."""

    host: Host
    holder: str
    sealed: bytes
    length: int


@attrs.frozen
class Known:
    """A row as it is now."""

    version: int
    sealed: bytes | None
    fresh_for: float
    awaited: bool


def _this(host: Host) -> sa.ColumnElement[bool]:
    return sa.and_(_same(host), host_tokens.c.revision == host.revision)


def _same(host: Host) -> sa.ColumnElement[bool]:
    return sa.and_(host_tokens.c.connection_id == host.connection, host_tokens.c.host == host.name)


def known(c: sa.Connection, host: Host) -> Known | None:
    row = c.execute(sa.select(host_tokens).where(_this(host))).one_or_none()
    if row is None:
        return None
    now = now_us(c)
    awaited = row.refresher is not None and row.refreshing_until > now
    return Known(row.version, row.sealed, (row.fresh_until - now) * _MICROSECOND, awaited)


def lease(c: sa.Connection, wishes: Sequence[Lease]) -> list[bool | PortError]:
    return [_lease(c, wish) for wish in wishes]


def _lease(c: sa.Connection, wish: Lease) -> bool | PortError:
    if wish.version == 0 and not _added(c, wish.host):
        return NotFoundError("connection", wish.host.connection)
    now = now_us(c)
    free = sa.or_(
        host_tokens.c.refresher.is_(None),
        host_tokens.c.refresher == wish.holder,
        host_tokens.c.refreshing_until <= now,
    )
    leased = {"refresher": wish.holder, "refreshing_until": now + wish.length}
    this = sa.and_(_this(wish.host), host_tokens.c.version == wish.version, free)
    return c.execute(sa.update(host_tokens).where(this).values(leased)).rowcount == 1


def _added(c: sa.Connection, host: Host) -> bool:
    if not present(c, {host.connection}):
        return False
    c.execute(sa.delete(host_tokens).where(_same(host), host_tokens.c.revision < host.revision))
    row = {"connection_id": host.connection, "host": host.name, "revision": host.revision}
    add_missing(c, host_tokens, row | {"version": 0, "fresh_until": 0, "refreshing_until": 0})
    return True


def keep(c: sa.Connection, tokens: Sequence[Kept]) -> list[int | None]:
    """The new versions, or None where the lease was lost to another."""
    return [_keep(c, token) for token in tokens]


def _keep(c: sa.Connection, token: Kept) -> int | None:
    kept = {"sealed": token.sealed, "fresh_until": now_us(c) + token.length, "version": host_tokens.c.version + 1}
    mine = sa.and_(_this(token.host), host_tokens.c.refresher == token.holder)
    update = sa.update(host_tokens).where(mine).values({**kept, "refresher": None, "refreshing_until": 0})
    return c.execute(update.returning(host_tokens.c.version)).scalar_one_or_none()


def release(c: sa.Connection, items: Sequence[tuple[Host, str]]) -> list[None]:
    for host, holder in items:
        mine = sa.and_(_this(host), host_tokens.c.refresher == holder)
        c.execute(sa.update(host_tokens).where(mine).values(refresher=None, refreshing_until=0))
    return [None] * len(items)
