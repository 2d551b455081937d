"""Rows of HTTP accept: a call result's key checked, validated, counted, durable, then 202; 50 requests at once."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from entrypoints.cli import demo_story as story
from entrypoints.cli.processes import child
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import ROOT, SERVING, WORKING, a_folder, figures_of, on_core
from tests.bench.peers_python import PEERS, lacking_peers
from tests.cli.command import ADMIN_KEY, a_terminal

REQUESTS = 6_000
CONNECTION = {
    "provider": "erecruit",
    "name": "Acme",
    "settings": {
        "base_url": "https://standard.invalid/webapi",
        "login_url": "https://login.invalid/t/token",
        "legacy_url": "https://legacy.invalid/api",
        "time_zone": "America/Toronto",
    },
    "credentials": {
        "client_id": "screening",
        "client_secret": "made up for this",
        "legacy_user_name": "screening",
        "legacy_password": "made up as well",
        "legacy_entity_id": "7",
    },
}


def _body() -> dict[str, Any]:
    result = story.call_result()
    del result["report"]
    return result


async def _driven(server: int, port: int, connection: str) -> Figures:
    """The client has the other core. `server` is the process that it talks to."""
    path = f"/v1/connections/{connection}/call-results"
    wanted = {"path": path, "key": ADMIN_KEY, "body": _body(), "many": REQUESTS}
    task = {"server": server, "port": port, "wanted": wanted}
    return await figures_of("tests.bench.http_client", task, core=SERVING)


async def _ours() -> Figures:
    with a_folder() as folder:
        terminal = a_terminal(folder, ATSBRIDGE_TLS_EXEMPT_HOSTS="legacy.invalid")
        added = await terminal.run("connections", "add", "-", stdin=json.dumps(CONNECTION).encode())
        connection = added.lines()[0]["id"]
        async with AsyncExitStack() as stack:
            with on_core(WORKING):
                web = await stack.enter_async_context(child("web", folder=folder, environment=terminal.settings))
            port = int((await web.line(30)).rpartition(":")[2])
            return await _driven(web.process.pid, port, connection)


@asynccontextmanager
async def _listening(*command: str | Path) -> AsyncIterator[tuple[int, int]]:
    """The process of a server of another make, and the port that it says it has."""
    with on_core(WORKING):
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield process.pid, int(await asyncio.wait_for(process.stdout.readline(), 30))
    finally:
        process.terminate()
        await process.wait()


async def _bare() -> Figures:
    async with _listening(sys.executable, "-m", "tests.bench.bare_http") as (server, port):
        return await _driven(server, port, "con_any")


async def _fastapi() -> Figures:
    with a_folder() as folder:
        task = json.dumps({"database": str(folder / "accept.db"), "key": ADMIN_KEY})
        async with _listening(PEERS, "-m", "tests.bench.peers.fastapi_accept", task) as (server, port):
            return await _driven(server, port, "con_any")


_BARE = Side(label="bare aiohttp handler that answers 202", run=_bare)
_FASTAPI = Side(label="FastAPI, uvicorn + httptools, same rows, key check, metrics", run=_fastapi, needs=lacking_peers)
HTTP = Experiment(
    name="http",
    ours=Side(label="atsbridge web", run=_ours),
    rows=(
        Row(name="HTTP accept, durable, 202", unit="requests/s", against=_BARE, least=0.4),
        Row(name="HTTP accept: p99", unit="ms", against=_BARE, figure="p99_ms", most=5.0),
        Row(name="HTTP accept: CPU of a request", unit="us", against=_BARE, figure="cpu_us"),
        Row(name="HTTP accept, durable, 202", unit="requests/s", against=_FASTAPI, least=2.5),
    ),
)
