"""Time as the tables have it: whole microseconds since 1970, always by the clock of the database."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOW = {
    "sqlite": sa.select(sa.func.now_us()),
    "postgresql": sa.select(
        sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * sa.literal_column("1000000"), sa.BigInteger)
    ),
}
"""SQLite has no time but its host's: `now_us` is registered on each connection and asks the clock that we are given."""


def now_us(c: sa.Connection) -> int:
    """The database's time, read anew each time, also within a transaction."""
    return int(c.execute(_NOW[c.dialect.name]).scalar_one())


def micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(us: int) -> datetime:
    return _EPOCH + us * _MICROSECOND


def span(seconds: float) -> int:
    return round(seconds * 1_000_000)
