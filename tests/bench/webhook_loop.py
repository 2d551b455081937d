"""The limit: aiohttp posting a body over kept connections, neither signed nor written down, and nothing claimed."""

import asyncio
import json
import time

from adapters.rest.sessions import Session, receivers
from entrypoints.memory import settled_in
from tests.bench.machine import handed
from tests.bench.our_webhooks import LOOPBACK, WARM


async def post(session: Session, url: str, body: bytes, many: int, at_once: int) -> float:
    waiting = iter(range(many))

    async def send() -> None:
        for _ in waiting:
            async with session.post(url, data=body) as answer:
                await answer.read()

    start = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(at_once)))
    return time.perf_counter() - start


async def main(port: int, many: int, at_once: int, body: str) -> None:
    url = f"http://127.0.0.1:{port}/"
    async with receivers(allowed=LOOPBACK) as session:
        settled_in()
        await post(session, url, body.encode(), WARM, at_once)
        began = time.process_time()
        took = await post(session, url, body.encode(), many, at_once)
        cpu = time.process_time() - began
    print(json.dumps({"per_second": many / took, "cpu_us": 1e6 * cpu / many}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
