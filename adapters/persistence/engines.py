"""The two engines, each behind the same few methods: a transaction to write in, a connection to read from."""

import asyncio
import sqlite3
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.persistence.failures import uncommitted
from adapters.persistence.groups import LARGEST, Waiting, answer, write
from adapters.persistence.moments import CLOCK
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
    """Runs functions over a connection."""

    @abstractmethod
    def write(self, waiting: Waiting) -> None:
        """Joins the next group; its caller is told on the running loop."""

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Without writing."""

    @abstractmethod
    async def scrub(self) -> None:
        """What was erased leaves the files beside the database too, as far as nobody is reading them right now."""

    @abstractmethod
    async def close(self) -> None:
        """Writes what was asked for before, then leaves no thread, task or connection behind."""


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

    def __init__(self, url: sa.URL, clock: Clock, *, readers: int = 4) -> None:
        self._writer = sqlite_engine(url, clock, pool_size=1, begin="BEGIN IMMEDIATE")
        self._reader = sqlite_engine(url, clock, pool_size=readers, begin="BEGIN")
        self._reading = ThreadPoolExecutor(readers, thread_name_prefix="database-reader")
        self._waiting: SimpleQueue[Waiting | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._writing = Thread(target=self._write_on, name="database-writer", daemon=True)
        self._writing.start()

    def write(self, waiting: Waiting) -> None:
        self._waiting.put(waiting)

    async def read(self, work: Work[T]) -> T:
        return await self._loop.run_in_executor(self._reading, in_transaction, self._reader, work)

    async def scrub(self) -> None:
        await self._loop.run_in_executor(self._reading, _empty_the_log, self._reader)

    async def close(self) -> None:
        self._waiting.put(None)
        await asyncio.to_thread(self._writing.join)
        await asyncio.to_thread(self._reading.shutdown)
        self._writer.dispose()
        self._reader.dispose()

    def _write_on(self) -> None:
        """The thread takes what is there whenever it is free: the loop prepares the next group meanwhile."""
        while (first := self._waiting.get()) is not None:
            group = [first, *self._more()]
            group = [one for one in group if not one.outcome.done()]
            self._loop.call_soon_threadsafe(answer, group, _written(self._writer, group))

    def _more(self) -> Iterator[Waiting]:
        for _ in range(LARGEST - 1):
            try:
                one = self._waiting.get_nowait()
            except Empty:
                return
            if one is None:
                self._waiting.put(None)
                return
            yield one


def _written(engine: sa.Engine, group: Sequence[Waiting]) -> list[Any]:
    try:
        with engine.connect() as c:
            return write(c, group)
    except Exception as error:
        return [uncommitted(error)] * len(group)


class PostgresEngine(Engine):
    """A pool of asyncpg connections; two transactions at most write at once, to keep groups large."""

    def __init__(self, url: sa.URL, *, writers: int = 2, readers: int = 4) -> None:
        self._engine = postgres_engine(url, pool_size=writers + readers)
        self._waiting: deque[Waiting] = deque()
        self._woken = asyncio.Event()
        self._closing = False
        self._writers = [asyncio.create_task(self._write_on()) for _ in range(writers)]

    def write(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)
        self._woken.set()

    async def read(self, work: Work[T]) -> T:
        async with self._engine.connect() as c:
            return await c.run_sync(work)

    async def scrub(self) -> None:
        """PostgreSQL's own vacuum and the life of its log are the operator's."""

    async def close(self) -> None:
        self._closing = True
        self._woken.set()
        await asyncio.gather(*self._writers)
        await self._engine.dispose()

    async def _write_on(self) -> None:
        while self._waiting or not self._closing:
            if not self._waiting:
                self._woken.clear()
                await self._woken.wait()
                continue
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST))]
            group = [one for one in group if not one.outcome.done()]
            answer(group, await self._written(group))

    async def _written(self, group: Sequence[Waiting]) -> list[Any]:
        try:
            async with self._engine.connect() as c:
                return await c.run_sync(write, group)
        except Exception as error:
            return [uncommitted(error)] * len(group)


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


def postgres_engine(url: sa.URL, *, pool_size: int, longest: float | None = 60.0) -> AsyncEngine:
    """`longest` is how many seconds a statement may take."""
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_recycle=1800,
        connect_args={"timeout": 10, "command_timeout": longest},
    )


def sqlite_engine(
    url: sa.URL, clock: Clock | None, *, pool_size: int, begin: str, foreign_keys: bool = True
) -> sa.Engine:
    if url.database:
        _private(Path(url.database))
    engine = sa.create_engine(
        url.set(drivername="sqlite+pysqlite"), hide_parameters=True, pool_size=pool_size, max_overflow=0
    )

    def prepare(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin transactions late, and never IMMEDIATE
        entry.info[CLOCK] = clock
        for pragma in (*_PRAGMAS, f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}"):
            connection.execute(pragma)

    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql(begin))
    return engine
