"""One log-in at a time for all who wait for it in this process."""

import asyncio
from collections.abc import Awaitable, Callable

from ports.turns import Token


class Flight:
    """Whoever comes while it is under way waits for the same end, also for the same error."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Token] | None = None

    async def join(self, fly: Callable[[], Awaitable[Token]]) -> Token:
        if self._task is None or self._task.get_loop() is not asyncio.get_running_loop():
            self._task = asyncio.create_task(self._flown(fly))
            # Reading the exception keeps asyncio quiet when nobody waits any more.
            self._task.add_done_callback(lambda task: task.cancelled() or task.exception())
        # Shielded: whoever came first may be cancelled while others still wait for the same log-in.
        return await asyncio.shield(self._task)

    async def _flown(self, fly: Callable[[], Awaitable[Token]]) -> Token:
        try:
            return await fly()
        finally:
            self._task = None
