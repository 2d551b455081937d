"""`make chaos KIND=webhooks`: real workers deliver to a failing receiver, are ended and stopped, and lose nothing.

Each run tells some events while one thing goes wrong, waits until nothing is under way any more, and counts what
arrived (see `arrivals`). Several lanes play side by side, for most of a run is waiting for leases to end.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import attrs

from tests.chaos.arrivals import Heard
from tests.chaos.crew import nursery
from tests.chaos.points import Point
from tests.chaos.servers import run_folder
from tests.chaos.staging import Say, databases, told_meanwhile
from tests.chaos.webhook_lane import WebhookLane, a_webhook_lane
from tests.chaos.webhook_run import WebhookRun, point_of

ENGINES = ("sqlite", "postgresql")


@attrs.frozen(kw_only=True)
class Request:
    """What is to be played. `forgetful`: workers write down successes before they send; it must be found out."""

    runs: int
    seed: int
    engines: tuple[str, ...] = ENGINES
    lanes: int = 8
    events: int = 50
    """Told in each run."""
    forgetful: bool = False
    every: float = 15.0
    """Seconds between two lines that say how far it has come."""
    keep: bool = False
    """Whether databases and logs are left where they are, to be looked at."""


@attrs.define(kw_only=True)
class Tally:
    """What the runs came to, so far. `begun` counts those that are under way too."""

    begun: int = 0
    runs: int = 0
    kills: int = 0
    events: int = 0
    deliveries: int = 0
    lost: int = 0
    again: int = 0
    wrong: int = 0
    hits: Counter[Point] = attrs.field(factory=Counter)
    by_engine: Counter[str] = attrs.field(factory=Counter)

    def add(self, run: WebhookRun, found: Heard) -> None:
        self.runs += 1
        self.by_engine[run.lane.store.engine] += 1
        self.kills += run.kills
        self.hits[run.point] += run.hits > 0
        self.events += found.events
        self.deliveries += found.deliveries
        self.lost += found.lost
        self.again += found.again
        self.wrong += found.wrong

    @property
    def good(self) -> bool:
        return not self.lost and not self.wrong

    def last_line(self) -> str:
        return (
            f"chaos: {self.runs} runs, {self.kills} kills, {self.events} events, {self.lost} lost, "
            f"{self.again} delivered again, {self.wrong} wrong"
        )

    def summary(self) -> Iterator[str]:
        yield "points hit: " + ", ".join(f"{point.way} {point.at} {hits}" for point, hits in sorted(self.hits.items()))
        engines = ", ".join(f"{engine} {runs}" for engine, runs in sorted(self.by_engine.items()))
        yield f"runs: {engines}; {self.deliveries} deliveries, each event to all endpoints that hear it"
        yield self.last_line()


async def play(request: Request, say: Say) -> Tally:
    """Plays it all; what goes wrong is said at once, the summary at the end."""
    tally = Tally()
    with run_folder(keep=request.keep) as folder:
        if request.keep:
            say(f"databases and logs are kept in {folder}")
        async with _lanes(request, folder) as lanes:
            say(f"{request.runs} runs of {request.events} events on {len(lanes)} lanes, seed {request.seed}")
            async with (
                told_meanwhile(request.every, say, lambda: f"{tally.runs} of {request.runs} runs; {tally.last_line()}"),
                asyncio.TaskGroup() as group,
            ):
                for lane in lanes:
                    group.create_task(_play_on(lane, request, tally, say))
    for line in tally.summary():
        say(line)
    return tally


async def _play_on(lane: WebhookLane, request: Request, tally: Tally, say: Say) -> None:
    while (number := tally.begun) < request.runs:
        tally.begun += 1
        rng = random.Random(f"run {request.seed} {number}")
        run = WebhookRun(lane, point_of(number, request.seed), rng, request.events)
        found = await run.play()
        tally.add(run, found)
        for fault in found.faults:
            say(f"run {number} on {lane.store.engine}, {run.point.way} {run.point.at}: {fault}")


@asynccontextmanager
async def _lanes(request: Request, folder: Path) -> AsyncIterator[list[WebhookLane]]:
    """As many as asked for, the engines in turn."""
    context = nursery()
    async with databases(request.engines, folder) as (_, store_of), AsyncExitStack() as stack:
        lanes = []
        for at in range(request.lanes):
            name = f"lane{at}"
            store = await store_of(name, request.engines[at % len(request.engines)])
            opening = a_webhook_lane(name, store, folder, context, seed=request.seed, forgetful=request.forgetful)
            lanes.append(await stack.enter_async_context(opening))
        yield lanes


__all__ = ["Request", "Tally", "play"]
