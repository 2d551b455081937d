"""Our pull in a process of its own: the use case, Kombo's gateway and the stores on SQLite, as the service has them."""

import asyncio
import gc
import json
import time
from pathlib import Path

from cryptography.fernet import Fernet

from adapters.clock import SystemClock
from adapters.gateways import Gateways
from adapters.persistence.migrate import migrate
from adapters.persistence.stores import Stores, open_stores
from adapters.turns.in_process import InProcessTurns
from adapters.vault import FernetVault
from application.pull_changes import PullChanges
from domain.ids import ConnectionId
from domain.policy import Policy, RecordType
from domain.pull import PullMode, Tally
from entrypoints import logs
from entrypoints.memory import settled_in
from ports.connections import Connection
from ports.gateway import Provider
from ports.scope import EVERYTHING
from tests.bench.machine import a_folder, grown_mb, handed, resident_mb
from tests.bench.our_candidates import CREDENTIALS

CONNECTION = ConnectionId("con_01kayw8h6v0q4m2t9c7x3r5nze")
_CLOCK = SystemClock()


async def _connected(stores: Stores, port: int) -> None:
    settings = {"base_url": f"http://127.0.0.1:{port}/v1", "rate_limit": 10_000, "in_flight": 5}
    connection = Connection(
        id=CONNECTION,
        provider=Provider.KOMBO,
        name="prepared pages",
        settings=settings,
        policy=Policy(),
        revision=1,
        created_at=_CLOCK.now(),
    )
    await stores.connections.add(connection, CREDENTIALS)
    await stores.pulls.schedule(CONNECTION, {RecordType.CANDIDATE: None})


async def _pulled(stores: Stores, pull: PullChanges) -> tuple[float, Tally]:
    """Seconds, and what became of the records."""
    (asked,) = await stores.pulls.ask(EVERYTHING, CONNECTION, [RecordType.CANDIDATE], PullMode.CHANGES)
    start = time.perf_counter()
    for claim in await stores.pulls.claim(1):
        await pull(claim)
    took = time.perf_counter() - start
    return took, (await stores.pulls.get(EVERYTHING, CONNECTION, asked.id)).tally


async def _measured(stores: Stores, gateways: Gateways, records: int) -> dict[str, float]:
    pull = PullChanges(gateways, stores.connections, stores.pulls, stores.records, _CLOCK)
    settled_in()  # as every process of the service does
    gc.collect()
    idle, cpu = resident_mb(), time.process_time()
    first, tally = await _pulled(stores, pull)
    worked, growth = time.process_time() - cpu, grown_mb(idle)
    again, same = await _pulled(stores, pull)
    if (tally.new, same.unchanged) != (records, records):
        raise RuntimeError(f"of {records}: {tally}, then {same}")
    return {
        "per_second": records / first,
        "again": records / again,
        "cpu_us": 1e6 * worked / records,
        "growth": growth,
    }


async def main(port: int, records: int) -> None:
    logs.set_up("json")  # as the service does it: requests that went well are only counted
    vault = FernetVault([Fernet.generate_key().decode()])
    with a_folder() as folder:
        url = f"sqlite:///{Path(folder) / 'pulls.db'}"
        await migrate(url)
        async with open_stores(url, vault=vault, clock=_CLOCK) as stores:
            await _connected(stores, port)
            async with Gateways(store=stores.connections, turns=InProcessTurns(_CLOCK), clock=_CLOCK) as gateways:
                figures = await _measured(stores, gateways, records)
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
