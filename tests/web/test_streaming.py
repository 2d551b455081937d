"""Answers in pieces: no faster than they are taken, and never taken for whole when they are not."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import pytest
from aiohttp import ClientPayloadError, web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from entrypoints.web.errors import problems
from entrypoints.web.streaming import NDJSON, streamed, takes_lines
from entrypoints.web.telemetry import server_log
from ports.errors import UnavailableError

Pieces: TypeAlias = AsyncGenerator[bytes, None]
LINE = b'{"id":"1"}\n'


@asynccontextmanager
async def a_server(pieces: Callable[[], Pieces], **parts: Any) -> AsyncIterator["TestClient[Any, Any]"]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await streamed(request, pieces(), NDJSON, **parts)

    app = web.Application(middlewares=[problems])
    app.router.add_get("/lines", handle)
    server = TestServer(app)
    await server.start_server(access_log=None, logger=server_log())
    async with TestClient(server) as client:
        yield client


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/x-ndjson", True),
        ("Application/X-NDJSON; q=1, application/json", True),
        ("text/html, application/x-ndjson, */*;q=0.1", True),
        ("application/json, application/x-ndjson", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_lines_are_sent_to_whoever_asks_for_them_first(accept: str, expected: bool) -> None:
    assert takes_lines({"Accept": accept}) is expected


async def test_all_pieces_are_sent_and_the_end_is_told() -> None:
    async def three() -> Pieces:
        for _ in range(3):
            yield LINE

    async with a_server(three) as client, client.get("/lines") as answer:
        assert answer.headers["Content-Type"] == NDJSON
        assert await answer.read() == LINE * 3


@pytest.mark.parametrize("error", [UnavailableError("the database is gone"), KeyError("a defect")])
async def test_what_fails_half_way_has_no_end(error: Exception) -> None:
    async def cut_short() -> Pieces:
        yield LINE
        raise error

    with capture_logs() as lines:
        async with a_server(cut_short) as client, client.get("/lines") as answer:
            assert answer.status == 200
            with pytest.raises(ClientPayloadError):
                await answer.read()
    assert [(one["event"], one["error"]) for one in lines] == [("an answer was cut off", type(error).__name__)]


async def test_a_client_that_goes_away_ends_the_reading() -> None:
    ended = asyncio.Event()

    async def endless() -> Pieces:
        try:
            while True:
                yield LINE * 10_000
        finally:
            ended.set()

    with capture_logs() as lines:
        async with a_server(endless) as client:
            answer = await client.get("/lines")
            await answer.content.readline()
            answer.close()
            await asyncio.wait_for(ended.wait(), 10)
    assert lines == []


async def test_no_more_is_read_than_is_taken() -> None:
    size, count, read, ahead = 1_000_000, 60, 0, 0

    async def counted() -> Pieces:
        nonlocal ahead
        for n in range(count):
            ahead = max(ahead, n * size - read)
            yield b"x" * size

    async with a_server(counted) as client, client.get("/lines") as answer:
        async for piece in answer.content.iter_any():
            read += len(piece)
    assert read == size * count
    assert ahead < 15 * size, "what the sockets of both sides hold, and no more"


async def test_a_client_that_takes_nothing_is_not_waited_for() -> None:
    ended = asyncio.Event()

    async def endless() -> Pieces:
        try:
            while True:
                yield LINE * 100_000
        finally:
            ended.set()

    with capture_logs() as lines:
        async with a_server(endless, slowest=0.05) as client:
            _, writer = await asyncio.open_connection(str(client.host), client.port, limit=1)
            writer.write(b"GET /lines HTTP/1.1\r\nHost: here\r\n\r\n")
            await asyncio.wait_for(ended.wait(), 10)
            for _ in range(100):
                await asyncio.sleep(0)
            assert client.server.handler.connections == [], "nothing is kept for a client that takes nothing"
            writer.close()
    assert [one["error"] for one in lines] == ["TimeoutError"]


async def test_a_client_that_could_not_tell_the_end_from_a_break_gets_nothing() -> None:
    async def one() -> Pieces:
        yield LINE

    async with a_server(one) as client:
        reader, writer = await asyncio.open_connection(str(client.host), client.port)
        writer.write(b"GET /lines HTTP/1.0\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert b" 505 " in answer.splitlines()[0]
    assert LINE not in answer
