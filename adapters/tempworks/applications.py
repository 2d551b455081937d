"""Applications: moves and rejections of candidates on orders, and new ones. Assignments are left to people."""

from typing import Any

from adapters.rest.body import json_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import ADD_CANDIDATE, CANDIDACIES, EMPLOYEE, SET_STATUS
from adapters.tempworks.lists import whole
from adapters.tempworks.owners import Owners
from adapters.tempworks.references import Kind, Reference, of_candidate, reference, status, status_id
from adapters.tempworks.routing import PROVIDER, Wiring, numeric
from adapters.tempworks.statuses import CandidateStatuses
from adapters.together import Remembered
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId
from domain.job_application import Outcome, Stage, Standing
from ports.applications import ApplicationIntake, Rejection, StageMoves
from ports.attempt import Attempt
from ports.errors import ConflictError, InvalidInputError, NotFoundError, StageBarredError

PLACED = "an assignment is a placement: people change and end it in TempWorks"


class Standings:
    """Where applications stand: the status is read live, what statuses mean is remembered."""

    uses: tuple[Endpoint[Any], ...] = (*Owners.uses, *CandidateStatuses.uses)

    def __init__(self, wiring: Wiring) -> None:
        self._owners = Owners(wiring)
        self.known = Remembered(CandidateStatuses(wiring).read)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        meant = reference(application)
        if meant.kind is Kind.ASSIGNMENT:
            found = await self._owners.assignments.one(meant.number)
            # Whoever is placed has come to the end of their way as an applicant.
            return Standing(stage=found.stage_id, outcome=Outcome.CLOSED, candidate=found.candidate_id)
        row = await self._owners.on_order(meant)
        if row.candidateStatusId is None:
            owner = CandidateId(codec.ident(row.employeeId, "$.employeeId"))
            return CannotTell("the application came without its status", owner)
        here = StageId(status_id(Kind.CANDIDATE, codec.ident(row.candidateStatusId)))
        return codec.standing(row, await self.known.covering([here]))


class _Statuses:
    """Setting the status of a candidate on an order: a move where it is a usual one, a rejection where it refuses."""

    def __init__(self, wiring: Wiring, standings: Standings) -> None:
        self._calls = wiring.calls((SET_STATUS,))
        self._zone = wiring.settings.zone
        self._standings = standings

    async def wanted(self, value: str, field: str) -> tuple[str, Stage]:
        """The number of the status, and what it is. Raises InvalidInputError, StageBarredError."""
        kind, number = status(value, field)
        if kind is Kind.ASSIGNMENT:
            raise StageBarredError(PLACED, provider=PROVIDER, operation=SET_STATUS.name)
        stage = StageId(status_id(kind, number))
        known = (await self._standings.known.covering([stage])).get(stage)
        if known is None:
            raise InvalidInputError(f"there is no status {stage}", field=field, provider=PROVIDER)
        return number, known

    async def set(self, meant: Reference, number: str, attempt: Attempt) -> Receipt:
        path = {"job_id": meant.order, "application_id": meant.number}
        body = json_body({"candidateStatusId": int(number), "comment": None})
        with naming("application", meant.id):
            await self._calls.call(SET_STATUS, path=path, body=body, attempt=attempt)
        return Receipt(id=meant.id, sha256=codec.digest(number.encode()))


def _movable(application: ApplicationId) -> Reference:
    meant = reference(application)
    if meant.kind is Kind.ASSIGNMENT:
        raise ConflictError(PLACED, provider=PROVIDER, operation=SET_STATUS.name)
    return meant


class StatusMoves(StageMoves):
    uses: tuple[Endpoint[Any], ...] = (SET_STATUS, *Standings.uses)
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, standings: Standings) -> None:
        self._statuses = _Statuses(wiring, standings)
        self._standings = standings
        screened = wiring.settings.screened_status_id
        self.screened_status = None if screened is None else StageId(screened)

    async def move(self, application: ApplicationId, stage: StageId, attempt: Attempt) -> Receipt:
        meant = _movable(application)
        number, known = await self._statuses.wanted(stage, "stage_id")
        if known.barred is not None:
            raise StageBarredError(known.barred, provider=PROVIDER, operation=SET_STATUS.name)
        return await self._statuses.set(meant, number, attempt)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        return await self._standings.current(application)


class Rejections(Rejection):
    uses: tuple[Endpoint[Any], ...] = (SET_STATUS, *Standings.uses)
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, standings: Standings) -> None:
        self._statuses = _Statuses(wiring, standings)
        self._standings = standings

    async def reject(self, application: ApplicationId, reason: ReasonId, attempt: Attempt) -> Receipt:
        meant = _movable(application)
        number, known = await self._statuses.wanted(reason, "reason_id")
        if not known.rejected or known.barred is not None:
            message = f"the status {reason} is no reason to reject anybody for"
            raise InvalidInputError(message, field="reason_id", provider=PROVIDER)
        return await self._statuses.set(meant, number, attempt)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        return await self._standings.current(application)


class OrderCandidates(ApplicationIntake):
    """A new application is a candidate on an order, in the status of people who apply by themselves."""

    uses: tuple[Endpoint[Any], ...] = (EMPLOYEE, ADD_CANDIDATE, CANDIDACIES, *CandidateStatuses.uses)
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((EMPLOYEE, ADD_CANDIDATE, CANDIDACIES))
        self._settings = wiring.settings
        self._statuses = CandidateStatuses(wiring)

    async def create(self, candidate: CandidateId, job: JobId, attempt: Attempt) -> Receipt:
        employee, order = numeric(candidate, "candidate_id"), numeric(job, "job_id")
        # A refusal does not tell somebody who is not there from somebody who may not be put forward.
        await self._calls.call(EMPLOYEE, path={"candidate_id": employee})
        body = json_body(
            {
                "employeeId": int(employee),
                "candidateStatusId": int(await self._new_status()),
                "comment": None,
                "approveRestrictions": False,
            }
        )
        made = await self._calls.call(ADD_CANDIDATE, path={"job_id": order}, body=body, attempt=attempt)
        meant = of_candidate(order, codec.ident(made.orderCandidateId))
        return codec.receipt(meant.id, None, self._settings.zone, body.content)

    async def find(self, candidate: CandidateId, job: JobId) -> Found | Absent | CannotTell:
        path, size = {"candidate_id": numeric(candidate, "candidate_id")}, int(self._settings.word("page_size"))
        order = numeric(job, "job_id")
        try:
            rows = await whole(self._calls, CANDIDACIES, wire.OrderCandidate, size, path=path)
        except NotFoundError as error:
            return CannotTell(error.message)
        standing = [row for row in rows if codec.ident(row.jobOrderId, "$.jobOrderId") == order]
        if not standing:
            return Absent()
        found = codec.candidate_reference(standing[-1])
        return Found(codec.sighted(found.id, standing[-1].dateAdded, self._settings.zone))

    async def _new_status(self) -> str:
        wanted = self._settings.word("new_candidate_status")
        for stage in (await self._statuses.read()).values():
            if stage.name.casefold() == wanted.casefold() and stage.barred is None and not stage.rejected:
                return status(stage.id, "new_candidate_status")[1]
        raise InvalidInputError(f"there is no status {wanted} for new candidates", provider=PROVIDER)
