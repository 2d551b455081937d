"""What is under way at a host that counts it: never more than its rate allows, and never more than the host bears."""

import asyncio
from collections.abc import Awaitable, Callable

import attrs
import pytest

from ports.turns import Host, Rate, Turns
from tests.turns.keepers import ONE, OTHER, Office, tell
from tests.turns.virtual_time import later

EVERYWHERE = Rate(1_000, 1, 3, everywhere=True)


@attrs.define
class Crowd:
    """Callers who stay for a while, and how many of them were there at once."""

    under_way: int = 0
    most: int = 0
    then: Callable[[], Awaitable[None]] | None = None

    async def one(self, turns: Turns, seconds: float = 5, host: Host = ONE, rate: Rate = EVERYWHERE) -> None:
        async with turns.take(host, rate):
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await later(seconds)
            if self.then is not None:
                await self.then()
            self.under_way -= 1

    async def all_of(self, turns: Turns, n: int, seconds: float = 5) -> None:
        self.most = 0
        await asyncio.gather(*(self.one(turns, seconds) for _ in range(n)))


def test_no_more_are_under_way_than_the_rate_allows(where: Office) -> None:
    async def story(turns: Turns) -> None:
        crowd = Crowd()
        await crowd.all_of(turns, 9)
        assert crowd.most == 3
        assert 15 <= asyncio.get_running_loop().time() < 17

    tell(where, story)


def test_a_host_that_bears_fewer_gets_fewer_and_more_again_but_never_more_than_the_rate_says(where: Office) -> None:
    async def story(turns: Turns) -> None:
        crowd = Crowd(then=lambda: turns.bear(ONE, 1))
        await crowd.all_of(turns, 1)
        await crowd.all_of(turns, 4)
        assert crowd.most == 1
        for told, most in ((2, 2), (30, 3), (0, 1), (3, 3)):
            crowd.then = lambda told=told: turns.bear(ONE, told)
            await crowd.all_of(turns, 1)
            await crowd.all_of(turns, 7)
            assert crowd.most == most, told

    tell(where, story)


def test_who_is_under_way_when_the_host_bears_fewer_is_waited_for(where: Office) -> None:
    async def story(turns: Turns) -> None:
        crowd = Crowd()
        long = [asyncio.ensure_future(crowd.one(turns, 60)) for _ in range(2)]
        crowd.then = lambda: turns.bear(ONE, 2)
        await crowd.one(turns, 1)
        crowd.most = 0
        await asyncio.gather(crowd.one(turns, 1), crowd.one(turns, 1), *long)
        assert crowd.most == 2

    tell(where, story)


def test_hosts_have_places_of_their_own(where: Office) -> None:
    async def story(turns: Turns) -> None:
        crowd = Crowd()
        await asyncio.gather(*(crowd.one(turns, 5, host) for host in (ONE, OTHER) for _ in range(3)))
        assert crowd.most == 6

    tell(where, story)


def test_a_failed_or_cancelled_caller_gives_its_place_back(where: Office) -> None:
    async def story(turns: Turns) -> None:
        rate = attrs.evolve(EVERYWHERE, in_flight=1)
        with pytest.raises(ZeroDivisionError):
            async with turns.take(ONE, rate):
                raise ZeroDivisionError
        crowd = Crowd()
        async with turns.take(ONE, rate):
            waiting = [asyncio.ensure_future(crowd.one(turns, 5, ONE, rate)) for _ in range(3)]
            await later(1)
            waiting[0].cancel()
            waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await crowd.one(turns, 5, ONE, rate)
        assert asyncio.get_running_loop().time() < 12

    tell(where, story)
