"""Who goes first where several wait for a turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Courtesy:
    """Around the wait for a turn in one process: a patient one waits until nobody else does, one of them at a time."""

    def __init__(self) -> None:
        self._others = 0
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def waiting(self, patient: bool) -> AsyncIterator[None]:
        if patient:
            async with self._one_at_a_time:
                await self.nobody_else()
                yield
            return
        self._others += 1
        self._nobody.clear()
        try:
            yield
        finally:
            self._others -= 1
            if not self._others:
                self._nobody.set()

    async def nobody_else(self) -> None:
        """Returns when nobody waits who is not patient; for a patient one that had to wait for something else."""
        await self._nobody.wait()
