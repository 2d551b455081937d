"""Rows of reading: 50,000 candidates of 2 KB from Kombo's pages into domain objects, against the official SDK."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import ROOT, SERVING, figures_of, lacking_proc, on_core

RECORDS, FEWER = 50_000, 5_000
_SERVER = "tests.bench.kombo_pages"


@asynccontextmanager
async def served(records: int, late: float = 0.0) -> AsyncIterator[int]:
    """The port of a server of prepared pages, on the other core; each comes `late` seconds after it is asked for."""
    with on_core(SERVING):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _SERVER, json.dumps({"records": records, "late": late})),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
    try:
        assert process.stdout is not None
        yield int(await asyncio.wait_for(process.stdout.readline(), 60))
    finally:
        process.terminate()
        await process.wait()


async def _read(module: str, records: int) -> Figures:
    async with served(records) as port:
        return await figures_of(f"tests.bench.{module}", {"port": port, "records": records})


async def _ours() -> Figures:
    few, many = await _read("our_candidates", FEWER), await _read("our_candidates", RECORDS)
    return {**many, "more": many["growth"] - few["growth"]}


async def sdk() -> Figures:
    return await _read("sdk_candidates", RECORDS)


async def _set() -> Figures:
    return {"growth": 20.0, "more": 2.0}


_SDK = Side(label="the official SDK's models, asynchronous iteration", run=sdk, rounds=3)
_LIMIT = Side(label="the limit set for it", run=_set, needs=lacking_proc)
STREAM = Experiment(
    name="stream",
    ours=Side(label="atsbridge", run=_ours),
    rounds=3,
    rows=(
        Row(name=f"{RECORDS:,} candidates into domain objects", unit="records/s", against=_SDK, least=4.0),
        Row(name="a candidate: CPU", unit="us", against=_SDK, figure="cpu_us"),
        Row(name="reading: growth over idle", unit="MB", against=_LIMIT, figure="growth", most=1.0),
        Row(name=f"reading: growth from {FEWER:,} on", unit="MB", against=_LIMIT, figure="more", most=1.0),
    ),
    beneath="Pages of 250 from prepared bytes, served on the other core.",
)
