"""Whoever is patient lets all others go first."""

import asyncio
from collections.abc import Sequence

import pytest

from ports.turns import Rate, Turns
from tests.turns.keepers import ONE, SharedOffice
from tests.turns.processes import now, tell, where
from tests.turns.virtual_time import later

__all__ = ["where"]

RATE = Rate(10, 1, 2)


async def took(turns: Turns, name: str, order: list[tuple[str, float]], *, patient: bool, flight: float = 0.0) -> None:
    async with turns.take(ONE, RATE, patient=patient):
        order.append((name, now()))
        await later(flight)


def test_one_who_is_in_a_hurry_goes_before_ten_who_are_not(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        order: list[tuple[str, float]] = []
        turns = processes[0]
        waiting = [asyncio.create_task(took(turns, f"patient {n}", order, patient=True)) for n in range(10)]
        await later(0.01)
        waiting += [asyncio.create_task(took(turns, f"hurry {n}", order, patient=False)) for n in range(3)]
        await later(0.15)
        waiting.append(asyncio.create_task(took(turns, "late hurry", order, patient=False)))
        await asyncio.gather(*waiting)
        # Those who had a turn, or were next in line, before the first one in a hurry came may keep it.
        names = [name for name, _ in order]
        assert names[2:6] == ["hurry 0", "hurry 1", "hurry 2", "late hurry"]
        assert len(names) == 14

    tell(where, story)


def test_turns_that_another_process_has_taken_ahead_come_first(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        order: list[tuple[str, float]] = []
        hurried = [asyncio.create_task(took(processes[1], f"hurry {n}", order, patient=False)) for n in range(5)]
        await later(0.01)
        await took(processes[0], "patient", order, patient=True)
        await asyncio.gather(*hurried)
        assert [name for name, _ in order].index("patient") >= 4

    tell(where, story)


def test_alone_it_has_the_whole_rate(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        order: list[tuple[str, float]] = []
        for n in range(20):
            await took(processes[0], str(n), order, patient=True)
        assert order[-1][1] - order[0][1] == pytest.approx(1.9, abs=0.2)

    tell(where, story)


def test_those_who_wait_hold_no_place(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        order: list[tuple[str, float]] = []
        turns = processes[0]
        waiting = [asyncio.create_task(took(turns, "patient", order, patient=True, flight=0.5)) for _ in range(6)]
        await later(0.01)
        await took(turns, "hurry", order, patient=False)
        # Both places are taken by then, and it has the first one that becomes free.
        assert [name for name, _ in order].index("hurry") <= 3
        await asyncio.gather(*waiting)

    tell(where, story)
