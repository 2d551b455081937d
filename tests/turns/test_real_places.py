"""Two processes on one database, against a server that counts how many it has to do with at once."""

import asyncio
import sys
from pathlib import Path

import attrs
import pytest

from adapters.persistence.migrate import migrate
from adapters.persistence.stores import open_stores
from adapters.vault import FernetVault, new_key
from domain.ids import ConnectionId
from tests.clocks import FakeClock
from tests.persistence.builders import CREDENTIALS, connection
from tests.persistence.postgres import empty_database
from tests.turns.crowding import HOST

CALLERS, IN_FLIGHT = 20, 3


@attrs.define
class Counting:
    """Keeps each caller for a moment, or nobody could be there at once."""

    moment: float = 0.05
    here: int = 0
    most: int = 0
    served: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.here += 1
        self.most = max(self.most, self.here)
        # Whoever keeps the line open says nothing more: this is only over when the time is.
        await asyncio.wait([asyncio.ensure_future(reader.read())], timeout=self.moment)
        self.here -= 1
        self.served += 1
        writer.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return await empty_database(request.config)
    address = f"sqlite:///{tmp_path}/places.db"
    await migrate(address)
    return address


async def crowd(url: str, port: int) -> int:
    arguments = ("-m", "tests.turns.crowding", url, str(port), str(CALLERS), str(IN_FLIGHT))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.slow
async def test_two_processes_together_have_no_more_under_way_than_the_limit(url: str) -> None:
    vault = FernetVault([new_key()])
    async with open_stores(url, vault=vault, clock=FakeClock()) as stores:
        await stores.connections.add(connection(ConnectionId(HOST.connection)), CREDENTIALS)
    counting = Counting()
    server = await asyncio.start_server(counting.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        ends = await asyncio.gather(crowd(url, port), crowd(url, port))
    assert sum(map(abs, ends)) == 0
    assert counting.served == 2 * CALLERS
    assert counting.most == IN_FLIGHT
