"""What every keeper of turns promises; each is a line in KEEPERS."""

import asyncio
import gc
from collections.abc import Callable
from itertools import pairwise

import pytest

from adapters.turns.in_process import InProcessTurns
from domain.ids import ConnectionId
from ports.clock import Clock
from ports.errors import AccessError, ThrottledError
from ports.turns import Host, Rate, Token, Turns
from tests.rest.virtual_time import LoopClock, in_virtual_time

Factory = Callable[[Clock], Turns]
KEEPERS: dict[str, Factory] = {"in process": InProcessTurns}

pytestmark = pytest.mark.parametrize("make", KEEPERS.values(), ids=KEEPERS)

ONE = Host(ConnectionId("con_1"), "standard")
OTHER = Host(ConnectionId("con_1"), "legacy")
STRANGER = Host(ConnectionId("con_2"), "standard")
MANY = 1_000
PRECISE = 1e-3  # seconds of slack for the ticks of virtual time


class LogIns:
    """Log-ins that wait for `open`, and count."""

    def __init__(self, clock: Clock, error: Exception | None = None, lifetime: float = 1e9) -> None:
        self.count = 0
        self.open = asyncio.Event()
        self.open.set()
        self._clock = clock
        self._error = error
        self._lifetime = lifetime

    async def __call__(self) -> Token:
        self.count += 1
        await self.open.wait()
        if self._error:
            raise self._error
        return Token(f"secret {self.count}", self._clock.monotonic() + self._lifetime)


async def moments(turns: Turns, host: Host, rate: Rate, n: int) -> list[float]:
    """When each of `n` callers who come at once gets its turn."""

    async def one() -> float:
        async with turns.take(host, rate):
            return asyncio.get_running_loop().time()

    return sorted(await asyncio.gather(*(one() for _ in range(n))))


async def settle(tasks: list[asyncio.Task[Token]]) -> None:
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)


def test_turns_are_evenly_spaced_and_never_a_burst(make: Factory) -> None:
    async def story() -> None:
        at = await moments(make(LoopClock()), ONE, Rate(25, 5, 100), 60)
        gaps = [later - sooner for sooner, later in pairwise(at)]
        assert min(gaps) >= 0.2 - PRECISE
        assert at[-1] - at[0] == pytest.approx(59 * 0.2, abs=0.1)

    in_virtual_time(story)


def test_hosts_do_not_wait_for_one_another(make: Factory) -> None:
    async def story() -> None:
        turns, rate = make(LoopClock()), Rate(1, 10, 100)
        await moments(turns, ONE, rate, 1)
        for host in (OTHER, STRANGER):
            start = asyncio.get_running_loop().time()
            [at] = await moments(turns, host, rate, 1)
            assert at - start < PRECISE

    in_virtual_time(story)


def test_no_more_are_under_way_than_the_rate_allows(make: Factory) -> None:
    async def story() -> None:
        turns, rate, under_way, most = make(LoopClock()), Rate(1_000, 1, 3), 0, 0

        async def one() -> None:
            nonlocal under_way, most
            async with turns.take(ONE, rate):
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(5)
                under_way -= 1

        await asyncio.gather(*(one() for _ in range(9)))
        assert most == 3

    in_virtual_time(story)


def test_a_failed_or_cancelled_caller_gives_its_place_back(make: Factory) -> None:
    async def story() -> None:
        turns, rate = make(LoopClock()), Rate(1_000, 1, 1)
        with pytest.raises(ZeroDivisionError):
            async with turns.take(ONE, rate):
                raise ZeroDivisionError
        waiting = asyncio.create_task(moments(turns, ONE, Rate(1_000, 1, 1), 2))
        async with turns.take(ONE, rate):
            await asyncio.sleep(1)
            waiting.cancel()
        assert len(await moments(turns, ONE, rate, 2)) == 2

    in_virtual_time(story)


def test_a_silence_holds_for_all_and_turns_stay_spaced_after_it(make: Factory) -> None:
    async def story() -> None:
        turns, rate = make(LoopClock()), Rate(10, 1, 100)
        start = asyncio.get_running_loop().time()
        await turns.hold_back(ONE, 20.0)
        await turns.hold_back(ONE, 5.0)
        at = await moments(turns, ONE, rate, 5)
        assert at[0] - start >= 20.0
        assert at[4] - at[0] >= 0.4 - PRECISE
        [elsewhere] = await moments(turns, OTHER, rate, 1)
        assert elsewhere - at[4] < PRECISE

    in_virtual_time(story)


def test_a_silence_reaches_those_who_already_wait(make: Factory) -> None:
    async def story() -> None:
        turns, rate = make(LoopClock()), Rate(1, 1, 100)
        waiting = asyncio.create_task(moments(turns, ONE, rate, 3))
        await asyncio.sleep(0.5)
        await turns.hold_back(ONE, 20.0)
        at = await waiting
        assert at[0] < PRECISE
        assert at[1] >= 20.5
        assert at[2] - at[1] >= 1.0 - PRECISE

    in_virtual_time(story)


def test_a_silence_of_an_hour_is_told_and_not_sat_out(make: Factory) -> None:
    async def story() -> None:
        turns = make(LoopClock())
        await turns.hold_back(ONE, 3600.0)
        with pytest.raises(ThrottledError) as raised:
            async with turns.take(ONE, Rate(1, 1, 1)):
                pass
        assert raised.value.retry_after == pytest.approx(3600.0, abs=PRECISE)
        assert asyncio.get_running_loop().time() < 1.0

    in_virtual_time(story)


