"""Our webhooks in a process of its own: so many are claimed, signed, sent, and each attempt written down, on disk."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import attrs
from cryptography.fernet import Fernet

from adapters.clock import SystemClock
from adapters.persistence.migrate import migrate
from adapters.persistence.stores import Stores, open_stores
from adapters.rest.networks import Network
from adapters.rest.sessions import receivers
from adapters.vault import FernetVault
from adapters.webhooks.addresses import Addresses
from adapters.webhooks.sender import HttpSender
from application.deliver_webhooks import DeliverWebhooks
from domain.event import Audience, EventType
from domain.ids import ConnectionId, EndpointId
from domain.policy import Policy
from entrypoints.memory import settled_in
from entrypoints.worker.deliverer import Deliverer
from ports.connections import Connection
from ports.gateway import Provider
from ports.outbox import NewEvent
from ports.scope import EVERYTHING
from ports.webhooks import Endpoint, Errand
from tests.bench.machine import a_folder, handed

ENDPOINTS, WARM = 10, 500
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)
SECRET = "whsec_bWFkZSB1cCBmb3IgdGhlIGJlbmNoIG9mIHdlYmhvb2tz"
_SILENT = "silent"
_THEN = datetime(2026, 11, 21, tzinfo=UTC)


@attrs.define
class Count:
    """Delivers, and tells when so many have been delivered; what goes to the silent one does not count."""

    deliver: DeliverWebhooks
    left: int
    done: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def __call__(self, errand: Errand) -> None:
        await self.deliver(errand)
        if not errand.endpoint.endswith(_SILENT):
            self.left -= 1
            if not self.left:
                self.done.set()


async def add(stores: Stores, name: str, url: str) -> ConnectionId:
    """A connection with an endpoint of its own."""
    connection = ConnectionId(f"con_{name}")
    row = Connection(
        id=connection,
        provider=Provider.PUBLIC_API,
        name=name,
        settings={},
        policy=Policy(),
        revision=1,
        created_at=_THEN,
    )
    await stores.connections.add(row, {})
    audience = Audience(connection=connection)
    endpoint = Endpoint(id=EndpointId(f"whe_{name}"), url=url, audience=audience, revision=1, created_at=_THEN)
    await stores.endpoints.add(endpoint, SECRET)
    return connection


async def tell(stores: Stores, connections: list[ConnectionId], data: dict[str, Any], many: int) -> None:
    kind = EventType.RESULT_READY
    for start in range(0, many, 100):
        batch = range(start, min(many, start + 100))
        news = [NewEvent(type=kind, connection=connections[n % len(connections)], data=data) for n in batch]
        await stores.outbox.put(news)
    # Reading gives events their places and deliveries, so that all of them wait.
    after = 0
    while page := await stores.outbox.read(EVERYTHING, after=after, limit=500):
        after = page[-1].place


async def delivered(stores: Stores, sender: HttpSender, many: int, at_once: int) -> float:
    """Seconds until so many have been delivered and written down."""
    count = Count(DeliverWebhooks(stores.deliveries, sender), many)
    deliverer = Deliverer(
        stores.deliveries,
        count,
        SystemClock(),
        concurrency=at_once,
        each=at_once // ENDPOINTS,
        stop_seconds=0.0,
    )
    start = time.perf_counter()
    running = asyncio.create_task(deliverer.run())
    await count.done.wait()
    took = time.perf_counter() - start
    deliverer.stop()
    with suppress(TimeoutError):
        await asyncio.wait_for(running, 20)
    return took


async def main(port: int, many: int, at_once: int, data: dict[str, Any], *, silent: bool) -> None:
    clock, vault = SystemClock(), FernetVault([Fernet.generate_key().decode()])
    with a_folder() as folder:
        url = f"sqlite:///{Path(folder) / 'webhooks.db'}"
        await migrate(url)
        async with open_stores(url, vault=vault, clock=clock) as stores, receivers(allowed=LOOPBACK) as session:
            rules = Addresses(http=True, ports=frozenset({port}), allowed=LOOPBACK)
            sender = HttpSender(session, rules, clock)
            there = f"http://127.0.0.1:{port}/"
            connections = [await add(stores, f"{n}", there) for n in range(ENDPOINTS)]
            await tell(stores, connections, data, WARM)
            await delivered(stores, sender, WARM, at_once)
            if silent:
                await tell(stores, [await add(stores, _SILENT, f"{there}silent")], data, many // ENDPOINTS)
            await tell(stores, connections, data, many)
            settled_in()
            began = time.process_time()
            took = await delivered(stores, sender, many, at_once)
            cpu = time.process_time() - began
    print(json.dumps({"per_second": many / took, "cpu_us": 1e6 * cpu / many}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
