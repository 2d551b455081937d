"""Places within one process, which may become fewer and more."""

import asyncio
from types import TracebackType


class Places:
    """At most `number` are inside at once; whoever comes later waits, in order of arrival."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._surplus = 0  # of those inside, as many do not give their place back
        self._free = asyncio.Semaphore(number)

    async def __aenter__(self) -> None:
        await self._free.acquire()

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._surplus > 0:
            self._surplus -= 1
        else:
            self._free.release()

    async def become(self, number: int) -> None:
        """From now on so many. Who is inside stays there."""
        self._surplus += self._number - number
        self._number = number
        while self._surplus > 0 and not self._free.locked():
            self._surplus -= 1
            await self._free.acquire()
        while self._surplus < 0:
            self._surplus += 1
            self._free.release()
