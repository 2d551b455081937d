"""The command table, in process, against a bare group-commit queue on the same engine."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs

from domain.ids import CandidateId
from domain.writeback import WriteBackState
from ports.scope import EVERYTHING
from tests import builders as b
from tests.bench.comparison import Comparison
from tests.office import CONNECTION, Office, an_office

COMMANDS, AT_ONCE, BATCH = 4_000, 256, 100


@asynccontextmanager
async def _office() -> AsyncIterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        async with an_office(Path(folder)) as office:
            yield office


async def ours() -> float:
    """Accepted, claimed and finished with nothing to do, per second; every commit is on disk."""
    async with _office() as office:
        results = [
            b.a_call_result(call_id=f"call-{n}", candidate_id=CandidateId(f"cand-{n}"), report=None)
            for n in range(COMMANDS)
        ]
        start = time.perf_counter()
        waiting = iter(results)

        async def hand_in() -> None:
            for result in waiting:
                await office.post_call_results(EVERYTHING, CONNECTION, result)

        await asyncio.gather(*(hand_in() for _ in range(AT_ONCE)))
        commands = office.stores.commands
        while claims := await commands.claim(BATCH):
            await asyncio.gather(*(commands.finish(claim, WriteBackState.DONE) for claim in claims))
        return COMMANDS / (time.perf_counter() - start)


@attrs.define
class _Raw:
    """A queue without keys, leases, fences, subjects or tenants: insert, take, done; one commit a group."""

    database: sqlite3.Connection

    def insert(self, bodies: list[bytes]) -> None:
        with self.database:
            self.database.executemany("insert into job (body, state) values (?, 0)", [(body,) for body in bodies])

    def take(self) -> list[int]:
        with self.database:
            rows = self.database.execute(
                "update job set state = 1 where id in (select id from job where state = 0 order by id limit ?)"
                " returning id",
                (BATCH,),
            ).fetchall()
        return [row[0] for row in rows]

    def done(self, ids: list[int]) -> None:
        with self.database:
            self.database.executemany("update job set state = 2 where id = ?", [(one,) for one in ids])


async def theirs() -> float:
    """The same number of bodies of the same size through the bare queue, in groups as large as ours can be."""
    body = repr(attrs.asdict(b.a_call_result(report=None))).encode()
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "raw.db", check_same_thread=False)
        database.executescript(
            "pragma journal_mode=wal; pragma synchronous=full; pragma page_size=16384;"
            "create table job (id integer primary key, body blob, state integer);"
            "create index waiting on job (state, id);"
        )
        raw = _Raw(database)
        start = time.perf_counter()
        for _ in range(0, COMMANDS, AT_ONCE):
            await asyncio.to_thread(raw.insert, [body] * AT_ONCE)
        while ids := await asyncio.to_thread(raw.take):
            await asyncio.to_thread(raw.done, ids)
        seconds = time.perf_counter() - start
        database.close()
        return COMMANDS / seconds


TABLE = Comparison(
    name="command table: accept, claim, finish",
    unit="commands/s",
    against="bare SQLite queue, group commit, synchronous=FULL",
    ours=ours,
    theirs=theirs,
)
