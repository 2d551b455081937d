"""A sandbox on a clock of the test's own, without rate limit unless the test is about it."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from tests.sandbox.client import Client, connected
from tests.sandbox.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[ErecruitSandbox]:
    async with running(clock=clock, rate_limit=None) as started:
        yield started


@pytest.fixture
async def client(sandbox: ErecruitSandbox) -> AsyncIterator[Client]:
    async with connected(sandbox) as ready:
        yield ready
