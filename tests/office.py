"""The whole inside on one desk: real stores on SQLite, the gateway in memory, a clock that is moved by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
from cryptography.fernet import Fernet

from adapters.persistence.migrate import migrate
from adapters.persistence.stores import Stores, open_stores
from adapters.vault import FernetVault
from application.carry_out import CarryOut
from application.post_call_results import PostCallResults
from application.receive_intake import ReceiveIntake
from application.screen_and_tag import ScreenAndTag
from application.write_one import WriteOne
from domain.ids import ConnectionId
from domain.policy import Policy
from domain.writeback import WriteBackState
from entrypoints.worker.bridge import Bridge
from ports.commands import Accepted, Claim, WriteBack
from ports.connections import Connection, Connections
from ports.gateway import Gateway, Provider
from ports.scope import EVERYTHING, Scope
from tests.builders import API_SECRET
from tests.clocks import FakeClock
from tests.memory_ats import MemoryAts
from tests.memory_gateway import memory_gateway

CONNECTION = ConnectionId("con_memory")
LEASE_SECONDS = 20.0
SETTLE_SECONDS = 120.0


@attrs.define
class OneGateway(Connections):
    """Opens the same gateway for every connection that is kept."""

    stores: Stores
    gateway: Gateway

    async def open(
        self, scope: Scope, connection: ConnectionId, *, patient: bool = False
    ) -> tuple[Connection, Gateway]:
        return await self.stores.connections.get(scope, connection), self.gateway


@attrs.define(kw_only=True)
class Office:
    """What a test of a use case needs at hand."""

    clock: FakeClock
    ats: MemoryAts
    stores: Stores
    connections: OneGateway

    @property
    def post_call_results(self) -> PostCallResults:
        return PostCallResults(self.connections, self.stores.commands)

    @property
    def screen_and_tag(self) -> ScreenAndTag:
        return ScreenAndTag(self.connections, self.stores.commands)

    @property
    def bridge(self) -> Bridge:
        intake = ReceiveIntake(self.stores.connections, self.stores.intake)
        return Bridge(self.post_call_results, self.screen_and_tag, intake)

    @property
    def write_one(self) -> WriteOne:
        return WriteOne(self.connections, self.stores.commands)

    @property
    def carry_out(self) -> CarryOut:
        stores = self.stores
        return CarryOut(self.connections, stores.connections, stores.commands, stores.ledger, self.clock)

    async def set_policy(self, policy: Policy) -> None:
        kept = await self.stores.connections.get(EVERYTHING, CONNECTION)
        changed = attrs.evolve(kept, policy=policy, revision=kept.revision + 1)
        await self.stores.connections.change(EVERYTHING, changed, None)

    def without(self, gateway: Gateway) -> None:
        self.connections.gateway = gateway

    async def claim(self) -> Claim:
        (claim,) = await self.stores.commands.claim(1)
        return claim

    async def work(self) -> None:
        """Carries out whatever is due now."""
        for claim in await self.stores.commands.claim(10):
            await self.carry_out(claim)

    async def show(self, accepted: Accepted) -> WriteBack:
        return await self.stores.commands.get(EVERYTHING, accepted.id)

    async def work_until_finished(self, accepted: Accepted, *, rounds: int = 20, step: float = 60.0) -> WriteBack:
        """Works, and lets time pass between the rounds, until the write-back goes on no more."""
        found = await self.show(accepted)
        for _ in range(rounds):
            await self.work()
            found = await self.show(accepted)
            if found.state not in {WriteBackState.WAITING, WriteBackState.RUNNING}:
                break
            self.clock.advance(step)
        return found

    def effects(self) -> list[tuple[str, str, str]]:
        """What stands in the ATS: kind, record and id, in order."""
        return [(one["kind"], one["target"]["type"], one["target"]["id"]) for one in self.ats.writes]


@asynccontextmanager
async def an_office(
    folder: Path, *, policy: Policy | None = None, clock: FakeClock | None = None, url: str | None = None
) -> AsyncIterator[Office]:
    clock = clock or FakeClock()
    ats = MemoryAts(clock=clock)
    url = url or f"sqlite:///{folder / 'office.db'}"
    await migrate(url)
    vault = FernetVault([Fernet.generate_key().decode()])
    async with open_stores(url, vault=vault, clock=clock, lease_seconds=LEASE_SECONDS) as stores:
        connection = Connection(
            id=CONNECTION,
            provider=Provider.KOMBO,
            name="memory",
            settings={},
            policy=policy or Policy(),
            revision=1,
            created_at=clock.now(),
        )
        await stores.connections.add(connection, {"api_key": API_SECRET})
        gateway = memory_gateway(ats, settle_seconds=SETTLE_SECONDS)
        yield Office(clock=clock, ats=ats, stores=stores, connections=OneGateway(stores, gateway))
