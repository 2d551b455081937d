"""Rows of webhooks: 100 at once to a local receiver, signed, each attempt on disk; and beside one that is silent."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from domain.ids import ConnectionId
from domain.result_event import result_data
from tests import builders as b
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import ROOT, SERVING, figures_of, on_core

MANY, AT_ONCE = 5_000, 100


def _data() -> object:
    """Of about a kilobyte."""
    data = result_data(ConnectionId("con_0"), b.a_call_result(report=None))
    found: object = msgspec.json.decode(msgspec.json.encode(data))
    return found


@asynccontextmanager
async def _receiver() -> AsyncIterator[int]:
    with on_core(SERVING):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.webhook_sink"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
    try:
        assert process.stdout is not None
        yield int(await asyncio.wait_for(process.stdout.readline(), 30))
    finally:
        process.terminate()
        await process.wait()


async def _ours(*, silent: bool = False) -> Figures:
    async with _receiver() as port:
        task = {"port": port, "many": MANY, "at_once": AT_ONCE, "data": _data(), "silent": silent}
        return await figures_of("tests.bench.our_webhooks", task)


async def _ours_in_both_ways() -> Figures:
    alone, beside = await _ours(), await _ours(silent=True)
    return {**alone, "beside": beside["per_second"]}


async def _loop() -> Figures:
    body = msgspec.json.encode({"id": "evt_", "type": "result.ready", "data": _data()}).decode()
    async with _receiver() as port:
        task = {"port": port, "many": MANY, "at_once": AT_ONCE, "body": body}
        return await figures_of("tests.bench.webhook_loop", task)


async def _alone() -> Figures:
    figures = await _ours()
    return {**figures, "beside": figures["per_second"]}


_LOOP = Side(label="an aiohttp loop, unsigned, nothing written down", run=_loop)
_ALONE = Side(label="the same without it", run=_alone)
WEBHOOKS = Experiment(
    name="webhooks",
    ours=Side(label="atsbridge on SQLite", run=_ours_in_both_ways),
    rows=(
        Row(name="webhooks: signed, each attempt on disk", unit="per second", against=_LOOP, least=0.7),
        Row(name="webhooks: CPU of a delivery", unit="us", against=_LOOP, figure="cpu_us"),
        Row(
            name="webhooks beside an endpoint that hangs", unit="per second", against=_ALONE, figure="beside", least=0.9
        ),
    ),
    beneath="signing and its headers alone make a request a third dearer; the rest is claiming and keeping",
)
