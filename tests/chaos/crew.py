"""The crew: forked workers, what they say, and how they are ended, stopped and let go on."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

import attrs

from tests.chaos.snares import Snare
from tests.chaos.worker import GO, READY, SET, work

START_SECONDS, STOP_SECONDS = 30.0, 15.0


def nursery() -> ForkServerContext:
    """What workers are forked from: a process that has imported everything already."""
    context = get_context("forkserver")
    modules = [
        "tests.chaos.writebacks",
        "tests.chaos.webhooks",
        "tests.chaos.pulls",
        "adapters.brokers.nats",
        "asyncpg",
    ]
    context.set_forkserver_preload(modules)
    return context


@attrs.define(eq=False)
class Hand:
    """One worker. `heard` is called with each line that it says."""

    process: ForkServerProcess
    pipe: Connection
    heard: Callable[["Hand", str], None]
    ready: asyncio.Event = attrs.field(factory=asyncio.Event)
    gone: asyncio.Event = attrs.field(factory=asyncio.Event)
    snared: asyncio.Event = attrs.field(factory=asyncio.Event)
    begun: str = ""
    """The last effect that it began: kind and record."""
    stopped: bool = False

    def listen(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.pipe.fileno(), self.read)
        loop.add_reader(self.process.sentinel, self._ended)

    def read(self) -> None:
        """All that it has said by now."""
        try:
            while self.pipe.poll():
                self._take(self.pipe.recv_bytes().decode())
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self.pipe.fileno())

    def _take(self, words: str) -> None:
        if words == READY:
            self.ready.set()
        elif words == SET:
            self.snared.set()
        elif words.startswith("begun "):
            self.begun = words.removeprefix("begun ")
        self.heard(self, words)

    def _ended(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self.process.sentinel)
        self.read()
        loop.remove_reader(self.pipe.fileno())
        self.gone.set()
        self.ready.set()
        self.snared.set()

    def go(self) -> None:
        """The answer to a worker that asked."""
        with suppress(OSError):
            self.pipe.send(GO)

    async def set(self, snare: Snare | None) -> None:
        """Returns once it is set, or the worker has ended."""
        self.snared.clear()
        with suppress(OSError):
            self.pipe.send(snare)
            await self.snared.wait()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Freezes it."""
        self.stopped = True
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.stopped = False
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if not self.gone.is_set() and self.process.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    async def dismiss(self) -> None:
        """Asks it to end its work, and waits for that; makes it end if it does not."""
        self.resume()
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.gone.wait(), STOP_SECONDS)
        except TimeoutError:
            self.kill()
            await self.gone.wait()
        self.bury()

    def bury(self) -> None:
        """Nothing of it is left behind."""
        self.process.join()
        self.process.close()
        self.pipe.close()


@attrs.define
class Crew:
    """The workers of one run. `life` is what each of them does, given its orders and a pipe to the harness."""

    context: ForkServerContext
    heard: Callable[[Hand, str], None]
    life: Callable[[Any, Connection], None] = work
    hands: list[Hand] = attrs.field(factory=list)

    async def hire(self, orders: object) -> Hand:
        """A worker that is ready, or has ended before it was."""
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=self.life, args=(orders, theirs))
        process.start()
        theirs.close()
        hand = Hand(process, ours, self.heard)
        self.hands.append(hand)
        hand.listen()
        await asyncio.wait_for(hand.ready.wait(), START_SECONDS)
        return hand

    @property
    def alive(self) -> list[Hand]:
        return [hand for hand in self.hands if not hand.gone.is_set()]

    @property
    def awake(self) -> list[Hand]:
        return [hand for hand in self.alive if not hand.stopped]

    def sender(self, kind: str, record: str) -> Hand | None:
        """Who has begun such an effect on such a record last, as far as they have told."""
        for hand in self.alive:
            hand.read()
        return next((hand for hand in self.alive if hand.begun == f"{kind} {record}"), None)

    async def dismiss(self) -> None:
        """Everybody ends what they are doing."""
        await asyncio.gather(*(hand.dismiss() for hand in self.hands if not hand.gone.is_set()))
        self._bury()

    async def end(self) -> None:
        """At once, whatever they are doing."""
        for hand in self.alive:
            hand.kill()
        await asyncio.gather(*(hand.gone.wait() for hand in self.hands))
        self._bury()

    def _bury(self) -> None:
        for hand in self.hands:
            with suppress(ValueError):  # it is closed already
                hand.bury()
        self.hands.clear()
