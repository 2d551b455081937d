"""The keepers of turns that the suites run on: each is a line in KEEPERS."""

import asyncio
from collections.abc import Callable

from adapters.turns.in_process import InProcessTurns
from domain.ids import ConnectionId
from ports.clock import Clock
from ports.turns import Host, Token, Turns

Factory = Callable[[Clock], Turns]
KEEPERS: dict[str, Factory] = {"in process": InProcessTurns}

ONE = Host(ConnectionId("con_1"), "standard")
OTHER = Host(ConnectionId("con_1"), "legacy")
STRANGER = Host(ConnectionId("con_2"), "standard")


class LogIns:
    """Log-ins that wait for `open`, and count."""

    def __init__(self, clock: Clock, error: Exception | None = None, lifetime: float = 1e9) -> None:
        self.count = 0
        self.open = asyncio.Event()
        self.open.set()
        self._clock = clock
        self._error = error
        self._lifetime = lifetime

    async def __call__(self) -> Token:
        self.count += 1
        await self.open.wait()
        if self._error:
            raise self._error
        return Token(f"secret {self.count}", self._clock.monotonic() + self._lifetime)


async def settle(tasks: list[asyncio.Task[Token]]) -> None:
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)
