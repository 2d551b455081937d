"""Answers that go out piece by piece, as fast as the client takes them; one that fails half-way has no clean end."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import structlog
from aiohttp import HttpVersion11, web

from entrypoints.logs import frames
from entrypoints.web.problems import CutOffError, ProblemError

NDJSON = "application/x-ndjson"
_JSON = frozenset({"application/json", "application/*", "*/*"})
_SLOWEST = 120.0
_log = structlog.get_logger("atsbridge.web")


def takes_lines(headers: Mapping[str, str]) -> bool:
    """Whether the client would rather have NDJSON: it names that before JSON."""
    named = [one.partition(";")[0].strip().lower() for one in headers.get("Accept", "").split(",")]
    return next((one == NDJSON for one in named if one == NDJSON or one in _JSON), False)


async def streamed(
    request: web.Request, pieces: AsyncGenerator[bytes, None], media_type: str, *, slowest: float = _SLOWEST
) -> web.StreamResponse:
    """Sends them; each must be taken within `slowest` seconds.

    Raises ProblemError (505), and CutOffError once something has been sent.
    """
    async with aclosing(pieces):
        # An older client knows the end only by the connection's: it would take a part for all.
        if request.version < HttpVersion11:
            raise ProblemError(505, "http-version", "lines are sent over HTTP/1.1 only: it tells an end from a break")
        response = web.StreamResponse(headers={"Content-Type": media_type})
        response.enable_chunked_encoding()
        await response.prepare(request)
        try:
            async for piece in pieces:
                async with asyncio.timeout(slowest):
                    await response.write(piece)
        except BaseException as error:
            _break_off(request)
            if isinstance(error, Exception):
                raise _cut_off(error) from None
            raise
    return response


def _break_off(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _cut_off(error: Exception) -> CutOffError:
    if not isinstance(error, ConnectionError):
        _log.warning("an answer was cut off", error=type(error).__name__, at=frames(error))
    return CutOffError("the answer was cut off")
