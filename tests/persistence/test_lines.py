"""What one process accepts wakes the workers of another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import sqlalchemy as sa
from asyncpg.exceptions import ConnectionDoesNotExistError, InterfaceError

from adapters.persistence.database import open_database
from adapters.persistence.lines import PostgresLine, SqliteLine
from adapters.persistence.wake import Bell, Line
from tests.persistence.builders import CREDENTIALS, connection, new
from tests.persistence.worlds import StoppedClock, World


class Talkative(Line):
    """Has news the third time it is asked."""

    every = 0.25

    def __init__(self) -> None:
        self.asked = 0
        self.told = 0

    def tell(self) -> None:
        self.told += 1

    async def news(self) -> bool:
        self.asked += 1
        return self.asked == 3


async def test_news_from_elsewhere_end_the_waiting() -> None:
    clock, line = StoppedClock(), Talkative()
    await Bell(clock, line).heard(60)
    assert clock.slept == [0.25] * 3


async def test_others_are_told_what_concerns_them_only() -> None:
    line = Talkative()
    bell = Bell(StoppedClock(), line)
    bell.ring()
    assert line.told == 0
    bell.ring_everywhere()
    assert line.told == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_others_write_to_the_file_is_seen_and_what_we_write_is_not(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    line, other = SqliteLine(world.stores.database), await world.another()
    assert not await line.news()
    await world.stores.commands.accept(new(1))
    assert not await line.news()
    await other.commands.accept(new(2))
    assert await line.news()
    assert not await line.news()


# What follows is PostgreSQL's own.


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[tuple[PostgresLine, asyncio.Event]]:
    """A line that stands, and what is set whenever it hears something."""
    line, heard = PostgresLine(url, StoppedClock()), asyncio.Event()
    keeping = asyncio.create_task(line.keep(heard.set))
    try:
        await something(heard)
        yield line, heard
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def something(heard: asyncio.Event) -> None:
    await asyncio.wait_for(heard.wait(), 20)
    heard.clear()


_LISTENERS = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_whoever_tells_is_heard_by_the_others_alone(url: str) -> None:
    async with listening(url) as (one, heard_by_one), listening(url) as (_, heard_by_two):
        one.tell()
        await something(heard_by_two)
        assert not heard_by_one.is_set()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_accepting_tells_the_others(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    async with listening(world.url) as (_, heard):
        await world.stores.commands.accept(new())
        await something(heard)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_line_that_was_cut_is_made_anew(world: World) -> None:
    async with listening(world.url) as (_, heard), listening(world.url) as (other, _):
        cut = sa.text(f"SELECT pg_terminate_backend(pid) {_LISTENERS}")
        await world.stores.database.read(lambda c: c.execute(cut).all())
        await something(heard)  # it stands again: what was told meanwhile may have been missed
        other.tell()
        await something(heard)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_line_outlives_what_its_driver_raises(url: str) -> None:
    heard = asyncio.Event()
    mishaps = [InterfaceError("the connection is closed"), ConnectionDoesNotExistError("gone")]

    def hear() -> None:
        if mishaps:
            raise mishaps.pop()
        heard.set()

    keeping = asyncio.create_task(PostgresLine(url, StoppedClock()).keep(hear))
    await something(heard)
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_nothing_is_left_behind(url: str) -> None:
    async with listening(url):
        pass
    query = sa.text(f"SELECT count(*) {_LISTENERS}")
    async with open_database(url, StoppedClock()) as database:
        while await database.read(lambda c: c.scalar(query)):
            pass
