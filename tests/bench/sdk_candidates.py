"""The official SDK's asynchronous iteration over the same pages, each record one of its models."""

import asyncio
import gc
import json
import time

from kombo import Kombo

from tests.bench.kombo_pages import PAGE
from tests.bench.machine import grown_mb, handed, resident_mb


async def main(port: int, records: int) -> None:
    async with Kombo(
        api_key="made up for this",
        integration_id="avionte:HWUTwvyx2wLoSUHphiWVrp28",
        server_url=f"http://127.0.0.1:{port}/v1",
        timeout_ms=60_000,
    ) as client:
        gc.collect()
        gc.freeze()
        idle, start, cpu, seen = resident_mb(), time.perf_counter(), time.process_time(), 0
        page = await client.ats.get_candidates_async(page_size=PAGE)
        while page is not None:
            seen += len(page.result.data.results)
            page = await page.next()
        took, worked = time.perf_counter() - start, time.process_time() - cpu
    if seen != records:
        raise RuntimeError(f"{seen} of {records} came")
    print(json.dumps({"per_second": seen / took, "cpu_us": 1e6 * worked / seen, "growth": grown_mb(idle)}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
