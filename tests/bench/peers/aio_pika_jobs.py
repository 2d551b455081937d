"""aio-pika: persistent messages to a quorum queue, confirmed, 100 in flight; consumed 100 ahead, each acknowledged."""

import asyncio
import json
import time
from typing import Any

import aio_pika

from tests.bench.machine import handed

AT_ONCE = 100


async def _publish(channel: Any, queue: Any, body: bytes, jobs: int) -> float:
    left = iter(range(jobs))

    async def produce() -> None:
        for _ in left:
            message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await channel.default_exchange.publish(message, routing_key=queue.name)

    start = time.perf_counter()
    await asyncio.gather(*(produce() for _ in range(AT_ONCE)))
    return time.perf_counter() - start


async def _consume(queue: Any, jobs: int) -> float:
    left, ended = jobs, asyncio.Event()

    async def handle(message: Any) -> None:
        nonlocal left
        json.loads(message.body)
        await asyncio.sleep(0)
        await message.ack()
        left -= 1
        if not left:
            ended.set()

    start = time.perf_counter()
    await queue.consume(handle)
    await ended.wait()
    return time.perf_counter() - start


async def main(url: str, body: str, jobs: int) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.set_qos(prefetch_count=AT_ONCE)
        queue = await channel.declare_queue("jobs", durable=True, arguments={"x-queue-type": "quorum"})
        publishing = await _publish(channel, queue, body.encode(), jobs)
        consuming = await _consume(queue, jobs)
    figures = {"accepted": jobs / publishing, "worked": jobs / consuming, "per_second": jobs / (publishing + consuming)}
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
