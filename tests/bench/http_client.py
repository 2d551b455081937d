"""The client of the HTTP rows, in a process of its own: requests made beforehand, sent over kept connections.

It does as little as it can, so that the server is the limit; what share of its core it took is in its figures.
"""

import asyncio
import gc
import json
import statistics
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import attrs
import psutil  # type: ignore[import-untyped]

from tests.bench.machine import handed

AT_ONCE, WARM_UP = 50, 500


def requests(path: str, key: str, body: dict[str, Any], tag: str, many: int) -> list[bytes]:
    """Each with a call and a candidate of its own."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    )
    bodies = (
        json.dumps(body | {"call_id": f"call-{tag}-{n}", "candidate_id": f"{tag}-{n}"}).encode() for n in range(many)
    )
    return [f"{head}Content-Length: {len(one)}\r\n\r\n".encode() + one for one in bodies]


@attrs.define(eq=False)
class Talk(asyncio.Protocol):
    """One connection: a request, its answer, the next request, until none is left."""

    left: Iterator[bytes]
    times: list[float]
    ended: asyncio.Future[None]
    transport: asyncio.Transport | None = None
    received: bytes = b""
    sent: float = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def _next(self) -> None:
        assert self.transport is not None
        request = next(self.left, None)
        if request is None:
            self.transport.close()
            return
        self.sent = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0 or len(self.received) < end + 4 + _length(self.received[:end]):
            return
        self.times.append(time.perf_counter() - self.sent)
        if b" 202 " not in self.received[:16]:
            raise RuntimeError(self.received.decode())
        self.received = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


def _itself(talk: Talk) -> Talk:
    return talk


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


async def sent(port: int, wanted: list[bytes]) -> list[float]:
    """Seconds that each took."""
    loop = asyncio.get_running_loop()
    left, times = iter(wanted), list[float]()
    talks = [Talk(left, times, loop.create_future()) for _ in range(AT_ONCE)]
    for talk in talks:
        await loop.create_connection(partial(_itself, talk), "127.0.0.1", port)
    await asyncio.gather(*(talk.ended for talk in talks))
    if len(times) != len(wanted):
        raise RuntimeError(f"{len(times)} of {len(wanted)} were answered")
    return times


async def main(server: int, port: int, wanted: dict[str, Any]) -> None:
    many = wanted["many"]
    await sent(port, requests(**wanted | {"tag": "warm", "many": WARM_UP}))
    timed = requests(**wanted, tag="timed")
    gc.freeze()
    gc.disable()
    start, began, before = time.perf_counter(), time.process_time(), _cpu_seconds(server)
    times = await sent(port, timed)
    took, busy, cpu = time.perf_counter() - start, time.process_time() - began, _cpu_seconds(server) - before
    hundredths = statistics.quantiles(times, n=100)
    figures = {"per_second": many / took, "p50_ms": hundredths[49] * 1000, "p99_ms": hundredths[98] * 1000}
    print(json.dumps(figures | {"client": busy / took, "cpu_us": 1e6 * cpu / many}))


def _cpu_seconds(process: int) -> float:
    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    asyncio.run(main(**handed()))
