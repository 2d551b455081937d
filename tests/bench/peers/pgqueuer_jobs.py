"""pgqueuer: jobs enqueued one by one by ten producers, or many in a call; dequeued 100 at a time."""

import asyncio
import json
import logging
import time
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.queries import Queries

from tests.bench.machine import handed

PRODUCERS = 10


async def _enqueue(queries: Queries, body: bytes, jobs: int, at_once: int) -> float:
    left = iter(range(0, jobs, at_once))

    async def produce() -> None:
        for _ in left:
            if at_once == 1:
                await queries.enqueue("jobs", body)
            else:
                await queries.enqueue(["jobs"] * at_once, [body] * at_once, [0] * at_once)

    start = time.perf_counter()
    await asyncio.gather(*(produce() for _ in range(PRODUCERS)))
    return time.perf_counter() - start


async def _work(driver: AsyncpgPoolDriver, jobs: int) -> float:
    worker, done = PgQueuer(driver), 0

    async def handle(job: Any) -> None:
        nonlocal done
        json.loads(job.payload)
        await asyncio.sleep(0)
        done += 1
        if done == jobs:
            worker.shutdown.set()

    worker.entrypoint("jobs")(handle)
    start = time.perf_counter()
    await worker.run(batch_size=100, dequeue_timeout=timedelta(seconds=1))
    return time.perf_counter() - start


async def main(url: str, body: str, jobs: int, at_once: int) -> None:
    logging.disable(logging.WARNING)
    async with asyncpg.create_pool(url, min_size=PRODUCERS, max_size=2 * PRODUCERS) as pool:
        driver = AsyncpgPoolDriver(pool)
        queries = Queries(driver)
        await queries.install()
        enqueuing = await _enqueue(queries, body.encode(), jobs, at_once)
        working = await _work(driver, jobs)
        left = await pool.fetchval("select count(*) from pgqueuer")
    if left:
        raise RuntimeError(f"{left} jobs are left")
    figures = {"accepted": jobs / enqueuing, "worked": jobs / working, "per_second": jobs / (enqueuing + working)}
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
