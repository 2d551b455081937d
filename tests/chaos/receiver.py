"""A receiver of webhooks that fails at random, and remembers all that came."""

import asyncio
import random
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from enum import StrEnum

import attrs

from tests.chaos.servers import CLOCK

MOST_FAILURES = 5
"""Of one event at one endpoint: an endpoint that is away for ten attempts is told so, and that is no loss."""


class Fate(StrEnum):
    """What becomes of a request."""

    TAKEN = "taken"
    TAKEN_SLOWLY = "taken slowly"
    TAKEN_UNENDING = "taken, an answer that does not end"
    ERROR = "500"
    BUSY = "503"
    ELSEWHERE = "redirect"
    RESET_BEFORE = "reset before it is read"
    RESET_AFTER = "reset after it is read"
    SILENT = "no answer"


_TAKEN = (Fate.TAKEN, Fate.TAKEN_SLOWLY, Fate.TAKEN_UNENDING)
_WEIGHTS = {
    Fate.TAKEN: 60,
    Fate.TAKEN_SLOWLY: 6,
    Fate.TAKEN_UNENDING: 2,
    Fate.ERROR: 8,
    Fate.BUSY: 8,
    Fate.ELSEWHERE: 4,
    Fate.RESET_BEFORE: 5,
    Fate.RESET_AFTER: 5,
    Fate.SILENT: 2,
}
_ANSWERS = {
    Fate.TAKEN: b"HTTP/1.1 204 No Content\r\n\r\n",
    Fate.TAKEN_SLOWLY: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    Fate.TAKEN_UNENDING: b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\nok",
    Fate.ERROR: b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops",
    Fate.BUSY: b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
    Fate.ELSEWHERE: b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
}


@attrs.frozen(kw_only=True)
class Arrival:
    """A request that was read to its end. `taken`: it was answered with a success."""

    endpoint: str
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)
    taken: bool


@attrs.define
class Receiver:
    """The endpoint is the path. `told` hears `arrived` and `answered`, at the moment of it."""

    rng: random.Random
    told: Callable[[str], None] = attrs.field(default=lambda _moment: None)
    arrivals: list[Arrival] = attrs.field(factory=list)
    port: int = 0
    failed: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    talks: set[asyncio.Task[None]] = attrs.field(factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.talks.add(task)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self.talks.discard(task)
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether there may be another on this connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        endpoint = head[0].split(" ")[1].removeprefix("/")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        fate = self._fate(endpoint, headers.get("webhook-id", ""))
        if fate is Fate.RESET_BEFORE:
            _reset(writer)
            return False
        body = await reader.readexactly(int(headers["content-length"]))
        self.arrivals.append(Arrival(endpoint=endpoint, headers=headers, body=body, taken=fate in _TAKEN))
        self.told("arrived")
        if fate is Fate.RESET_AFTER:
            _reset(writer)
            return False
        if fate is Fate.TAKEN_SLOWLY:
            await CLOCK.sleep(0.1)
        if fate is not Fate.SILENT:
            writer.write(_ANSWERS[fate])
            await writer.drain()
            self.told("answered")
        return True

    def _fate(self, endpoint: str, event: str) -> Fate:
        name = (endpoint, event)
        fate = self.rng.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0]
        if fate not in _TAKEN:
            self.failed[name] += 1
            if self.failed[name] > MOST_FAILURES:
                return Fate.TAKEN
        return fate

    async def end(self) -> None:
        talks = list(self.talks)
        for one in talks:
            one.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def receiving(rng: random.Random) -> AsyncIterator[Receiver]:
    receiver = Receiver(rng)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await receiver.end()
        await server.wait_closed()
