"""The points that the harness has to hit: what happens, where, and to which kind of effect."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from domain.effect import EffectKind
from tests.chaos.ats import Ats

ANY = "any"


class Way(StrEnum):
    """What is done to the system at a point."""

    KILL = "kill"
    STOP = "stop"
    FAULT = "fault"
    HIDE = "hide"
    DATABASE = "database"
    BROKER = "broker"
    CHANCE = "chance"


@attrs.frozen(order=True)
class Point:
    """`at` is a step and whether it is before or after it, a fault of the sandbox, or an event."""

    way: Way
    at: str
    kind: str = ANY
    ats: str = ANY

    def __str__(self) -> str:
        return f"{self.way} {self.at} ({self.ats} {self.kind})"


_BOTH = ("before", "after")
KILLS = (
    *(f"{step}:{when}" for step in ("look", "begin", "testify", "decide") for when in _BOTH),
    "arrived",  # the request is with the ATS, its effect yet to come
    "done",  # the effect stands, its reply was not read
)
STOPS = ("begin:before", "begin:after", "testify:before")
STEPS = tuple(f"{step}:{when}" for step in ("claim", "plan", "file", "renew", "postpone", "finish") for when in _BOTH)
MESSAGES = tuple(f"{step}:{when}" for step in ("fetch", "accept", "ack") for when in _BOTH)
FAULTS = (
    "done_reply_lost",
    "not_done_reply_lost",
    "late_effect",
    "done_then_500",
    "done_then_503",
    "500",
    "503_html",
    "429",
    "401",
    "reset",
    "reset_after",
    "slow_body",
    "truncated_json",
    "hang",
)
FORBIDDEN, GONE = "forbidden", "gone"
HIDES = (FORBIDDEN, GONE)
"""Ways in which the evidence of an effect whose reply was lost is hidden: its look is forbidden, its record is gone."""

DATABASE_DIES, DATABASE_LOCKED = "dies between reply and record", "locked between reply and record"
RESTART, RANDOM_KILL, RANDOM_STOP = "restart under load", "random moment", "stopped at a random moment"


def points(engines: Iterable[str], every_ats: Iterable[Ats], *, broker: bool) -> tuple[Point, ...]:
    """All that must be hit, given where the commands are kept and whether a broker delivers some of them."""
    kept = frozenset(engines)
    return (*_of_effects(kept, every_ats), *_of_commands(kept, broker=broker))


def _of_effects(engines: frozenset[str], every_ats: Iterable[Ats]) -> Iterator[Point]:
    for one in every_ats:
        for kind in one.kinds:
            yield from _of_kind(engines, one, kind)


def _of_kind(engines: frozenset[str], one: Ats, kind: EffectKind) -> Iterator[Point]:
    ats = str(one.provider)
    yield from (Point(Way.KILL, at, kind, ats) for at in KILLS)
    yield from (Point(Way.STOP, at, kind, ats) for at in STOPS)
    yield from (Point(Way.FAULT, fault, kind, ats) for fault in FAULTS if fault not in one.without)
    yield from (Point(Way.HIDE, how, kind, ats) for how in HIDES)
    if "postgresql" in engines:
        yield Point(Way.DATABASE, DATABASE_DIES, kind, ats)
    if "sqlite" in engines:
        yield Point(Way.DATABASE, DATABASE_LOCKED, kind, ats)


def _of_commands(engines: frozenset[str], *, broker: bool) -> Iterator[Point]:
    yield from (Point(Way.KILL, step) for step in STEPS)
    yield from (Point(Way.CHANCE, what) for what in (RANDOM_KILL, RANDOM_STOP))
    if "postgresql" in engines:
        yield Point(Way.DATABASE, RESTART)
    if broker:
        yield from (Point(Way.KILL, step) for step in MESSAGES)
        yield Point(Way.BROKER, RESTART)


@attrs.define
class Coverage:
    """How often each point was hit, and which are aimed at just now."""

    points: tuple[Point, ...]
    least: int
    hits: Counter[Point] = attrs.field(factory=Counter)
    aimed: Counter[Point] = attrs.field(factory=Counter)

    def lacking(self, *ways: Way) -> list[Point]:
        """Those that were neither hit nor aimed at often enough, the least often hit first."""
        found = [
            point for point in self.points if point.way in ways and self.hits[point] + self.aimed[point] < self.least
        ]
        return sorted(found, key=lambda point: self.hits[point] + self.aimed[point])

    def missed(self) -> list[Point]:
        """What was hit too rarely."""
        return [point for point in self.points if self.hits[point] < self.least]

    def lines(self) -> Iterator[str]:
        """The list of points: how often each was hit, the kinds of effect side by side."""
        rows: dict[tuple[str, Way, str], list[str]] = {}
        for point in self.points:
            rows.setdefault((point.ats, point.way, point.at), []).append(f"{point.kind} {self.hits[point]}")
        for (ats, way, at), cells in rows.items():
            yield f"  {ats} {way} {at}: {', '.join(cells)}"
