"""An event loop whose clock jumps to the next thing to do, so that a test of hours takes no time."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from ports.clock import Clock
from tests.rest.rig import NOON

TICK = 1e-6


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._at = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self._at

    def jump(self, seconds: float) -> None:
        # At least a tick, or a timer that rounds to "now" would be due for ever.
        self._at += max(seconds, TICK)


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits and nothing is to come"
        self._loop.jump(timeout)
        return super().select(0)


class LoopClock(Clock):
    """The clock of the running loop."""

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def in_virtual_time(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        await story()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(told())
