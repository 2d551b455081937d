"""The limit: a bare queue on SQLite with group commit, without keys, fences, subjects, tenants or crash counts.

Callers put a statement with a future of their own; one thread executes whatever has come meanwhile, commits it once,
and hands all results back in one call.
"""

import asyncio
import json
import queue
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import attrs

from tests.bench.machine import a_folder, handed

AT_ONCE, MOST, LEASE_SECONDS = 100, 1_000, 60.0
SCHEMA = """
pragma journal_mode = wal;
pragma synchronous = full;
create table job (
    id integer primary key, state integer not null default 0, due real not null, attempts integer not null default 0,
    lease real, body blob
);
create index job_waiting on job (due, id) where state = 0;
"""
PUT = "insert into job (due, body) values (?, ?)"
CLAIM = (
    "update job set state = 1, attempts = attempts + 1, lease = ? where id in"
    " (select id from job where state = 0 and due <= ? order by due, id limit ?) returning id, body"
)
ACK = "update job set state = 2, lease = null where id = ?"

Statement = tuple[str, tuple[Any, ...], asyncio.Future[list[Any]]]


@attrs.define
class Writer:
    """The thread that has the connection."""

    database: sqlite3.Connection
    loop: asyncio.AbstractEventLoop = attrs.field(factory=asyncio.get_running_loop)
    waiting: queue.SimpleQueue[Statement | None] = attrs.field(factory=queue.SimpleQueue)

    def put(self, sql: str, *values: Any) -> asyncio.Future[list[Any]]:
        future: asyncio.Future[list[Any]] = self.loop.create_future()
        self.waiting.put((sql, values, future))
        return future

    def run(self) -> None:
        """Until None comes. No statement here fails, so there is nothing to roll back."""
        execute = self.database.execute
        while group := self._group():
            execute("begin immediate")
            answers = [execute(sql, values).fetchall() for sql, values, _ in group]
            execute("commit")
            self.loop.call_soon_threadsafe(_answered, group, answers)

    def _group(self) -> list[Statement]:
        group: list[Statement] = []
        one = self.waiting.get()
        while one is not None:
            group.append(one)
            if len(group) == MOST:
                break
            try:
                one = self.waiting.get_nowait()
            except queue.Empty:
                break
        return group


def _answered(group: list[Statement], answers: list[list[Any]]) -> None:
    for (_, _, future), answer in zip(group, answers, strict=True):
        future.set_result(answer)


async def accept(writer: Writer, body: str, jobs: int) -> float:
    waiting = iter(range(jobs))

    async def produce() -> None:
        for _ in waiting:
            await writer.put(PUT, 0.0, body)

    start = time.perf_counter()
    await asyncio.gather(*(produce() for _ in range(AT_ONCE)))
    return time.perf_counter() - start


async def work(writer: Writer, jobs: int) -> float:
    async def handle(number: int, body: str) -> None:
        json.loads(body)
        await asyncio.sleep(0)
        await writer.put(ACK, number)

    def claim() -> asyncio.Future[list[Any]]:
        now = time.time()
        return writer.put(CLAIM, now + LEASE_SECONDS, now, AT_ONCE)

    start, done = time.perf_counter(), 0
    claimed = claim()
    while rows := await claimed:
        claimed = claim()
        await asyncio.gather(*(handle(*row) for row in rows))
        done += len(rows)
    if done != jobs:
        raise RuntimeError(f"{done} of {jobs} were worked on")
    return time.perf_counter() - start


async def main(jobs: int, body: str) -> None:
    with a_folder() as folder:
        database = sqlite3.connect(Path(folder) / "queue.db", isolation_level=None, check_same_thread=False)
        database.executescript(SCHEMA)
        writer = Writer(database)
        thread = threading.Thread(target=writer.run)
        thread.start()
        began = time.process_time()
        accepting = await accept(writer, body, jobs)
        working = await work(writer, jobs)
        cpu = time.process_time() - began
        writer.waiting.put(None)
        thread.join()
        database.close()
    rates = {"accepted": jobs / accepting, "worked": jobs / working, "per_second": jobs / (accepting + working)}
    print(json.dumps(rates | {"cpu_us": 1e6 * cpu / jobs}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
