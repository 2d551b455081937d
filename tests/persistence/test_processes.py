"""Two processes on one SQLite file."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import pytest

from adapters.vault import new_key
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, CREDENTIALS, connection, new
from tests.persistence.worlds import World

_WORKER = """
import asyncio, sys
from adapters.clock import SystemClock
from adapters.persistence.stores import open_stores
from adapters.vault import FernetVault
from domain.writeback import WriteBackState

async def work(url, key):
    async with open_stores(url, vault=FernetVault([key]), clock=SystemClock()) as stores:
        print("open", flush=True)
        sys.stdin.readline()
        while claims := await stores.commands.claim(3):
            for claim in claims:
                await stores.commands.finish(claim, WriteBackState.DONE)
                print(claim.command, flush=True)

asyncio.run(work(*sys.argv[1:]))
"""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_two_processes_share_the_work(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    world.clock.passed -= 1e8  # before the real time that the processes have: all is due
    ids = [(await world.stores.commands.accept(new(n, subject=f"p{n}"))).id for n in range(24)]
    processes = [await started(world.url) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
    outputs = await asyncio.gather(*[process.communicate() for process in processes])
    assert [process.returncode for process in processes] == [0, 0]
    done = Counter(line for out, _ in outputs for line in out.decode().split())
    assert done == Counter(ids)
    assert await world.stores.commands.claim(10) == ()
    assert ACME in {one.id for one in await world.stores.connections.page(EVERYTHING, after=None, limit=5)}


async def started(url: str) -> asyncio.subprocess.Process:
    """Started, and with the database open: both begin to work at the same moment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, url, new_key(),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    return process
