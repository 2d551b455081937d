"""One emulated system: its state, its clock, its journal, its faults, and effects that are still under way."""

import copy
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import attrs

from entrypoints.sandbox.faults import Faults
from entrypoints.sandbox.flights import Flights
from entrypoints.sandbox.journal import Journal
from entrypoints.sandbox.limits import Counted, RateLimit
from entrypoints.sandbox.routes import Route
from entrypoints.sandbox.wire import Ask, Refusal, Reply

S = TypeVar("S")


@attrs.frozen
class Late(Generic[S]):
    due: datetime
    route: Route[S]
    ask: Ask


@attrs.define(kw_only=True)
class World(Generic[S]):
    """`hollow` worlds answer success to every write and stay as they are; `tell` is what else a state has to say."""

    build: Callable[[], S]
    clock: Callable[[], datetime]
    rate_limit: RateLimit | None
    hollow: bool = False
    elsewhere: str = ""
    tell: Callable[[S], dict[str, Any]] = lambda _state: {}
    journal: Journal = attrs.field(factory=Journal)
    faults: Faults = attrs.field(factory=Faults)
    counted: dict[str, Counted] = attrs.field(factory=dict)
    late: list[Late[S]] = attrs.field(factory=list)
    flights: Flights = attrs.field(factory=Flights)
    _state: S = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._state = self.build()

    @property
    def state(self) -> S:
        self.settle()
        return self._state

    def settle(self) -> None:
        """Make real what became due since somebody last looked, at the times at which it became due."""
        now = self.clock()
        due = sorted((late for late in self.late if late.due <= now), key=lambda late: late.due)
        self.late = [late for late in self.late if late.due > now]
        for late in due:
            # What was fine when it was sent may be refused by now; nobody is there to be told.
            with suppress(Refusal):
                self._apply(late.route, attrs.evolve(late.ask, now=late.due))

    def perform(self, route: Route[S], ask: Ask) -> Reply:
        if self.hollow and route.effect:
            return self.pretend(route, ask)
        return self._apply(route, ask)

    def pretend(self, route: Route[S], ask: Ask) -> Reply:
        """The reply that the request would get, worked out on a copy of the state."""
        return route.handler(copy.deepcopy(self.state), ask)

    def postpone(self, route: Route[S], ask: Ask, delay: timedelta) -> None:
        if not self.hollow:
            self.late.append(Late(ask.now + delay, route, ask))

    def reset(self) -> None:
        self._state = self.build()
        self.journal = Journal()
        self.faults.clear()
        self.counted.clear()
        self.late.clear()
        self.flights.forget()

    def count(self, host: str) -> Counted:
        return self.counted.setdefault(host, Counted(self.rate_limit))

    def _apply(self, route: Route[S], ask: Ask) -> Reply:
        reply = route.handler(self._state, ask)
        for write in (reply.wrote, *reply.more):
            if write is not None:
                self.journal.wrote(write)
        return reply
