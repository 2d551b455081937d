"""Time as the tables have it: whole microseconds since 1970, always by the clock of the database."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from ports.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOW = sa.select(sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * sa.literal_column("1000000"), sa.BigInteger))
CLOCK = "clock"
"""Where a connection of SQLite keeps the clock that we were given: it has no time of its own but its host's."""


def now_us(c: sa.Connection) -> int:
    """The database's time, read anew each time, also within a transaction."""
    clock: Clock | None = c.info.get(CLOCK)
    return int(c.execute(_NOW).scalar_one()) if clock is None else micros(clock.now())


def micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(us: int) -> datetime:
    return _EPOCH + us * _MICROSECOND


def span(seconds: float) -> int:
    return round(seconds * 1_000_000)
