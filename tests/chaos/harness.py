"""The harness as tests start it: the whole of it, in processes of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psutil  # type: ignore[import-untyped]


@asynccontextmanager
async def harness(kind: str, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """In a process group of its own, which does not outlive the test."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos", kind, "--seed", "7", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        everybody = descendants(process.pid)
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
        for one in everybody:
            with suppress(psutil.NoSuchProcess):
                one.kill()


def descendants(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
        return found
    return []
