"""Reading requests: limits before the body, strict JSON after it, and every fault of a query at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import cache
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

from aiohttp import web

from domain.errors import Fault, InvalidError
from entrypoints.decoding import decode_texts, escaped
from entrypoints.json_text import MalformedError, parse
from entrypoints.web.problems import ProblemError, bad_query

T = TypeVar("T")
C = TypeVar("C", bytes, bytearray)
LARGEST_BODY = 36 * 1024 * 1024
_LARGE = 1024 * 1024
_MOST_LARGE = 4
_MOST_OF_ONE = 2
_SLOWEST = 60.0
_NO_NEED: nullcontext[None] = nullcontext()


class Bodies:
    """Reads bodies; of large ones, and of those that do not say how large they are, a few at a time.

    No caller may have them all: whoever sends slowly would keep everybody else out.
    """

    def __init__(self) -> None:
        self._large = asyncio.Semaphore(_MOST_LARGE)
        self._shares: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def room(self, request: web.Request, caller: str, largest: int) -> AbstractAsyncContextManager[None]:
        """Held for as long as the body is in memory. Raises ProblemError (413) before anything is read."""
        # A request without either header has no body: most have none, and may take long over something else.
        length = None if "Transfer-Encoding" in request.headers else request.content_length or 0
        if length is None:
            length = largest
        if length > largest:
            raise _too_large(largest)
        return _NO_NEED if length <= _LARGE else self._large_room(caller)

    @asynccontextmanager
    async def _large_room(self, caller: str) -> AsyncIterator[None]:
        share = self._shares.setdefault(caller, asyncio.Semaphore(_MOST_OF_ONE))
        async with share, self._large:
            yield

    async def read(self, request: web.Request, takes: frozenset[str], largest: int) -> bytes:
        """Raises ProblemError: 415, 413, 408, 400."""
        _check_type(request, takes)
        try:
            if request.content.is_eof():  # it came with its headers: most do, and need no time limit
                return _no_larger(request.content.read_nowait(), largest)
            async with asyncio.timeout(_SLOWEST):
                return await _whole(request, largest)
        except TimeoutError:
            raise ProblemError(408, "too-slow", "the body took longer than 60 seconds") from None
        except (web.RequestPayloadError, ValueError):
            raise ProblemError(400, "malformed-body", "the body cannot be read as it is encoded") from None


async def _whole(request: web.Request, largest: int) -> bytes:
    """Not `request.read()`, which would keep the body for as long as the request is being worked on."""
    found = bytearray()
    async for piece in request.content.iter_any():
        found += piece
        _no_larger(found, largest)
    return bytes(found)


def _no_larger(found: C, largest: int) -> C:
    if len(found) > largest:
        raise _too_large(largest)
    return found


def _too_large(largest: int) -> ProblemError:
    most = f"{largest // _LARGE} MB" if largest >= _LARGE else f"{largest // 1024} KB"
    return ProblemError(413, "too-large", f"the body is larger than {most}")


def is_large(body: bytes) -> bool:
    """Whether decoding it would keep others waiting."""
    return len(body) > _LARGE


def _check_type(request: web.Request, takes: frozenset[str]) -> None:
    if request.headers.get("Content-Type") in takes:
        return
    charset = (request.charset or "utf-8").lower()
    if request.content_type not in takes or charset not in {"utf-8", "utf8"}:
        raise ProblemError(415, "unsupported-media-type", f"the body must be {' or '.join(sorted(takes))} in UTF-8")


def parsed(body: bytes) -> object:
    """The JSON value. Raises ProblemError (400): not JSON, a number out of range, too deep, a member named twice."""
    try:
        return parse(body)
    except MalformedError as error:
        raise ProblemError(400, "malformed-json", f"the body {error}") from None


def query_of(request: web.Request, kind: type[T]) -> T:
    """Raises ProblemError (400) with every fault."""
    if not request.rel_url.raw_query_string:
        of: Any = kind
        return cast(T, _unasked(of))
    query = request.query
    faults = [Fault(f"/query/{escaped(name)}", "is given twice") for name in set(query) if len(query.getall(name)) > 1]
    try:
        found = decode_texts(dict(query), kind, "/query")
    except InvalidError as error:
        faults.extend(error.faults)
    if faults:
        raise bad_query(*faults)
    return found


@cache
def _unasked(kind: Any) -> object:
    """What no query at all means. Raises ProblemError (400) where something must be asked."""
    try:
        return decode_texts({}, kind, "/query")
    except InvalidError as error:
        raise bad_query(*error.faults) from None
