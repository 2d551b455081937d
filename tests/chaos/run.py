"""One run: a scenario played on a lane, from the first wish to the count."""

import asyncio
import random
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

import attrs

from domain.effect import EffectState
from domain.writeback import UNFINISHED
from entrypoints.sandbox.faults import Armed
from ports.commands import SettleAs, WriteBack
from ports.errors import ConflictError, NotFoundError
from ports.scope import EVERYTHING
from tests.chaos import watched
from tests.chaos.counting import Count, count
from tests.chaos.crew import Crew, Hand
from tests.chaos.lane import LEASE, REQUEST, SETTLE, Lane
from tests.chaos.points import RANDOM_KILL, RANDOM_STOP, RESTART, Point, Way
from tests.chaos.scenarios import LATE_SECONDS, Incident, Scenario
from tests.chaos.servers import CLOCK, patiently
from tests.chaos.snares import Act
from tests.chaos.wishes import SCREENED, Wish

FROZEN = REQUEST * 1.25 + SETTLE + 1.5
"""For how long a worker is stopped at a point: others have looked, and have sent again, before it goes on."""
OUTAGE = 2 * LEASE
PATIENCE = 90.0
_GLANCE = 0.1


@attrs.frozen(kw_only=True)
class Played:
    """What came of a run."""

    scenario: Scenario
    count: Count
    hits: tuple[Point, ...]
    kills: int
    hidden: bool
    doubted: int
    """Looks that were made because of doubt."""


