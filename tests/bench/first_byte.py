"""Rows of latency: from the moment a call result is posted until the first byte of its write-back reaches the ATS."""

import asyncio
import json
import random
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import attrs

from adapters.clock import SystemClock
from adapters.rest.sessions import verified
from entrypoints.cli import demo_story as story
from entrypoints.cli.demo import FINISHED, START_SECONDS, Stage
from entrypoints.cli.processes import child
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import WORKING, a_folder, on_core
from tests.bench.servers import postgresql
from tests.cli.command import ADMIN_KEY, a_terminal

SAMPLES = 30
_CLOCK = SystemClock()
_LOOK_EVERY, _LONGEST = 0.05, 120.0
_QUICK = {"rate_limit": 100.0}


@attrs.define
class Watch:
    """Tells when the first byte after a moment went by."""

    first: asyncio.Future[float] | None = None

    def begin(self) -> asyncio.Future[float]:
        self.first = asyncio.get_running_loop().create_future()
        return self.first

    def passed(self) -> None:
        if self.first is not None and not self.first.done():
            self.first.set_result(time.perf_counter())


@asynccontextmanager
async def _relayed(port: int, passed: Callable[[], None]) -> AsyncIterator[int]:
    """A port in front of another: whatever is sent there is noticed and handed on as it is, encrypted or not."""

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, notice: Callable[[], None]) -> None:
        try:
            while data := await source.read(65_536):
                notice()
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass  # whoever hung up: the other side is told
        finally:
            sink.close()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, ours, passed), pump(theirs, writer, lambda: None))

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _through_relays(stack: AsyncExitStack, connection: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """The connection's addresses, each by way of a relay."""
    settings = connection["settings"] | _QUICK
    for name in ("base_url", "login_url", "legacy_url"):
        host, port, path = _parts(settings[name])
        relay = await stack.enter_async_context(_relayed(port, watch.passed))
        settings[name] = f"{host}:{relay}{path}"
    return connection | {"settings": settings}


def _parts(url: str) -> tuple[str, int, str]:
    scheme, _, rest = url.partition("://")
    address, slash, path = rest.partition("/")
    host, _, port = address.rpartition(":")
    return f"{scheme}://{host}", int(port), slash + path


async def _first_bytes(stage: Stage, connection: str, watch: Watch) -> list[float]:
    """Seconds of each result, with pauses of any length between them; the first one, which logs in, does not count."""
    took = []
    pauses = random.Random(1)
    for n in range(SAMPLES + 1):
        first, posted = watch.begin(), time.perf_counter()
        result = _result() | {"call_id": f"call-{n}"}
        accepted = await stage.call("POST", f"/v1/connections/{connection}/call-results", result)
        took.append(await asyncio.wait_for(first, _LONGEST) - posted)
        await _finished(stage, accepted["href"])
        await _CLOCK.sleep(pauses.uniform(0.2, 1.2))
    return took[1:]


def _result() -> dict[str, Any]:
    result = story.call_result()
    del result["report"]
    return result


async def _finished(stage: Stage, href: str) -> None:
    async with asyncio.timeout(_LONGEST):
        while (await stage.call("GET", href))["state"] not in FINISHED:
            await _CLOCK.sleep(_LOOK_EVERY)


async def _measured(commands: tuple[str, ...], folder: Path, **settings: str) -> float:
    """The median, in milliseconds, with these of our commands running side by side."""
    terminal, watch = a_terminal(folder, **settings), Watch()
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(child("sandbox", "erecruit", "--rate-limit", "off", folder=folder))
        ready = json.loads(await sandbox.line(START_SECONDS))
        connection = await _through_relays(stack, ready["connection"], watch)
        added = (await terminal.run("connections", "add", "-", stdin=json.dumps(connection).encode())).lines()[0]
        with on_core(WORKING):
            ours = [
                await stack.enter_async_context(child(name, folder=folder, environment=terminal.settings))
                for name in commands
            ]
        port = int((await ours[0].line(START_SECONDS)).rpartition(":")[2])
        sessions = await stack.enter_async_context(verified())
        stage = Stage(sessions.reads, f"http://127.0.0.1:{port}", ADMIN_KEY, ready["control_url"])
        return 1000 * statistics.median(await _first_bytes(stage, added["id"], watch))


async def _ours() -> Figures:
    figures = {}
    with a_folder() as folder:
        figures["whole"] = await _measured(("serve",), folder)
    with a_folder() as folder:
        figures["apart"] = await _measured(("web", "work"), folder)
    with a_folder() as folder, postgresql() as url:
        figures["apart_postgresql"] = await _measured(("web", "work"), folder, ATSBRIDGE_DATABASE_URL=url)
    return figures


async def _set() -> Figures:
    return {"whole": 100.0, "apart": 300.0, "apart_postgresql": 300.0}


_LIMIT = Side(label="the limit set for it", run=_set)
FIRST_BYTE = Experiment(
    name="first-byte",
    ours=Side(label="atsbridge", run=_ours),
    rounds=1,
    rows=(
        Row(name="first byte at the ATS, p50: serve", unit="ms", against=_LIMIT, figure="whole", most=1.0),
        Row(name="first byte, p50: web + work, SQLite", unit="ms", against=_LIMIT, figure="apart", most=1.0),
        Row(
            name="first byte, p50: web + work, PostgreSQL",
            unit="ms",
            against=_LIMIT,
            figure="apart_postgresql",
            most=1.0,
        ),
    ),
    beneath=f"Milliseconds from posting a result to the first byte at the ATS; {SAMPLES} results, pauses between them.",
)
