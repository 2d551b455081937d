"""A row of memory: by how much a worker grows over an idle one while it works off a long queue with large reports."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

from adapters.clock import SystemClock
from adapters.persistence.stores import open_stores
from adapters.vault import FernetVault
from application.hand_in import accept
from application.post_call_results import key_of
from domain.attachment import reference_to
from domain.ids import CandidateId, ConnectionId
from entrypoints.cli.demo import START_SECONDS
from entrypoints.cli.processes import Child, child
from entrypoints.sandbox.erecruit.fixtures import CANDIDATE
from ports.commands import CommandKind, NewCommand
from ports.scope import EVERYTHING
from tests import builders as b
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import WORKING, a_folder, lacking_proc, on_core, peak_mb
from tests.cli.command import Terminal, a_terminal

WAITING, LARGE, REPORT_BYTES, CONNECTIONS, PEOPLE = 10_000, 20, 10 * 1024 * 1024, 5, 50
WORKED_OFF = 500
"""So many are done when the large ones are, or it goes on until then; to do all of them takes minutes more."""
_IDLE_SECONDS, _LOOK_EVERY, _LONGEST = 3.0, 0.5, 240.0
_CLOCK = SystemClock()
_SETTINGS = {"rate_limit": 200.0}
_POLICY = {"note_on": "candidate", "report_on": "candidate", "tag": False, "screened_status": False}


async def _settled_mb(process: int) -> float:
    """The same once it has grown no more for a while: a worker says nothing when it has started."""
    before, found = 0.0, peak_mb(process)
    while found > before:
        await _CLOCK.sleep(_IDLE_SECONDS)
        before, found = found, peak_mb(process)
    return found


async def _connected(terminal: Terminal, connection: dict[str, Any]) -> list[ConnectionId]:
    body = connection | {"settings": connection["settings"] | _SETTINGS, "policy": _POLICY}
    found = []
    for n in range(CONNECTIONS):
        told = json.dumps(body | {"name": f"number {n}"}).encode()
        found.append(ConnectionId((await terminal.run("connections", "add", "-", stdin=told)).lines()[0]["id"]))
    return found


def _command(connections: list[ConnectionId], n: int) -> NewCommand:
    """The first ones, over all connections, have a report that nobody else has."""
    file = b.a_file(content=b.a_pdf(f"{n}" + "x" * REPORT_BYTES)) if n < LARGE else None
    result = b.a_call_result(
        call_id=f"call-{n}",
        candidate_id=CandidateId(str(CANDIDATE + n % PEOPLE)),
        application_id=None,
        report=reference_to(file) if file else None,
    )
    return NewCommand(
        connection=connections[n % CONNECTIONS],
        key=key_of(result.call_id),
        kind=CommandKind.CALL_RESULT,
        subject=f"candidate:{result.candidate_id}",
        request=result,
        files=(file,) if file else (),
    )


async def _filled(terminal: Terminal, connections: list[ConnectionId]) -> None:
    vault = FernetVault([terminal.settings["ATSBRIDGE_VAULT_KEYS"]])
    async with open_stores(terminal.settings["ATSBRIDGE_DATABASE_URL"], vault=vault, clock=_CLOCK) as stores:
        waiting = iter(range(WAITING))

        async def hand_in() -> None:
            for n in waiting:
                await accept(stores.commands, EVERYTHING, _command(connections, n))

        await asyncio.gather(*(hand_in() for _ in range(50)))


@asynccontextmanager
async def _working(terminal: Terminal) -> AsyncIterator[Child]:
    async with AsyncExitStack() as stack:
        with on_core(WORKING):
            worker = child("work", folder=terminal.folder, environment=terminal.settings)
            started = await stack.enter_async_context(worker)
        yield started


async def _worked_off(database: Path) -> None:
    """Returns once the large ones and enough of the others are done. Raises RuntimeError when any ends otherwise."""
    async with asyncio.timeout(_LONGEST):
        while True:
            await _CLOCK.sleep(_LOOK_EVERY)
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as c:
                states = dict(c.execute("SELECT state, count(*) FROM commands GROUP BY state"))
                large = c.execute("SELECT count(*) FROM effects WHERE kind = 'file' AND state = 'confirmed'").fetchone()
            if states.keys() - {"waiting", "running", "done"}:
                raise RuntimeError(f"ended otherwise: {states}")
            if large[0] >= LARGE and states.get("done", 0) >= WORKED_OFF:
                return


async def _ours() -> Figures:
    with a_folder() as folder:
        terminal = a_terminal(folder)
        async with child("sandbox", "erecruit", "--rate-limit", "off", folder=folder) as sandbox:
            ready = json.loads(await sandbox.line(START_SECONDS))
            connections = await _connected(terminal, ready["connection"])
            async with _working(terminal) as worker:
                idle = await _settled_mb(worker.process.pid)
            await _filled(terminal, connections)
            async with _working(terminal) as worker:
                await _worked_off(folder / "cli.db")
                return {"growth": peak_mb(worker.process.pid) - idle}


async def _set() -> Figures:
    return {"growth": 60.0}


MEMORY = Experiment(
    name="memory",
    ours=Side(label="atsbridge work", run=_ours),
    rounds=1,
    rows=(
        Row(
            name=f"worker, {WAITING:,} wait, {LARGE} of 10 MB: growth",
            unit="MB",
            against=Side(label="the limit set for it", run=_set, needs=lacking_proc),
            figure="growth",
            most=1.0,
        ),
    ),
    beneath="The most it ever had in memory, less the most that an idle worker had; SQLite, five connections.",
)
