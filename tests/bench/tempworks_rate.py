"""Rows of patience: how much of the rate that TempWorks allows is used in a minute of real time, and none refused."""

import asyncio
import json
import time
from contextlib import AsyncExitStack

from adapters.clock import SystemClock
from adapters.deps import Deps
from adapters.rest.sessions import verified
from adapters.tempworks.gateway import connect
from adapters.turns.in_process import InProcessTurns
from domain.ids import CandidateId, ConnectionId
from entrypoints import logs
from entrypoints.cli.demo import START_SECONDS
from entrypoints.cli.processes import child
from ports.gateway import need
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import SERVING, WORKING, a_folder, on_core

SECONDS = 60.0
ALLOWED = 25 / 5
_CALLERS = 5
_PERSON = CandidateId("43769")


async def _ours() -> Figures:
    """Callers who never tire, at the usual settings."""
    logs.set_up("json")  # as the service does it: requests that went well are only counted
    clock = SystemClock()
    with a_folder() as folder:
        async with AsyncExitStack() as stack:
            with on_core(SERVING):
                sandbox = await stack.enter_async_context(child("sandbox", "tempworks", folder=folder))
            ready = json.loads(await sandbox.line(START_SECONDS))
            pair = await stack.enter_async_context(verified())
            deps = Deps(turns=InProcessTurns(clock), clock=clock, verified=pair)
            body = ready["connection"]
            lookup = need(connect(ConnectionId("bench"), body["settings"], body["credentials"], deps).candidate_lookup)
            answered = 0
            begun = time.perf_counter()

            async def ask() -> None:
                nonlocal answered
                while time.perf_counter() - begun < SECONDS:
                    await lookup.candidate(_PERSON)
                    answered += 1

            with on_core(WORKING):
                await asyncio.gather(*(ask() for _ in range(_CALLERS)))
            took = time.perf_counter() - begun
            async with pair.reads.request("GET", f"{ready['control_url']}/state") as response:
                counted = (await response.json())["limits"]["token"]
    asked = counted["requests"]
    return {"per_second": answered / took, "accepted": (asked - counted["refused"]) / asked}


async def _all() -> Figures:
    return {"per_second": ALLOWED, "accepted": 1.0}


_ALLOWED = Side(label="all that is allowed", run=_all)
RATE = Experiment(
    name="tempworks-rate",
    ours=Side(label="atsbridge", run=_ours),
    rounds=1,
    rows=(
        Row(name="TempWorks: requests over 60 s", unit="/s", against=_ALLOWED, least=0.95),
        Row(name="TempWorks: of these not answered by 429", unit="", against=_ALLOWED, figure="accepted", least=1.0),
    ),
    beneath=f"{_CALLERS} callers who never tire, 25 requests in 5 s allowed, over {SECONDS:.0f} real seconds.",
)
