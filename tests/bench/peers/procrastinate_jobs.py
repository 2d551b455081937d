"""Procrastinate: jobs deferred 500 in a call, fresh statistics, then 50 worked on at once until none is left."""

import asyncio
import json
import logging
import time
from typing import Any

import procrastinate
import psycopg

from tests.bench.machine import handed

IN_A_CALL, AT_ONCE = 500, 50


async def _timed(app: Any, url: str, body: dict[str, Any], jobs: int) -> tuple[float, float, int]:
    done = 0

    async def handle(**_: object) -> None:
        nonlocal done
        await asyncio.sleep(0)
        done += 1

    job = app.task(queue="jobs")(handle)
    start = time.perf_counter()
    for first in range(0, jobs, IN_A_CALL):
        await job.batch_defer_async(*[body] * min(IN_A_CALL, jobs - first))
    deferring = time.perf_counter() - start
    # Without statistics its plans are bad; a database that is in use for long has them.
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("vacuum analyze procrastinate_jobs")
    start = time.perf_counter()
    await app.run_worker_async(
        queues=["jobs"], concurrency=AT_ONCE, wait=False, install_signal_handlers=False, listen_notify=False
    )
    return deferring, time.perf_counter() - start, done


async def main(url: str, body: str, jobs: int) -> None:
    logging.disable(logging.WARNING)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, min_size=10, max_size=20))
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        deferring, working, done = await _timed(app, url, json.loads(body), jobs)
    if done != jobs:
        raise RuntimeError(f"{done} of {jobs} were worked on")
    figures = {"accepted": jobs / deferring, "worked": jobs / working, "per_second": jobs / (deferring + working)}
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
