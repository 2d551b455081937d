"""NATS JetStream: 100 published at once, each acknowledged; fetched 100 at a time, the next ones ahead."""

import asyncio
import json
import time

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from tests.bench.machine import handed

AT_ONCE = 100


async def _publish(stream: JetStreamContext, body: bytes, jobs: int) -> float:
    left = iter(range(jobs))

    async def produce() -> None:
        for _ in left:
            await stream.publish("jobs.any", body)

    start = time.perf_counter()
    await asyncio.gather(*(produce() for _ in range(AT_ONCE)))
    return time.perf_counter() - start


async def _consume(client: Client, stream: JetStreamContext, jobs: int) -> float:
    async def handle(message: Msg) -> None:
        json.loads(message.data)
        await asyncio.sleep(0)
        await message.ack()

    consumer = await stream.pull_subscribe("jobs.*", "workers")
    start, left = time.perf_counter(), jobs
    fetched = asyncio.ensure_future(consumer.fetch(AT_ONCE, timeout=5))
    while left:
        messages = await fetched
        left -= len(messages)
        if left:
            fetched = asyncio.ensure_future(consumer.fetch(min(AT_ONCE, left), timeout=5))
        await asyncio.gather(*(handle(message) for message in messages))
    await client.flush()
    return time.perf_counter() - start


async def main(url: str, body: str, jobs: int) -> None:
    client = await nats.connect(url)
    stream = client.jetstream()
    await stream.add_stream(name="jobs", subjects=["jobs.*"], storage="file", retention="workqueue")
    publishing = await _publish(stream, body.encode(), jobs)
    consuming = await _consume(client, stream, jobs)
    await client.close()
    figures = {"accepted": jobs / publishing, "worked": jobs / consuming, "per_second": jobs / (publishing + consuming)}
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
