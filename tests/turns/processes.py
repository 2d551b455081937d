"""Processes that share a database, told of in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from adapters.turns.shared import SharedTurns
from ports.turns import Turns
from tests.turns.keepers import ENGINES, SharedOffice, VirtualHosts, shared_office
from tests.turns.virtual_time import LoopClock, in_virtual_time

PROCESSES = 3
PRECISE = 1e-3
Story = Callable[[Sequence[VirtualHosts], Sequence[Turns]], Awaitable[None]]


@pytest.fixture(params=ENGINES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> SharedOffice:
    return shared_office(request.param, request.config, tmp_path, PROCESSES)


def tell(where: SharedOffice, story: Story) -> None:
    async def told() -> None:
        clock = LoopClock()
        async with where.hosts(clock) as hosts:
            await story(hosts, [SharedTurns(one, clock) for one in hosts])

    in_virtual_time(told)


def now() -> float:
    return asyncio.get_running_loop().time()
