"""Turns for somebody who is in no hurry."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from ports.turns import LONGEST_FLIGHT, Host, Rate, Token, Turns


class PatientTurns(Turns):
    """The same turns, for somebody who lets all others go first."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def take(
        self,
        host: Host,
        rate: Rate,
        *,
        flight: float = LONGEST_FLIGHT,
        patient: bool = True,  # noqa: ARG002 - whoever was opened so is so in everything
    ) -> AbstractAsyncContextManager[None]:
        return self._turns.take(host, rate, flight=flight, patient=True)

    async def bear(self, host: Host, in_flight: int) -> None:
        await self._turns.bear(host, in_flight)

    async def hold_back(self, host: Host, seconds: float) -> None:
        await self._turns.hold_back(host, seconds)

    async def token(self, host: Host, log_in: Callable[[], Awaitable[Token]], *, unlike: int | None = None) -> Token:
        return await self._turns.token(host, log_in, unlike=unlike)
