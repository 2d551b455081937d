"""Turns for a single process: aiolimiter for rates, one flight for each log-in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import attrs
from aiolimiter import AsyncLimiter

from adapters.turns.courtesy import Courtesy
from adapters.turns.flights import Flight
from adapters.turns.places import Places
from domain.ids import ConnectionId
from ports.clock import Clock
from ports.errors import ThrottledError
from ports.turns import LONGEST_FLIGHT, Host, Rate, Token, Turns

LogIn = Callable[[], Awaitable[Token]]
Place = tuple[ConnectionId, str]
"""What a vendor counts requests by, whichever credentials they bear."""


class InProcessTurns(Turns):
    """Rates, silences and tokens of one process. `longest_wait` is how many seconds of silence a caller sits out."""

    def __init__(self, clock: Clock, *, longest_wait: float = 30.0) -> None:
        self._clock = clock
        self._longest_wait = longest_wait
        self._lanes: dict[Place, _Lane] = {}
        self._seats: dict[Host, _Seat] = {}
        self._silent_until: dict[Place, float] = {}

    def take(
        self,
        host: Host,
        rate: Rate,
        *,
        flight: float = LONGEST_FLIGHT,  # noqa: ARG002 - places end with the process
        patient: bool = False,
    ) -> AbstractAsyncContextManager[None]:
        return self._taken(host, rate, patient)

    @asynccontextmanager
    async def _taken(self, host: Host, rate: Rate, patient: bool) -> AsyncIterator[None]:
        lane = self._lane(host, rate)
        async with AsyncExitStack() as held:
            async with lane.courtesy.waiting(patient):
                if patient:
                    # Or it would hold a place all through the silence, and those who come meanwhile wait for that.
                    await self._calm(host)
                    await lane.courtesy.nobody_else()
                # A place in flight comes first: a slot of the rate must not grow old while its holder waits for one.
                await held.enter_async_context(lane.places)
                await self._slot(host, rate)
            yield

    async def _slot(self, host: Host, rate: Rate) -> None:
        await self._lane(host, rate).limiter.acquire()
        # A slot that falls into a silence is lost: those who sat it out line up anew, or they would leave at once.
        while await self._calm(host):
            await self._lane(host, rate).limiter.acquire()

    async def _calm(self, host: Host) -> bool:
        """Whether there was a silence to sit out."""
        waited = False
        while (left := self._silence(host)) > 0:
            if left > self._longest_wait:
                raise ThrottledError(f"{host.name} asked for silence", retry_after=left)
            await self._clock.sleep(left)
            waited = True
        return waited

    def _silence(self, host: Host) -> float:
        return self._silent_until.get(_place(host), 0.0) - self._clock.monotonic()

    async def bear(self, host: Host, in_flight: int) -> None:
        if (lane := self._lanes.get(_place(host))) is not None and lane.rate.everywhere:
            await lane.places.become(max(1, min(in_flight, lane.rate.in_flight)))

    async def hold_back(self, host: Host, seconds: float) -> None:
        until = self._clock.monotonic() + seconds
        self._silent_until[_place(host)] = max(self._silent_until.get(_place(host), until), until)

    async def token(self, host: Host, log_in: LogIn, *, unlike: int | None = None) -> Token:
        seat = self._seats.get(host) or self._new_seat(host)
        if seat.token is not None and seat.token.version == unlike:
            # Dead for everybody: who asks from now on waits for the new one instead of being refused as well.
            seat.token = None
        if seat.token is not None and (left := seat.until - self._clock.monotonic()) > 0:
            return attrs.evolve(seat.token, fresh_for=left)
        return await seat.flight.join(lambda: self._logged_in(seat, log_in))

    async def _logged_in(self, seat: "_Seat", log_in: LogIn) -> Token:
        seat.token = None
        token = await log_in()
        seat.version += 1
        seat.token = attrs.evolve(token, version=seat.version)
        seat.until = self._clock.monotonic() + token.fresh_for
        return seat.token

    def _new_seat(self, host: Host) -> "_Seat":
        for old in [one for one in self._seats if _place(one) == _place(host) and one.revision < host.revision]:
            del self._seats[old]
        return self._seats.setdefault(host, _Seat())

    def _lane(self, host: Host, rate: Rate) -> "_Lane":
        lane = self._lanes.get(_place(host))
        if lane is None or not lane.serves(rate):
            lane = self._lanes[_place(host)] = _Lane(rate)
        return lane


def _place(host: Host) -> Place:
    return host.connection, host.name


class _Lane:
    """The limiter and the places in flight of one host, bound to the running loop and to a rate."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._loop = asyncio.get_running_loop()
        # One request an interval: a bucket of the full rate would let a burst of all of them through at once.
        self.limiter = AsyncLimiter(1, rate.seconds / rate.requests)
        self.places = Places(rate.in_flight)
        self.courtesy = Courtesy()

    def serves(self, rate: Rate) -> bool:
        return rate == self.rate and asyncio.get_running_loop() is self._loop


@attrs.define
class _Seat:
    """The token of one host, until when it is fresh, and the log-in under way for it."""

    token: Token | None = None
    until: float = 0.0
    version: int = 0
    flight: Flight = attrs.field(factory=Flight)
