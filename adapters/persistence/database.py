"""The database: many small writes share a commit, and each caller hears of its own fate only."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import sqlalchemy as sa

from adapters.persistence.engines import Engine, engine_for
from adapters.persistence.failures import translated
from adapters.persistence.groups import Op, Waiting
from ports.clock import Clock
from ports.errors import UnavailableError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
T = TypeVar("T")


class Database:
    """Runs plain functions over a connection: reads at once, writes in groups.

    What is waiting when a writer becomes free goes into one transaction; items of the same operation are handed to it
    as one list. If one of them fails, each is tried alone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._closed = False

    async def write(self, op: Op[Item, Outcome], item: Item) -> Outcome:
        """Durable when it returns. Raises what the operation gave for this item, or UnavailableError."""
        if self._closed:
            raise UnavailableError("the database is closed")
        waiting = Waiting(op, item, asyncio.get_running_loop().create_future())
        self._engine.write(waiting)
        outcome: Outcome = await waiting.outcome
        return outcome

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Raises what `work` raises, or UnavailableError."""
        if self._closed:
            raise UnavailableError("the database is closed")
        try:
            return await self._engine.read(work)
        except Exception as error:
            raise translated(error) from None

    async def scrub(self) -> None:
        """What was erased leaves the files beside the database too. Raises UnavailableError."""
        try:
            await self._engine.scrub()
        except Exception as error:
            raise translated(error) from None

    async def close(self) -> None:
        """What was asked for before is still written."""
        self._closed = True
        await self._engine.close()


@asynccontextmanager
async def open_database(url: str, clock: Clock) -> AsyncIterator[Database]:
    database = Database(engine_for(url, clock))
    try:
        yield database
    finally:
        await database.close()


async def ready(database: Database) -> None:
    """A cheap read. Raises UnavailableError."""
    await database.read(lambda c: c.execute(sa.select(sa.literal(1))).scalar_one())
