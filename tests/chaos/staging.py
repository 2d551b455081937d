"""What every kind of kill test is played with: databases for its lanes, and a word now and then."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from tests.chaos.servers import CLOCK, Postgres, SqliteFile, Store

Say = Callable[[str], None]
Stores = Callable[[str, str], Awaitable[Store]]
"""The database of a lane, by the lane's name and the engine's."""


@asynccontextmanager
async def told_meanwhile(every: float, say: Say, progress: Callable[[], str]) -> AsyncIterator[None]:
    """Says how far it is, every so many seconds."""
    began = monotonic()

    async def tell() -> None:
        while True:
            await CLOCK.sleep(every)
            say(f"{monotonic() - began:.0f} s: {progress()}")

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()


@asynccontextmanager
async def databases(engines: Sequence[str], folder: Path) -> AsyncIterator[tuple[Postgres | None, Stores]]:
    """A PostgreSQL of its own where it is wanted, and what makes the lanes' databases."""
    server = Postgres(folder) if "postgresql" in engines else None

    async def store(name: str, engine: str) -> Store:
        if server is not None and engine == "postgresql":
            return await server.database(name)
        return SqliteFile(folder / f"{name}.db")

    try:
        if server is not None:
            await asyncio.to_thread(server.start)
        yield server, store
    finally:
        if server is not None:
            server.kill()
