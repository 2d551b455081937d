"""A process that keeps to the turns of a database: `python -m tests.turns.crowding URL PORT CALLERS IN_FLIGHT`."""

import asyncio
import sys

from adapters.clock import SystemClock
from adapters.persistence.stores import open_stores
from adapters.turns.shared import SharedTurns
from adapters.vault import FernetVault, new_key
from domain.ids import ConnectionId
from ports.turns import Host, Rate

HOST = Host(ConnectionId("con_crowd"), "standard")


async def crowd(url: str, port: int, callers: int, in_flight: int) -> None:
    clock = SystemClock()
    async with open_stores(url, vault=FernetVault([new_key()]), clock=clock) as stores:
        turns = SharedTurns(stores.hosts, clock)
        rate = Rate(1_000, 1, in_flight, everywhere=True)

        async def one() -> None:
            async with turns.take(HOST, rate):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                await reader.read()
                writer.close()
                await writer.wait_closed()

        await asyncio.gather(*(one() for _ in range(callers)))


if __name__ == "__main__":
    asyncio.run(crowd(sys.argv[1], *map(int, sys.argv[2:])))
