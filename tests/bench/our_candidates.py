"""Our feed of Kombo's candidates in a process of its own: every record becomes a domain object."""

import asyncio
import gc
import json
import time

from adapters.clock import SystemClock
from adapters.deps import Deps
from adapters.kombo.gateway import connect
from adapters.rest.sessions import verified
from adapters.turns.in_process import InProcessTurns
from domain.ids import ConnectionId
from entrypoints import logs
from entrypoints.memory import settled_in
from ports.gateway import need
from tests.bench.machine import grown_mb, handed, resident_mb

CREDENTIALS = {"api_key": "made-up-for-this", "integration_id": "avionte:HWUTwvyx2wLoSUHphiWVrp28"}


async def main(port: int, records: int) -> None:
    clock = SystemClock()
    settings = {"base_url": f"http://127.0.0.1:{port}/v1", "rate_limit": 10_000, "in_flight": 5}
    async with verified() as sessions:
        deps = Deps(turns=InProcessTurns(clock), clock=clock, verified=sessions)
        feed = need(connect(ConnectionId("con_1"), settings, CREDENTIALS, deps).candidate_feed)
        logs.set_up("json")  # as the service does it: requests that went well are only counted
        settled_in()
        gc.collect()
        idle, start, cpu, seen = resident_mb(), time.perf_counter(), time.process_time(), 0
        async for page in feed.changed_candidates():
            seen += len([sighting.load() for sighting in page])
        took, worked = time.perf_counter() - start, time.process_time() - cpu
    if seen != records:
        raise RuntimeError(f"{seen} of {records} came")
    print(json.dumps({"per_second": seen / took, "cpu_us": 1e6 * worked / seen, "growth": grown_mb(idle)}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
