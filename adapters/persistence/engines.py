"""The two engines, each behind the same few methods: a transaction to write in, a connection to read from."""

import asyncio
import sqlite3
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.persistence.moments import micros
from ports.clock import Clock

T = TypeVar("T")
Work = Callable[[sa.Connection], T]

_PRAGMAS = (
    "PRAGMA page_size = 16384",  # counts only before the first table; large bodies then need fewer overflow pages
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what was said to be durable must survive a power cut
    "PRAGMA busy_timeout = 30000",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only let go of
)


class Engine(Protocol):
    """Runs functions over a connection. `writers` is how many transactions it writes at once."""

    writers: int

    @abstractmethod
    async def write(self, work: Work[T]) -> T:
        """In one transaction, committed when this returns."""

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Without writing."""

    @abstractmethod
    async def scrub(self) -> None:
        """What was erased leaves the files beside the database too, as far as nobody is reading them right now."""

    @abstractmethod
    async def close(self) -> None:
        """Leaves no thread and no connection behind."""


def engine_for(url: str, clock: Clock) -> Engine:
    """By the URL's scheme: `sqlite` or `postgresql`."""
    parsed = sa.make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return SqliteEngine(parsed, clock)
        case "postgresql":
            return PostgresEngine(parsed)
        case other:
            raise ValueError(f"a database URL begins with sqlite or postgresql, not with {other}")


class SqliteEngine(Engine):
    """One thread writes, a few read. Other processes on this host may use the same file."""

    writers = 1

    def __init__(self, url: sa.URL, clock: Clock, *, readers: int = 4) -> None:
        self._writer = sqlite_engine(url, clock, pool_size=1, begin="BEGIN IMMEDIATE")
        self._reader = sqlite_engine(url, clock, pool_size=readers, begin="BEGIN")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._reading = ThreadPoolExecutor(readers, thread_name_prefix="database-reader")

    async def write(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writing, in_transaction, self._writer, work)

    async def read(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, in_transaction, self._reader, work)

    async def scrub(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writing, _empty_the_log, self._writer)

    async def close(self) -> None:
        for pool in (self._writing, self._reading):
            await asyncio.to_thread(pool.shutdown)
        self._writer.dispose()
        self._reader.dispose()


class PostgresEngine(Engine):
    """A pool of asyncpg connections; two transactions at most write at once, to keep batches large."""

    writers = 2

    def __init__(self, url: sa.URL, *, readers: int = 4) -> None:
        self._engine = postgres_engine(url, pool_size=self.writers + readers)

    async def write(self, work: Work[T]) -> T:
        async with self._engine.begin() as c:
            return await c.run_sync(work)

    async def read(self, work: Work[T]) -> T:
        async with self._engine.connect() as c:
            return await c.run_sync(work)

    async def scrub(self) -> None:
        """PostgreSQL's own vacuum and the life of its log are the operator's."""

    async def close(self) -> None:
        await self._engine.dispose()


def in_transaction(engine: sa.Engine, work: Work[T]) -> T:
    with engine.begin() as c:
        return work(c)


def _empty_the_log(engine: sa.Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _private(file: Path) -> None:
    """People's data is for the service's user alone; SQLite gives the files beside it the same permissions."""
    if file.parent.is_dir():
        file.touch(mode=0o600, exist_ok=True)


def postgres_engine(url: sa.URL, *, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_recycle=1800,
        connect_args={"timeout": 10, "command_timeout": 60},
    )


def sqlite_engine(
    url: sa.URL, clock: Clock | None, *, pool_size: int, begin: str, foreign_keys: bool = True
) -> sa.Engine:
    if url.database:
        _private(Path(url.database))
    engine = sa.create_engine(
        url.set(drivername="sqlite+pysqlite"), hide_parameters=True, pool_size=pool_size, max_overflow=0
    )

    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin transactions late, and never IMMEDIATE
        if clock is not None:
            connection.create_function("now_us", 0, lambda: micros(clock.now()))
        for pragma in (*_PRAGMAS, f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}"):
            connection.execute(pragma)

    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql(begin))
    return engine
