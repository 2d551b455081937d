"""A worker that pulls, as the harness runs it: real stores, gateways and loop in a process of its own."""

import asyncio
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs

from adapters.clock import SystemClock
from adapters.gateways import Gateways
from adapters.persistence.stores import Stores, open_stores
from adapters.turns.in_process import InProcessTurns
from adapters.vault import FernetVault
from application.pull_changes import PullChanges
from entrypoints.worker.loop import Worker
from ports.clock import Clock
from ports.connections import Connections
from ports.pulls import PullClaim, PulledPage, Pulls
from tests.chaos.snares import Passing, Watch, between
from tests.chaos.worker import READY, speak_into, watched_over

LEASE = 1.5
"""Seconds for which a pull stays with a silent worker."""
STEPS = ("claim", "keep", "finish")


@attrs.frozen(kw_only=True)
class Pulling:
    """What a worker is started with. `forgetful`: it moves the place, and keeps nothing of the page."""

    database: str
    vault_key: str = attrs.field(repr=False)
    log: Path
    forgetful: bool = False


def pull(orders: Pulling, pipe: Connection) -> None:
    """The whole life of the process. It ends with the harness, whatever became of that."""
    speak_into(orders.log)
    asyncio.run(_pull(orders, pipe))


async def _pull(orders: Pulling, pipe: Connection) -> None:
    watch, clock, vault = watched_over(pipe), SystemClock(), FernetVault([orders.vault_key])
    async with (
        open_stores(orders.database, vault=vault, clock=clock, lease_seconds=LEASE) as stores,
        Gateways(store=stores.connections, turns=InProcessTurns(clock), clock=clock) as gateways,
    ):
        pulls: Any = snared(forgetful(stores.pulls) if orders.forgetful else stores.pulls, watch)
        # One at a time: then nobody who is killed leaves more than one pull behind.
        worker = Worker[PullClaim](
            pulls,
            puller(stores, gateways, pulls, clock),
            clock,
            concurrency=1,
            lease_seconds=LEASE,
            stop_seconds=5.0,
        )
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
        watch.say(READY)
        await worker.run()


def puller(stores: Stores, gateways: Connections, pulls: Pulls, clock: Clock) -> PullChanges:
    """What carries a claim out."""
    return PullChanges(gateways, stores.connections, pulls, stores.records, clock)


def snared(pulls: Any, watch: Watch) -> Any:
    """The harness is told who has a pull in hand: whoever has none is not worth ending."""
    steps = {step: between(watch, getattr(pulls, step), step) for step in STEPS}

    async def claim(most: int) -> Any:
        claims = await steps["claim"](most)
        if claims:
            watch.say(f"begun {claims[0].id}")
        return claims

    async def finish(*args: Any, **named: Any) -> None:
        await steps["finish"](*args, **named)
        watch.say("begun ")

    return Passing(pulls, {**steps, "claim": claim, "finish": finish})


def forgetful(pulls: Pulls) -> Any:
    """It must lose."""

    async def keep(claim: PullClaim, page: PulledPage) -> object:
        return await pulls.keep(claim, attrs.evolve(page, seen=()))

    return Passing(pulls, {"keep": keep})
