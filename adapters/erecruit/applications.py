"""Applications: statuses, moves, rejections (legacy host), and new ones (standard host)."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from adapters.erecruit import codec
from adapters.erecruit.endpoints import (
    APPLICATION,
    CANDIDATE_APPLICATIONS,
    CANDIDATE_APPLICATIONS_MISSPELLED,
    CREATE_APPLICATION,
    CREATE_APPLICATION_MISSPELLED,
    MOVE,
    REASONS,
    REJECT,
    STATUSES,
)
from adapters.erecruit.routing import Wiring, numeric, unlike
from adapters.rest.body import json_body
from adapters.rest.calls import Calls, naming
from adapters.rest.endpoint import Endpoint
from adapters.together import Remembered
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId
from domain.job_application import DispositionReason, Stage, Standing
from ports.applications import ApplicationIntake, ReasonCatalogue, Rejection, StageCatalogue, StageMoves
from ports.attempt import Attempt
from ports.errors import NotFoundError, UnsupportedError

T = TypeVar("T")


async def _stages(calls: Calls) -> dict[StageId, Stage]:
    stages = [codec.stage(row) for row in await calls.call(STATUSES)]
    return {stage.id: stage for stage in sorted(stages, key=lambda stage: stage.order)}


class Standings:
    """Where applications stand: the status is read live, what statuses mean is remembered."""

    uses = (APPLICATION, STATUSES)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._known = Remembered(lambda: _stages(self._calls))

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        path = {"application_id": numeric(application, "application_id")}
        row = await self._calls.call(APPLICATION, path=path)
        if row.StatusID is None:
            return CannotTell("the application came without its status", CandidateId(str(row.CandidateID)))
        return codec.standing(row, await self._known.covering([StageId(str(row.StatusID))]))


class Statuses(StageCatalogue):
    uses = (STATUSES,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def stages(self) -> tuple[Stage, ...]:
        return tuple((await _stages(self._calls)).values())


class StatusMoves(StageMoves):
    uses: tuple[Endpoint[Any], ...] = (MOVE, *Standings.uses)
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, standings: Standings) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._standings = standings
        self.screened_status = StageId(wiring.settings.screened_status_id)

    async def move(self, application: ApplicationId, stage: StageId, attempt: Attempt) -> Receipt:
        path = {"application_id": numeric(application, "application_id")}
        status = numeric(stage, "stage_id")
        body = json_body({"StatusID": int(status), "Comment": None})
        moved = await self._calls.call(MOVE, path=path, body=body, attempt=attempt)
        if moved.StatusID != int(status):
            raise unlike(MOVE)
        return codec.receipt(moved.ID, moved.ModifiedOn, self._settings.zone, status.encode())

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        return await self._standings.current(application)


class Reasons(ReasonCatalogue):
    uses = (REASONS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def reasons(self) -> tuple[DispositionReason, ...]:
        return tuple(codec.reason(row) for row in await self._calls.call(REASONS))


class Rejections(Rejection):
    uses: tuple[Endpoint[Any], ...] = (REJECT, *Standings.uses)
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, standings: Standings) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._standings = standings

    async def reject(self, application: ApplicationId, reason: ReasonId, attempt: Attempt) -> Receipt:
        path = {"application_id": numeric(application, "application_id")}
        number = numeric(reason, "reason_id")
        body = json_body({"DispositionReasonID": int(number), "Comment": None})
        rejected = await self._calls.call(REJECT, path=path, body=body, attempt=attempt)
        if rejected.DispositionReasonID != int(number):
            raise unlike(REJECT)
        return codec.receipt(rejected.ID, rejected.ModifiedOn, self._settings.zone, number.encode())

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        return await self._standings.current(application)


class CandidateApplications(ApplicationIntake):
    """Public clients spell the resource in two ways, and an installation has one: the one that worked is kept.

    That a candidate application and a submission are one record, with one id, is assumed.
    """

    uses = (
        CREATE_APPLICATION,
        CREATE_APPLICATION_MISSPELLED,
        CANDIDATE_APPLICATIONS,
        CANDIDATE_APPLICATIONS_MISSPELLED,
    )
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._misspelled = False

    async def create(self, candidate: CandidateId, job: JobId, attempt: Attempt) -> Receipt:
        wanted = {
            "CandidateID": int(numeric(candidate, "candidate_id")),
            "PositionID": int(numeric(job, "job_id")),
            "ApplicationSourceID": int(self._settings.word("application_source_id")),
        }
        body = json_body(wanted)
        with naming("candidate or job", f"{candidate}, {job}"):
            made = await self._spelled(
                (CREATE_APPLICATION, CREATE_APPLICATION_MISSPELLED),
                lambda row: self._calls.call(row, body=body, attempt=attempt),
            )
        return codec.receipt(made.ID, made.CreatedOn, self._settings.zone, body.content)

    async def find(self, candidate: CandidateId, job: JobId) -> Found | Absent | CannotTell:
        path = {"candidate_id": numeric(candidate, "candidate_id")}
        wanted = int(numeric(job, "job_id"))
        try:
            rows = await self._spelled(
                (CANDIDATE_APPLICATIONS, CANDIDATE_APPLICATIONS_MISSPELLED),
                lambda row: self._calls.call(row, path=path),
            )
        except (NotFoundError, UnsupportedError) as error:
            return CannotTell(error.message)
        standing = [row for row in rows if row.PositionID == wanted]
        if not standing:
            return Absent()
        return Found(codec.sighted(standing[-1].ID, standing[-1].CreatedOn, self._settings.zone))

    async def _spelled(self, rows: tuple[Endpoint[T], Endpoint[T]], call: Callable[[Endpoint[T]], Awaitable[T]]) -> T:
        usual, other = reversed(rows) if self._misspelled else rows
        try:
            return await call(usual)
        except UnsupportedError:
            # There is no such route, so surely nothing was done. A record that is missing does not come here.
            answer = await call(other)
            self._misspelled = not self._misspelled
            return answer
