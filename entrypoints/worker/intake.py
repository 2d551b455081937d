"""The way in from a broker: what is fetched is handed in, committed, and only then acknowledged."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from entrypoints.logs import frames
from entrypoints.worker.bridge import Bridge
from entrypoints.worker.rejections import DEFECT, Reason, document_of, reason_of
from ports.clock import Clock
from ports.errors import UnavailableError
from ports.messages import Inbound, Message

T = TypeVar("T")
BREATHER = 1.0
_MOST_DEFECTS = 5

log = structlog.get_logger("atsbridge.intake")


class Intake:
    """Takes in what a broker delivers until it is stopped. Whatever happens to the broker, it comes back to it."""

    def __init__(self, inbound: Inbound, bridge: Bridge, clock: Clock) -> None:
        self._inbound = inbound
        self._bridge = bridge
        self._clock = clock
        self._stopping = asyncio.Event()
        self.problem: str | None = "the broker is not connected yet"
        """Why nothing is fetched just now; safe to show."""

    def stop(self) -> None:
        """Fetches nothing more; `run` returns once what was fetched is settled."""
        self._stopping.set()

    async def ready(self) -> None:
        """Raises UnavailableError while nothing can be fetched."""
        if self.problem is not None:
            raise UnavailableError(self.problem)

    async def run(self) -> None:
        """Raises nothing but cancellation: what goes wrong is logged and tried again."""
        while not self._stopping.is_set():
            try:
                await self._turn()
            except UnavailableError as error:
                self._say(error.message)
            except Exception as error:
                self._say(f"the intake failed ({type(error).__name__})", at=frames(error))
            else:
                continue
            await self._unless_stopped(self._clock.sleep(BREATHER))

    async def _turn(self) -> None:
        if await self._unless_stopped(self._opened()):
            messages = await self._unless_stopped(self._inbound.fetch())
            # Together: they share a commit.
            await asyncio.gather(*(self._settle(message) for message in messages or ()))

    async def _opened(self) -> bool:
        await self._inbound.open()
        self._say(None)
        return True

    async def _settle(self, message: Message) -> None:
        """Nothing more is fetched meanwhile: a database that is down is given no more to do."""
        while not self._stopping.is_set():
            try:
                reason = await self._reason_against(message)
            except UnavailableError as error:
                self._say(error.message)
                await self._unless_stopped(self._clock.sleep(BREATHER))
            else:
                await self._answer(message, reason)
                break

    async def _reason_against(self, message: Message) -> Reason | None:
        """None once it is accepted. Raises UnavailableError: the database does not answer."""
        try:
            await self._bridge(message.content, message.connection)
        except UnavailableError:
            raise
        except Exception as error:
            reason = reason_of(error)
            found = {"at": frames(error), "error": type(error).__name__} if reason is DEFECT else {}
            log.warning("not accepted", number=message.number, reason=reason.word, **found)
            return reason
        return None

    async def _answer(self, message: Message, reason: Reason | None) -> None:
        try:
            if reason is None:
                await self._inbound.ack(message)
            elif reason is not DEFECT or message.deliveries >= _MOST_DEFECTS:
                await self._inbound.reject(message, reason.word, document_of(message, reason, self._inbound.largest))
        except UnavailableError as error:
            self._say(error.message)  # the broker, which delivers the message again

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What comes of it, or None if it is time to stop before that."""
        tasks = (asyncio.create_task(work), asyncio.create_task(self._stopping.wait()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return tasks[0].result() if tasks[0].done() else None
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _say(self, problem: str | None, **about: object) -> None:
        """Logged when it changes: an outage is one line, not one a second."""
        if problem == self.problem:
            return
        self.problem = problem
        if problem is None:
            log.info("taking in")
        else:
            log.warning("not fetching", reason=problem, **about)
