"""Kombo counts the actions of an integration that are under way: two processes together keep to that."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.deps import Deps
from adapters.persistence.stores import open_stores
from adapters.providers import entry
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import verified
from adapters.turns.shared import SharedTurns
from domain.note import Note, paragraph
from entrypoints.sandbox.kombo import KomboSandbox, running
from entrypoints.sandbox.kombo.fixtures import AVIONTE
from ports.gateway import Gateway, Provider, need
from tests.builders import an_attempt
from tests.persistence.builders import ACME, CREDENTIALS, connection
from tests.persistence.conftest import migrated_file
from tests.persistence.worlds import VAULT

EACH = 5


@asynccontextmanager
async def two_processes(sandbox: KomboSandbox, url: str, in_flight: int) -> AsyncIterator[list[Gateway]]:
    """One try a call: what Kombo counts out is an error."""
    async with AsyncExitStack() as stack:
        clock, gateways = SystemClock(), []
        checked = await stack.enter_async_context(verified())
        for process in range(2):
            stores = await stack.enter_async_context(open_stores(url, vault=VAULT, clock=clock))
            if process == 0:
                await stores.connections.add(connection(ACME), CREDENTIALS)
            turns = SharedTurns(stores.hosts, clock)
            deps = Deps(turns=turns, clock=clock, retry=RetryPolicy(attempts=1), verified=checked)
            settings = {**sandbox.connection["settings"], "in_flight": in_flight, "rate_limit": 1_000}
            gateways.append(entry(Provider.KOMBO).connect(ACME, settings, sandbox.credentials, deps))
        yield gateways


@pytest.fixture
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    shutil.copy(await migrated_file(request.config), tmp_path / "test.db")
    return f"sqlite:///{tmp_path}/test.db"


async def noted(sandbox: KomboSandbox, gateways: list[Gateway]) -> None:
    """Each process writes its notes at once."""
    record = sandbox.state.integrations[":".join(AVIONTE)].ids.of("application", 0)
    note = Note(blocks=(paragraph("A call."),))
    await asyncio.gather(
        *(need(gateway.application_notes).add(record, note, an_attempt()) for gateway in gateways for _ in range(EACH))
    )


async def test_two_processes_together_ask_for_no_more_actions_than_kombo_bears(url: str) -> None:
    async with running(records=3, rate_limit=None) as sandbox, two_processes(sandbox, url, 3) as gateways:
        sandbox.state.switches.concurrency = 3
        sandbox.state.switches.action_seconds = 0.05
        await noted(sandbox, gateways)
        assert len(sandbox.writes) == 2 * EACH


async def test_what_kombo_said_to_bear_holds_for_the_other_process_too(url: str) -> None:
    async with running(records=3, rate_limit=None) as sandbox, two_processes(sandbox, url, 10) as gateways:
        sandbox.state.switches.concurrency = 2
        sandbox.state.switches.action_seconds = 0.05
        record = sandbox.state.integrations[":".join(AVIONTE)].ids.of("application", 0)
        await need(gateways[0].application_notes).add(record, Note(blocks=(paragraph("First."),)), an_attempt())
        await noted(sandbox, gateways[1:])
        assert len(sandbox.writes) == 1 + EACH
