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


class HandClock(FakeClock):
    """Sleepers wait until a test has moved the time far enough."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        super().__init__(now)
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.monotonic() + seconds, sleeper))
        await sleeper

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        due = [sleeper for at, sleeper in self._sleepers if at <= self.monotonic()]
        self._sleepers = [(at, sleeper) for at, sleeper in self._sleepers if at > self.monotonic()]
        for sleeper in due:
            if not sleeper.done():
                sleeper.set_result(None)
