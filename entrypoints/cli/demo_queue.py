"""The demo's queue: the NATS server that this environment has, if it has one."""

import asyncio
import json
import re
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from entrypoints.cli.processes import ended

# By its absolute path: a machine may have another one of the same name.
SERVER = Path(sysconfig.get_path("scripts")) / "nats-server"
START_SECONDS, TRIES, TRY_EVERY = 30.0, 120, 0.25
_LISTENS = re.compile(r"Listening for client connections on (127\.0\.0\.1:\d+)")
_READY = "Server is ready"


class QueueError(Exception):
    """The queue could not be played."""


def at_hand() -> bool:
    """Whether there is a server, and the client that a worker needs for it."""
    return SERVER.exists() and find_spec("nats") is not None


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[str]:
    """The address of a server that runs until the block ends. Raises QueueError when it does not start."""
    process = await asyncio.create_subprocess_exec(
        *(SERVER, "--jetstream", "--addr", "127.0.0.1", "--port", "-1", "--store_dir", folder / "queue"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with ended(process):
        if process.stderr is None:
            raise QueueError("the NATS server says nothing")
        try:
            address = await asyncio.wait_for(_ready(process.stderr), START_SECONDS)
        except TimeoutError:
            raise QueueError("the NATS server did not start in time") from None
        # Whatever else it says is read and dropped, or it would wait for a reader in the end.
        dropping = asyncio.create_task(process.stderr.read())
        try:
            yield f"nats://{address}"
        finally:
            dropping.cancel()


async def _ready(output: asyncio.StreamReader) -> str:
    """Where it listens, once it says that it is ready."""
    address = ""
    async for raw in output:
        line = raw.decode()
        if found := _LISTENS.search(line):
            address = found[1]
        if _READY in line:
            return address
    raise QueueError("the NATS server ended instead of starting")


async def publish(address: str, event: dict[str, Any]) -> None:
    """As a product of somebody else's does, once the worker has made its stream."""
    # Only now: without a server there need be no client.
    import nats  # noqa: PLC0415 - see above

    client = await nats.connect(address)
    try:
        for _ in range(TRIES):
            try:
                await client.jetstream().publish(f"atsbridge.in.{event['subject']}", json.dumps(event).encode())
            except nats.errors.Error:
                await asyncio.sleep(TRY_EVERY)
            else:
                return
        raise QueueError("the worker has made no stream")
    finally:
        await client.close()
