"""Lines between processes on one database: PostgreSQL has notifications, SQLite counts what others have written."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import sqlalchemy as sa

from adapters.persistence.database import Database
from adapters.persistence.engines import postgres_engine
from adapters.persistence.wake import LOOK_AGAIN, Bell, Line
from ports.clock import Clock
from ports.errors import UnavailableError

_CHANNEL = "atsbridge_commands"


class SqliteLine(Line):
    """Looks whether another connection has written; only one of another process can have."""

    every = 0.15

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version: int | None = None

    def tell(self) -> None:
        """Others look by themselves."""

    async def news(self) -> bool:
        try:
            version = await self._database.write(_data_version, None)
        except UnavailableError:
            return False
        changed = self._version not in {None, version}
        self._version = version
        return changed


def _data_version(c: sa.Connection, items: Sequence[None]) -> list[int]:
    """On the writer's own connection, so that what this process writes does not count."""
    return [int(c.exec_driver_sql("PRAGMA data_version").scalar_one())] * len(items)


class PostgresLine(Line):
    """One connection of its own, which listens and notifies; made anew when it is lost."""

    every = LOOK_AGAIN

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = sa.make_url(url)
        self._clock = clock
        self._me = secrets.token_hex(8)
        self._stirred = asyncio.Event()
        self._told = False
        self._lost = False

    def tell(self) -> None:
        self._told = True
        self._stirred.set()

    async def news(self) -> bool:
        return False

    async def keep(self, heard: Callable[[], None]) -> None:
        """Until it is cancelled: calls `heard` for what others tell, and whenever something may have been missed."""
        while True:
            # Whatever ends it, the driver's own errors too: it is begun anew.
            with suppress(Exception):
                await self._talk(heard)
            await self._clock.sleep(LOOK_AGAIN)

    async def _talk(self, heard: Callable[[], None]) -> None:
        engine = postgres_engine(self._url, pool_size=1)
        try:
            async with engine.connect() as c:
                raw: Any = (await c.get_raw_connection()).driver_connection
                await self._listen(raw, heard)
                heard()
                while not self._lost:
                    await self._stirred.wait()
                    self._stirred.clear()
                    if self._told:
                        self._told = False
                        await c.execute(sa.select(sa.func.pg_notify(_CHANNEL, self._me)))
                        await c.commit()
        finally:
            await engine.dispose()

    async def _listen(self, raw: Any, heard: Callable[[], None]) -> None:
        def notified(_connection: object, _pid: int, _channel: str, by: str) -> None:
            if by != self._me:
                heard()

        def ended(_connection: object) -> None:
            self._lost = True
            self._stirred.set()

        self._lost = False
        raw.add_termination_listener(ended)
        await raw.add_listener(_CHANNEL, notified)


@asynccontextmanager
async def a_bell(url: str, database: Database, clock: Clock) -> AsyncIterator[Bell]:
    """A bell that others hear too, and by which they are heard."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        yield Bell(clock, SqliteLine(database))
        return
    line = PostgresLine(url, clock)
    bell = Bell(clock, line)
    keeping = asyncio.create_task(line.keep(bell.ring))
    try:
        yield bell
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
