"""Whoever is patient lets all others go first."""

import asyncio

import pytest

from ports.errors import ThrottledError
from ports.turns import Rate, Turns
from tests.turns.keepers import ONE, Office, tell
from tests.turns.virtual_time import later

RATE = Rate(10, 1, 2)


def now() -> float:
    return asyncio.get_running_loop().time()


class Line:
    """Who came, in what order and when."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.at: list[float] = []

    async def took(self, turns: Turns, name: str, rate: Rate = RATE, *, patient: bool, flight: float = 0.0) -> None:
        async with turns.take(ONE, rate, patient=patient):
            self.names.append(name)
            self.at.append(now())
            await later(flight)

    def ten_patient(self, turns: Turns, rate: Rate = RATE, flight: float = 0.0) -> list[asyncio.Task[None]]:
        return [
            asyncio.create_task(self.took(turns, f"patient {n}", rate, patient=True, flight=flight)) for n in range(10)
        ]


def test_those_in_a_hurry_go_before_ten_who_are_not(where: Office) -> None:
    async def story(turns: Turns) -> None:
        line = Line()
        waiting = line.ten_patient(turns)
        await later(0.01)
        waiting += [asyncio.create_task(line.took(turns, f"hurry {n}", patient=False)) for n in range(3)]
        await later(0.15)
        waiting.append(asyncio.create_task(line.took(turns, "late hurry", patient=False)))
        await asyncio.gather(*waiting)
        # Those who had a turn, or were next in line, before the first one in a hurry came may keep it.
        assert line.names[2:6] == ["hurry 0", "hurry 1", "hurry 2", "late hurry"]
        assert len(line.names) == 14

    tell(where, story)


@pytest.mark.parametrize("rate", [RATE, Rate(3, 1, 2), Rate(7, 5, 2)], ids=str)
def test_alone_they_have_the_whole_rate(where: Office, rate: Rate) -> None:
    async def story(turns: Turns) -> None:
        line = Line()
        for n in range(20):
            await line.took(turns, str(n), rate, patient=True)
        await asyncio.gather(*line.ten_patient(turns, rate))
        assert line.at[-1] - line.at[0] == pytest.approx(29 * rate.seconds / rate.requests, rel=0.01)

    tell(where, story)


def test_those_who_wait_hold_no_place(where: Office) -> None:
    async def story(turns: Turns) -> None:
        line = Line()
        waiting = line.ten_patient(turns, flight=0.5)
        await later(0.01)
        await line.took(turns, "hurry", patient=False)
        # Both places are taken by then, and it has the first one that becomes free.
        assert line.names.index("hurry") <= 3
        await asyncio.gather(*waiting)

    tell(where, story)


def test_a_silence_holds_for_them_and_those_who_come_in_it_or_while_these_wait_go_first(where: Office) -> None:
    async def story(turns: Turns) -> None:
        line, rate = Line(), Rate(10, 1, 1)
        await turns.hold_back(ONE, 20.0)
        waiting = line.ten_patient(turns, rate, flight=5)
        for wait in (10, 0, 12):
            await later(wait)
            waiting.append(asyncio.create_task(line.took(turns, "hurry", rate, patient=False, flight=5)))
        await asyncio.gather(*waiting)
        assert line.at[0] >= 20.0
        assert line.names[:3] == ["hurry"] * 3

    tell(where, story)


def test_a_silence_that_is_too_long_is_told_to_them_too(where: Office) -> None:
    async def story(turns: Turns) -> None:
        await turns.hold_back(ONE, 3600)
        with pytest.raises(ThrottledError) as told:
            await Line().took(turns, "patient", patient=True)
        assert told.value.retry_after == pytest.approx(3600, abs=1)

    tell(where, story)


def test_whoever_loses_patience_leaves_the_line(where: Office) -> None:
    async def story(turns: Turns) -> None:
        line = Line()
        waiting = line.ten_patient(turns)
        hurried = [asyncio.create_task(line.took(turns, "hurry", patient=False)) for _ in range(5)]
        await later(0.05)
        for one in (*waiting[:9], *hurried):
            one.cancel()
        await asyncio.gather(*waiting, *hurried, return_exceptions=True)
        assert line.names[-1] == "patient 9"

    tell(where, story)
