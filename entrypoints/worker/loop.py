"""The loop: claim no more than can be carried out at once, keep the leases, stop without dropping anything."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

import structlog

from application.receipts import Receipts
from ports.clock import Clock
from ports.errors import UnavailableError

_POLL = 1.0
_BREATHER = 1.0
_RENEWALS_A_LEASE = 4

log = structlog.get_logger("atsbridge.worker")


class Claimed(Protocol):
    """Something in a worker's hands: a command or a pull."""

    @property
    def id(self) -> str: ...

    @property
    def kind(self) -> StrEnum: ...


C = TypeVar("C", bound=Claimed)


class Work(Protocol[C]):
    """Where it comes from: `Commands` or `Pulls`."""

    async def claim(self, most: int) -> tuple[C, ...]: ...

    async def renew(self, claims: Sequence[C]) -> Collection[str]: ...

    async def wait(self, seconds: float) -> None: ...


class Worker(Generic[C]):
    """Carries out work until it is stopped; `concurrency` at once. Times are in seconds.

    While the database has not taken a receipt, nothing new is claimed: what else is confirmed would be at risk too.
    """

    def __init__(
        self,
        work: Work[C],
        carry_out: Callable[[C], Awaitable[None]],
        clock: Clock,
        *,
        concurrency: int,
        lease_seconds: float,
        stop_seconds: float,
        receipts: Receipts | None = None,
    ) -> None:
        self._work = work
        self._carry_out = carry_out
        self._clock = clock
        self._concurrency = concurrency
        self._renew_every = lease_seconds / _RENEWALS_A_LEASE
        self._stop_seconds = stop_seconds
        self._receipts = receipts or Receipts()
        self._stopping = asyncio.Event()
        self._held: dict[asyncio.Task[None], C] = {}

    def stop(self) -> None:
        """Claims nothing more; `run` returns once what is under way has ended, or after `stop_seconds`."""
        self._stopping.set()

    async def run(self) -> None:
        """Raises nothing but cancellation: what goes wrong is logged and tried again."""
        renewing = asyncio.create_task(self._keep_leases())
        try:
            while not self._stopping.is_set():
                await self._turn()
            await self._drain()
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing

    async def _turn(self) -> None:
        free = 0 if self._receipts.in_hand else self._concurrency - len(self._held)
        claims = await self._claim(free) if free else ()
        for claim in claims:
            # By its task: a command whose lease was lost may come back while it is still attended to here.
            task = asyncio.create_task(self._attend(claim))
            self._held[task] = claim
            task.add_done_callback(self._held.pop)
        if len(claims) < free or not free:
            await self._wait()

    async def _claim(self, most: int) -> tuple[C, ...]:
        try:
            return await self._work.claim(most)
        except UnavailableError as error:
            log.warning("database unavailable", reason=error.message)
        except Exception:
            # A defect of ours, or a row that nobody can read: the others must still be served.
            log.exception("claiming failed")
        await self._clock.sleep(_BREATHER)
        return ()

    async def _wait(self) -> None:
        """Until there may be something to claim, a place is free again, or it is time to stop."""
        waits = [asyncio.create_task(self._stopping.wait()), *self._held]
        due = None
        if len(self._held) < self._concurrency:
            due = asyncio.create_task(self._work.wait(_POLL))
            waits.append(due)
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (waits[0], due):
                if task is not None:
                    task.cancel()
                    with suppress(asyncio.CancelledError, UnavailableError):
                        await task

    async def _attend(self, claim: C) -> None:
        bound = log.bind(id=claim.id, kind=str(claim.kind))
        try:
            await self._carry_out(claim)
            bound.info("attended")
        except UnavailableError as error:
            bound.warning("left to its lease", reason=error.message)
        except Exception:
            # A defect of ours: the lease runs out, and the count of such claims ends it as dead in the end.
            bound.exception("failed")

    async def _keep_leases(self) -> None:
        while True:
            await self._clock.sleep(self._renew_every)
            if self._held:
                await self._renew(tuple(self._held.values()))

    async def _renew(self, claims: tuple[C, ...]) -> None:
        try:
            lost = await self._work.renew(claims)
        except UnavailableError as error:
            log.warning("leases not renewed", reason=error.message)
        except Exception:
            log.exception("renewing failed")
        else:
            # Whoever lost its lease may still testify: it is not cancelled, the fence keeps it from deciding.
            for one in lost:
                log.warning("lease lost", id=one)

    async def _drain(self) -> None:
        tasks = tuple(self._held)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._stop_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
