"""An emulated TempWorks on a clock of the test's own, without rate limit unless the test is about it."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client, connected


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[TempWorksSandbox]:
    async with running(clock=clock, rate_limit=None) as started:
        yield started


@pytest.fixture
async def client(sandbox: TempWorksSandbox) -> AsyncIterator[Client]:
    async with connected(sandbox) as ready:
        yield ready
