"""`make chaos KIND=pulls`: real workers pull out of the sandboxes, are ended and stopped, and lose nothing.

Each run reads everything, lets people change some of it, and reads the changes; then what is kept and what was told is
held against what the sandbox has. Several lanes play side by side, for most of a run is waiting for leases to end.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import attrs

from domain.policy import RecordType
from tests.chaos.crew import nursery
from tests.chaos.pull_lane import PullLane, a_pull_lane
from tests.chaos.pull_run import Pulled, PullRun
from tests.chaos.servers import run_folder
from tests.chaos.sources import SOURCES
from tests.chaos.staging import Say, databases, told_meanwhile

ENGINES = ("sqlite", "postgresql")


@attrs.frozen(kw_only=True)
class Request:
    """What is to be played. `forgetful`: workers move the place and keep nothing of the page; it must be found out."""

    runs: int
    seed: int
    engines: tuple[str, ...] = ENGINES
    providers: tuple[str, ...] = tuple(SOURCES)
    lanes: int = 6
    records: int = 120
    """Of each kind in each sandbox."""
    page: int = 10
    kinds: tuple[RecordType, ...] = tuple(RecordType)
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
    stops: int = 0
    records: int = 0
    lost: int = 0
    doubled: int = 0
    taken_over: int = 0
    repeated: int = 0
    asked_again: int = 0
    faults: int = 0
    on: Counter[str] = attrs.field(factory=Counter)

    def add(self, run: PullRun, found: Pulled) -> None:
        self.runs += 1
        self.on[f"{run.lane.source.provider.value} on {run.lane.store.engine}"] += 1
        self.kills += run.kills
        self.stops += run.stops
        self.records += found.records
        self.lost += found.lost
        self.doubled += found.doubled
        self.taken_over += found.taken_over
        self.faults += len(found.faults)
        self.repeated += found.repeated
        self.asked_again += found.asked_again

    @property
    def good(self) -> bool:
        """Nothing lost, nothing doubled, and no pull repeated more pages than it was taken over."""
        return not self.faults

    def last_line(self) -> str:
        return (
            f"chaos: {self.runs} runs, {self.kills} kills, {self.records} records, {self.lost} lost, "
            f"{self.doubled} doubled, {self.repeated} pages repeated"
        )

    def summary(self) -> Iterator[str]:
        yield "runs: " + ", ".join(f"{where} {runs}" for where, runs in sorted(self.on.items()))
        yield (
            f"{self.stops} workers stopped for longer than their lease; pulls taken over {self.taken_over} times; "
            f"{self.asked_again} more requests for pages than calm pulls make, of pages fetched ahead among them"
        )
        yield self.last_line()


async def play(request: Request, say: Say) -> Tally:
    """Plays it all; what goes wrong is said at once, the summary at the end."""
    tally = Tally()
    with run_folder(keep=request.keep) as folder:
        if request.keep:
            say(f"databases and logs are kept in {folder}")
        async with _lanes(request, folder) as lanes:
            say(f"{request.runs} runs on {len(lanes)} lanes, seed {request.seed}")
            async with (
                told_meanwhile(request.every, say, lambda: f"{tally.runs} of {request.runs} runs; {tally.last_line()}"),
                asyncio.TaskGroup() as group,
            ):
                for lane in lanes:
                    group.create_task(_play_on(lane, request, tally, say))
    for line in tally.summary():
        say(line)
    return tally


async def _play_on(lane: PullLane, request: Request, tally: Tally, say: Say) -> None:
    while (number := tally.begun) < request.runs:
        tally.begun += 1
        run = PullRun(lane, number, random.Random(f"run {request.seed} {number}"))
        found = await run.play()
        tally.add(run, found)
        for fault in found.faults:
            say(f"run {number}, {lane.source.provider.value} on {lane.store.engine}: {fault}")


@asynccontextmanager
async def _lanes(request: Request, folder: Path) -> AsyncIterator[list[PullLane]]:
    """As many as asked for: the providers in turn, and after each round of them the other engine."""
    context = nursery()
    async with databases(request.engines, folder) as (_, store_of), AsyncExitStack() as stack:
        lanes = []
        for at in range(request.lanes):
            turn, place = divmod(at, len(request.providers))
            name = f"lane{at}"
            store = await store_of(name, request.engines[(turn + place) % len(request.engines)])
            opening = a_pull_lane(
                name,
                SOURCES[request.providers[place]],
                store,
                folder,
                context,
                records=request.records,
                page=request.page,
                kinds=request.kinds,
                forgetful=request.forgetful,
            )
            lanes.append(await stack.enter_async_context(opening))
        yield lanes


__all__ = ["Request", "Tally", "play"]
