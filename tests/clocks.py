"""A clock that tests move by hand."""

import asyncio
from datetime import UTC, datetime, timedelta

from ports.clock import Clock

BEGINNING = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class FakeClock(Clock):
    """Nobody waits: `sleep` lets the others run and moves the time on."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self._began = now
        self._passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._passed += max(0.0, seconds)
