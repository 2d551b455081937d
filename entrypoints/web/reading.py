"""Reading requests: limits before the body, strict JSON after it, and every fault of a query at once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from domain.errors import Fault, InvalidError
from entrypoints.decoding import decode_texts, escaped
from entrypoints.web.problems import ProblemError

T = TypeVar("T")
LARGEST_BODY = 36 * 1024 * 1024
_LARGE = 1024 * 1024
_MOST_LARGE = 4
_SLOWEST = 60.0
_DEEPEST = 64
_NAMES = re.compile(rb'"\s*:')


class Bodies:
    """Reads bodies; of large ones, and of those that do not say how large they are, a few at a time."""

    def __init__(self) -> None:
        self._large = asyncio.Semaphore(_MOST_LARGE)

    @asynccontextmanager
    async def room(self, request: web.Request) -> AsyncIterator[None]:
        """Held for as long as the body is in memory. Raises ProblemError (413) before anything is read."""
        # A request without either header has no body: most have none, and may take long over something else.
        length = None if "Transfer-Encoding" in request.headers else request.content_length or 0
        if length is not None and length > LARGEST_BODY:
            raise _too_large()
        if length is not None and length <= _LARGE:
            yield
        else:
            async with self._large:
                yield

    async def read(self, request: web.Request, takes: frozenset[str]) -> bytes:
        """Raises ProblemError: 415, 413, 408, 400."""
        _check_type(request, takes)
        try:
            async with asyncio.timeout(_SLOWEST):
                return await _whole(request)
        except TimeoutError:
            raise ProblemError(408, "too-slow", "the body took longer than 60 seconds") from None
        except (web.RequestPayloadError, ValueError):
            raise ProblemError(400, "malformed-body", "the body cannot be read as it is encoded") from None


async def _whole(request: web.Request) -> bytes:
    """Not `request.read()`, which would keep the body for as long as the request is being worked on."""
    found = bytearray()
    async for piece in request.content.iter_any():
        found += piece
        if len(found) > LARGEST_BODY:
            raise _too_large()
    return bytes(found)


def _too_large() -> ProblemError:
    return ProblemError(413, "too-large", "the body is larger than 36 MB")


def is_large(body: bytes) -> bool:
    """Whether decoding it would keep others waiting."""
    return len(body) > _LARGE


def _check_type(request: web.Request, takes: frozenset[str]) -> None:
    charset = (request.charset or "utf-8").lower()
    if request.content_type not in takes or charset not in {"utf-8", "utf8"}:
        raise ProblemError(415, "unsupported-media-type", f"the body must be {' or '.join(sorted(takes))} in UTF-8")


def parsed(body: bytes) -> object:
    """The JSON value. Raises ProblemError (400): not JSON, a number out of range, too deep, a member named twice."""
    try:
        raw: object = msgspec.json.decode(body)
        names = _count_names(raw, _DEEPEST)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _malformed("the body is not JSON that can be read") from None
    if len(_NAMES.findall(body)) != names:
        json.loads(body, object_pairs_hook=_without_repeats)
    return raw


def _count_names(value: Any, deepest: int) -> int:
    """How many members the objects have: as many as the text names, unless one of them is named twice."""
    if deepest == 0:
        raise RecursionError
    own = len(value) if isinstance(value, dict) else 0
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return own + sum(_count_names(part, deepest - 1) for part in parts if isinstance(part, dict | list))


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _malformed("an object of the body names a member twice")
    return found


def _malformed(why: str) -> ProblemError:
    return ProblemError(400, "malformed-json", why)


def query_of(request: web.Request, kind: type[T]) -> T:
    """Raises ProblemError (400) with every fault."""
    query = request.query
    faults = [Fault(f"/query/{escaped(name)}", "is given twice") for name in set(query) if len(query.getall(name)) > 1]
    try:
        found = decode_texts(dict(query), kind, "/query")
    except InvalidError as error:
        faults.extend(error.faults)
    if faults:
        raise ProblemError(400, "invalid-query", "the query is not as described", faults=tuple(faults))
    return found
