"""A worker that delivers webhooks, as the harness runs it: real stores, sender and loop in a process of its own."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs

from adapters.clock import SystemClock
from adapters.persistence.stores import open_stores
from adapters.rest.networks import Network
from adapters.rest.sessions import receivers
from adapters.vault import FernetVault
from adapters.webhooks.addresses import Addresses
from adapters.webhooks.sender import HttpSender
from application.deliver_webhooks import DeliverWebhooks
from domain.delivery import Reply
from entrypoints.worker.deliverer import Deliverer
from ports.webhooks import Deliveries, Errand, Sender, Verdict
from tests.chaos import snares
from tests.chaos.snares import Passing
from tests.chaos.worker import READY, speak_into, watched_over

LEASE, REQUEST, ENDING = 1.5, 0.5, 0.05
"""Seconds: how long a delivery stays with a silent worker, the longest request, how long an answer has to end."""
LONGEST_WAIT = 0.2
_LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)


@attrs.frozen(kw_only=True)
class Deliver:
    """What a worker is started with. `forgetful`: it writes down a success before it has asked anybody."""

    database: str
    vault_key: str = attrs.field(repr=False)
    port: int
    log: Path
    forgetful: bool = False


def deliver(orders: Deliver, pipe: Connection) -> None:
    """The whole life of the process. It ends with the harness, whatever became of that."""
    speak_into(orders.log)
    asyncio.run(_deliver(orders, pipe))


async def _deliver(orders: Deliver, pipe: Connection) -> None:
    watch, clock, vault = watched_over(pipe), SystemClock(), FernetVault([orders.vault_key])
    async with (
        open_stores(orders.database, vault=vault, clock=clock, delivery_seconds=LEASE) as stores,
        receivers(allowed=_LOOPBACK) as session,
    ):
        deliveries: Any = snares.deliveries(soon(stores.deliveries), watch)
        rules = Addresses(http=True, ports=frozenset({orders.port}), allowed=_LOOPBACK)
        sender = HttpSender(session, rules, clock, seconds=REQUEST, ending=ENDING)
        sending = forgetful(deliveries, sender) if orders.forgetful else DeliverWebhooks(deliveries, sender)
        worker = Deliverer(deliveries, sending, clock, concurrency=20, each=5, stop_seconds=5.0)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
        watch.say(READY)
        await worker.run()


def soon(port: Deliveries) -> Any:
    """Nobody waits for hours here, whatever the rules of retrying say."""

    async def record(errand: Errand, verdict: Verdict) -> None:
        wait = None if verdict.wait is None else min(verdict.wait / 50, LONGEST_WAIT)
        await port.record(errand, attrs.evolve(verdict, wait=wait))

    return Passing(port, {"record": record})


def forgetful(deliveries: Deliveries, sender: Sender) -> Callable[[Errand], Awaitable[None]]:
    """It must lose."""

    async def send(errand: Errand) -> None:
        await deliveries.record(errand, Verdict(reply=Reply(status=204), wait=None))
        await sender.send(errand)

    return send
