"""The customer's lists of statuses, and what they are to us: stages, and reasons for a rejection."""

from typing import Any

from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import ASSIGNMENT_STATUSES, CANDIDATE_STATUSES
from adapters.tempworks.lists import whole
from adapters.tempworks.routing import Wiring
from domain.ids import StageId
from domain.job_application import DispositionReason, Stage
from ports.applications import ReasonCatalogue, StageCatalogue


class CandidateStatuses:
    uses: tuple[Endpoint[wire.Listing], ...] = (CANDIDATE_STATUSES,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._size = int(wiring.settings.word("page_size"))

    async def read(self) -> dict[StageId, Stage]:
        """In the order of the list, the ones out of use included."""
        rows = await whole(self._calls, CANDIDATE_STATUSES, wire.CandidateStatus, self._size)
        stages = [codec.stage_of_candidates(row, at) for at, row in enumerate(rows)]
        return {stage.id: stage for stage in stages}


class Statuses(StageCatalogue):
    """Statuses of candidates on orders, then those of assignments: these cannot be entered from outside."""

    uses: tuple[Endpoint[Any], ...] = (CANDIDATE_STATUSES, ASSIGNMENT_STATUSES)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((ASSIGNMENT_STATUSES,))
        self._candidates = CandidateStatuses(wiring)
        self._size = int(wiring.settings.word("page_size"))

    async def stages(self) -> tuple[Stage, ...]:
        first = list((await self._candidates.read()).values())
        rows = await whole(self._calls, ASSIGNMENT_STATUSES, wire.AssignmentStatus, self._size)
        return (*first, *(codec.stage_of_assignments(row, at) for at, row in enumerate(rows, start=len(first))))


class RefusedStatuses(ReasonCatalogue):
    """TempWorks has no reasons beside its statuses: that refused ones play their part is assumed."""

    uses: tuple[Endpoint[Any], ...] = CandidateStatuses.uses

    def __init__(self, wiring: Wiring) -> None:
        self._statuses = CandidateStatuses(wiring)

    async def reasons(self) -> tuple[DispositionReason, ...]:
        return tuple(codec.reason(stage) for stage in (await self._statuses.read()).values() if stage.rejected)
