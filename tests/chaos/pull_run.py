"""One run of pulls: everything is read, people change some of it, and the changes are read, while workers end and stop.

The same is read meanwhile into another database, and nobody hinders that: it says how much there is to read.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any

import attrs

from domain.ids import ConnectionId
from domain.policy import RecordType
from domain.pull import PullMode, PullState
from ports.errors import UnavailableError
from ports.pulls import Pull
from ports.scope import EVERYTHING
from tests.chaos.crew import Hand
from tests.chaos.pull_lane import PullLane, Shelf
from tests.chaos.puller import LEASE, STEPS, puller
from tests.chaos.servers import CLOCK
from tests.chaos.snares import Act, Snare
from tests.chaos.sources import Edits, name_of

WORKERS = 3
PATIENCE = 90.0
FROZEN = LEASE + 0.7
"""For how long a worker is stopped: others have taken its pull over before it goes on."""
_GLANCE = 0.1
_CHANCE = "any moment"


@attrs.frozen(kw_only=True)
class Pulled:
    """What a run came to. `faults` says of what was lost or doubled what it is.

    `taken_over`: how often somebody went on with a pull. `repeated`: pages that were kept again. `asked_again`:
    requests for pages beyond those of a calm pull, kept or not: besides the page in hand the next one is fetched ahead,
    and some sources are asked for the last page again to find the place.
    """

    records: int
    lost: int
    doubled: int
    taken_over: int
    repeated: int
    asked_again: int
    faults: tuple[str, ...]


@attrs.frozen
class Trouble:
    """What happens to a worker: at a step of its own, or when the sandbox is asked for a page the `nth` time."""

    at: str
    act: Act
    nth: int


@attrs.define
class PullRun:
    """The run itself; use it once."""

    lane: PullLane
    number: int
    rng: random.Random
    connection: ConnectionId = attrs.field(default=ConnectionId(""))
    trouble: Trouble | None = None
    claims: Counter[str] = attrs.field(factory=Counter)
    asked: int = 0
    kills: int = 0
    stops: int = 0
    taken_over: int = 0
    repeated: int = 0
    asked_again: int = 0
    faults: list[str] = attrs.field(factory=list)
    errands: set[asyncio.Task[None]] = attrs.field(factory=set)

    async def play(self) -> Pulled:
        """Raises what is a defect of the harness; what the product does wrong is in the count."""
        lane = self.lane
        lane.begin(self._page_asked)
        lane.crew.heard = self._caught
        self.connection = await lane.connect(self.number)
        try:
            await self._phase()
            made = lane.source.edit(lane.sandbox, self.rng, CLOCK.now())
            await self._phase()
            return await self._count(made)
        finally:
            await asyncio.gather(*self.errands)

    async def _phase(self) -> None:
        calm = await self._pull_calmly()
        self.asked, pages = 0, self.asked
        self.trouble = self._some_trouble(pages)
        await self._staff()
        await self._aim()
        asked = await self.lane.shelf.stores.pulls.ask(EVERYTHING, self.connection, self.lane.kinds, PullMode.CHANGES)
        ended = await self._ended([pull.id for pull in asked])
        self.trouble = None
        self.asked_again += max(0, self.asked - pages)
        self.faults += [
            f"lost: {one.kind} is {one.state}: {one.reason}" for one in ended if one.state is not PullState.DONE
        ]
        claims = await self.lane.shelf.claims(self.connection)
        for before, pull in zip(calm, ended, strict=True):
            self._compare(before, pull, claims[pull.kind] - self.claims[pull.kind] - 1)
        self.claims = claims

    def _compare(self, calm: Pull, pull: Pull, taken_over: int) -> None:
        """With a pull of the same that nobody hindered. Each time that one is taken over, a page may come again."""
        repeated = -(-max(0, pull.tally.read - calm.tally.read) // self.lane.page)
        self.taken_over += taken_over
        self.repeated += repeated
        if repeated > taken_over:
            self.faults.append(f"repeated: {repeated} pages of {pull.kind}, taken over {taken_over} times")

    async def _pull_calmly(self) -> list[Pull]:
        lane, stores, self.asked = self.lane, self.lane.calm.stores, 0
        asked = await stores.pulls.ask(EVERYTHING, self.connection, lane.kinds, PullMode.CHANGES)
        for claim in await stores.pulls.claim(len(asked)):
            await puller(stores, lane.gateways, stores.pulls, CLOCK)(claim)
        return [await stores.pulls.get(EVERYTHING, self.connection, pull.id) for pull in asked]

    def _some_trouble(self, pages: int) -> Trouble:
        act = self.rng.choice((Act.KILL, Act.KILL, Act.STOP))
        at = self.rng.choice((_CHANCE, _CHANCE, *(f"{step}:{when}" for step in STEPS for when in ("before", "after"))))
        if at == _CHANCE:
            return Trouble(at, act, self.rng.randint(1, max(pages, 1)))
        return Trouble(at, act, self.rng.randint(1, max(pages // 6, 1)) if at.startswith("keep") else 1)

    async def _staff(self) -> None:
        """As many workers as there should be, awake."""
        while len(self.lane.crew.awake) < WORKERS:
            hand = await self.lane.crew.hire(self.lane.orders)
            hand.heard = self._caught

    async def _aim(self) -> None:
        """Whoever comes to the step first is caught; all of them look for something to claim."""
        trouble, awake, snare = self.trouble, self.lane.crew.awake, None
        if trouble is not None and trouble.at != _CHANCE:
            snare = Snare(at=trouble.at, act=trouble.act, nth=trouble.nth)
        one = self.rng.choice(awake)
        for hand in awake:
            hand.heard = self._caught
            await hand.set(snare if hand is one or not (snare and snare.at.startswith("claim")) else None)

    def _page_asked(self, label: str) -> None:
        if label not in self.lane.source.lists:
            return
        self.asked += 1
        trouble = self.trouble
        if trouble is not None and trouble.at == _CHANCE and self.asked == trouble.nth:
            self._errand(self._by_chance(trouble.act, self.rng.uniform(0.0, 0.02)))

    async def _by_chance(self, act: Act, seconds: float) -> None:
        await CLOCK.sleep(seconds)
        awake = self.lane.crew.awake
        busy = [hand for hand in awake if hand.begun] or awake
        if not busy:
            return
        hand = self.rng.choice(busy)
        if act is Act.STOP:
            hand.stop()
            self._stopped(hand)
        else:
            self.kills += 1
            hand.kill()

    def _caught(self, hand: Hand, words: str) -> None:
        what, _, rest = words.partition(" ")
        if what != "caught":
            return
        self._errand(self._disarm(hand))
        if Act(rest.partition(" ")[0]) is Act.KILL:
            self.kills += 1
        else:
            hand.stopped = True
            self._stopped(hand)

    async def _disarm(self, caught: Hand) -> None:
        for hand in self.lane.crew.awake:
            if hand is not caught:
                await hand.set(None)

    def _stopped(self, hand: Hand) -> None:
        self.stops += 1

        async def resume() -> None:
            await CLOCK.sleep(FROZEN)
            hand.resume()

        self._errand(resume())

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        self.errands.add(asyncio.create_task(work))

    async def _ended(self, ids: Sequence[Any]) -> list[Pull]:
        """Whatever is not done by then counts as lost."""
        until, get = CLOCK.monotonic() + PATIENCE, self.lane.shelf.stores.pulls.get
        while True:
            await CLOCK.sleep(_GLANCE)
            await self._staff()
            try:
                pulls = [await get(EVERYTHING, self.connection, one) for one in ids]
            except UnavailableError:
                continue
            over = all(one.state in {PullState.DONE, PullState.FAILED} for one in pulls)
            if over or CLOCK.monotonic() > until:
                return pulls

    async def _count(self, made: Edits) -> Pulled:
        kept = {kind: await _names(self.lane.shelf, self.connection, kind) for kind in self.lane.kinds}
        there = self.lane.source.names(self.lane.sandbox)
        for kind in self.lane.kinds:
            self.faults += _differences(kind, there[kind], kept[kind])
        told, expected = [await shelf.told(self.connection) for shelf in (self.lane.shelf, self.lane.calm)]
        for kind, record, change in made:
            if kind in self.lane.kinds:
                one = (f"{kind.value}.changed", record, change.value)
                expected[one] = max(expected[one], 1)
        self.faults += [f"lost: event {one}" for one in (expected - told).elements()]
        self.faults += [f"doubled: event {one}" for one in (told - expected).elements()]
        return Pulled(
            records=sum(map(len, kept.values())),
            lost=sum(one.startswith("lost") for one in self.faults),
            doubled=sum(one.startswith("doubled") for one in self.faults),
            taken_over=self.taken_over,
            repeated=self.repeated,
            asked_again=self.asked_again,
            faults=tuple(self.faults),
        )


async def _names(shelf: Shelf, connection: ConnectionId, kind: RecordType) -> list[tuple[str, str]]:
    kept = await shelf.kept(connection, kind)
    return [(one.id, name_of(one.record)) for one in kept if one.record is not None]


def _differences(kind: RecordType, there: Any, kept: list[tuple[str, str]]) -> list[str]:
    """A record that is kept and is not there (any more) was not taken away: that is lost too."""
    alive, ours = {one: name for one, name in there.items() if name is not None}, dict(kept)
    wrong = [one for one in alive.keys() | ours.keys() if alive.get(one) != ours.get(one)]
    twice = (Counter(one for one, _ in kept) - Counter(ours.keys())).elements()
    return [f"lost: {kind} {one}" for one in sorted(wrong)] + [f"doubled: {kind} {one}" for one in twice]
