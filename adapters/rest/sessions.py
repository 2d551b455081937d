"""Sessions by trust. The only place that opens one, and the only place where verification can be off."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_address
from socket import AddressFamily
from ssl import SSLContext
from typing import Any

import aiohttp
import attrs
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from adapters.rest.networks import Network, PooledResolver, only_public
from domain.errors import InvalidError

LEGACY_HOST = "webapi.myagilus.ca"
DNS_SECONDS = 60
_PIN = re.compile(r"[0-9a-f]{64}")


Session = aiohttp.ClientSession


@attrs.frozen
class Pair:
    """Two sessions of one trust: `reads` keeps its connections; `writes` opens one for each request, because a kept
    connection that the server has just closed would leave an unsafe request with an unknown outcome.

    `origin` is the only one they can reach, or None for any.
    """

    reads: Session
    writes: Session
    origin: URL | None = None


class ForeignOriginError(aiohttp.ClientConnectionError):
    """A session that is bound to one origin was sent elsewhere; nothing left."""


@asynccontextmanager
async def verified(
    *, resolver: AbstractResolver | None = None, ssl_context: SSLContext | None = None
) -> AsyncIterator[Pair]:
    """Sessions that check every certificate. `resolver` and `ssl_context` replace the system's."""
    options: dict[str, Any] = {"resolver": resolver, "ssl": ssl_context or True}
    async with AsyncExitStack() as stack:
        yield Pair(
            await stack.enter_async_context(_session(_connector(_PunctualConnector, options, keep=True))),
            await stack.enter_async_context(_session(_connector(_PunctualConnector, options, keep=False))),
        )


@asynccontextmanager
async def guarded(
    *,
    allowed: Collection[Network] = (),
    resolver: AbstractResolver | None = None,
    ssl_context: SSLContext | None = None,
) -> AsyncIterator[Pair]:
    """As `verified`, for addresses that others name: what is neither public nor in `allowed` is not connected to."""
    options: dict[str, Any] = {"resolver": resolver, "ssl": ssl_context or True, "socket_factory": only_public(allowed)}
    async with AsyncExitStack() as stack:
        yield Pair(
            await stack.enter_async_context(_session(_connector(_PunctualConnector, options, keep=True))),
            await stack.enter_async_context(_session(_connector(_PunctualConnector, options, keep=False))),
        )


@asynccontextmanager
async def receivers(
    *,
    allowed: Collection[Network] = (),
    resolver: AbstractResolver | None = None,
    ssl_context: SSLContext | None = None,
) -> AsyncIterator[Session]:
    """One session for webhooks: as `guarded`, with kept connections, and no limit but that of whoever sends.

    A kept connection leads to the address that was judged when it was made. Answers are not decompressed.
    """
    options: dict[str, Any] = {"ssl": ssl_context or True, "socket_factory": only_public(allowed)}
    names = resolver or PooledResolver()
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=15, resolver=names, **options)
    async with Session(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False
    ) as session:
        yield session


@asynccontextmanager
async def legacy(
    origin: str, *, pin: str | None = None, exempt: Collection[str] = (), resolver: AbstractResolver | None = None
) -> AsyncIterator[Pair]:
    """Sessions for one https origin whose chain cannot be verified; they reach nothing else.

    With `pin` (SHA-256 of the certificate's DER form, hexadecimal) only that certificate is accepted; without it any.
    `exempt` are the host names that the operator allows besides the known one and loopback. Raises `InvalidError`
    for an origin that may not be exempted and for a pin that is none.
    """
    only = exempted(origin, exempt)
    inner = resolver or aiohttp.ThreadedResolver()
    trust: bool | aiohttp.Fingerprint = _fingerprint(pin) if pin is not None else False
    options: dict[str, Any] = {"origin": only, "resolver": OneName(only.raw_host or "", inner), "ssl": trust}
    async with AsyncExitStack() as stack:
        yield Pair(
            await stack.enter_async_context(_session(_connector(_BoundConnector, options, keep=True))),
            await stack.enter_async_context(_session(_connector(_BoundConnector, options, keep=False))),
            only,
        )


def exempted(origin: str, exempt: Collection[str] = ()) -> URL:
    """The origin of `origin`, if its certificate may go unverified; raises `InvalidError` if not."""
    try:
        only = URL(origin).origin()
    except ValueError:
        raise InvalidError.at("", "must be an absolute https address") from None
    host = only.raw_host or ""
    if only.scheme != "https":
        raise InvalidError.at("", "must be https: an exemption from verification means nothing elsewhere")
    if host not in {LEGACY_HOST, *exempt} and not _is_loopback(host):
        raise InvalidError.at("", f"{host} may not go unverified: TLS_EXEMPT_HOSTS does not name it")
    return only


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _fingerprint(pin: str) -> aiohttp.Fingerprint:
    digest = pin.replace(":", "").lower()
    if not _PIN.fullmatch(digest):
        raise InvalidError.at("", "the pin must be a SHA-256 digest: 64 hexadecimal digits")
    return aiohttp.Fingerprint(bytes.fromhex(digest))


def _connector(kind: type[aiohttp.TCPConnector], options: dict[str, Any], *, keep: bool) -> aiohttp.TCPConnector:
    return kind(limit=100, limit_per_host=10, ttl_dns_cache=DNS_SECONDS, force_close=not keep, **options)


def _session(connector: aiohttp.TCPConnector) -> Session:
    # No cookies: they would travel from one customer to the next. No credentials here: they belong to a request.
    return Session(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=True)


class _PunctualConnector(aiohttp.TCPConnector):
    """Gives up a connection that is late. The time-out alone does not: where the process stood still it comes too late,
    and who waited for the connection may send before that.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Any],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the signature is aiohttp's
    ) -> aiohttp.connector.Connection:
        clock = asyncio.get_running_loop().time
        begun = clock()
        connection = await super().connect(req, traces, timeout)
        if timeout.connect is not None and clock() - begun > timeout.connect:
            connection.close()
            raise aiohttp.ConnectionTimeoutError
        return connection


class _BoundConnector(_PunctualConnector):
    """Connects to one scheme, host and port: whatever leads elsewhere (a redirect, a literal address) ends here."""

    def __init__(self, *, origin: URL, **options: Any) -> None:
        super().__init__(**options)
        self._origin = origin

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Any],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the signature is aiohttp's
    ) -> aiohttp.connector.Connection:
        if req.url.origin() != self._origin:
            raise ForeignOriginError
        return await super().connect(req, traces, timeout)


class OneName(AbstractResolver):
    """Resolves one name and no other."""

    def __init__(self, name: str, inner: AbstractResolver) -> None:
        self._name = name
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        if host != self._name:
            raise OSError("this session reaches one host only")
        return await self._inner.resolve(host, port, family)

    async def close(self) -> None:
        await self._inner.close()
