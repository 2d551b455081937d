"""The faults that can be switched on: their names, when they strike, and which requests they choose."""

from collections.abc import Iterator, Mapping
from enum import Enum, auto
from fnmatch import fnmatch
from typing import Any

import attrs

from entrypoints.sandbox.routes import Route


class Moment(Enum):
    """Before anything is done; in place of doing it; when it is done and the reply is ready."""

    BEFORE = auto()
    INSTEAD = auto()
    AFTER = auto()


class Reach(Enum):
    """Which requests a fault takes when no route is named; log-ins are hit only by name."""

    ANY = auto()
    EFFECTS = auto()
    READS = auto()
    ROWS = auto()
    PAGES = auto()
    ACTIONS = auto()
    CARRIED = auto()
    CARRIED_EFFECTS = auto()


@attrs.frozen
class Fault:
    name: str
    moment: Moment
    reach: Reach
    meaning: str


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("not_done_reply_lost", Moment.BEFORE, Reach.EFFECTS, "nothing applied, connection closed"),
        Fault("reset", Moment.BEFORE, Reach.ANY, "nothing applied, connection reset"),
        Fault("hang", Moment.BEFORE, Reach.ANY, "nothing applied, no reply, connection kept open"),
        Fault("429", Moment.BEFORE, Reach.ANY, "Retry-After in seconds (after_s)"),
        Fault("429_bare", Moment.BEFORE, Reach.ANY, "without Retry-After"),
        Fault("429_date", Moment.BEFORE, Reach.ANY, "Retry-After as a date (after_s from now)"),
        Fault("500", Moment.BEFORE, Reach.ANY, "nothing applied, the vendor's error body"),
        Fault("502_html", Moment.BEFORE, Reach.ANY, "nothing applied, a page of the web server"),
        Fault("503_html", Moment.BEFORE, Reach.ANY, "nothing applied; Retry-After only with after_s"),
        Fault("520", Moment.BEFORE, Reach.ANY, "nothing applied: the vendor's own upstream is down"),
        Fault("521", Moment.BEFORE, Reach.ANY, "nothing applied: the vendor's own upstream answered nonsense"),
        Fault("html_200", Moment.BEFORE, Reach.ANY, "nothing applied, a sign-in page with status 200"),
        Fault("401", Moment.BEFORE, Reach.ANY, "the token used dies"),
        Fault("403", Moment.BEFORE, Reach.ANY, "permission missing"),
        Fault("expire_tokens", Moment.BEFORE, Reach.ANY, "every token of every host dies, then business as usual"),
        Fault("redirect", Moment.BEFORE, Reach.ANY, "302 to another origin, which counts who follows"),
        Fault("late_effect", Moment.INSTEAD, Reach.EFFECTS, "connection closed, applied after_s later"),
        Fault("lagging_read", Moment.INSTEAD, Reach.EFFECTS, "answers success, to be read back only after_s later"),
        Fault("drop_write", Moment.INSTEAD, Reach.EFFECTS, "answers success and does nothing"),
        Fault("repeated_page", Moment.INSTEAD, Reach.PAGES, "the first page whatever page is asked for"),
        Fault("endless_page", Moment.INSTEAD, Reach.PAGES, "always a full page, beginning again after the last"),
        Fault("done_reply_lost", Moment.AFTER, Reach.EFFECTS, "applied, connection closed without reply"),
        Fault("reset_after", Moment.AFTER, Reach.EFFECTS, "applied, connection reset without reply"),
        Fault("done_then_500", Moment.AFTER, Reach.EFFECTS, "applied, answered by 500"),
        Fault("done_then_503", Moment.AFTER, Reach.EFFECTS, "applied, answered by 503 and a page"),
        Fault("slow_body", Moment.AFTER, Reach.ANY, "applied, headers and half of the body, then silence"),
        Fault("slow", Moment.AFTER, Reach.ANY, "applied, the reply comes after_s later, in real seconds"),
        Fault("truncated_json", Moment.AFTER, Reach.ANY, "applied, a whole HTTP reply with half of the JSON"),
        Fault("null_fields", Moment.AFTER, Reach.READS, "all but identity is null"),
        Fault("unknown_enum", Moment.AFTER, Reach.READS, "names and numbers never heard of"),
        Fault("partial_row", Moment.AFTER, Reach.ROWS, "one record of the list cannot be decoded"),
    )
}


class UnknownFaultError(ValueError):
    """Asked for a fault that is not in the list."""


@attrs.define(kw_only=True)
class Armed:
    fault: Fault
    left: int
    route: str | None = None
    after_s: float | None = None

    def strikes(self, route: Route[Any]) -> bool:
        if self.route is not None:
            label, wanted = route.label.casefold(), self.route.casefold()
            return wanted in label or fnmatch(label, wanted)
        return not route.login and _within(self.fault.reach, route)


def _within(reach: Reach, route: Route[Any]) -> bool:
    return {
        Reach.ANY: True,
        Reach.EFFECTS: route.effect,
        Reach.READS: not route.effect,
        Reach.ROWS: route.rows,
        Reach.PAGES: route.pages,
        Reach.ACTIONS: route.action,
        Reach.CARRIED: bool(route.tail),
        Reach.CARRIED_EFFECTS: bool(route.tail) and route.effect,
    }[reach]


@attrs.define
class Faults:
    """The faults now armed, in the order in which they were; `known` are all that can be."""

    known: Mapping[str, Fault] = attrs.field(default=FAULTS, repr=False)
    armed: list[Armed] = attrs.field(factory=list)

    def arm(self, fault: str, times: int = 1, route: str | None = None, after_s: float | None = None) -> None:
        if fault not in self.known:
            raise UnknownFaultError(fault)
        if times < 1:
            raise ValueError("times must be 1 or more")
        self.armed.append(Armed(fault=self.known[fault], left=times, route=route, after_s=after_s))

    def due(self, moment: Moment, route: Route[Any]) -> Armed | None:
        """The fault that would strike now; it stays armed until it is spent."""
        return next(self._striking(moment, route), None)

    def spend(self, armed: Armed) -> Armed:
        armed.left -= 1
        if armed.left == 0:
            self.armed.remove(armed)
        return armed

    def clear(self) -> None:
        self.armed.clear()

    def _striking(self, moment: Moment, route: Route[Any]) -> Iterator[Armed]:
        return (armed for armed in self.armed if armed.fault.moment is moment and armed.strikes(route))
