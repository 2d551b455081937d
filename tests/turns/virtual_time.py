"""An event loop whose clock jumps to the next thing to do, so that a test of hours takes no time."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from ports.clock import Clock

TICK = 1e-6
LONGEST_WAY = 0.5
"""Real seconds in which what was sent over loopback arrives."""
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class VirtualLoop(asyncio.SelectorEventLoop):
    """While something is awaited that takes real time, a database say, the virtual one stands still."""

    def __init__(self) -> None:
        self._at = 0.0
        self.outside = 0
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
        if self._loop.outside:
            return super().select(0 if timeout == 0 else 1)
        # What has come over a socket meanwhile comes before whatever is due later.
        found = super().select(LONGEST_WAY if timeout is None else 0)
        if found:
            self._loop.jump(0)
            return found
        assert timeout is not None, "everybody waits and nothing is to come"
        self._loop.jump(timeout)
        return super().select(0)


async def later(seconds: float) -> None:
    """Waits in virtual time, and nowhere else."""
    assert isinstance(asyncio.get_running_loop(), VirtualLoop)
    await asyncio.sleep(seconds)


@contextmanager
def outside() -> Iterator[None]:
    """What is awaited here takes no virtual time."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.outside += 1
    try:
        yield
    finally:
        loop.outside -= 1


class LoopClock(Clock):
    """The clock of the loop that runs when it is made, for other threads too."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await later(seconds)


def in_virtual_time(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        await story()

    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(told())
        loop.outside += 1  # threads end in their own time
