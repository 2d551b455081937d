"""The sandbox's ids by number, and what happens to its records beside us."""

from datetime import timedelta
from typing import Any

import attrs

from domain.ids import ApplicationId, CandidateId, JobId, StageId
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.fixtures import AVIONTE
from entrypoints.sandbox.kombo.ids import Ids
from entrypoints.sandbox.kombo.state import Integration

IDS = Ids(":".join(AVIONTE))


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
