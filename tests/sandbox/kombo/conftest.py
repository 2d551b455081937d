"""An emulated Kombo on a clock of the test's own, without a rate limit unless the test is about it."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.sandbox.kombo import KomboSandbox, running
from tests.sandbox.clock import Clock
from tests.sandbox.kombo.client import Client, connected


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[KomboSandbox]:
    async with running(clock=clock, rate_limit=None) as started:
        yield started


@pytest.fixture
async def client(sandbox: KomboSandbox) -> AsyncIterator[Client]:
    async with connected(sandbox) as ready:
        yield ready


@pytest.fixture
async def plain(sandbox: KomboSandbox) -> AsyncIterator[Client]:
    """The integration that is not Avionté's."""
    async with connected(sandbox, sandbox.connection_kombo["credentials"]["integration_id"]) as ready:
        yield ready
