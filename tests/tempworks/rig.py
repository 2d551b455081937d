"""The adapter, opened on a running sandbox or on whatever has its addresses."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters.deps import Deps
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import guarded, verified
from adapters.tempworks.gateway import connect
from adapters.turns.in_process import InProcessTurns
from domain.ids import CandidateId, ConnectionId
from domain.note import Note, paragraph
from entrypoints.sandbox.tempworks import TempWorksSandbox
from ports.clock import Clock
from ports.errors import RefusedError
from ports.gateway import Gateway
from tests.clocks import FakeClock
from tests.erecruit.rig import NOON

PERSON = CandidateId("43763")
NOTE = Note(blocks=(paragraph("Passed <b>all</b>"),))


@asynccontextmanager
async def opened(
    body: Mapping[str, Any],
    *,
    clock: Clock | None = None,
    credentials: Mapping[str, str] | None = None,
    attempts: int = 3,
    **settings: object,
) -> AsyncIterator[Gateway]:
    """A gateway over real sessions. `body` is what makes a connection; `settings` go over those in it."""
    given = {**body["settings"], "rate_limit": 10_000, "in_flight": 20, **settings}
    ticking = clock or FakeClock(NOON)
    async with verified() as pair, guarded() as elsewhere:
        deps = Deps(
            turns=InProcessTurns(ticking),
            clock=ticking,
            retry=RetryPolicy.instant(attempts=attempts),
            verified=pair,
            guarded=elsewhere,
        )
        yield connect(ConnectionId("con_1"), given, credentials or body["credentials"], deps)


async def refused(sandbox: TempWorksSandbox, act: Awaitable[object], error: type[RefusedError], why: str) -> None:
    """In these words, and with nothing written."""
    with pytest.raises(error, match=why):
        await act
    assert sandbox.writes == []
