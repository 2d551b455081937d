"""POST of a call result over HTTP, key checked, validated, durable, against a bare handler that answers 202."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from entrypoints.cli import demo_story as story
from entrypoints.cli.processes import child
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.cli.command import ADMIN_KEY, a_terminal

REQUESTS, AT_ONCE = 4_000, 50
BARE = """
import asyncio
from aiohttp import web
async def accepted(request):
    await request.read()
    return web.json_response({"writeback_id": "wb", "href": "/"}, status=202)
async def main():
    app = web.Application()
    app.router.add_post("/{tail:.*}", accepted)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print("listens on http://127.0.0.1:%d" % runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def _posted(port: int, path: str, number: int) -> float:
    """Requests per second over kept connections; raw sockets, so that the client costs next to nothing."""
    left = iter(range(REQUESTS))

    async def talk() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n in left:
            body = _body(number, n)
            head = (
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {ADMIN_KEY}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            if b" 202 " not in answer[:20]:
                raise RuntimeError(answer.decode())
            length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(talk() for _ in range(AT_ONCE)))
    return REQUESTS / (time.perf_counter() - start)


def _body(number: int, n: int) -> bytes:
    result = story.call_result() | {"call_id": f"call-{number}-{n}", "candidate_id": f"{number}{n}"}
    del result["report"]
    return json.dumps(result).encode()


@asynccontextmanager
async def _service(folder: Path) -> AsyncIterator[tuple[int, str]]:
    terminal = a_terminal(folder)
    async with child("sandbox", "erecruit", folder=folder) as sandbox:
        connection = json.loads(await sandbox.line(30))["connection"]
    added = (await terminal.run("connections", "add", "-", stdin=json.dumps(connection).encode())).lines()[0]
    async with child("web", folder=folder, environment=terminal.settings) as web:
        port = int((await web.line(30)).rpartition(":")[2])
        yield port, f"/v1/connections/{added['id']}/call-results"


async def _ours() -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        async with _service(Path(folder)) as (port, path):
            return {"per_second": await _posted(port, path, 1)}


async def _bare() -> Figures:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BARE, stdout=asyncio.subprocess.PIPE)
    if process.stdout is None:
        raise RuntimeError("no output")
    try:
        port = int((await process.stdout.readline()).decode().rpartition(":")[2])
        return {"per_second": await _posted(port, "/v1/connections/con/call-results", 1)}
    finally:
        process.terminate()
        await process.wait()


HTTP = Experiment(
    name="http",
    ours=Side(label="atsbridge web", run=_ours),
    rows=(
        Row(
            name="HTTP: a call result accepted, durable, 202",
            unit="requests/s",
            against=Side(label="bare aiohttp handler that answers 202", run=_bare),
            least=0.4,
        ),
    ),
)
