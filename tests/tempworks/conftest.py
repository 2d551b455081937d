"""A running sandbox, and the adapter opened on it."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from ports.gateway import Gateway
from tests.erecruit.rig import Sun
from tests.tempworks.rig import opened


@pytest.fixture
def sun() -> Sun:
    return Sun()


@pytest.fixture
async def sandbox(sun: Sun) -> AsyncIterator[TempWorksSandbox]:
    async with running(rate_limit=None, clock=sun) as started:
        yield started


@pytest.fixture
async def gateway(sandbox: TempWorksSandbox) -> AsyncIterator[Gateway]:
    async with opened(sandbox.connection) as connected:
        yield connected
