"""A running sandbox, and the adapter opened on it."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.sandbox.kombo import KomboSandbox, running
from ports.gateway import Gateway
from tests.clocks import FakeClock
from tests.kombo.rig import opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def sandbox(clock: FakeClock) -> AsyncIterator[KomboSandbox]:
    async with running(rate_limit=None, clock=clock.now) as started:
        yield started


@pytest.fixture
async def gateway(sandbox: KomboSandbox, clock: FakeClock) -> AsyncIterator[Gateway]:
    async with opened(sandbox.connection, clock=clock) as connected:
        yield connected
