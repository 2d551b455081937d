"""A database to try stores on, with time in our hands."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import attrs
import sqlalchemy as sa

from adapters.persistence.intake_tables import intake_records
from adapters.persistence.moments import span
from adapters.persistence.outbox_tables import deliveries, endpoints, events
from adapters.persistence.record_tables import cursors, pulls, put_aside, records
from adapters.persistence.stores import Stores, open_stores
from adapters.persistence.tables import asked_pulls, bodies, commands, effects, erased_people, vendor_events
from adapters.vault import FernetVault, new_key
from ports.clock import Clock

VAULT = FernetVault([new_key()])


class StoppedClock(Clock):
    """Stands still but for what is slept."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 8, tzinfo=UTC) + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)


@attrs.frozen
class World:
    """One database and the stores on it."""

    engine: str
    url: str
    clock: StoppedClock
    stores: Stores
    _others: AsyncExitStack

    async def later(self, seconds: float) -> None:
        """Lets time pass. That of PostgreSQL cannot be set, so there all that is kept moves into the past."""
        if self.engine == "sqlite":
            self.clock.passed += seconds
        else:
            await self.stores.database.write(_age, seconds)

    async def another(self, lease_seconds: float = 20.0, connection_concurrency: int | None = None) -> Stores:
        """Stores of their own on the same database, as another process has them."""
        opened = open_stores(
            self.url,
            vault=VAULT,
            clock=self.clock,
            lease_seconds=lease_seconds,
            connection_concurrency=connection_concurrency,
        )
        return await self._others.enter_async_context(opened)


_TIMES = {
    commands: ("lease_until", "due_at", "created_at", "since", "finished_at"),
    bodies: ("accepted_at",),
    effects: ("flight_ends",),
    erased_people: ("erased_at",),
    vendor_events: ("received_at",),
    asked_pulls: ("asked_at",),
    events: ("created_at",),
    deliveries: ("due_at", "lease_until", "created_at"),
    intake_records: ("created_at", "changed_at", "delivered_at"),
    cursors: ("since", "due_at", "full_at", "lease_until"),
    pulls: ("since", "created_at", "began_at", "ended_at"),
    records: ("updated_at",),
    put_aside: ("since",),
    endpoints: ("created_at", "failing_since", "previous_until"),
}


def _age(c: sa.Connection, items: Sequence[float]) -> list[None]:
    for seconds in items:
        for table, names in _TIMES.items():
            c.execute(sa.update(table).values({name: table.c[name] - span(seconds) for name in names}))
    return [None] * len(items)


@asynccontextmanager
async def opened_world(engine: str, url: str) -> AsyncIterator[World]:
    clock = StoppedClock()
    async with AsyncExitStack() as others, open_stores(url, vault=VAULT, clock=clock) as stores:
        yield World(engine, url, clock, stores, others)
