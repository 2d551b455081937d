"""One run of webhooks: events are told while workers end, stop, or lose the database; then all that came is counted."""

import asyncio
import random
from collections.abc import Coroutine
from functools import partial
from typing import Any

import attrs

from ports.errors import UnavailableError
from ports.outbox import NewEvent
from tests.chaos.arrivals import Heard, Told
from tests.chaos.crew import Hand
from tests.chaos.deliverer import LEASE
from tests.chaos.points import RANDOM_KILL, RANDOM_STOP, RESTART, Point, Way
from tests.chaos.servers import CLOCK, patiently
from tests.chaos.snares import Act, Snare
from tests.chaos.webhook_lane import TYPES, WebhookLane
from tests.persistence.builders import ACME, OTHER

WORKERS = 2
PATIENCE = 60.0
FROZEN = LEASE + 0.7
"""For how long a worker is stopped: others have taken its deliveries over before it goes on."""
OUTAGE = 1.0
_GLANCE = 0.1

STEPS = ("claim:before", "claim:after", "record:before", "record:after")
MOMENTS = ("arrived", "answered")
POINTS = (
    *(Point(Way.KILL, at) for at in (*STEPS, *MOMENTS)),
    *(Point(Way.STOP, at) for at in ("claim:after", "record:before")),
    *(Point(Way.CHANCE, what) for what in (RANDOM_KILL, RANDOM_STOP)),
    Point(Way.DATABASE, RESTART),
)


@attrs.define
class WebhookRun:
    """The run itself; use it once."""

    lane: WebhookLane
    point: Point
    rng: random.Random
    events: int
    told: list[Told] = attrs.field(factory=list)
    hits: int = 0
    kills: int = 0
    errands: set[asyncio.Task[None]] = attrs.field(factory=set)

    async def play(self) -> Heard:
        """Raises what is a defect of the harness; what the product does wrong is in the count."""
        lane = self.lane
        lane.receiver.told, lane.crew.heard = self._moment, self._caught
        try:
            await self._staff()
            await self._aim()
            await self._tell()
            await self._wait_for_all()
            undelivered = await patiently(lambda: lane.undelivered([one.id for one in self.told]))
        finally:
            await asyncio.gather(*self.errands)
        arrivals, lane.receiver.arrivals = lane.receiver.arrivals, []
        return lane.ears.count(self.told, arrivals, undelivered)

    async def _staff(self) -> None:
        """As many workers as there should be, awake."""
        while len(self.lane.crew.awake) < WORKERS:
            hand = await self.lane.crew.hire(self.lane.orders)
            hand.heard = self._caught

    async def _aim(self) -> None:
        snare = None
        if self.point.at in STEPS:
            snare = Snare(at=self.point.at, act=Act(self.point.way.value), nth=self.rng.randint(1, 4))
        for hand in self.lane.crew.awake:
            hand.heard = self._caught
            await hand.set(snare)

    async def _tell(self) -> None:
        """In batches of some; what happens by chance happens between two of them."""
        tokens = [f"{self.rng.getrandbits(64):016x}" for _ in range(self.events)]
        happens = self.rng.randrange(self.events // 2)
        while tokens:
            batch = [self._event(tokens.pop()) for _ in range(min(len(tokens), self.rng.randint(1, 8)))]
            ids = await patiently(partial(self.lane.stores.outbox.put, batch))
            self.told += [_told(one, event) for one, event in zip(batch, ids, strict=True)]
            if len(self.told) > happens and self.point.way in {Way.CHANCE, Way.DATABASE} and not self.hits:
                await self._by_chance()
            await CLOCK.sleep(self.rng.uniform(0.0, 0.08))
            await self._staff()

    def _event(self, token: str) -> NewEvent:
        """Told again under its key where nobody knows whether it was told."""
        data = {"token": token, "words": "x" * self.rng.randrange(2_000)}
        return NewEvent(type=self.rng.choice(TYPES), connection=self.rng.choice((ACME, OTHER)), data=data, key=token)

    async def _by_chance(self) -> None:
        self.hits += 1
        if self.point.way is Way.DATABASE:
            self.kills += self.lane.store.engine == "postgresql"
            await self.lane.store.fail(self.rng.uniform(0.0, OUTAGE))
            self._errand(self.lane.store.recovered())
            return
        hand = self.rng.choice(self.lane.crew.awake)
        if self.point.at == RANDOM_STOP:
            hand.stop()
            self._go_on(hand)
        else:
            self._kill(hand)

    def _moment(self, moment: str) -> None:
        """Of a request at the receiver. Whoever sent it is among those who end."""
        if self.point.at == moment and not self.hits and self.rng.random() < 0.1:
            self.hits += 1
            for hand in self.lane.crew.awake:
                self._kill(hand)

    def _caught(self, hand: Hand, words: str) -> None:
        what, _, rest = words.partition(" ")
        if what != "caught":
            return
        self.hits += 1
        if Act(rest.partition(" ")[0]) is Act.KILL:
            self.kills += 1
        else:
            hand.stopped = True
            self._go_on(hand)

    def _kill(self, hand: Hand) -> None:
        self.kills += 1
        hand.kill()

    def _go_on(self, hand: Hand) -> None:
        async def resume() -> None:
            await CLOCK.sleep(FROZEN)
            hand.resume()

        self._errand(resume())

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        self.errands.add(asyncio.create_task(work))

    async def _wait_for_all(self) -> None:
        """Whatever is not delivered by then counts as lost."""
        until = CLOCK.monotonic() + PATIENCE
        while CLOCK.monotonic() < until:
            await CLOCK.sleep(_GLANCE)
            await self._staff()
            try:
                if not await self.lane.under_way():
                    return
            except UnavailableError:
                continue


def _told(one: NewEvent, event: str) -> Told:
    assert one.key is not None
    assert one.connection is not None
    return Told(token=one.key, id=event, type=one.type, connection=one.connection)


def point_of(number: int, seed: int) -> Point:
    """Each in turn, in another order each time."""
    turn, place = divmod(number, len(POINTS))
    return random.Random(f"points {seed} {turn}").sample(POINTS, len(POINTS))[place]
