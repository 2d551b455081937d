"""A lane: a sandbox, a database, and connections from one to the other. Runs are played on it one after another."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import attrs
import msgspec
import typed_settings as ts

from adapters.vault import new_key
from domain.ids import ConnectionId
from entrypoints.container import Container
from entrypoints.lifecycle import bridge_of, running
from entrypoints.sandbox.sandbox import Sandbox
from entrypoints.settings import Settings
from ports.commands import Commands, WriteBack
from ports.scope import EVERYTHING
from tests.chaos.ats import CALM, Ats
from tests.chaos.broker import Broker
from tests.chaos.servers import Store
from tests.chaos.wishes import Wish
from tests.chaos.worker import Orders

LEASE, REQUEST, SETTLE, RETRY = 1.0, 1.6, 0.2, 0.2
"""Seconds: a worker's lease, the longest request, how late its effect may be, how soon an ATS is tried again."""
CALM_SECONDS = 20.0
"""Lease and request where nothing is to go wrong: a machine that has much to do is no reason for doubt."""


@attrs.frozen(kw_only=True)
class Lane:
    """All that a run needs but its workers."""

    name: str
    ats: Ats
    store: Store
    sandbox: Sandbox[Any]
    container: Container
    nursery: ForkServerContext
    orders: Orders
    broker: Broker | None = None

    @property
    def calm_orders(self) -> Orders:
        return attrs.evolve(self.orders, settings=attrs.evolve(self.orders.settings, lease_seconds=CALM_SECONDS))

    @property
    def commands(self) -> Commands:
        return self.container.stores().commands

    async def hand_in(self, wish: Wish, *, copies: int = 1) -> None:
        """As a web process does it; where there is a broker, in so many copies over that. Raises UnavailableError."""
        connection = self.connection(wish)
        if self.broker is not None:
            await self.broker.publish(connection, event_of(wish, connection), copies=copies)
        elif wish.write is not None:
            files = () if wish.file is None else (wish.file,)
            await self.container.write_one()(EVERYTHING, connection, wish.key, wish.write, files)
        else:
            bridge = bridge_of(self.container)
            await bridge(event_of(wish, connection), connection)

    async def shown(self, wish: Wish) -> WriteBack:
        """Raises NotFoundError, UnavailableError."""
        return await self.commands.with_key(EVERYTHING, self.connection(wish), wish.key)

    def connection(self, wish: Wish) -> ConnectionId:
        return ConnectionId(wish.connection)

    async def parked(self) -> tuple[str, ...]:
        """Why connections are parked; nothing that the harness does is a reason for that."""
        rows = await self.container.stores().connections.page(EVERYTHING, after=None, limit=10)
        for row in rows:
            if row.parked:
                await self.container.stores().connections.unpark(row.id, row.revision)
        return tuple(row.parked for row in rows if row.parked)


def event_of(wish: Wish, connection: ConnectionId) -> bytes:
    """As it is published."""
    assert wish.event is not None
    kind, body = wish.event
    event = {"specversion": "1.0", "id": wish.key, "source": "chaos", "type": kind, "subject": connection}
    return msgspec.json.encode({**event, "data": body})


@asynccontextmanager
async def a_lane(
    name: str,
    ats: Ats,
    store: Store,
    folder: Path,
    nursery: ForkServerContext,
    *,
    broker: Broker | None = None,
    forgetful: bool = False,
) -> AsyncIterator[Lane]:
    settings = Settings(
        database_url=store.url,
        data_dir=folder,
        vault_keys=ts.SecretStr(new_key()),
        concurrency=8,
        connection_concurrency=8,
        lease_seconds=LEASE,
        retry_seconds=RETRY,
        # As many as it takes: a lease of a second also ends by itself on a machine that has much to do.
        crashes_allowed=1000,
        stop_seconds=10.0,
        broker_url=ts.SecretStr("" if broker is None else broker.url),
    )
    async with (
        ats.start() as sandbox,
        running(settings) as container,
    ):
        await _connect(container, ats, sandbox.connection)
        yield Lane(
            name=name,
            ats=ats,
            store=store,
            broker=broker,
            sandbox=sandbox,
            container=container,
            nursery=nursery,
            orders=Orders(settings=settings, log=folder / f"{name}.log", forgetful=forgetful),
        )


async def _connect(container: Container, ats: Ats, body: Mapping[str, Any]) -> None:
    """A connection for each policy, under its name."""
    for name, policy in ats.policies().items():
        longest = CALM_SECONDS if name == CALM else REQUEST
        ours = {"request_seconds": longest, "settle_seconds": SETTLE, "in_flight": 20}
        settings = {**body["settings"], **ours, **ats.settings}
        add = container.add_connection()
        await add(ConnectionId(name), ats.provider, name, settings, body["credentials"], policy)
