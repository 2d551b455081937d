"""Mishaps: what goes wrong in a run, at the moment at which a worker or the sandbox comes to it."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import attrs

from entrypoints.sandbox.faults import Armed
from tests.chaos import watched
from tests.chaos.crew import Crew, Hand
from tests.chaos.lane import LEASE, REQUEST, SETTLE, Lane
from tests.chaos.points import RANDOM_KILL, RANDOM_STOP, RESTART, Point, Way
from tests.chaos.scenarios import LATE_SECONDS, Incident, Scenario
from tests.chaos.servers import CLOCK
from tests.chaos.snares import Act

FROZEN = REQUEST * 1.25 + SETTLE + 1.5
"""For how long a worker is stopped at a point: others have looked, and have sent again, before it goes on."""
OUTAGE = 2 * LEASE


@attrs.define
class Mishaps:
    """Those of one run; it is the turn of `now`. `doubted` counts the looks that were made because of doubt."""

    lane: Lane
    scenario: Scenario
    crew: Crew = attrs.field(init=False)
    rng: random.Random = attrs.field(init=False)
    now: Incident | None = None
    hits: list[Point] = attrs.field(factory=list)
    kills: int = 0
    doubted: int = 0
    hidden: bool = False
    finished: set[str] = attrs.field(factory=set)
    """Keys of write-backs of which a worker said that it finished them."""
    armed: dict[int, Incident] = attrs.field(factory=dict)
    errands: set[asyncio.Task[None]] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.crew = Crew(self.lane.nursery, self.heard)
        self.rng = random.Random(f"moments {self.scenario.number}")

    def arm(self, incident: Incident) -> None:
        route = self.lane.ats.routes[incident.point.kind][0] if incident.point.kind != "any" else None
        faults = self.lane.sandbox.faults
        for fault in incident.faults:
            faults.arm(fault, route=route, after_s=LATE_SECONDS if fault == "late_effect" else None)
            self.armed[id(faults.armed[-1])] = incident

    def heard(self, hand: Hand, words: str) -> None:
        what, _, rest = words.partition(" ")
        if what == "doubted":
            self.doubted += 1
        elif what == "finished":
            self.finished.add(rest)
        elif what == "caught" and self.now is not None:
            act = Act(rest.partition(" ")[0])
            self._hit(self.now)
            for other in self.crew.awake:
                if other is not hand:  # one is enough
                    self._errand(other.set(None))
            if act is Act.KILL:
                self.kills += 1
            elif act is Act.STOP:
                hand.stopped = True
                self._later(FROZEN, hand)
            else:
                self._errand(self._database_fails(hand))

    def struck(self, armed: Armed) -> None:
        incident = self.armed.get(id(armed))
        if incident is None:
            return
        if incident.point.way is Way.FAULT:
            self._hit(incident)
        elif incident.point.way is Way.HIDE:
            write = self.lane.sandbox.world.journal.writes[-1]
            how, kind = incident.point.at, incident.point.kind
            watched.hide(self.lane.ats, self.lane.sandbox, how, kind, write["target"]["id"])
            self.hidden = True
            self._hit(incident)
        elif incident.point.at == "arrived":
            self._kill_sender(incident)

    def wrote(self, write: dict[str, Any]) -> None:
        incident = self.now
        if incident is None or incident.point.at != "done" or incident.point in self.hits:
            return
        if watched.kind_of(write, self.lane.ats.screened) == incident.point.kind:
            self._kill_sender(incident)

    def _kill_sender(self, incident: Incident) -> None:
        for one in incident.wish.expected:
            hand = self.crew.sender(incident.point.kind, one.target.id) if one.kind == incident.point.kind else None
            if hand is not None:
                hand.kill()
                self.kills += 1
                self._hit(incident)
                return

    def _hit(self, incident: Incident) -> None:
        if incident.point not in self.hits:
            self.hits.append(incident.point)

    async def _database_fails(self, hand: Hand) -> None:
        await self.lane.store.fail(OUTAGE)
        if self.scenario.engine == "postgresql":
            self.kills += 1
        hand.go()
        await self.lane.store.recovered()

    async def by_chance(self, point: Point) -> None:
        if point.at == RESTART:
            await self._restart(point)
        elif self.crew.awake:
            hand = self.rng.choice(self.crew.awake)
            if point.at == RANDOM_KILL:
                hand.kill()
                self.kills += 1
            elif point.at == RANDOM_STOP:
                # No longer than a request and its settling take: more is not promised, for it may stand before a send.
                hand.stop()
                self._later(self.rng.uniform(LEASE, REQUEST), hand)
        if self.now is not None:
            self._hit(self.now)

    async def _restart(self, point: Point) -> None:
        """Once a run."""
        if point in self.hits:
            return
        self.kills += 1
        if point.way is Way.DATABASE:
            await self.lane.store.fail(self.rng.uniform(0.0, OUTAGE))
        elif self.lane.broker is not None:
            await self.lane.broker.restart()

    def _later(self, seconds: float, hand: Hand) -> None:
        async def resume() -> None:
            await CLOCK.sleep(seconds)
            hand.resume()

        self._errand(resume())

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        errand = asyncio.create_task(work)
        self.errands.add(errand)

    async def over(self) -> None:
        """Returns once nothing is to happen any more."""
        await asyncio.gather(*self.errands)

    async def end(self) -> None:
        """At once, whatever was still to happen."""
        for errand in self.errands:
            errand.cancel()
        await self.crew.end()
        await self.lane.store.recovered()
