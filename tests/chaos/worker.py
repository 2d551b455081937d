"""A worker as the harness runs it: the real container and the real loop in a process of its own, its ports snared."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import attrs
from dependency_injector import providers

from adapters.brokers.addresses import Address
from adapters.brokers.nats import NatsInbound
from entrypoints import logs
from entrypoints.container import Container
from entrypoints.lifecycle import bridge_of, running
from entrypoints.settings import Settings
from entrypoints.worker.intake import Intake
from entrypoints.worker.loop import Worker
from tests.chaos import snares
from tests.chaos.snares import Watch

READY, SET, GO = "ready", "set", "go"


@attrs.frozen(kw_only=True)
class Orders:
    """What a worker is started with. `forgetful`: its ledger forgets what it was sending."""

    settings: Settings
    log: Path
    forgetful: bool = False


def work(orders: Orders, pipe: Connection) -> None:
    """The whole life of the process. It ends with the harness, whatever became of that."""
    speak_into(orders.log)
    asyncio.run(_work(orders, pipe))


def speak_into(file: Path) -> None:
    """All that is said from now on goes there, by a process that leads a group of its own."""
    os.setpgid(0, 0)
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logs.set_up("json")


def watched_over(pipe: Connection) -> Watch:
    """What tells the harness of this worker, and does what the harness says."""
    heard = asyncio.Event()
    watch = Watch(lambda words: pipe.send_bytes(words.encode()), heard.wait)
    asyncio.get_running_loop().add_reader(pipe.fileno(), _listen, pipe, heard, watch)
    return watch


async def _work(orders: Orders, pipe: Connection) -> None:
    loop = asyncio.get_running_loop()
    watch = watched_over(pipe)
    async with running(orders.settings) as container:
        _snare(container, watch, forgetful=orders.forgetful)
        worker = Worker(
            container.stores().commands,
            container.carry_out(),
            container.clock(),
            concurrency=orders.settings.concurrency,
            lease_seconds=orders.settings.lease_seconds,
            stop_seconds=orders.settings.stop_seconds,
            receipts=container.receipts(),
        )
        async with _taking_in(container, watch) as intake:
            stops = (worker.stop, *([intake.stop] if intake else ()))
            loop.add_signal_handler(signal.SIGTERM, lambda: [stop() for stop in stops])
            watch.say(READY)
            await worker.run()


def _snare(container: Container, watch: Watch, *, forgetful: bool) -> None:
    """Everything that is made of the container from now on has snared ports."""
    stores = container.stores()
    ledger = snares.forgetful(stores.ledger) if forgetful else stores.ledger
    snared = attrs.evolve(stores, commands=snares.commands(stores.commands, watch), ledger=snares.ledger(ledger, watch))
    opened = snares.connections(container.connections(), watch)
    container.stores.override(providers.Object(snared))
    container.connections.override(providers.Object(opened))


@asynccontextmanager
async def _taking_in(container: Container, watch: Watch) -> AsyncIterator[Intake | None]:
    """The way in from the broker, if there is one, running."""
    settings = container.settings()
    if not settings.broker_url:
        yield None
        return
    inbound = NatsInbound(Address.of(settings.broker_url), ack_seconds=3 * settings.lease_seconds)
    bridge = bridge_of(container)
    intake = Intake(snares.inbound(inbound, watch), bridge, container.clock())
    running_in = asyncio.create_task(intake.run())
    try:
        yield intake
        await running_in
    finally:
        running_in.cancel()
        await inbound.close()


def _listen(pipe: Connection, heard: asyncio.Event, watch: Watch) -> None:
    """A snare to set, or the answer to a question."""
    try:
        given = pipe.recv()
    except (EOFError, OSError):
        os._exit(1)  # the harness is gone: nobody would count what is still done
    if given == GO:
        heard.set()
    else:
        watch.set(given)
        watch.say(SET)
