"""The database: many small writes share a commit, and each caller hears of its own fate only."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import groupby
from typing import Any, TypeAlias, TypeVar

import attrs
import sqlalchemy as sa

from adapters.persistence.engines import Engine, engine_for
from adapters.persistence.failures import translated, uncommitted
from ports.clock import Clock
from ports.errors import PortError, UnavailableError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
T = TypeVar("T")

Op: TypeAlias = Callable[[sa.Connection, Sequence[Item]], Sequence[Outcome | PortError]]
"""What a store does with a list of items: an outcome for each, in order; an error among them is one caller's alone."""

_LARGEST_BATCH = 512


@attrs.frozen(eq=False)
class _Waiting:
    """A caller's item, and where the caller waits for the outcome."""

    op: Op[Any, Any]
    item: Any
    outcome: asyncio.Future[Any]


class _OpFailedError(Exception):
    """An operation raised: the transaction is rolled back, and another item may be to blame."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


class Database:
    """Runs plain functions over a connection: reads at once, writes in groups.

    What is waiting when a writer becomes free goes into one transaction, in order of arrival; neighbours with the same
    operation are handed to it as one list. If one of them fails, each is tried alone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: asyncio.Queue[_Waiting | None] = asyncio.Queue()
        self._closed = False
        self._writers = [asyncio.create_task(self._serve()) for _ in range(engine.writers)]

    async def write(self, op: Op[Item, Outcome], item: Item) -> Outcome:
        """Durable when it returns. Raises what the operation gave for this item, or UnavailableError."""
        if self._closed:
            raise UnavailableError("the database is closed")
        waiting = _Waiting(op, item, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
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
        for _ in self._writers:
            self._queue.put_nowait(None)
        await asyncio.gather(*self._writers)
        await self._engine.close()

    async def _serve(self) -> None:
        while (first := await self._queue.get()) is not None:
            batch = [first]
            while len(batch) < _LARGEST_BATCH and not self._queue.empty():
                following = self._queue.get_nowait()
                if following is None:
                    self._queue.put_nowait(None)
                    break
                batch.append(following)
            await self._settle([one for one in batch if not one.outcome.done()])

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            outcomes = await self._engine.write(partial(_perform, batch=batch))
        except _OpFailedError as failure:
            if len(batch) > 1:
                for one in batch:
                    await self._settle([one])
                return
            outcomes = [translated(failure.cause)]
        except Exception as error:
            # Nothing was begun or committed, and that is nobody's fault in particular: every caller must hear of it.
            outcomes = [uncommitted(error)] * len(batch)
        for one, outcome in zip(batch, outcomes, strict=True):
            _answer(one.outcome, outcome)


def _perform(c: sa.Connection, batch: Sequence[_Waiting]) -> list[Any]:
    outcomes: list[Any] = []
    try:
        for op, run in groupby(batch, key=lambda one: one.op):
            items = [one.item for one in run]
            outcomes.extend(fate for fate, _ in zip(op(c, items), items, strict=True))
    except Exception as error:
        raise _OpFailedError(error) from None
    return outcomes


def _answer(future: asyncio.Future[Any], outcome: object) -> None:
    if future.done():  # its caller was cancelled
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


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
