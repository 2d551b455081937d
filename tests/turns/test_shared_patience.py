"""Whoever is patient lets those of other processes go first as well; in virtual time."""

import asyncio
from collections.abc import Sequence

import attrs
import pytest

from ports.turns import Rate, Turns
from tests.turns.keepers import ONE, SharedOffice
from tests.turns.processes import tell, where
from tests.turns.test_patience import RATE, Line
from tests.turns.virtual_time import later

__all__ = ["where"]


@pytest.mark.parametrize("rate", [RATE, attrs.evolve(RATE, everywhere=True)], ids=str)
def test_one_in_a_hurry_goes_before_ten_of_other_processes_who_are_not(where: SharedOffice, rate: Rate) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        line = Line()
        waiting = line.ten_patient(processes[0], rate) + line.ten_patient(processes[1], rate)
        await later(0.25)
        came = len(line.names)
        await line.took(processes[2], "hurry", rate, patient=False)
        # Each of the other two processes may have a turn already for the one at the head of its line.
        assert line.names.index("hurry") - came <= 2
        await asyncio.gather(*waiting)
        assert len(line.names) == 21

    tell(where, story)


def test_turns_that_another_process_has_taken_ahead_come_first(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        line = Line()
        hurried = [asyncio.create_task(line.took(processes[1], f"hurry {n}", patient=False)) for n in range(5)]
        await later(0.01)
        await line.took(processes[0], "patient", patient=True)
        await asyncio.gather(*hurried)
        assert line.names.index("patient") >= 4

    tell(where, story)


def test_patient_ones_of_several_processes_have_the_whole_rate_together(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        line = Line()
        await asyncio.gather(*(one for process in processes for one in line.ten_patient(process)))
        assert line.at[-1] - line.at[0] == pytest.approx(29 * 0.1, rel=0.1)

    tell(where, story)


def test_looking_costs_one_read_where_nobody_else_waits(where: SharedOffice) -> None:
    async def story(hosts: Sequence[object], processes: Sequence[Turns]) -> None:
        async with processes[0].take(ONE, RATE, patient=True):
            assert getattr(hosts[0], "asked", None) == ["ahead", "reserve"]

    tell(where, story)
