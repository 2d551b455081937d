"""Child processes that are commands of ours: started, listened to, ended."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import attrs

from entrypoints.settings import child_environment

STOP_SECONDS = 10.0


class ChildError(Exception):
    """A command of ours ended before it was ready."""


@attrs.frozen
class Child:
    """A running command; its log is in `log`."""

    process: asyncio.subprocess.Process
    log: Path

    async def line(self, seconds: float) -> str:
        """Its next line of output. Raises ChildError when it ends first or takes longer."""
        stdout = self.process.stdout
        if stdout is None:
            raise ChildError("the command has no output")
        try:
            line = await asyncio.wait_for(stdout.readline(), seconds)
        except TimeoutError:
            line = b""
        if not line:
            raise ChildError(f"the command did not start; its log: {self.log.read_text()[-2000:]}")
        return line.decode().strip()


@asynccontextmanager
async def child(*arguments: str, folder: Path, environment: Mapping[str, str] | None = None) -> AsyncIterator[Child]:
    """Runs `atsbridge <arguments>` in `folder` until the block ends; then it is asked to stop, and made to."""
    log = folder / f"{arguments[0]}.log"
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            # -P keeps the folder it runs in from standing in for our packages.
            *(sys.executable, "-P", "-m", "entrypoints.cli", *arguments),
            cwd=folder,
            env=child_environment(environment or {}),
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    async with ended(process):
        yield Child(process, log)


@asynccontextmanager
async def ended(process: asyncio.subprocess.Process) -> AsyncIterator[None]:
    """When the block ends the process is asked to stop, and made to."""
    try:
        yield
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
