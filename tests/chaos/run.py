"""One run: a scenario played on a lane, from the first wish to the count."""

import asyncio
from contextlib import suppress
from functools import partial

import attrs

from domain.effect import EffectKind, EffectState
from domain.policy import RecordType
from domain.writeback import UNFINISHED
from ports.commands import SettleAs, WriteBack
from ports.errors import ConflictError, NotFoundError
from ports.scope import EVERYTHING
from tests.chaos import watched
from tests.chaos.counting import Count, count
from tests.chaos.crew import Crew
from tests.chaos.lane import Lane
from tests.chaos.mishaps import Mishaps
from tests.chaos.points import FORBIDDEN, RESTART, Point, Way
from tests.chaos.scenarios import Incident, Scenario
from tests.chaos.servers import CLOCK, patiently
from tests.chaos.wishes import Expected, Wish

PATIENCE = 90.0
_GLANCE, _LOOK = 0.05, 1.0
"""Seconds between two glances at the workers, and two looks into the table: what ends there is told by who ended it."""


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
    mishaps: Mishaps = attrs.field(init=False)
    sent: list[Wish] = attrs.field(factory=list)
    over: set[str] = attrs.field(factory=set)
    """Keys of those whose write-backs have come to an end."""
    looked: dict[str, float] = attrs.field(factory=dict)
    held: bool = False

    def __attrs_post_init__(self) -> None:
        self.mishaps = Mishaps(self.lane, self.scenario)

    @property
    def crew(self) -> Crew:
        return self.mishaps.crew

    async def play(self) -> Played:
        """Raises what is a defect of the harness; what the product does wrong is in the count."""
        watched.watch(self.lane.sandbox, struck=self.mishaps.struck, wrote=self.mishaps.wrote)
        try:
            async with asyncio.timeout(2 * PATIENCE):
                await self._happen()
                await self._wait_for_all()
                await self._settle_by_hand()
                await self.mishaps.over()
                await self.crew.dismiss()
                await self._wait_for_late_effects()
                shown = [(wish, await self._shown(wish)) for wish in self.sent]
        finally:
            await self.mishaps.end()
        found = count(self.lane.ats, self.lane.sandbox.writes, shown, hidden=self._is_hidden)
        return Played(
            scenario=self.scenario,
            count=attrs.evolve(found, held=found.held or self.held),
            hits=tuple(self.mishaps.hits),
            kills=self.mishaps.kills,
            hidden=any(self._is_hidden(one) for wish in self.sent for one in wish.expected),
            doubted=self.mishaps.doubted,
        )

    def _is_hidden(self, one: Expected) -> bool:
        """Where the ATS cannot disprove an effect, whatever goes wrong hides its evidence."""
        return self.mishaps.hidden or (not self.scenario.quiet and self._is_weak(one.kind, one.target.type))

    def _is_weak(self, kind: EffectKind, record: RecordType) -> bool:
        return (kind, record) in self.lane.ats.weak

    async def _happen(self) -> None:
        await self._staff()
        for wish in self.scenario.others:
            await self._send(wish)
        for incident in self.scenario.incidents:
            self.mishaps.now = incident
            await self._staff()
            if incident.snare is not None:
                await asyncio.gather(*(hand.set(incident.snare) for hand in self.crew.awake))
            self.mishaps.arm(incident)
            await self._send(incident.wish)
            if incident.point.way is Way.CHANCE or incident.point.at == RESTART:
                await self._at_moments(incident.point)
            await self._until_hit_or_over(incident)

    async def _staff(self) -> None:
        """As many workers as there should be, awake."""
        orders = self.lane.calm_orders if self.scenario.quiet else self.lane.orders
        while len(self.crew.awake) < self.scenario.workers:
            await self.crew.hire(orders)

    async def _send(self, wish: Wish) -> None:
        self.sent.append(wish)
        copies = self.mishaps.rng.choice([1, 1, 2])
        await patiently(lambda: self.lane.hand_in(wish, copies=copies))

    async def _at_moments(self, point: Point) -> None:
        passed = 0.0
        for moment in self.scenario.moments:
            await CLOCK.sleep(moment - passed)
            passed = moment
            if not await self._unfinished():
                return
            await self.mishaps.by_chance(point)

    async def _until_hit_or_over(self, incident: Incident) -> None:
        """A point that is not come to is over when its wish is."""
        async with asyncio.timeout(PATIENCE):
            while incident.point not in self.mishaps.hits and await self._is_unfinished(incident.wish):
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
        told = wish.key in self.mishaps.finished
        if not told and self.looked.get(wish.key, 0.0) + _LOOK > CLOCK.monotonic():
            return True
        self.looked[wish.key] = CLOCK.monotonic()
        self.mishaps.finished.discard(wish.key)
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

    async def _wait_for_late_effects(self) -> None:
        while self.lane.sandbox.world.late:
            await CLOCK.sleep(_GLANCE)
            self.lane.sandbox.world.settle()

    async def _settle_by_hand(self) -> None:
        """What is held is sent again by a person's word, once it can be looked for again: it must not be doubled."""
        shown = [found for wish in self.sent if (found := await self._shown(wish)) is not None]
        held = [(one, record) for one in shown for record in one.effects if record.state is EffectState.HELD]
        self.held = bool(held)
        if not (held and self.scenario.settle and self.scenario.points[0].at == FORBIDDEN):
            return
        self.lane.sandbox.faults.clear()
        self.over.clear()
        self.looked.clear()
        settle = self.lane.commands.settle
        for one, record in held:
            # What nobody can look for would be sent again on a person's word alone.
            if record.attempt and not self._is_weak(record.effect.kind, record.effect.target.type):
                with suppress(ConflictError):  # settled already, by the try that was thought to have failed
                    await patiently(partial(settle, EVERYTHING, one.id, record.n, SettleAs.RESEND))
        await self._wait_for_all()
