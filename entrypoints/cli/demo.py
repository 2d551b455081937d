"""`atsbridge demo`: a finished phone screen lands in an emulated ATS, on embedded parts, in processes of their own."""

import asyncio
import json
import secrets
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import attrs
from cryptography.fernet import Fernet
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from adapters.rest.sessions import Session, verified
from entrypoints.cli import demo_queue as queue
from entrypoints.cli import demo_story as story
from entrypoints.cli.processes import ChildError, child

START_SECONDS, WORK_SECONDS, LOOK_EVERY = 60.0, 90.0, 0.25
FINISHED = {"done", "refused", "held", "dead"}


class DemoError(Exception):
    """The demo could not be played."""


@attrs.frozen
class Stage:
    """Where the demo plays: the service's API, its key, and the sandbox's control server."""

    session: Session
    api: str
    key: str
    control: str

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """The service's answer to a request; a problem document ends the demo."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        async with self.session.request(method, self.api + path, headers=headers, data=data) as response:
            answer = await response.json(content_type=None)
            if response.status >= 400:
                raise DemoError(f"{method} {path} answered {response.status}: {answer}")
            return answer

    async def ask_sandbox(self, method: str, path: str, body: object = None) -> Any:
        """The control server's answer."""
        async with self.session.request(method, self.control + path, json=body) as response:
            return await response.json()


async def demo(
    *,
    fault: Annotated[str | None, Parameter(help="a fault of the sandbox to switch on first")] = None,
    times: Annotated[int, Parameter(help="for how many requests the fault stays on")] = 1,
) -> int:
    """Play a finished phone screen into an emulated eRecruit and count in there what came of it."""
    console = Console(soft_wrap=True, highlight=False)
    try:
        found, unsettled = await _play(console, fault, times)
    except (ChildError, DemoError, queue.QueueError, aiohttp.ClientError) as error:
        console.print(f"demo: could not be played: {error}", markup=False)
        return 1
    for about in found.missing:
        console.print(f"missing: {about}")
    for about in (*found.doubled, *found.foreign):
        console.print(f"there too often: {about}")
    unknown = max(unsettled, len(found.missing))
    print(f"demo: {found.confirmed} effects confirmed, {unknown} unknown, {len(found.doubled)} doubled", flush=True)
    return 0 if found.good and not unsettled else 1


async def _play(console: Console, fault: str | None, times: int) -> tuple[story.Count, int]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="atsbridge-demo-")))
        sessions = await stack.enter_async_context(verified())
        console.print("1. an emulated eRecruit starts: two hosts, one with a certificate that nobody should trust")
        sandbox = await stack.enter_async_context(child("sandbox", "erecruit", folder=folder))
        ready = json.loads(await sandbox.line(START_SECONDS))
        broker = await stack.enter_async_context(queue.running(folder)) if queue.at_hand() else None
        beside = " and a NATS server" if broker else ""
        console.print(f"2. the service starts: the API and a worker, in a process each, on one SQLite file{beside}")
        stage, environment = await _service(stack, sessions.reads, folder, ready["control_url"], broker)
        if fault is not None:
            await stage.ask_sandbox("POST", "/faults", {"fault": fault, "times": times})
        console.print("3. a connection to it is made, and checked live")
        connection = await _connect(stage, ready["connection"])
        console.print("4. the result of a call comes over HTTP, with a PDF report")
        accepted = await stage.call("POST", f"/v1/connections/{connection}/call-results", story.call_result())
        if broker:
            console.print("5. a screening comes as an event, over the queue")
            event = await _publish_event(stage, broker, connection)
        else:
            console.print("5. a screening comes as an event, straight into the command table (no NATS server here)")
            event = await _add_event(folder, environment, connection)
        console.print("6. the worker carries both out")
        unsettled = 0
        for command in (accepted["writeback_id"], event):
            unsettled += _show_writeback(console, await _finished(stage, command))
        writes = (await stage.ask_sandbox("GET", "/state"))["writes"]
        _show_writes(console, writes)
        return story.count(writes), unsettled


async def _service(
    stack: AsyncExitStack, session: Session, folder: Path, control: str, broker: str | None
) -> tuple[Stage, dict[str, str]]:
    key = f"atsb_admin_{secrets.token_urlsafe(32)}"
    environment = {
        "ATSBRIDGE_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "ATSBRIDGE_DATA_DIR": str(folder),
        "ATSBRIDGE_ADMIN_KEY": key,
        "ATSBRIDGE_VAULT_KEYS": Fernet.generate_key().decode(),
        "ATSBRIDGE_PORT": "0",
    }
    web = await stack.enter_async_context(child("web", folder=folder, environment=environment))
    api = (await web.line(START_SECONDS)).rpartition(" ")[2]
    working = environment | ({"ATSBRIDGE_BROKER_URL": broker} if broker else {})
    await stack.enter_async_context(child("work", folder=folder, environment=working))
    return Stage(session, api, key, control), environment


async def _connect(stage: Stage, body: dict[str, Any]) -> str:
    made = await stage.call("POST", "/v1/connections", {**body, "policy": story.POLICY})
    checked = await stage.call("POST", f"/v1/connections/{made['id']}/check")
    if not checked["ok"]:
        raise DemoError(f"the check of the connection found: {checked}")
    return str(made["id"])


async def _publish_event(stage: Stage, broker: str, connection: str) -> str:
    """The write-back that the worker made of it."""
    event = story.screening_event(connection)
    await queue.publish(broker, event)
    key = f"screening:{event['data']['screening_id']}"
    for _ in range(int(WORK_SECONDS / LOOK_EVERY)):
        shown = await stage.call("GET", f"/v1/writebacks?connection={connection}")
        for one in shown["items"]:
            if one["key"] == key:
                return str(one["id"])
        await asyncio.sleep(LOOK_EVERY)
    raise DemoError("nobody took the event from the queue")


async def _add_event(folder: Path, environment: dict[str, str], connection: str) -> str:
    event = folder / "event.json"
    event.write_text(json.dumps(story.screening_event(connection)))
    arguments = ("commands", "add", "--connection", connection, str(event))
    async with child(*arguments, folder=folder, environment=environment) as adding:
        return (await adding.line(START_SECONDS)).partition(" ")[0]


async def _finished(stage: Stage, command: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(int(WORK_SECONDS / LOOK_EVERY)):
        found = await stage.call("GET", f"/v1/writebacks/{command}")
        if found["state"] in FINISHED:
            break
        await asyncio.sleep(LOOK_EVERY)
    return found


def _show_writeback(console: Console, writeback: dict[str, Any]) -> int:
    """Shows it; the answer is how many of its effects are not settled."""
    table = Table(title=f"{writeback['id']} ({writeback['key']}): {writeback['state']}", title_justify="left")
    for column in ("effect", "on", "state", "remark"):
        table.add_column(column)
    for effect in writeback["effects"]:
        target = f"{effect['target']['type']} {effect['target']['id']}"
        table.add_row(effect["kind"], target, effect["state"], effect.get("reason") or "")
    console.print(table)
    settled = {"confirmed", "refused", "skipped"}
    return sum(effect["state"] not in settled for effect in writeback["effects"])


def _show_writes(console: Console, writes: list[dict[str, Any]]) -> None:
    table = Table(title="What stands in the ATS now", title_justify="left")
    for column in ("", "what", "on", "content"):
        table.add_column(column)
    for write in writes:
        content = write.get("text") or write.get("name") or write.get("value") or ""
        target = f"{write['target']['type']} {write['target']['id']}"
        table.add_row(str(write["seq"]), write["kind"], target, content)
    console.print(table)
