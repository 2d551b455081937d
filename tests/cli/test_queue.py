"""The queue as a user has it: processes, settings, a broker."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest

from adapters.rest.sessions import Session, verified
from entrypoints.cli import demo_story as story
from entrypoints.cli.processes import Child, child
from entrypoints.sandbox import erecruit
from entrypoints.settings import child_environment
from tests.cli.command import ADMIN_KEY, Terminal, a_terminal
from tests.nats_server import NatsServer, a_nats_server

SECRET = "canary-queue-pa55word"
SECONDS = 60.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    (tmp_path / "nats").mkdir()
    with a_nats_server(tmp_path / "nats", "--user", "post", "--pass", SECRET) as running:
        yield running


def url_of(server: NatsServer) -> str:
    return server.url.replace("//", f"//post:{SECRET}@")


@asynccontextmanager
async def serving(terminal: Terminal) -> AsyncIterator[tuple[Child, str]]:
    async with child("serve", folder=terminal.folder, environment=terminal.settings) as process:
        yield process, (await process.line(SECONDS)).rpartition(" ")[2]


async def asked(session: Session, url: str, body: object = None) -> Any:
    """The answer to a GET, or to a POST of a body."""
    headers = {"Authorization": f"Bearer {ADMIN_KEY}"}
    async with session.request("GET" if body is None else "POST", url, headers=headers, json=body) as response:
        return await response.json(content_type=None)


async def until(session: Session, url: str, good: Callable[[Any], bool]) -> Any:
    """The answer, once it is as it should be: each time it is asked the server has done some work."""
    async with asyncio.timeout(SECONDS):
        while not good(answer := await asked(session, url)):
            pass
    return answer


@pytest.mark.slow
async def test_a_broker_that_is_down_at_the_start_is_told_and_found_again(tmp_path: Path, server: NatsServer) -> None:
    terminal = a_terminal(tmp_path, ATSBRIDGE_BROKER_URL=url_of(server))
    server.stop()
    async with erecruit.running(rate_limit=None) as sandbox, verified() as sessions:
        async with serving(terminal) as (process, api):
            down = await until(sessions.reads, f"{api}/readyz", lambda one: "answer" in one.get("detail", ""))
            assert (down["status"], down["detail"]) == (503, "queue: the broker does not answer")
            connection = (await asked(sessions.reads, f"{api}/v1/connections", sandbox.connection))["id"]
            screening = story.screening_event(connection)
            await asked(sessions.reads, f"{api}/v1/connections/{connection}/screenings", screening["data"])
            await until(sessions.reads, f"{api}/v1/writebacks?state=done", lambda one: len(one["items"]) == 1)

            await asyncio.to_thread(server.start)
            await until(sessions.reads, f"{api}/readyz", lambda one: one["status"] == "ready")
            await published(server, screening | {"data": screening["data"] | story.CALLED | {"screening_id": "other"}})
            await until(sessions.reads, f"{api}/v1/writebacks?state=done", lambda one: len(one["items"]) == 2)
        log = process.log.read_text()
    assert SECRET not in log
    assert log.count("the broker does not answer") == 1, "an outage is a line, not one a second"


async def published(server: NatsServer, event: dict[str, Any]) -> None:
    client = await nats.connect(url_of(server))
    await client.jetstream().publish(f"atsbridge.in.{event['subject']}", json.dumps(event).encode())
    await client.close()


async def test_an_address_that_is_none_is_said_without_its_secret(tmp_path: Path) -> None:
    ended = await a_terminal(tmp_path, ATSBRIDGE_BROKER_URL=f"amqp://post:{SECRET}@localhost").run("work")
    assert ended.code == 2
    assert "broker_url" in ended.err.lower()
    assert "Traceback" not in ended.err
    assert SECRET not in ended.err


async def test_the_missing_extra_is_said_in_a_line(tmp_path: Path) -> None:
    terminal = a_terminal(tmp_path, ATSBRIDGE_BROKER_URL=f"nats://post:{SECRET}@localhost:4222")
    without = "import sys; sys.modules['nats'] = None; from entrypoints.cli.main import main; main()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", without, "work"),
        cwd=tmp_path,
        env=child_environment(terminal.settings),
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 2
    assert err.decode() == "atsbridge: ATSBRIDGE_BROKER_URL needs the extra `nats`: install atsbridge[nats]\n"
