"""One try: turn, credentials, begin, send; and begin is the very last thing before the bytes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import MappingProxyType

import pytest

from adapters.rest.auth import Auth, Pass
from adapters.turns.in_process import InProcessTurns
from ports.errors import LeaseLostError, UnavailableError
from ports.turns import LONGEST_FLIGHT, Host, Rate
from tests.rest.raw_server import Seen, reply, serving
from tests.rest.rig import PATH, READ, WRITE, Begun, FakeClock, calling, read, row, write

KEYS: Mapping[str, str] = MappingProxyType({"X-Api-Key": "k"})


class NotedTurns(InProcessTurns):
    def __init__(self, notes: list[str]) -> None:
        super().__init__(FakeClock())
        self._notes = notes
        self.flights: list[float] = []

    def take(
        self, host: Host, rate: Rate, *, flight: float = LONGEST_FLIGHT, patient: bool = False
    ) -> AbstractAsyncContextManager[None]:
        self.flights.append(flight)
        return self._noted(super().take(host, rate, flight=flight, patient=patient))

    @asynccontextmanager
    async def _noted(self, turn: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        async with turn:
            self._notes.append("turn")
            yield
        self._notes.append("turn over")


class ForgetfulTurns(InProcessTurns):
    """Gives turns, and cannot keep what a host says of its limits."""

    def __init__(self) -> None:
        super().__init__(FakeClock())

    async def bear(self, host: Host, in_flight: int) -> None:
        raise UnavailableError("the database does not answer")

    async def hold_back(self, host: Host, seconds: float) -> None:
        raise UnavailableError("the database does not answer")


class NotedAuth(Auth):
    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    async def show(self) -> Pass:
        self._notes.append("credentials")
        return Pass(KEYS)

    async def refused(self, shown: Pass) -> bool:
        return False


async def test_begin_comes_after_turn_and_credentials_and_before_the_bytes() -> None:
    notes: list[str] = []

    async def act(seen: Seen, writer: object) -> None:
        notes.append("arrived")
        await reply()(seen, writer)  # type: ignore[arg-type]

    async with serving(act) as server, calling(server.url, turns=NotedTurns(notes), auth=NotedAuth(notes)) as api:
        await write(api, Begun(lambda: notes.append("begin")))

    assert notes == ["credentials", "turn", "credentials", "begin", "arrived", "turn over"]
    assert server.seen[0].headers["x-api-key"] == "k"


async def test_each_repetition_takes_a_turn_and_begins_anew() -> None:
    notes: list[str] = []
    attempt = Begun(lambda: notes.append("begin"))
    async with (
        serving(reply(429), reply()) as server,
        calling(server.url, turns=NotedTurns(notes), auth=NotedAuth(notes)) as api,
    ):
        await write(api, attempt)

    assert notes == ["credentials", "turn", "credentials", "begin", "turn over"] * 2


@pytest.mark.parametrize(("limit_header", "silence"), [("Most", None), (None, 5.0)])
async def test_what_a_host_says_of_its_limits_and_cannot_be_kept_sends_nothing_again(
    limit_header: str | None, silence: float | None
) -> None:
    attempt, limits = Begun(), {"limit_header": limit_header, "silence": silence}
    async with (
        serving(reply(Most="3")) as server,
        calling(server.url, turns=ForgetfulTurns(), **limits) as api,  # type: ignore[arg-type]  # of two types
    ):
        await write(api, attempt)

    assert len(server.seen) == len(attempt.seconds) == 1


async def test_turn_and_begin_are_told_how_long_the_flight_may_take() -> None:
    attempt, turns = Begun(), NotedTurns([])
    async with serving(reply()) as server, calling(server.url, turns=turns) as api:
        await write(api, attempt, row("PUT", seconds=7.5))

    assert attempt.seconds == turns.flights == [7.5]


async def test_nothing_leaves_when_the_lease_is_lost() -> None:
    def lost() -> None:
        raise LeaseLostError("another worker has it")

    async with serving(reply()) as server, calling(server.url) as api:
        with pytest.raises(LeaseLostError):
            await write(api, Begun(lost))

    assert server.seen == []
    assert server.connections == 0


async def test_a_repeatable_row_never_begins_an_attempt() -> None:
    attempt = Begun()
    async with serving(reply()) as server, calling(server.url) as api:
        await api.call(READ, path=PATH, attempt=attempt)

    assert attempt.seconds == []


async def test_an_unsafe_row_without_an_attempt_is_a_programming_error() -> None:
    async with serving(reply()) as server, calling(server.url) as api:
        with pytest.raises(TypeError, match="attempt"):
            await api.call(WRITE, path=PATH)

    assert server.seen == []


async def test_an_api_refuses_rows_that_its_part_does_not_say_it_uses() -> None:
    async with serving(reply()) as server, calling(server.url) as api:
        narrow = api.using([READ])
        await read(narrow)
        with pytest.raises(TypeError, match="not among the rows"):
            await write(narrow, Begun())

    assert len(server.seen) == 1
