"""`make chaos KIND=writebacks`: real workers against the sandbox, ended and hindered wherever that can be done.

Each run hands requests in, lets something go wrong at one to three points, waits until all write-backs have come to an
end, and counts what stands in the sandbox (see `counting`). The points are listed in `points`; a run is drawn from the
seed and from what still lacks hits. Several lanes play side by side, for most of a run is waiting for leases to end.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import attrs

from tests.chaos.ats import Ats
from tests.chaos.avionte import AVIONTE
from tests.chaos.broker import Broker
from tests.chaos.crew import nursery
from tests.chaos.erecruit import ERECRUIT
from tests.chaos.lane import Lane, a_lane
from tests.chaos.points import Coverage, Point, points
from tests.chaos.run import Played, Run
from tests.chaos.scenarios import Drawing, Scenario
from tests.chaos.servers import CLOCK, Postgres, patiently, run_folder
from tests.chaos.staging import Say, databases, told_meanwhile
from tests.chaos.tempworks import TEMPWORKS

ENGINES = ("sqlite", "postgresql")
EVERY_ATS: Mapping[str, Ats] = {str(ats.provider): ats for ats in (ERECRUIT, AVIONTE, TEMPWORKS)}
"""By the name of the provider."""
MOST_READ_BACKS = 5
"""In a thousand effects of quiet runs."""
_MOST_NAMED = 12
_A_WHILE = 0.2
"""Seconds."""
_HITS_A_RUN = 3.5
"""As many as there are on average at least, until every point was hit five times: 3.9 were measured."""


@attrs.frozen(kw_only=True)
class Request:
    """What is to be played. `least`: how often each point must be hit; with fewer runs than it takes, it only says so.

    `forgetful`: the workers' ledgers forget what they were sending; the harness must find that out.
    """

    runs: int
    seed: int
    engines: tuple[str, ...] = ENGINES
    providers: tuple[str, ...] = tuple(EVERY_ATS)
    least: int = 5
    only: tuple[str, ...] = ()
    """Parts of the names of the points that count; without any, all do."""
    lanes: int = 8
    broker: bool = True
    """Whether every other lane gets its requests over a broker."""
    forgetful: bool = False
    bounded: bool = False
    """Whether it ends as soon as each point was hit."""
    every: float = 15.0
    """Seconds between two lines that say how far it has come."""
    keep: bool = False
    """Whether databases and logs are left where they are, to be looked at."""


@attrs.define(kw_only=True)
class Tally:
    """What the runs came to, so far."""

    coverage: Coverage
    runs: int = 0
    kills: int = 0
    effects: int = 0
    lost: int = 0
    doubled: int = 0
    held: int = 0
    hidden: int = 0
    held_for_nothing: int = 0
    quiet_effects: int = 0
    quiet_looks: int = 0
    by_way: Counter[str] = attrs.field(factory=Counter)

    def add(self, played: Played, *, disturbed: bool) -> None:
        """`disturbed`: what is common to all lanes failed meanwhile."""
        found = played.count
        self.runs += 1
        way = f"{played.scenario.ats} on {played.scenario.engine}"
        self.by_way[f"{way} over nats" if played.scenario.event else way] += 1
        self.kills += played.kills
        self.effects += found.effects
        self.lost += found.lost
        self.doubled += found.doubled
        self.hidden += played.hidden
        self.held += found.held
        self.held_for_nothing += found.held and not played.hidden
        if played.scenario.quiet and not disturbed:
            self.quiet_effects += found.effects
            self.quiet_looks += played.doubted

    @property
    def read_backs(self) -> float:
        """Of a thousand effects of quiet runs, how many were looked for because of doubt."""
        return 1000 * self.quiet_looks / self.quiet_effects if self.quiet_effects else 0.0

    @property
    def reachable(self) -> bool:
        """Whether there were runs enough for every point to be hit so often."""
        return _HITS_A_RUN * self.runs >= len(self.coverage.points) * self.coverage.least

    @property
    def good(self) -> bool:
        broken = self.lost or self.doubled or self.held_for_nothing
        missed = self.reachable and self.coverage.missed()
        return not broken and self.read_backs < MOST_READ_BACKS and not missed

    def last_line(self) -> str:
        return (
            f"chaos: {self.runs} runs, {self.kills} kills, {self.effects} effects, {self.lost} lost, "
            f"{self.doubled} doubled, {self.held} held of {self.hidden} hidden"
        )

    def summary(self) -> Iterator[str]:
        yield f"points (each to be hit {self.coverage.least} times):"
        yield from self.coverage.lines()
        missed = self.coverage.missed()
        if missed:
            named = [f"{point} {self.coverage.hits[point]}" for point in missed[:_MOST_NAMED]]
            more = [f"and {len(missed) - _MOST_NAMED} others"] if len(missed) > _MOST_NAMED else []
            excuse = "" if self.reachable else " (it takes more runs than these)"
            all_named = ", ".join([*named, *more])
            yield f"hit too rarely{excuse}, {len(missed)} of {len(self.coverage.points)} points: {all_named}"
        yield "runs: " + ", ".join(f"{way} {number}" for way, number in sorted(self.by_way.items()))
        yield (
            f"quiet runs: {self.quiet_looks} read-backs for {self.quiet_effects} effects, "
            f"{self.read_backs:.1f} in 1000 (below {MOST_READ_BACKS})"
        )
        yield self.last_line()


async def play(request: Request, say: Say) -> Tally:
    """Plays it all; what goes wrong is said at once, the summary at the end."""
    coverage = Coverage(_wanted(request), request.least)
    tally, drawing = Tally(coverage=coverage), Drawing(request.seed, coverage)
    with run_folder(keep=request.keep) as folder:
        if request.keep:
            say(f"databases and logs are kept in {folder}")
        async with _lanes(request, folder) as (lanes, server):
            say(f"{request.runs} runs on {len(lanes)} lanes, seed {request.seed}")
            async with (
                told_meanwhile(request.every, say, lambda: _progress(tally, request)),
                asyncio.TaskGroup() as group,
            ):
                for lane in lanes:
                    group.create_task(_play_on(lane, server, request, drawing, tally, say))
    for line in tally.summary():
        say(line)
    return tally


def _wanted(request: Request) -> tuple[Point, ...]:
    every = points(request.engines, [EVERY_ATS[name] for name in request.providers], broker=request.broker)
    return tuple(point for point in every if not request.only or any(part in str(point) for part in request.only))


async def _play_on(
    lane: Lane, server: Postgres | None, request: Request, drawing: Drawing, tally: Tally, say: Say
) -> None:
    while drawing.number < request.runs and not (request.bounded and not tally.coverage.missed()):
        if drawing.is_for_others(lane.ats, lane.store.engine, event=lane.broker is not None):
            await CLOCK.sleep(_A_WHILE)
            continue
        scenario = drawing.next(lane.ats, lane.store.engine, event=lane.broker is not None)
        before = server.restarts if server else 0
        played = await Run(lane, scenario).play()
        drawing.played(scenario, played.hits)
        tally.add(played, disturbed=server is not None and server.restarts != before)
        for fault in await _faults(lane, played):
            say(f"{scenario}: {fault}")


async def _faults(lane: Lane, played: Played) -> Sequence[str]:
    held = ["held, though nothing hid the evidence"] if played.count.held and not played.hidden else []
    return [*played.count.faults, *held, *(f"parked: {why}" for why in await patiently(lane.parked))]


def _progress(tally: Tally, request: Request) -> str:
    lacking = len(tally.coverage.missed())
    return f"{tally.runs} of {request.runs} runs, {lacking} points lack hits; {tally.last_line()}"


@asynccontextmanager
async def _lanes(request: Request, folder: Path) -> AsyncIterator[tuple[list[Lane], Postgres | None]]:
    """As many as asked for: the engines in turn, the providers in turn, now without a broker, now with one."""
    context = nursery()
    async with databases(request.engines, folder) as (server, store_of), AsyncExitStack() as stack:
        lanes = []
        for at in range(request.lanes):
            turn, which = divmod(at, len(request.engines))
            cycle, ats = divmod(turn, len(request.providers))
            name = f"lane{at}"
            place = folder / name
            place.mkdir()
            store = await store_of(name, request.engines[which])
            broker = await _broker(stack, place) if request.broker and (cycle + ats) % 2 else None
            provider = EVERY_ATS[request.providers[ats]]
            opening = a_lane(name, provider, store, place, context, broker=broker, forgetful=request.forgetful)
            lanes.append(await stack.enter_async_context(opening))
        yield lanes, server


async def _broker(stack: AsyncExitStack, place: Path) -> Broker:
    folder = place / "nats"
    folder.mkdir()
    broker = Broker(folder)
    stack.callback(broker.kill)
    await broker.start()
    return broker


__all__ = ["Point", "Request", "Scenario", "Tally", "play"]
