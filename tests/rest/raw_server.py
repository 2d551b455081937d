"""A server that speaks raw HTTP, so that it can also break it."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ssl import SSLContext

import attrs


@attrs.frozen
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Act = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


class RawServer:
    """Plays `script`, an act a request; the last act goes on for ever. `seen` is what arrived, over all connections."""

    def __init__(self, script: Sequence[Act]) -> None:
        self.script = list(script)
        self.seen: list[Seen] = []
        self.connections = 0
        self.port = 0
        self.scheme = "http"
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            seen = await _read(reader)
            self.seen.append(seen)
            act = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            await act(seen, writer)

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body)


@asynccontextmanager
async def serving(*script: Act, tls: SSLContext | None = None) -> AsyncIterator[RawServer]:
    server = RawServer(script)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    server.scheme = "https" if tls else "http"
    try:
        yield server
    finally:
        listening.close()
        await server.stop()
        await listening.wait_closed()


def reply(status: int = 200, body: bytes = b'{"name": "Ann"}', **headers: str) -> Act:
    async def act(seen: Seen, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return act


def guarded(token: str) -> Act:
    """401 unless the request shows `token`."""

    async def act(seen: Seen, writer: asyncio.StreamWriter) -> None:
        good = seen.headers.get("authorization") == f"Bearer {token}"
        await (reply() if good else reply(401, b"{}"))(seen, writer)

    return act


async def hang_up(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """The request was read, maybe carried out; the reply is lost."""
    writer.transport.abort()


async def reset(seen: Seen, writer: asyncio.StreamWriter) -> None:
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hang(seen: Seen, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def hang_mid_body(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"name"')
    await writer.drain()
    await asyncio.Event().wait()


async def cut_mid_body(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"name"')
    await writer.drain()
    writer.close()


async def cut_refusal(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 422 No\r\nContent-Length: 1500\r\n\r\n{")
    await writer.drain()
    writer.close()


async def babble(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SMTP 220 hello\r\n\r\n")
    await writer.drain()
    writer.close()


def refusing_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
