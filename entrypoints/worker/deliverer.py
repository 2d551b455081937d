"""The deliverer: claims no more than it may have under way, and lets no endpoint keep the others waiting."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import attrs
import structlog

from domain.delivery import SLOW_SECONDS
from domain.ids import EndpointId
from ports.clock import Clock
from ports.errors import UnavailableError
from ports.webhooks import Deliveries, Errand

_POLL = 1.0
_BREATHER = 1.0
_GATHER, _LONGER = 0.005, 0.05
"""Seconds in which more requests may end: one claim for many costs little more than for one."""
_SHARE = 2
"""Of its places a worker fills up a half at once: the others are under way meanwhile."""

log = structlog.get_logger("atsbridge.webhooks")


@attrs.frozen
class _UnderWay:
    """A request, and when it began."""

    endpoint: EndpointId
    began: float


class Deliverer:
    """Delivers until it is stopped: `concurrency` requests at once, `each` to one endpoint."""

    def __init__(
        self,
        deliveries: Deliveries,
        deliver: Callable[[Errand], Awaitable[None]],
        clock: Clock,
        *,
        concurrency: int,
        each: int,
        stop_seconds: float,
    ) -> None:
        self._deliveries = deliveries
        self._deliver = deliver
        self._clock = clock
        self._concurrency = concurrency
        self._each = each
        self._stop_seconds = stop_seconds
        self._stopping = False
        self._stirred = asyncio.Event()
        self._emptied = asyncio.Event()
        self._held: dict[asyncio.Task[None], _UnderWay] = {}

    def stop(self) -> None:
        """Claims nothing more; `run` returns once what is under way has ended, or after `stop_seconds`."""
        self._stopping = True
        self._stirred.set()
        self._emptied.set()

    async def run(self) -> None:
        """Raises nothing but cancellation: what goes wrong is logged and tried again."""
        try:
            while not self._stopping:
                await self._turn()
        finally:
            await self._drain()

    async def _turn(self) -> None:
        free = self._concurrency - len(self._held)
        errands = await self._claim(free) if free else ()
        now = self._clock.monotonic()
        for errand in errands:
            task = asyncio.create_task(self._attend(errand))
            self._held[task] = _UnderWay(errand.endpoint, now)
            task.add_done_callback(self._ended)
        await self._wait(free=free > len(errands))

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._held[task]
        self._stirred.set()
        if (self._concurrency - len(self._held)) * _SHARE >= self._concurrency:
            self._emptied.set()

    async def _claim(self, most: int) -> tuple[Errand, ...]:
        late = self._clock.monotonic() - SLOW_SECONDS
        in_hand = Counter(one.endpoint for one in self._held.values())
        slow = {one.endpoint for one in self._held.values() if one.began < late}
        try:
            return await self._deliveries.claim(most, self._each, in_hand, slow)
        except UnavailableError as error:
            log.warning("database unavailable", reason=error.message)
        except Exception:
            # A defect of ours, or a row that nobody can read: the others must still be served.
            log.exception("claiming failed")
        await self._clock.sleep(_BREATHER)
        return ()

    async def _wait(self, *, free: bool) -> None:
        """Until some places are free, or (if some are) until there may be something to claim."""
        if free:
            await self._first(self._stirred.wait(), self._deliveries.wait(_POLL))
            await self._clock.sleep(_GATHER)
        else:
            await self._first(self._stirred.wait())
            await self._first(self._emptied.wait(), self._clock.sleep(_LONGER))
        self._stirred.clear()
        self._emptied.clear()

    async def _first(self, *waits: Coroutine[Any, Any, object]) -> None:
        """Until one of them ends; none are waited for by whoever stops."""
        tasks = [asyncio.create_task(wait) for wait in waits]
        try:
            if not self._stopping:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError, UnavailableError):
                    await task

    async def _attend(self, errand: Errand) -> None:
        try:
            await self._deliver(errand)
        except UnavailableError as error:
            log.warning("left to its lease", delivery=errand.delivery, reason=error.message)
        except Exception:
            # A defect of ours: the lease runs out, and it is tried again.
            log.exception("delivery failed", delivery=errand.delivery)

    async def _drain(self) -> None:
        tasks = tuple(self._held)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._stop_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
