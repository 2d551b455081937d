"""Time, as a thing we are given."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time, monotonic time and waiting; tests give one that does not wait."""

    @abstractmethod
    def now(self) -> datetime:
        """The time of day, aware, in UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Wait, letting others run."""
