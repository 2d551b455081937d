"""A worker process that dies: between the commit of the first event and its acknowledgement.

`python -m tests.broker.dying <broker> <database> <seconds>`
"""

import asyncio
import os
import signal
import sys

from adapters.brokers.addresses import Address
from adapters.brokers.nats import NatsInbound
from adapters.persistence.stores import open_stores
from adapters.vault import FernetVault, new_key
from entrypoints.worker.intake import Intake
from ports.messages import Message
from tests.broker.post import Watched
from tests.clocks import FakeClock
from tests.memory_ats import MemoryAts
from tests.memory_gateway import memory_gateway
from tests.office import Office, OneGateway


def die(_: Message) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main(broker: str, database: str, seconds: str) -> None:
    clock = FakeClock()
    async with open_stores(database, vault=FernetVault([new_key()]), clock=clock) as stores:
        ats = MemoryAts(clock=clock)
        office = Office(clock=clock, ats=ats, stores=stores, connections=OneGateway(stores, memory_gateway(ats)))
        inbound = Watched(NatsInbound(Address.of(broker), ack_seconds=float(seconds)), before_ack=die)
        await Intake(inbound, office.bridge, clock).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
