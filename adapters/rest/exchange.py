"""One request and its answer: no retry, no judgement, no redirect, and never twice what must go once."""

import asyncio
from collections.abc import Mapping, Sequence
from enum import Enum, auto

import aiohttp
import attrs
from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_middlewares import ClientHandlerType, ClientMiddlewareType
from yarl import URL

from adapters.rest.answer import Answer
from adapters.rest.sessions import Session

LONGEST_CONNECT = 10.0  # seconds
LARGEST_REFUSAL = 64 * 1024  # bytes of a refusal that are looked at
CHUNK = 64 * 1024
LARGEST_PIECE = 256 * 1024  # bytes of a body that are handed over in one


class Break(Enum):
    """How an exchange failed to give an answer."""

    NEVER_SENT = auto()
    UNTRUSTED = auto()
    TIMED_OUT = auto()
    OVERSIZE = auto()
    LOST = auto()


@attrs.frozen
class Broken:
    """No answer. `cause` is the name of the exception's class: its text may hold the address with its query."""

    how: Break
    cause: str


@attrs.frozen(kw_only=True)
class Request:
    """All that leaves; without `parts` no body.

    `seconds` bounds the whole exchange, `largest` the bytes of a good answer.
    """

    method: str
    url: URL = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(repr=False)
    parts: tuple[bytes, ...] = attrs.field(repr=False)
    seconds: float
    largest: int
    repeatable: bool


class OversizeError(aiohttp.ClientError):
    """The answer is larger than its row allows."""


class SecondSendError(aiohttp.ClientError):
    """aiohttp was about to send an unsafe request again."""


def once() -> ClientMiddlewareType:
    """Leave for one send. aiohttp by itself repeats PUT and DELETE when the reply is lost; this stops it."""
    used = False

    async def pass_once(request: aiohttp.ClientRequest, handler: ClientHandlerType) -> aiohttp.ClientResponse:
        nonlocal used
        if used:
            raise SecondSendError
        used = True
        return await handler(request)

    return pass_once


async def exchange(session: Session, request: Request) -> Answer | Broken:
    """Send, and read the answer within its time and size. Failures are returned, so that none carries its cause."""
    try:
        async with asyncio.timeout(request.seconds), _sent(session, request) as response:
            return Answer(response.status, response.headers, await _read(response, request.largest))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Broken(_how(error), type(error).__name__)


def _sent(session: Session, request: Request) -> aiohttp.client._RequestContextManager:
    return session.request(
        request.method,
        request.url,
        data=_data(request.parts),
        headers=request.headers,
        allow_redirects=False,
        timeout=_timeout(request),
        middlewares=() if request.repeatable else (once(),),
    )


class _Parts(aiohttp.Payload):
    """A large body, written piece by piece as the other side takes it: nothing of it is copied or piled up."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        super().__init__(parts)
        self._size = sum(map(len, parts))

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return b"".join(self._value).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for part in self._value:
            for start in range(0, len(part), CHUNK):
                await writer.write(memoryview(part)[start : start + CHUNK])


def _data(parts: Sequence[bytes]) -> bytes | _Parts | None:
    if not parts:
        return None
    return _Parts(parts) if sum(map(len, parts)) > LARGEST_PIECE else b"".join(parts)


def _timeout(request: Request) -> aiohttp.ClientTimeout:
    # Within half the time a connection stands or we know for sure that nothing was sent. For an unsafe request that
    # includes the wait for a free connection.
    connect = min(LONGEST_CONNECT, request.seconds / 2)
    if request.repeatable:
        return aiohttp.ClientTimeout(total=None, sock_connect=connect)
    return aiohttp.ClientTimeout(total=None, connect=connect)


async def _read(response: aiohttp.ClientResponse, largest: int) -> bytes:
    if response.status >= 300:
        return await _read_refusal(response)
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > largest:
            raise OversizeError
    return bytes(body)


async def _read_refusal(response: aiohttp.ClientResponse) -> bytes:
    # The status alone says what it is; the body may be huge or cut off.
    body = bytearray()
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) >= LARGEST_REFUSAL:
                break
    except aiohttp.ClientError:
        pass
    return bytes(body[:LARGEST_REFUSAL])


# The first that fits counts: certificate errors are connector errors, and connection time-outs are time-outs.
_BREAKS: tuple[tuple[type[BaseException], Break], ...] = (
    (aiohttp.ClientSSLError, Break.UNTRUSTED),
    (aiohttp.ServerFingerprintMismatch, Break.UNTRUSTED),
    (aiohttp.ClientConnectorError, Break.NEVER_SENT),
    (aiohttp.ConnectionTimeoutError, Break.NEVER_SENT),
    (TimeoutError, Break.TIMED_OUT),
    (OversizeError, Break.OVERSIZE),
)


def _how(error: BaseException) -> Break:
    return next((how for kind, how in _BREAKS if isinstance(error, kind)), Break.LOST)
