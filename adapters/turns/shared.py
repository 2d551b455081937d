"""Turns for several processes: rows that all of them see; every turn is taken there before anything is sent."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from uuid import uuid4

import attrs

from adapters.turns.courtesy import Courtesy
from adapters.turns.flights import Flight
from domain.ids import ConnectionId
from ports.clock import Clock
from ports.errors import UnavailableError
from ports.hosts import Hosts
from ports.turns import LONGEST_FLIGHT, Host, Rate, Token, Turns

LogIn = Callable[[], Awaitable[Token]]

MOST_AT_ONCE = 5  # turns that a process takes in advance when callers queue: as many are lost with it if it dies
LEASE = 10.0  # seconds that a log-in of a dead process keeps others from theirs
EXTENDED = LEASE / 3
LOOK_AGAIN = 0.1  # seconds between looks for what another process logs in for, or for a place that it gives back
SPARE = 15.0  # seconds that a place lasts beyond its request, for what has to be done before it is sent


class SharedTurns(Turns):
    """Rates, silences and tokens in `hosts`. `longest_wait` is how many seconds of silence a caller sits out."""

    def __init__(self, hosts: Hosts, clock: Clock, *, longest_wait: float = 30.0) -> None:
        self._hosts = hosts
        self._clock = clock
        self._longest_wait = longest_wait
        self._me = uuid4().hex
        self._lanes: dict[tuple[ConnectionId, str], _Lane] = {}
        self._seats: dict[Host, _Seat] = {}

    def take(
        self, host: Host, rate: Rate, *, flight: float = LONGEST_FLIGHT, patient: bool = False
    ) -> AbstractAsyncContextManager[None]:
        return self._taken(host, rate, flight, patient)

    @asynccontextmanager
    async def _taken(self, host: Host, rate: Rate, flight: float, patient: bool) -> AsyncIterator[None]:
        lane = self._lane(host, rate)
        async with AsyncExitStack() as held:
            async with lane.courtesy.waiting(patient):
                if patient:
                    await lane.let_others_go()
                full = lane.places.locked()
                # A place in flight comes first: a slot of the rate must not grow old while its holder waits for one.
                await held.enter_async_context(lane.places)
                if rate.everywhere:
                    await held.enter_async_context(lane.placed_turn(flight, full))
                else:
                    await lane.turn()
            yield

    async def bear(self, host: Host, in_flight: int) -> None:
        if (lane := self._lanes.get((host.connection, host.name))) is not None:
            lane.bears = in_flight

    async def hold_back(self, host: Host, seconds: float) -> None:
        await self._hosts.hush(host, seconds)

    def _lane(self, host: Host, rate: Rate) -> "_Lane":
        place = host.connection, host.name
        lane = self._lanes.get(place)
        if lane is None or lane.rate != rate:
            lane = self._lanes[place] = _Lane(self._hosts, self._clock, host, rate, self._longest_wait)
        return lane

    async def token(self, host: Host, log_in: LogIn, *, unlike: int | None = None) -> Token:
        seat = self._seats.get(host) or self._new_seat(host)
        while True:
            if (kept := seat.fresh(self._clock.monotonic(), unlike)) is not None:
                return kept
            found = await seat.flight.join(lambda: self._found(host, seat, log_in))
            # A look that was under way already may not have known that this one was refused.
            if found.version != unlike:
                return found

    def _new_seat(self, host: Host) -> "_Seat":
        same = [one for one in self._seats if (one.connection, one.name) == (host.connection, host.name)]
        for old in [one for one in same if one.revision < host.revision]:
            del self._seats[old]
        return self._seats.setdefault(host, _Seat())

    async def _found(self, host: Host, seat: "_Seat", log_in: LogIn) -> Token:
        """The token that somebody logged in for, or one that we did because nobody else was about to."""
        until = self._clock.monotonic() + self._longest_wait
        while True:
            standing = await self._hosts.standing(host)
            token = standing.token
            if token is not None and token.fresh_for > 0 and token.version != seat.dead:
                return seat.keep(token, self._clock.monotonic())
            if not standing.awaited and await self._hosts.lease(host, self._me, standing.version, LEASE):
                token = await self._logged_in(host, standing.version, log_in)
                if token is not None:
                    return seat.keep(token, self._clock.monotonic())
            elif self._clock.monotonic() >= until:
                raise UnavailableError(f"another process has been logging in to {host.name} for too long")
            else:
                await self._clock.sleep(LOOK_AGAIN)

    async def _logged_in(self, host: Host, version: int, log_in: LogIn) -> Token | None:
        extending = asyncio.create_task(self._extend(host, version))
        try:
            return await self._hosts.keep(host, self._me, await log_in())
        except BaseException:
            # The lease ends by itself too; why the log-in failed is what must be heard.
            with suppress(UnavailableError):
                await self._hosts.release(host, self._me)
            raise
        finally:
            extending.cancel()
            await asyncio.gather(extending, return_exceptions=True)

    async def _extend(self, host: Host, version: int) -> None:
        """A log-in may take longer than a lease; a process that died no longer extends it."""
        while True:
            await self._clock.sleep(EXTENDED)
            await self._hosts.lease(host, self._me, version, LEASE)


class _Lane:
    """Those of this process who queue for one host, in order, and the turns taken for them."""

    def __init__(self, hosts: Hosts, clock: Clock, host: Host, rate: Rate, patience: float) -> None:
        self.rate = rate
        self.places = asyncio.Semaphore(rate.in_flight)
        self.courtesy = Courtesy()
        self._hosts = hosts
        self._clock = clock
        self._host = host
        self._patience = patience
        self._interval = rate.seconds / rate.requests
        self.bears: int | None = None  # what the host said and nobody else knows yet
        self._first_to_a_place = asyncio.Lock()
        self._first_in_line = asyncio.Lock()
        self._queued = 0
        self._taken: deque[float] = deque()

    @asynccontextmanager
    async def placed_turn(self, flight: float, full: bool) -> AsyncIterator[None]:
        """A turn, and a place among all that are under way, which lasts for the whole flight.

        `full` says that all of this process's places were taken.
        """
        holder = uuid4().hex
        try:
            if full:
                # It would be the first to know of a place that it gives back itself: others look first, or starve.
                await self._clock.sleep(LOOK_AGAIN)
            while True:
                since = await self._place(holder, flight)
                await self.turn()
                # After a long wait, or a long stand-still, the place may not last, or be another's by now.
                if self._clock.monotonic() - since <= SPARE / 2 or await self._occupied(holder, flight):
                    break
            yield
        finally:
            bears, self.bears = self.bears, None
            # It comes back by itself too; nothing of this may be heard, for the request may have been sent.
            with suppress(UnavailableError):
                await self._hosts.vacate(self._host, holder, bears)

    async def _place(self, holder: str, flight: float) -> float:
        """Returns when there is one; gives the moment from which on it lasts."""
        async with self._first_to_a_place:
            since = self._clock.monotonic()
            while not await self._occupied(holder, flight):
                await self._clock.sleep(LOOK_AGAIN)
                since = self._clock.monotonic()
            return since

    async def _occupied(self, holder: str, flight: float) -> bool:
        return await self._hosts.occupy(self._host, holder, self.rate.in_flight, flight + SPARE)

    async def let_others_go(self) -> None:
        """Returns when no process has taken turns ahead, but for the one that may have just gone."""
        while (left := await self._hosts.ahead(self._host)) > self._interval:
            if left > self._patience and await self._hosts.silence(self._host) > self._patience:
                # Not worth waiting for: asking for a turn says so.
                return
            # Not to the moment at which a process that still has others waiting takes the next turns for them.
            await self._clock.sleep(left - self._interval / 2)
            await self.courtesy.nobody_else()

    async def turn(self) -> None:
        """Returns when it has come."""
        self._queued += 1
        try:
            async with self._first_in_line:
                await self._come()
        finally:
            self._queued -= 1

    async def _come(self) -> None:
        while (left := await self._next() - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
            # The host may have asked somebody for silence meanwhile: a turn that falls into it is lost.
            if await self._hosts.silence(self._host) <= 0:
                return

    async def _next(self) -> float:
        """When the next turn comes. One that nobody used in its time is lost: two would leave at once."""
        now = self._clock.monotonic()
        while self._taken:
            if (at := self._taken.popleft()) >= now:
                return at
        turns = min(self._queued, MOST_AT_ONCE)
        wait = await self._hosts.reserve(self._host, turns, self._interval, self._patience)
        first = self._clock.monotonic() + wait
        self._taken.extend(first + n * self._interval for n in range(1, turns))
        return first


@attrs.define
class _Seat:
    """What this process knows of a token, and its look for a new one. `dead` is the version last refused."""

    token: Token | None = None
    until: float = 0.0
    dead: int | None = None
    flight: Flight = attrs.field(factory=Flight)

    def fresh(self, now: float, unlike: int | None) -> Token | None:
        if self.token is not None and self.token.version == unlike:
            # Dead for everybody: who asks from now on waits for the new one instead of being refused as well.
            self.token, self.dead = None, unlike
        left = self.until - now
        return attrs.evolve(self.token, fresh_for=left) if self.token is not None and left > 0 else None

    def keep(self, token: Token, now: float) -> Token:
        self.token, self.until = token, now + token.fresh_for
        return token
