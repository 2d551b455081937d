"""What every keeper of turns promises; each is a line in `keepers.KEEPERS`."""

import asyncio
from itertools import pairwise

import pytest

from ports.errors import ThrottledError
from ports.turns import Host, Rate, Turns
from tests.turns.keepers import ONE, OTHER, STRANGER, Office, tell
from tests.turns.virtual_time import later

PRECISE = 1e-3  # seconds of slack for the ticks of virtual time


async def moments(turns: Turns, host: Host, rate: Rate, n: int) -> list[float]:
    """When each of `n` callers who come at once gets its turn."""

    async def one() -> float:
        async with turns.take(host, rate):
            return asyncio.get_running_loop().time()

    return sorted(await asyncio.gather(*(one() for _ in range(n))))


def test_turns_are_evenly_spaced_and_never_a_burst(where: Office) -> None:
    async def story(turns: Turns) -> None:
        at = await moments(turns, ONE, Rate(25, 5, 100), 60)
        gaps = [later - sooner for sooner, later in pairwise(at)]
        assert min(gaps) >= 0.2 - PRECISE
        assert at[-1] - at[0] == pytest.approx(59 * 0.2, abs=0.1)

    tell(where, story)


def test_hosts_do_not_wait_for_one_another(where: Office) -> None:
    async def story(turns: Turns) -> None:
        rate = Rate(1, 10, 100)
        await moments(turns, ONE, rate, 1)
        for host in (OTHER, STRANGER):
            start = asyncio.get_running_loop().time()
            [at] = await moments(turns, host, rate, 1)
            assert at - start < PRECISE

    tell(where, story)


def test_no_more_are_under_way_than_the_rate_allows(where: Office) -> None:
    async def story(turns: Turns) -> None:
        rate, under_way, most = Rate(1_000, 1, 3), 0, 0

        async def one() -> None:
            nonlocal under_way, most
            async with turns.take(ONE, rate):
                under_way += 1
                most = max(most, under_way)
                await later(5)
                under_way -= 1

        await asyncio.gather(*(one() for _ in range(9)))
        assert most == 3

    tell(where, story)


def test_a_failed_or_cancelled_caller_gives_its_place_back(where: Office) -> None:
    async def story(turns: Turns) -> None:
        rate = Rate(1_000, 1, 1)
        with pytest.raises(ZeroDivisionError):
            async with turns.take(ONE, rate):
                raise ZeroDivisionError
        waiting = asyncio.create_task(moments(turns, ONE, Rate(1_000, 1, 1), 2))
        async with turns.take(ONE, rate):
            await later(1)
            waiting.cancel()
        assert len(await moments(turns, ONE, rate, 2)) == 2

    tell(where, story)


def test_a_silence_holds_for_all_and_turns_stay_spaced_after_it(where: Office) -> None:
    async def story(turns: Turns) -> None:
        rate = Rate(10, 1, 100)
        start = asyncio.get_running_loop().time()
        await turns.hold_back(ONE, 20.0)
        await turns.hold_back(ONE, 5.0)
        at = await moments(turns, ONE, rate, 5)
        assert at[0] - start >= 20.0
        assert at[4] - at[0] >= 0.4 - PRECISE
        [elsewhere] = await moments(turns, OTHER, rate, 1)
        assert elsewhere - at[4] < PRECISE

    tell(where, story)


def test_a_silence_reaches_those_who_already_wait(where: Office) -> None:
    async def story(turns: Turns) -> None:
        rate = Rate(1, 1, 100)
        waiting = asyncio.create_task(moments(turns, ONE, rate, 3))
        await later(0.5)
        await turns.hold_back(ONE, 20.0)
        at = await waiting
        assert at[0] < PRECISE
        assert at[1] >= 20.5
        assert at[2] - at[1] >= 1.0 - PRECISE

    tell(where, story)


def test_a_silence_of_an_hour_is_told_and_not_sat_out(where: Office) -> None:
    async def story(turns: Turns) -> None:
        await turns.hold_back(ONE, 3600.0)
        with pytest.raises(ThrottledError) as raised:
            async with turns.take(ONE, Rate(1, 1, 1)):
                pass
        assert raised.value.retry_after == pytest.approx(3600.0, abs=PRECISE)
        assert asyncio.get_running_loop().time() < 1.0

    tell(where, story)
