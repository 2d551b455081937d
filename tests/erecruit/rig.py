"""The adapter, opened on a running sandbox or on whatever has its addresses."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.deps import Deps
from adapters.erecruit.gateway import connect
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import legacy, verified
from adapters.turns.in_process import InProcessTurns
from domain.ids import ConnectionId
from ports.attempt import Attempt
from ports.clock import Clock
from ports.gateway import Gateway
from tests.clocks import FakeClock

MARKER = "3f9c1a2b4d5e"
NOON = datetime(2026, 11, 21, 14, 0, 0, 120_000, tzinfo=UTC)


class Sun:
    """The sandbox's clock."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Try(Attempt):
    """Counts how often it was begun."""

    def __init__(self, marker: str = MARKER) -> None:
        self._marker = marker
        self.begun = 0

    @property
    def marker(self) -> str:
        return self._marker

    async def begin(self, seconds: float) -> None:
        self.begun += 1


@asynccontextmanager
async def opened(
    body: Mapping[str, Any],
    *,
    clock: Clock | None = None,
    credentials: Mapping[str, str] | None = None,
    attempts: int = 3,
    **settings: object,
) -> AsyncIterator[Gateway]:
    """A gateway over real sessions. `body` is what makes a connection; `settings` go over those in it."""
    given = {**body["settings"], "rate_limit": 10_000, "in_flight": 20, **settings}
    ticking = clock or FakeClock(NOON)
    async with verified() as pair, legacy(given["legacy_url"], exempt={"webapi.example.test"}) as unverified:
        deps = Deps(
            turns=InProcessTurns(ticking),
            clock=ticking,
            retry=RetryPolicy.instant(attempts=attempts),
            verified=pair,
            legacy=unverified,
        )
        yield connect(ConnectionId("con_1"), given, credentials or body["credentials"], deps)