def test_a_thousand_callers_cause_one_log_in(make: Factory) -> None:
    async def story() -> None:
        turns, log_in = make(LoopClock()), LogIns(LoopClock())
        tokens = await asyncio.gather(*(turns.token(ONE, log_in) for _ in range(MANY)))
        assert log_in.count == 1
        assert {token.secret for token in tokens} == {"secret 1"}
        assert (await turns.token(ONE, log_in)).version == 1

    in_virtual_time(story)


def test_a_storm_of_refusals_causes_one_renewal(make: Factory) -> None:
    async def story() -> None:
        turns, log_in = make(LoopClock()), LogIns(LoopClock())
        old = await turns.token(ONE, log_in)
        renewed = (turns.token(ONE, log_in, unlike=old.version) for _ in range(MANY))
        assert {token.version for token in await asyncio.gather(*renewed)} == {2}
        late = await turns.token(ONE, log_in, unlike=old.version)
        assert (late.secret, late.version, log_in.count) == ("secret 2", 2, 2)

    in_virtual_time(story)


def test_a_token_is_renewed_when_its_time_comes(make: Factory) -> None:
    async def story() -> None:
        turns, log_in = make(LoopClock()), LogIns(LoopClock(), lifetime=60.0)
        await turns.token(ONE, log_in)
        await asyncio.sleep(59)
        assert (await turns.token(ONE, log_in)).version == 1
        await asyncio.sleep(1)
        assert (await turns.token(ONE, log_in)).version == 2

    in_virtual_time(story)


def test_hosts_have_tokens_of_their_own(make: Factory) -> None:
    async def story() -> None:
        turns, standard, legacy = make(LoopClock()), LogIns(LoopClock()), LogIns(LoopClock())
        await turns.token(ONE, standard)
        await turns.token(OTHER, legacy)
        await turns.token(ONE, standard, unlike=1)
        assert (await turns.token(OTHER, legacy)).version == 1
        assert (standard.count, legacy.count) == (2, 1)

    in_virtual_time(story)


def test_a_failed_log_in_fails_all_who_waited_and_no_one_after(make: Factory) -> None:
    async def story() -> None:
        turns, bad = make(LoopClock()), LogIns(LoopClock(), AccessError("dead"))
        outcomes = await asyncio.gather(*(turns.token(ONE, bad) for _ in range(20)), return_exceptions=True)
        assert bad.count == 1
        assert {type(outcome) for outcome in outcomes} == {AccessError}
        assert (await turns.token(ONE, LogIns(LoopClock()))).secret == "secret 1"

    in_virtual_time(story)


def test_a_cancelled_first_caller_does_not_take_the_others_along(make: Factory) -> None:
    async def story() -> None:
        turns, log_in = make(LoopClock()), LogIns(LoopClock())
        log_in.open.clear()
        waiting = [asyncio.create_task(turns.token(ONE, log_in)) for _ in range(3)]
        await settle(waiting)
        waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        log_in.open.set()
        assert {(await task).secret for task in waiting[1:]} == {"secret 1"}
        assert log_in.count == 1

    in_virtual_time(story)


def test_a_failure_that_nobody_waits_for_any_more_is_quiet(make: Factory) -> None:
    async def story() -> None:
        turns, bad = make(LoopClock()), LogIns(LoopClock(), AccessError("dead"))
        bad.open.clear()
        waiting = [asyncio.create_task(turns.token(ONE, bad))]
        await settle(waiting)
        complaints: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        waiting[0].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        bad.open.set()
        await asyncio.sleep(1)
        gc.collect()
        assert complaints == []

    in_virtual_time(story)


def test_forgotten_tokens_are_gone_for_that_connection_only(make: Factory) -> None:
    async def story() -> None:
        turns, log_in, strange = make(LoopClock()), LogIns(LoopClock()), LogIns(LoopClock())
        for host in (ONE, OTHER):
            await turns.token(host, log_in)
        await turns.token(STRANGER, strange)
        await turns.forget(ConnectionId("con_1"))
        for host in (ONE, OTHER):
            assert (await turns.token(host, log_in)).version == 2
        await turns.token(STRANGER, strange)
        assert (log_in.count, strange.count) == (4, 1)

    in_virtual_time(story)


def test_a_log_in_under_way_with_old_credentials_leaves_no_token(make: Factory) -> None:
    async def story() -> None:
        turns, old, new = make(LoopClock()), LogIns(LoopClock()), LogIns(LoopClock())
        old.open.clear()
        waiting = [asyncio.create_task(turns.token(ONE, old))]
        await settle(waiting)
        await turns.forget(ConnectionId("con_1"))
        new.count = 10
        assert (await turns.token(ONE, new)).secret == "secret 11"
        old.open.set()
        await asyncio.gather(*waiting)
        assert (await turns.token(ONE, new)).secret == "secret 11"
        assert (old.count, new.count) == (1, 11)

    in_virtual_time(story)


def test_who_asks_during_a_renewal_waits_for_the_new_token(make: Factory) -> None:
    async def story() -> None:
        turns, log_in = make(LoopClock()), LogIns(LoopClock())
        await turns.token(ONE, log_in)
        log_in.open.clear()
        waiting = [asyncio.create_task(turns.token(ONE, log_in, unlike=unlike)) for unlike in (1, None)]
        await settle(waiting)
        log_in.open.set()
        assert [(await task).version for task in waiting] == [2, 2]

    in_virtual_time(story)
