"""A running sandbox, and the adapter opened on it."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from ports.gateway import Gateway
from tests.erecruit.rig import Sun, opened


@pytest.fixture
def sun() -> Sun:
    return Sun()


@pytest.fixture
async def sandbox(sun: Sun) -> AsyncIterator[ErecruitSandbox]:
    async with running(rate_limit=None, clock=sun) as started:
        yield started


@pytest.fixture
async def gateway(sandbox: ErecruitSandbox) -> AsyncIterator[Gateway]:
    async with opened(sandbox.connection) as connected:
        yield connected
