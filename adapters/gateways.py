"""Opening connections: row, credentials, sessions of the right trust, and the provider's own way to connect."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from ssl import SSLContext
from types import TracebackType
from typing import Self

import attrs
from aiohttp.abc import AbstractResolver

from adapters import providers
from adapters.deps import Deps, Unverified
from adapters.patience import PatientTurns
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import Pair, guarded, legacy, verified
from domain.errors import InvalidError
from domain.ids import ConnectionId
from ports.clock import Clock
from ports.connections import Connection, Connections, ConnectionStore
from ports.errors import AccessError
from ports.gateway import Gateway
from ports.intake import Intake
from ports.outbox import Outbox
from ports.scope import Scope
from ports.turns import Turns
from ports.vault import SealError


@attrs.frozen
class _Opened:
    revision: int
    gateway: Gateway


class Gateways(Connections):
    """Gateways, kept by connection and revision; an async context manager that closes the sessions at its end.

    `exempt` are the hosts that the operator lets go unverified besides the known one and loopback. `resolver` and
    `ssl_context` replace the system's.
    """

    def __init__(
        self,
        *,
        store: ConnectionStore,
        turns: Turns,
        clock: Clock,
        retry: RetryPolicy | None = None,
        exempt: Collection[str] = (),
        intake: Intake | None = None,
        outbox: Outbox | None = None,
        resolver: AbstractResolver | None = None,
        ssl_context: SSLContext | None = None,
    ) -> None:
        self._store = store
        self._deps = Deps(turns=turns, clock=clock, retry=retry or RetryPolicy(), intake=intake, outbox=outbox)
        self._exempt = frozenset(exempt)
        self._resolver = resolver
        self._ssl_context = ssl_context
        self._opened: dict[tuple[ConnectionId, bool], _Opened] = {}
        self._legacy: dict[Unverified, Pair] = {}
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        whole = verified(resolver=self._resolver, ssl_context=self._ssl_context)
        public = guarded(resolver=self._resolver, ssl_context=self._ssl_context)
        self._deps = attrs.evolve(
            self._deps,
            verified=await self._stack.enter_async_context(whole),
            guarded=await self._stack.enter_async_context(public),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.clear()
        self._legacy.clear()
        await self._stack.aclose()

    async def open(
        self, scope: Scope, connection: ConnectionId, *, patient: bool = False
    ) -> tuple[Connection, Gateway]:
        """Raises NotFoundError; AccessError when what is kept cannot be used any more."""
        row = await self._store.get(scope, connection)
        kept = self._kept(row, patient)
        if kept is not None:
            return row, kept
        async with self._opening:
            # Somebody else may have opened it while we waited.
            kept = self._kept(row, patient)
            return (row, kept) if kept is not None else await self._renewed(scope, row, patient)

    def _kept(self, row: Connection, patient: bool) -> Gateway | None:
        opened = self._opened.get((row.id, patient))
        return opened.gateway if opened is not None and opened.revision >= row.revision else None

    async def _renewed(self, scope: Scope, row: Connection, patient: bool) -> tuple[Connection, Gateway]:
        credentials = await self._credentials(row)
        while (again := await self._store.get(scope, row.id)).revision != row.revision:
            # Changed between the two reads: credentials of one revision never go to the hosts of another.
            row, credentials = again, await self._credentials(again)
        gateway = await self._connected(row, credentials, patient)
        self._opened[row.id, patient] = _Opened(row.revision, gateway)
        return row, gateway

    async def _credentials(self, row: Connection) -> Mapping[str, str]:
        try:
            return await self._store.credentials(row.id)
        except SealError:
            raise AccessError("the credentials cannot be opened here: send them again", provider=row.provider) from None

    async def _connected(self, row: Connection, credentials: Mapping[str, str], patient: bool) -> Gateway:
        entry = providers.entry(row.provider)
        try:
            unverified = entry.unverified(row.settings)
            pair = None if unverified is None else await self._unverified(unverified)
            turns = PatientTurns(self._deps.turns) if patient else self._deps.turns
            deps = attrs.evolve(self._deps, turns=turns, legacy=pair, revision=row.revision)
            return entry.connect(row.id, row.settings, credentials, deps)
        except InvalidError as error:
            # Settings of another version, or a host that the operator has stopped to exempt.
            raise AccessError(f"the connection's settings will not do: {error}", provider=row.provider) from None

    async def _unverified(self, host: Unverified) -> Pair:
        if host not in self._legacy:
            sessions = legacy(host.origin, pin=host.pin, exempt=self._exempt, resolver=self._resolver)
            self._legacy[host] = await self._stack.enter_async_context(sessions)
        return self._legacy[host]
