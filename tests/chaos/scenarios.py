"""Scenarios: what happens in one run, drawn from the seed and from what still lacks hits."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from domain.effect import EffectKind
from tests.chaos.ats import ALL, CALM, Ats, Person
from tests.chaos.points import (
    ANY,
    FAULTS,
    FORBIDDEN,
    RANDOM_KILL,
    RANDOM_STOP,
    RESTART,
    Coverage,
    Point,
    Way,
)
from tests.chaos.snares import Act, Snare
from tests.chaos.wishes import Wish, Wishing

LATE_SECONDS = 0.7
"""How late a late effect is: its request has been given up by then, but has not settled."""
_DOUBT = ("done_reply_lost", "not_done_reply_lost", "late_effect")
_QUIET_EVERY = 20
_MOST_ENDS, _MOST = 6, 8
"""Workers that end in one run, and all that goes wrong in it."""
_STANDING_BEFORE = frozenset({"field", "tag", "status", "stage", "rejection", "application"})
"""Kinds that are looked for before they are sent."""


@attrs.frozen(kw_only=True)
class Incident:
    """One thing that goes wrong: a wish, what the sandbox does to it, and where its worker is caught."""

    point: Point
    wish: Wish
    faults: tuple[str, ...] = ()
    snare: Snare | None = None

    def __str__(self) -> str:
        faults = f" after {', '.join(self.faults)}" if self.faults and self.point.at not in self.faults else ""
        return f"{self.point}{faults}"


@attrs.frozen(kw_only=True)
class Scenario:
    """One run. The incidents happen one after the other, each to a worker of its own, beside the other wishes."""

    number: int
    ats: str
    engine: str
    event: bool
    """Whether all wishes come as events over the broker."""
    workers: int
    incidents: tuple[Incident, ...] = ()
    others: tuple[Wish, ...] = ()
    moments: tuple[float, ...] = ()
    """Seconds after which a worker is killed or, if the point says so, stopped; or a server is restarted."""
    settle: bool = False
    """Whether a person has what is held sent again, once it can be looked for again."""

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(incident.point for incident in self.incidents)

    @property
    def wishes(self) -> tuple[Wish, ...]:
        return (*(incident.wish for incident in self.incidents), *self.others)

    @property
    def quiet(self) -> bool:
        return not self.incidents

    def __str__(self) -> str:
        what = "; ".join(map(str, self.incidents)) or "quiet"
        way = "over the broker " if self.event else ""
        return f"run {self.number} of {self.ats} {way}on {self.engine}, {self.workers} worker(s): {what}"


@attrs.define
class Drawing:
    """Draws scenarios for one engine after another; what is aimed at is kept in the coverage until it is played."""

    seed: int
    coverage: Coverage
    number: int = 0

    def next(self, ats: Ats, engine: str, *, event: bool = False) -> Scenario:
        """`event`: everything comes by a broker, so nothing is a single write."""
        self.number += 1
        rng = random.Random(f"{self.seed} {self.number}")
        maker = _Maker(self.number, ats, engine, rng, event=event)
        if self.number % _QUIET_EVERY == 0:
            return maker.quiet()
        scenario = maker.made(self._aims(ats, engine, rng, event=event))
        self.coverage.aimed.update(scenario.points)
        return scenario

    def is_for_others(self, ats: Ats, engine: str, *, event: bool = False) -> bool:
        """Whether hits lack, but none that can be had here, and somebody is after them."""
        lacking = self.coverage.lacking(*Way)
        here = any(_is_for(point, ats, engine, event=event) for point in lacking)
        return not here and bool(self.coverage.missed()) and self.coverage.aimed.total() > 0

    def played(self, scenario: Scenario, hits: Sequence[Point]) -> None:
        """What was aimed at is aimed at no more; what was hit counts."""
        self.coverage.aimed.subtract(scenario.points)
        self.coverage.hits.update(hits)

    def _aims(self, ats: Ats, engine: str, rng: random.Random, *, event: bool) -> list[Point]:
        """Up to three points that go together, of those that lack hits; anything, once none does."""
        found = [point for point in self.coverage.lacking(*Way) if _is_for(point, ats, engine, event=event)]
        if not found:
            chance = [Point(Way.CHANCE, RANDOM_KILL), Point(Way.CHANCE, RANDOM_STOP)]
            found = [point for point in self.coverage.points if _is_for(point, ats, engine, event=event)] + 40 * chance
            return _together(rng.sample(found, 3), ats)
        fewest = self.coverage.hits[found[0]] + self.coverage.aimed[found[0]]
        first = [point for point in found if self.coverage.hits[point] + self.coverage.aimed[point] == fewest]
        rng.shuffle(first)
        return _together([*first, *found], ats)


def _is_for(point: Point, ats: Ats, engine: str, *, event: bool) -> bool:
    if point.ats not in {ANY, ats.provider}:
        return False
    if event and point.kind == EffectKind.APPLICATION:  # only a single write makes one
        return False
    if point.way is Way.DATABASE:
        return ("locked" in point.at) is (engine == "sqlite")
    if point.way is Way.BROKER or point.at.startswith(("fetch", "accept", "ack")):
        return event
    return True


def _together(points: Sequence[Point], ats: Ats) -> list[Point]:
    """The first, and others of other kinds if the first is of a kind that lets others happen beside it."""
    taken = [points[0]]
    if _is_alone(points[0]):
        return taken
    for point in points[1:]:
        ends = sum(one.way is not Way.FAULT for one in taken)
        room = len(taken) < _MOST and (point.way is Way.FAULT or ends < _MOST_ENDS)
        fits = not _is_alone(point) and point.kind != ANY and _is_like(point, taken[0])
        if room and fits and all(_apart(point, one, ats) for one in taken):
            taken.append(point)
    return taken


def _is_alone(point: Point) -> bool:
    return point.way in {Way.BROKER, Way.CHANCE} or point.at in {RESTART, FORBIDDEN} or point.at.startswith("claim")


def _is_like(one: Point, other: Point) -> bool:
    """Where evidence is hidden more may be held: what must not be held does not happen beside it."""
    return (one.way is Way.HIDE) is (other.way is Way.HIDE)


def _apart(one: Point, other: Point, ats: Ats) -> bool:
    """Neither is struck by what is meant for the other: kinds may go the same way. A database fails once a run."""
    if one.way is other.way is Way.DATABASE:
        return False
    if not (_strikes(one) or _strikes(other)):
        return True
    ways = [ats.routes.get(point.kind, (point.kind, ""))[0] for point in (one, other)]
    return ways[0] != ways[1]


def _strikes(point: Point) -> bool:
    """Whether the sandbox is told to do something, which it does to whoever comes that way."""
    armed = point.at.startswith(("arrived", "look", "decide", "postpone", "renew"))
    return armed or point.way in {Way.FAULT, Way.HIDE}


@attrs.frozen
class _Maker:
    number: int
    ats: Ats
    engine: str
    rng: random.Random
    event: bool = attrs.field(kw_only=True)

    @property
    def wishing(self) -> Wishing:
        return Wishing(self.ats, self.rng)

    def quiet(self) -> Scenario:
        """Nothing goes wrong."""
        wishes = tuple(self._full(person, f"q{at}", CALM) for at, person in enumerate(self._people(6)))
        return self._scenario(workers=1, others=wishes)

    def _scenario(self, **happening: Any) -> Scenario:
        ats = str(self.ats.provider)
        return Scenario(number=self.number, ats=ats, engine=self.engine, event=self.event, **happening)

    def made(self, aims: Sequence[Point]) -> Scenario:
        people = iter(self._people(len(aims) + 2))
        incidents = tuple(self._incident(point, next(people), at) for at, point in enumerate(aims))
        return self._scenario(
            workers=self.rng.choice([1, 1, 2]),
            incidents=incidents,
            others=tuple(self._beside(aims, people)),
            moments=tuple(sorted(self.rng.uniform(0.0, 1.5) for _ in range(self.rng.randint(1, 3)))),
            settle=self.rng.random() < 0.5,
        )

    @property
    def _kinds(self) -> list[EffectKind]:
        return [kind for kind in self.ats.kinds if kind is not EffectKind.APPLICATION]

    def _people(self, most: int) -> list[Person]:
        return self.rng.sample(self.ats.people, most)

    def _beside(self, aims: Sequence[Point], people: Iterator[Person]) -> Iterator[Wish]:
        """Load; what is aimed at a status or a move must not strike it."""
        calm = {EffectKind.STATUS, EffectKind.STAGE, EffectKind.REJECTION} & {point.kind for point in aims}
        if aims[0].way in {Way.CHANCE, Way.DATABASE, Way.BROKER} and not calm:
            yield from (self._full(person, f"o{at}") for at, person in enumerate(people))
        elif aims[0].way is not Way.HIDE and self.rng.random() < 0.5:
            kind = EffectKind.TAG if self.event and self.ats.tag else EffectKind.NOTE
            yield self.wishing.for_kind(kind, next(people), self._token("o"), event=self.event)

    def _full(self, person: Person, name: str, connection: str = ALL) -> Wish:
        verdict = self.rng.choice(["passed", "failed"])
        return self.wishing.call_result(connection, person, self._token(name), verdict)

    def _token(self, name: str) -> str:
        return f"run{self.number}{name}{self.rng.randrange(16**6):06x}"

    def _incident(self, point: Point, person: Person, at: int) -> Incident:
        kind = EffectKind(point.kind) if point.kind != ANY else self.rng.choice(self._kinds)
        wish = self._wish(point, kind, person, f"i{at}")
        match point.way:
            case Way.KILL if point.at in {"arrived", "done"}:
                return Incident(point=point, wish=wish, faults=("late_effect",) if point.at == "arrived" else ())
            case Way.KILL | Way.STOP:
                faults, nth = self._before(point)
                snare = Snare(at=point.at, kind=point.kind, act=Act(point.way), nth=nth)
                return Incident(point=point, wish=wish, faults=faults, snare=snare)
            case Way.FAULT:
                return Incident(point=point, wish=wish, faults=(point.at,))
            case Way.HIDE:
                lost = self.rng.choice(["done_reply_lost", "done_then_500", "reset_after"])
                return Incident(point=point, wish=wish, faults=(lost,))
            case Way.DATABASE if point.at != RESTART:
                snare = Snare(at="testify:before", kind=point.kind, act=Act.ASK)
                return Incident(point=point, wish=wish, snare=snare)
            case _:
                return Incident(point=point, wish=wish)

    def _wish(self, point: Point, kind: EffectKind, person: Person, name: str) -> Wish:
        if point.at.startswith("file"):
            kind = EffectKind.FILE
        if point.kind == ANY and not point.at.startswith("file"):
            return self._full(person, name)
        return self.wishing.for_kind(kind, person, self._token(name), event=self.event)

    def _before(self, point: Point) -> tuple[tuple[str, ...], int]:
        """What must have happened for the worker to come to the point, and the how manieth time it is caught there."""
        step = point.at.partition(":")[0]
        if step == "decide":
            return (self.rng.choice(_DOUBT),), self.rng.choice([1, 2])
        if step == "look":
            doubtful = point.kind not in _STANDING_BEFORE or self.rng.random() < 0.5
            return ((self.rng.choice(_DOUBT),), 1) if doubtful else ((), 1)
        if step == "postpone":
            return (self.rng.choice(["not_done_reply_lost", "late_effect"]),), 1
        if step == "renew":
            return ("hang",), 1
        if step == "claim":
            return (), self.rng.choice([1, 2])
        return (), 1


assert set(_DOUBT) <= set(FAULTS)
