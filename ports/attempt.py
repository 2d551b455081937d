"""Leave to send one unsafe request."""

from abc import abstractmethod
from typing import Protocol


class Attempt(Protocol):
    """One try at one effect. Every unsafe port method takes one; look-ups inside that method do not touch it."""

    @property
    @abstractmethod
    def marker(self) -> str:
        """Twelve hexadecimal digits by which the effect can be found again in the ATS."""

    @abstractmethod
    async def begin(self, seconds: float) -> None:
        """Called directly before the bytes leave: makes `sending` durable, with the end of the flight.

        `seconds` is the longest that the request may take. Raises `LeaseLostError` when this worker may no longer
        send; then nothing may leave.
        """
