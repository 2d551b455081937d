"""Waking workers: at once for what happens in this process, and soon for what happens in another."""

import asyncio
from abc import abstractmethod
from math import inf
from typing import Protocol

from ports.clock import Clock

LOOK_AGAIN = 1.0


class Line(Protocol):
    """To other processes on the same database. `every`: how often, in seconds, it is to be asked for news."""

    every: float

    @abstractmethod
    def tell(self) -> None:
        """Something may have become claimable. Returns at once; what gets lost is seen within a second."""

    @abstractmethod
    async def news(self) -> bool:
        """Whether anything happened elsewhere since it was last asked."""


class Alone(Line):
    """Nobody else is there."""

    every = inf

    def tell(self) -> None:
        """There is nobody to tell."""

    async def news(self) -> bool:
        return False


class Bell:
    """Rung whenever a command may have become claimable."""

    def __init__(self, clock: Clock, line: Line | None = None) -> None:
        self._clock = clock
        self._line = line or Alone()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """For workers of this process, who need not ask others."""
        self._rung.set()

    def ring_everywhere(self) -> None:
        self._rung.set()
        self._line.tell()

    async def heard(self, seconds: float) -> None:
        """Returns when it was rung since it was last heard, and after a second at the latest: a line may be cut."""
        left = min(seconds, LOOK_AGAIN)
        while True:
            step = min(left, self._line.every)
            left -= step
            await self._rung_within(step)
            if self._rung.is_set() or left <= 0 or await self._line.news():
                break
        self._rung.clear()

    async def _rung_within(self, seconds: float) -> None:
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        ringing = asyncio.ensure_future(self._rung.wait())
        try:
            await asyncio.wait({sleeping, ringing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            ringing.cancel()
            await asyncio.gather(sleeping, ringing, return_exceptions=True)
