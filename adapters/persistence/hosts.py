"""Turns and tokens of ATS hosts in rows that every process sees, on the database's time."""

import math

from adapters.persistence.database import Database
from adapters.persistence.host_places import Left, Seat, occupy, vacate
from adapters.persistence.host_tokens import Kept, Known, Lease, keep, known, lease, release
from adapters.persistence.host_turns import Hush, Order, ahead, hush, reserve, silence
from adapters.persistence.moments import span
from ports.hosts import Hosts, Standing
from ports.turns import Host, Token
from ports.vault import SealError, Vault


class HostTables(Hosts):
    """Tokens are sealed before they come here; the seal names connection, revision and host."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def reserve(self, host: Host, turns: int, interval: float, patience: float) -> float:
        order = Order(host, turns * math.ceil(interval * 1_000_000), span(patience))
        return await self._database.write(reserve, order)

    async def ahead(self, host: Host) -> float:
        return await self._database.read(lambda c: ahead(c, host))

    async def occupy(self, host: Host, holder: str, in_flight: int, seconds: float) -> bool:
        return await self._database.write(occupy, Seat(host, holder, in_flight, span(seconds)))

    async def vacate(self, host: Host, holder: str, bears: int | None) -> None:
        await self._database.write(vacate, Left(host, holder, bears))

    async def hush(self, host: Host, seconds: float) -> None:
        await self._database.write(hush, Hush(host, span(seconds)))

    async def silence(self, host: Host) -> float:
        return await self._database.read(lambda c: silence(c, host))

    async def standing(self, host: Host) -> Standing:
        found = await self._database.read(lambda c: known(c, host))
        if found is None:
            return Standing()
        token = self._opened(host, found)
        return Standing(found.version, token, found.awaited)

    async def lease(self, host: Host, holder: str, version: int, seconds: float) -> bool:
        return await self._database.write(lease, Lease(host, holder, version, span(seconds)))

    async def keep(self, host: Host, holder: str, token: Token) -> Token | None:
        sealed = self._vault.seal(host.connection, host.revision, {_name(host): token.secret})
        version = await self._database.write(keep, Kept(host, holder, sealed, span(token.fresh_for)))
        return None if version is None else Token(token.secret, token.fresh_for, version)

    async def release(self, host: Host, holder: str) -> None:
        await self._database.write(release, (host, holder))

    def _opened(self, host: Host, known: Known) -> Token | None:
        if known.sealed is None:
            return None
        try:
            secret = self._vault.unseal(host.connection, host.revision, known.sealed).get(_name(host))
        except SealError:
            # Sealed with a key that was taken away: a log-in gives another one.
            return None
        return None if secret is None else Token(secret, known.fresh_for, known.version)


def _name(host: Host) -> str:
    """Under which a token lies in its seal: it opens for no other host, and for nobody who looks for credentials."""
    return f"token of {host.name}"
