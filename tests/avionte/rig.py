"""The adapter, opened on a running sandbox; and the sandbox's ids by number."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import attrs

from adapters.avionte.gateway import connect
from adapters.deps import Deps
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import verified
from adapters.turns.in_process import InProcessTurns
from domain.ids import ApplicationId, CandidateId, ConnectionId, JobId, StageId
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.fixtures import AVIONTE
from entrypoints.sandbox.kombo.ids import Ids
from entrypoints.sandbox.kombo.state import Integration
from ports.clock import Clock
from ports.gateway import Gateway
from tests.clocks import FakeClock

IDS = Ids(":".join(AVIONTE))


@asynccontextmanager
async def opened(
    body: Mapping[str, Any],
    clock: Clock | None = None,
    *,
    credentials: Mapping[str, str] | None = None,
    attempts: int = 3,
    **settings: Any,
) -> AsyncIterator[Gateway]:
    """A gateway over real sessions. `body` is what makes a connection; `settings` go over those in it."""
    ticking = clock or FakeClock()
    given = {**body["settings"], "rate_limit": 10_000, **settings}
    async with verified() as pair:
        deps = Deps(
            turns=InProcessTurns(ticking), clock=ticking, retry=RetryPolicy.instant(attempts=attempts), verified=pair
        )
        yield connect(ConnectionId("con_1"), given, credentials or body["credentials"], deps)


def office(sandbox: KomboSandbox) -> Integration:
    """The customer's Avionté."""
    return sandbox.state.integrations[":".join(AVIONTE)]


def forget(sandbox: KomboSandbox, kind: str, number: int) -> None:
    """Avionté has the record no more, and Kombo's copy does not show that for a day."""
    now = sandbox.world.clock()
    store: Any = getattr(office(sandbox), f"{kind}s")
    store.put(number, attrs.evolve(store.now(number), deleted=now), now + timedelta(days=1))


def job(number: int) -> JobId:
    return JobId(IDS.of("job", number))


def candidate(number: int) -> CandidateId:
    return CandidateId(IDS.of("candidate", number))


def application(number: int) -> ApplicationId:
    return ApplicationId(IDS.of("application", number))


def stage(number: int) -> StageId:
    return StageId(IDS.of("stage", number))
