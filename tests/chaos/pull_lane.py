"""A lane of pulls: a sandbox, a database with workers on it, and one for a pull that nobody hinders."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import attrs
import msgspec
import sqlalchemy as sa

from adapters.gateways import Gateways
from adapters.persistence.migrate import migrate
from adapters.persistence.outbox_tables import events
from adapters.persistence.record_tables import cursors
from adapters.persistence.stores import Stores, open_stores
from adapters.turns.in_process import InProcessTurns
from adapters.vault import FernetVault, new_key
from domain.ids import ConnectionId
from domain.policy import Policy, RecordType
from domain.pull import PATHS
from entrypoints.sandbox.journal import Journal
from entrypoints.sandbox.sandbox import Sandbox
from ports.connections import Connection
from ports.records import KeptRecord, RecordQuery
from ports.scope import EVERYTHING
from tests.chaos.crew import Crew
from tests.chaos.puller import Pulling, pull
from tests.chaos.servers import CLOCK, SqliteFile, Store
from tests.chaos.sources import Source

CALM_SECONDS = 600.0
_AT_ONCE = 1000


@attrs.define
class WatchedJournal(Journal):
    """Tells of each request as it comes."""

    told: Callable[[str], None] = lambda _label: None

    def asked(self, label: str) -> None:
        Journal.asked(self, label)
        self.told(label)


@attrs.frozen(kw_only=True)
class Shelf:
    """A database of pulls, as it is looked at."""

    stores: Stores

    async def kept(self, connection: ConnectionId, kind: RecordType) -> list[KeptRecord]:
        """Deleted ones are left out."""
        kept: list[KeptRecord] = []
        query, cursor, more = RecordQuery(kind=kind), None, True
        while more:
            page = await self.stores.records.page(EVERYTHING, connection, query, cursor=cursor, limit=_AT_ONCE)
            kept += page.items
            cursor, more = page.next, page.next is not None
        return kept

    async def claims(self, connection: ConnectionId) -> Counter[str]:
        """How often each kind was claimed."""
        query = sa.select(cursors.c.kind, cursors.c.fence).where(cursors.c.connection_id == connection)
        rows = await self.stores.database.read(lambda c: c.execute(query).all())
        return Counter({row.kind: row.fence for row in rows})

    async def told(self, connection: ConnectionId) -> Counter[tuple[str, ...]]:
        """How often which change and which end of a pull was told."""
        query = sa.select(events.c.type, events.c.data).where(events.c.connection_id == connection)
        rows = await self.stores.database.read(lambda c: c.execute(query).all())
        return Counter(_told(row.type, msgspec.json.decode(row.data)) for row in rows)


def _told(kind: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    of = next((kind.value for kind in PATHS if f"{kind.value}_id" in data), None)
    return (kind, data["kind"]) if of is None else (kind, data[f"{of}_id"], data["change"])


@attrs.frozen(kw_only=True)
class PullLane:
    """All that a run needs. `calm` is pulled into by the harness itself."""

    name: str
    source: Source
    store: Store
    sandbox: Sandbox[Any]
    shelf: Shelf
    calm: Shelf
    gateways: Gateways
    orders: Pulling
    crew: Crew
    kinds: tuple[RecordType, ...]
    page: int

    def begin(self, told: Callable[[str], None]) -> None:
        """The sandbox as it was in the beginning, and watched."""
        self.sandbox.reset()
        self.sandbox.world.journal = WatchedJournal(told=told)

    async def connect(self, number: int) -> ConnectionId:
        """A new connection to the sandbox, of both databases."""
        given = self.sandbox.connection
        connection = Connection(
            id=ConnectionId(f"con_{number}"),
            provider=self.source.provider,
            name=f"run {number}",
            settings=self.source.settings(given["settings"], self.page),
            policy=Policy(),
            revision=1,
            created_at=CLOCK.now(),
        )
        for shelf in (self.shelf, self.calm):
            await shelf.stores.connections.add(connection, given["credentials"])
        return connection.id


@asynccontextmanager
async def a_pull_lane(
    name: str,
    source: Source,
    store: Store,
    folder: Path,
    nursery: ForkServerContext,
    *,
    records: int,
    page: int,
    kinds: tuple[RecordType, ...],
    forgetful: bool,
) -> AsyncIterator[PullLane]:
    key = new_key()
    calm = SqliteFile(folder / f"{name}-calm.db")
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(source.start(records))
        shelf, quiet = [await stack.enter_async_context(_shelf(one, key)) for one in (store, calm)]
        opening = Gateways(store=quiet.stores.connections, turns=InProcessTurns(CLOCK), clock=CLOCK)
        gateways = await stack.enter_async_context(opening)
        crew = Crew(nursery, lambda _hand, _words: None, pull)
        stack.push_async_callback(crew.end)
        yield PullLane(
            name=name,
            source=source,
            store=store,
            sandbox=sandbox,
            shelf=shelf,
            calm=quiet,
            gateways=gateways,
            orders=Pulling(database=store.url, vault_key=key, log=folder / f"{name}.log", forgetful=forgetful),
            crew=crew,
            kinds=kinds,
            page=page,
        )


@asynccontextmanager
async def _shelf(store: Store, key: str) -> AsyncIterator[Shelf]:
    await migrate(store.url)
    async with open_stores(store.url, vault=FernetVault([key]), clock=CLOCK, lease_seconds=CALM_SECONDS) as stores:
        yield Shelf(stores=stores)
