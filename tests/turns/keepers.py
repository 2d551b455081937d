"""The keepers of turns that the suites run on: each is a line in OFFICES."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from adapters.persistence.moments import micros
from adapters.persistence.stores import Stores, open_stores
from adapters.turns.in_process import InProcessTurns
from adapters.turns.shared import SharedTurns
from domain.ids import ConnectionId
from ports.clock import Clock
from ports.hosts import Hosts, Standing
from ports.turns import Host, Token, Turns
from tests.persistence.builders import CREDENTIALS, connection
from tests.persistence.conftest import migrated_file
from tests.persistence.postgres import database_of_its_own
from tests.persistence.worlds import VAULT
from tests.turns.virtual_time import LoopClock, in_virtual_time, outside

T = TypeVar("T")

ONE = Host(ConnectionId("con_1"), "standard")
OTHER = Host(ConnectionId("con_1"), "legacy")
STRANGER = Host(ConnectionId("con_2"), "standard")


class Office:
    """Keepers of turns as processes have them: all that one office opens share what they can."""

    @asynccontextmanager
    async def opened(self, clock: Clock) -> AsyncIterator[Callable[[], Turns]]:
        """Gives a process's keeper each time it is called."""
        yield lambda: InProcessTurns(clock)


class SharedOffice(Office):
    """Keepers over one database, each with connections to it of its own where there are `processes` of them."""

    def __init__(self, url: str, processes: int = 1) -> None:
        self._url = url
        self._processes = processes

    @asynccontextmanager
    async def opened(self, clock: Clock) -> AsyncIterator[Callable[[], Turns]]:
        async with self.hosts(clock) as hosts:
            rooms = itertools.cycle(hosts)
            yield lambda: SharedTurns(next(rooms), clock)

    @asynccontextmanager
    async def hosts(self, clock: Clock) -> AsyncIterator[list["VirtualHosts"]]:
        """What each process sees of the hosts."""
        stack = AsyncExitStack()
        try:
            with outside():
                stores = [await self._stores(stack, clock) for _ in range(self._processes)]
                for one in (ONE.connection, STRANGER.connection):
                    await stores[0].connections.add(connection(one), CREDENTIALS)
            yield [VirtualHosts(one, clock) for one in stores]
        finally:
            with outside():
                await stack.aclose()

    async def _stores(self, stack: AsyncExitStack, clock: Clock) -> Stores:
        return await stack.enter_async_context(open_stores(self._url, vault=VAULT, clock=clock))


class VirtualHosts(Hosts):
    """The hosts of a database, which take no virtual time, and by a clock that shows it on PostgreSQL as well."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self.stores = stores
        self._clock = clock
        self.asked: list[str] = []

    async def reserve(self, host: Host, turns: int, interval: float, patience: float) -> float:
        return await self._now("reserve", lambda hosts: hosts.reserve(host, turns, interval, patience))

    async def ahead(self, host: Host) -> float:
        return await self._now("ahead", lambda hosts: hosts.ahead(host))

    async def occupy(self, host: Host, holder: str, in_flight: int, seconds: float) -> bool:
        return await self._now("occupy", lambda hosts: hosts.occupy(host, holder, in_flight, seconds))

    async def vacate(self, host: Host, holder: str, bears: int | None) -> None:
        await self._now("vacate", lambda hosts: hosts.vacate(host, holder, bears))

    async def hush(self, host: Host, seconds: float) -> None:
        await self._now("hush", lambda hosts: hosts.hush(host, seconds))

    async def silence(self, host: Host) -> float:
        return await self._now("silence", lambda hosts: hosts.silence(host))

    async def standing(self, host: Host) -> Standing:
        return await self._now("standing", lambda hosts: hosts.standing(host))

    async def lease(self, host: Host, holder: str, version: int, seconds: float) -> bool:
        return await self._now("lease", lambda hosts: hosts.lease(host, holder, version, seconds))

    async def keep(self, host: Host, holder: str, token: Token) -> Token | None:
        return await self._now("keep", lambda hosts: hosts.keep(host, holder, token))

    async def release(self, host: Host, holder: str) -> None:
        await self._now("release", lambda hosts: hosts.release(host, holder))

    async def _now(self, name: str, work: Callable[[Hosts], Awaitable[T]]) -> T:
        self.asked.append(name)
        with outside():
            await self.stores.database.write(_set_clock, micros(self._clock.now()))
            return await work(self.stores.hosts)


def _set_clock(c: sa.Connection, moments: Sequence[int]) -> list[None]:
    if c.dialect.name == "postgresql":
        c.execute(sa.text("UPDATE virtual.moment SET us = :us"), {"us": max(moments)})
    return [None] * len(moments)


_VIRTUAL_CLOCK = (
    "CREATE SCHEMA virtual",
    "CREATE TABLE virtual.moment (us bigint)",
    "INSERT INTO virtual.moment VALUES (0)",
    """CREATE FUNCTION virtual.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    $$ SELECT timestamptz 'epoch' + us * interval '1 microsecond' FROM virtual.moment $$""",
    "ALTER DATABASE {name} SET search_path = virtual, pg_catalog, public",
)


ENGINES = ("sqlite", "postgresql")
KEEPERS = ("in process", *ENGINES)


def office(kind: str, config: pytest.Config, folder: Path) -> Office:
    return Office() if kind == "in process" else shared_office(kind, config, folder)


def shared_office(engine: str, config: pytest.Config, folder: Path, processes: int = 1) -> SharedOffice:
    if engine == "postgresql":
        return SharedOffice(asyncio.run(database_of_its_own(config, "turns", _VIRTUAL_CLOCK)), processes)
    shutil.copy(asyncio.run(migrated_file(config)), folder / "turns.db")
    return SharedOffice(f"sqlite:///{folder}/turns.db", processes)


def tell(where: Office, story: Callable[[Turns], Awaitable[None]]) -> None:
    """The story of one process, in virtual time."""

    async def told() -> None:
        async with where.opened(LoopClock()) as process:
            await story(process())

    in_virtual_time(told)


class LogIns:
    """Log-ins that wait for `open`, and count."""

    def __init__(self, error: Exception | None = None, lifetime: float = 1e9) -> None:
        self.count = 0
        self.open = asyncio.Event()
        self.open.set()
        self._error = error
        self._lifetime = lifetime

    async def __call__(self) -> Token:
        self.count += 1
        await self.open.wait()
        if self._error:
            raise self._error
        return Token(f"secret {self.count}", self._lifetime)
