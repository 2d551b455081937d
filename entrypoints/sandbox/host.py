"""One HTTP host of an emulated system: counts, limits, refuses, misbehaves, and only then answers."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, Generic, TypeVar

import attrs
from aiohttp import web

from entrypoints.sandbox import bodies, mischief
from entrypoints.sandbox.deliver import deliver
from entrypoints.sandbox.faults import Armed, Moment
from entrypoints.sandbox.flights import FullError
from entrypoints.sandbox.manners import Manners
from entrypoints.sandbox.mischief import Tricks
from entrypoints.sandbox.routes import Route, at, tidy
from entrypoints.sandbox.wire import Ask, Conduct, Refusal, Reply
from entrypoints.sandbox.world import World

S = TypeVar("S")
Raw = bytes | Mapping[str, list[Any]]

# What a Windows web server takes unless it is told otherwise.
MOST_BYTES = 30_000_000


@attrs.frozen(kw_only=True)
class Gate(Generic[S]):
    """How a host knows its callers: `admit` raises a Refusal, the others make tokens worthless."""

    admit: Callable[[S, str, Ask], None]
    kill: Callable[[S, str, Mapping[str, str]], None]
    kill_all: Callable[[S], None]


@attrs.frozen(kw_only=True)
class Traffic(Generic[S]):
    """How many requests a caller may have under way: who asks, whether it counts, how many, and how long one lasts."""

    who: Callable[[Mapping[str, str]], str]
    counts: Callable[[S, Route[S]], bool]
    limit: Callable[[S], int]
    seconds: Callable[[S], float]
    full: Callable[[], Reply]


@attrs.frozen(kw_only=True)
class Host(Generic[S]):
    name: str
    world: World[S]
    routes: Sequence[Route[S]]
    manners: Manners
    gate: Gate[S]
    methods: frozenset[str] | None = None
    tricks: Tricks = attrs.field(factory=Tricks)
    traffic: Traffic[S] | None = None
    exact: bool = False
    """Whether a path counts as it was sent, with its escapes and slashes."""
    most_bytes: int = MOST_BYTES
    closing: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        with ExitStack() as flight:
            try:
                reply = await self._answer(request, flight)
            except Refusal as refusal:
                reply = self._noted(request, refusal.reply)
            return await deliver(request, reply, self.closing)

    async def _answer(self, request: web.Request, flight: ExitStack) -> Reply:
        path = self._path(request)
        found = at(self.routes, path, self.world.state)
        row = next((pair for pair in found if pair[0].method == request.method), None)
        self.world.journal.asked(row[0].label if row else f"{request.method} (unknown)")
        self._limit()
        raw = await bodies.drain(request, self.most_bytes)
        if row is None:
            raise Refusal(self._nowhere(request, path, known=bool(found)))
        route = row[0].carried(raw)
        if route is not row[0]:
            self.world.journal.requests_by_route[route.label] += 1
        headers = await self._board(request, route, flight)
        reply = self._carry_out(request, route, row[1], raw)
        return attrs.evolve(reply, headers={**reply.headers, **headers})

    async def _board(self, request: web.Request, route: Route[S], flight: ExitStack) -> dict[str, str]:
        """The place among those under way, which lasts as long as the reply does."""
        if self.traffic is None or not self.traffic.counts(self.world.state, route):
            return {}
        limit = self.traffic.limit(self.world.state)
        try:
            left = flight.enter_context(self.world.flights.taken(self.traffic.who(request.headers), limit))
        except FullError:
            raise Refusal(self.traffic.full()) from None
        await asyncio.sleep(self.traffic.seconds(self.world.state))
        return {"Concurrency-Limit": str(limit), "Concurrency-Remaining": str(left)}

    def _carry_out(self, request: web.Request, route: Route[S], params: dict[str, Any], raw: Raw) -> Reply:
        armed = self.world.faults.due(Moment.BEFORE, route)
        early = self._strike(armed, request) if armed else None
        try:
            return early or self._serve(request, route, params, raw)
        except Refusal as refusal:
            return self._noted(request, refusal.reply)

    def _serve(self, request: web.Request, route: Route[S], params: dict[str, Any], raw: Raw) -> Reply:
        ask = self._read(request, route, params, raw)
        armed = self.world.faults.due(Moment.INSTEAD, route)
        reply = self._instead(armed, route, ask) if armed else self.world.perform(route, ask)
        if route.login and reply.succeeded:
            self.world.journal.logins[self.name] += 1
        return self._afterwards(route, reply)

    def _path(self, request: web.Request) -> str:
        return request.rel_url.raw_path if self.exact else tidy(request.path)

    def _read(self, request: web.Request, route: Route[S], params: dict[str, Any], raw: Raw) -> Ask:
        """Callers are known before what they ask is looked at."""
        bare = Ask(
            method=request.method,
            path=self._path(request),
            host=self.name,
            now=self.world.clock(),
            headers=request.headers,
            params=params,
            query={},
            body={},
        )
        if not route.login and not route.open:
            self.gate.admit(self.world.state, self.name, bare)
        manners = route.manners or self.manners
        query = bodies.read_query(request, route, manners)
        return attrs.evolve(bare, query=query, body=bodies.read_body(request, route, raw, manners))

    def _limit(self) -> None:
        excess = self.world.count(self.name).take(self.world.clock())
        if excess is not None:
            reply = self.manners.too_many(excess.most)
            raise Refusal(attrs.evolve(reply, headers={"Retry-After": str(excess.retry_after)}))

    def _nowhere(self, request: web.Request, path: str, *, known: bool) -> Reply:
        if known or (self.methods is not None and request.method not in self.methods):
            return self.manners.wrong_method(request.method)
        return self.manners.unknown_path(str(request.url), path)

    def _strike(self, armed: Armed, request: web.Request) -> Reply | None:
        name = self.world.faults.spend(armed).fault.name
        if name == "expire_tokens":
            self.gate.kill_all(self.world.state)
            return None
        if name == "401":
            self.gate.kill(self.world.state, self.name, request.headers)
        scene = mischief.Scene(
            manners=self.manners,
            armed=armed,
            now=self.world.clock(),
            path=self._path(request),
            elsewhere=self.world.elsewhere,
        )
        return {**mischief.BEFORE, **self.tricks.before}[name](scene)

    def _instead(self, armed: Armed, route: Route[S], ask: Ask) -> Reply:
        """A request that is refused anyway does not use the fault up."""
        name = armed.fault.name
        asked = {**mischief.ASKED, **self.tricks.asked}
        if name in asked:
            reply = self.world.perform(route, asked[name](ask, armed))
            self.world.faults.spend(armed)
            return reply
        reply = self.world.pretend(route, ask)
        self.world.faults.spend(armed)
        if name != "drop_write":
            self.world.postpone(route, ask, timedelta(seconds=armed.after_s or 0))
        return Reply(conduct=Conduct.CLOSE) if name == "late_effect" else reply

    def _afterwards(self, route: Route[S], reply: Reply) -> Reply:
        armed = self.world.faults.due(Moment.AFTER, route) if reply.succeeded else None
        if armed is None or reply.conduct is not Conduct.SEND:
            return reply
        name = self.world.faults.spend(armed).fault.name
        if name == "slow":
            return attrs.evolve(reply, delay=1.0 if armed.after_s is None else armed.after_s)
        own = self.tricks.after.get(name)
        return own(reply) if own else mischief.afterwards(name, reply, self.manners)

    def _noted(self, request: web.Request, reply: Reply) -> Reply:
        self.world.journal.refusals.append(
            {"host": self.name, "method": request.method, "path": request.path, "status": reply.status}
        )
        return reply