@attrs.define
class Run:
    """The run itself; use it once."""

    lane: Lane
    scenario: Scenario
    crew: Crew = attrs.field(init=False)
    rng: random.Random = attrs.field(init=False)
    hits: list[Point] = attrs.field(factory=list)
    sent: list[Wish] = attrs.field(factory=list)
    over: set[str] = attrs.field(factory=set)
    """Keys of those whose write-backs have come to an end."""
    armed: dict[int, Incident] = attrs.field(factory=dict)
    now: Incident | None = None
    kills: int = 0
    doubted: int = 0
    hidden: bool = False
    held: bool = False
    errands: set[asyncio.Task[None]] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.crew = Crew(self.lane.nursery, self._heard)
        self.rng = random.Random(f"moments {self.scenario.number}")

    async def play(self) -> Played:
        """Raises what is a defect of the harness; what the product does wrong is in the count."""
        watched.watch(self.lane.sandbox, struck=self._struck, wrote=self._wrote)
        try:
            async with asyncio.timeout(2 * PATIENCE):
                await self._happen()
                await self._wait_for_all()
                await self._settle_by_hand()
                await self._gather_errands()
                await self.crew.dismiss()
                await self._wait_for_late_effects()
                shown = [(wish, await self._shown(wish)) for wish in self.sent]
        finally:
            for errand in self.errands:
                errand.cancel()
            await self.crew.end()
            await self.lane.store.recovered()
        found = count(self.lane.sandbox.writes, shown, hidden=self.hidden)
        return Played(
            scenario=self.scenario,
            count=attrs.evolve(found, held=found.held or self.held),
            hits=tuple(self.hits),
            kills=self.kills,
            hidden=self.hidden,
            doubted=self.doubted,
        )

    async def _happen(self) -> None:
        await self._staff()
        for wish in self.scenario.others:
            await self._send(wish)
        for incident in self.scenario.incidents:
            self.now = incident
            await self._staff()
            if incident.snare is not None:
                await asyncio.gather(*(hand.set(incident.snare) for hand in self.crew.awake))
            self._arm(incident)
            await self._send(incident.wish)
            if incident.point.way is Way.CHANCE or incident.point.at == RESTART:
                await self._at_moments(incident.point)
            await self._until_hit_or_over(incident)

    async def _staff(self) -> None:
        """As many workers as there should be, awake."""
        while len(self.crew.awake) < self.scenario.workers:
            await self.crew.hire(self.lane.orders)

    async def _send(self, wish: Wish) -> None:
        self.sent.append(wish)
        copies = self.rng.choice([1, 1, 2])
        await patiently(lambda: self.lane.hand_in(wish, copies=copies))

    def _arm(self, incident: Incident) -> None:
        route = watched.ROUTES[incident.point.kind][0] if incident.point.kind != "any" else None
        faults = self.lane.sandbox.faults
        for fault in incident.faults:
            faults.arm(fault, route=route, after_s=LATE_SECONDS if fault == "late_effect" else None)
            self.armed[id(faults.armed[-1])] = incident

    # What happens, as it happens

    def _heard(self, hand: Hand, words: str) -> None:
        what, _, rest = words.partition(" ")
        if what == "doubted":
            self.doubted += 1
        elif what == "caught" and self.now is not None:
            act = Act(rest.partition(" ")[0])
            self._hit(self.now)
            for other in self.crew.awake:
                if other is not hand:  # one is enough: who ends too many workers is given up
                    self._errand(other.set(None))
            if act is Act.KILL:
                self.kills += 1
            elif act is Act.STOP:
                hand.stopped = True
                self._later(FROZEN, hand)
            else:
                self._errand(self._database_fails(hand))

    def _struck(self, armed: Armed) -> None:
        incident = self.armed.get(id(armed))
        if incident is None:
            return
        if incident.point.way is Way.FAULT:
            self._hit(incident)
        elif incident.point.way is Way.HIDE:
            write = self.lane.sandbox.world.journal.writes[-1]
            watched.hide(self.lane.sandbox, incident.point.at, incident.point.kind, write["target"]["id"])
            self.hidden = True
            self._hit(incident)
        elif incident.point.at == "arrived":
            self._kill_sender(incident)

    def _wrote(self, write: dict[str, Any]) -> None:
        incident = self.now
        if incident is None or incident.point.at != "done" or incident.point in self.hits:
            return
        if watched.kind_of(write, SCREENED) == incident.point.kind:
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

    async def _at_moments(self, point: Point) -> None:
        passed = 0.0
        for moment in self.scenario.moments:
            await CLOCK.sleep(moment - passed)
            passed = moment
            if not await self._unfinished():
                return
            await self._by_chance(point)

    async def _by_chance(self, point: Point) -> None:
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

    # Waiting

    async def _until_hit_or_over(self, incident: Incident) -> None:
        """A point that is not come to is over when its wish is."""
        async with asyncio.timeout(PATIENCE):
            while incident.point not in self.hits and await self._is_unfinished(incident.wish):
                await self._glance()

    async def _wait_for_all(self) -> None:
        """Whatever is not over by then counts as lost."""
        until = asyncio.get_running_loop().time() + PATIENCE
        while await self._unfinished() and asyncio.get_running_loop().time() < until:
            await self._glance()

    async def _glance(self) -> None:
        await CLOCK.sleep(_GLANCE)
        await self._staff()

    async def _unfinished(self) -> bool:
        for wish in self.sent:
            if await self._is_unfinished(wish):
                return True
        return False

    async def _is_unfinished(self, wish: Wish) -> bool:
        if wish.key in self.over:
            return False
        shown = await self._shown(wish)
        if shown is None or shown.state in UNFINISHED:
            return True
        self.over.add(wish.key)
        return False

    async def _shown(self, wish: Wish) -> WriteBack | None:
        try:
            return await patiently(lambda: self.lane.shown(wish))
        except NotFoundError:
            return None

    async def _gather_errands(self) -> None:
        await asyncio.gather(*self.errands)

    async def _wait_for_late_effects(self) -> None:
        while self.lane.sandbox.world.late:
            await CLOCK.sleep(_GLANCE)
            self.lane.sandbox.world.settle()

    async def _settle_by_hand(self) -> None:
        """What is held is sent again by a person's word, once it can be looked for again: it must not be doubled."""
        shown = [found for wish in self.sent if (found := await self._shown(wish)) is not None]
        held = [(one, record) for one in shown for record in one.effects if record.state is EffectState.HELD]
        self.held = bool(held)
        if not (held and self.scenario.settle and self.scenario.points[0].at == "forbidden"):
            return
        self.lane.sandbox.faults.clear()
        self.over.clear()
        settle = self.lane.commands.settle
        for one, record in held:
            if record.attempt:
                with suppress(ConflictError):  # settled already, by the try that was thought to have failed
                    await patiently(partial(settle, EVERYTHING, one.id, record.n, SettleAs.RESEND))
        await self._wait_for_all()
