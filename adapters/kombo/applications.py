"""Applications: stages, moves, rejections, and new ones."""

import asyncio
from contextlib import aclosing, suppress
from typing import Any

from adapters.kombo import codec, wire
from adapters.kombo.endpoints import (
    CREATE_APPLICATION,
    LIST_APPLICATIONS,
    LIST_CANDIDATES,
    LIST_JOBS,
    LIST_REASONS,
    LIST_STAGES,
    MOVE,
    REJECT,
)
from adapters.kombo.routing import REMOTE, Lists, Wiring
from adapters.likeness import email_key
from adapters.rest.body import json_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId
from domain.job_application import DispositionReason, Stage, Standing
from ports.applications import ApplicationIntake, ReasonCatalogue, Rejection, StageCatalogue, StageMoves
from ports.attempt import Attempt
from ports.errors import InvalidInputError, MalformedReplyError

STAGES_LAST = 600.0
"""Seconds for which the stages are remembered: reading them is reading all jobs. One made meanwhile is not known."""


async def stages_of(calls: Lists) -> tuple[wire.Stage, ...]:
    """Every stage once, in the order of the jobs that have it; of the deprecated list where no job has any.

    A job that cannot be read adds none: one of thousands must not hide the stages of all. `calls` uses
    `SyncedStages.uses`.
    """
    found: dict[str, wire.Stage] = {}
    async with aclosing(calls.pages(LIST_JOBS, {})) as pages:
        async for page in pages:
            for raw in page:
                with suppress(MalformedReplyError):
                    for stage in codec.decoded(wire.JobStages, raw).stages:
                        found.setdefault(stage.id, stage)
    if not found:
        listed = await calls.all(LIST_STAGES, {}, wire.Stage)
        found = {stage.id: stage for stage in listed}
    return tuple(found.values())


class SyncedStages(StageCatalogue):
    uses = (LIST_JOBS, LIST_STAGES)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._clock = wiring.clock
        self._known: tuple[wire.Stage, ...] = ()
        self._until = 0.0
        self._reading = asyncio.Lock()

    async def rows(self) -> tuple[wire.Stage, ...]:
        """The stages in Kombo's words, read once for all who ask at a time, and remembered for some minutes."""
        async with self._reading:
            if not self._known or self._clock.monotonic() >= self._until:
                self._known = await stages_of(self._calls)
                self._until = self._clock.monotonic() + STAGES_LAST
            return self._known

    async def stages(self) -> tuple[Stage, ...]:
        return tuple(codec.stage(row, order) for order, row in enumerate(await self.rows()))


async def _reasons(calls: Lists) -> tuple[DispositionReason, ...]:
    rows = await calls.all(LIST_REASONS, {"include_deleted": "true"}, wire.Reason)
    return tuple(codec.reason(row) for row in rows)


class SyncedReasons(ReasonCatalogue):
    uses = (LIST_REASONS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def reasons(self) -> tuple[DispositionReason, ...]:
        return await _reasons(self._calls)


class Standings:
    """Where applications stand, as far as the synced copy shows it."""

    uses = (LIST_APPLICATIONS, LIST_REASONS)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        row = await self._calls.record(LIST_APPLICATIONS, application, wire.Application, "application")
        reasons = await _reasons(self._calls) if row.rejection_reason_name else ()
        return codec.standing(row, reasons)


class SyncedMoves(StageMoves):
    """A move is answered without the stage that came of it, so the answer is taken at its word."""

    uses: tuple[Endpoint[Any], ...] = (MOVE, *Standings.uses)
    evidence = EvidenceGrade.PRESENCE_ONLY
    screened_status = None

    def __init__(self, wiring: Wiring, standings: Standings) -> None:
        self._calls = wiring.calls(self.uses)
        self._standings = standings

    async def move(self, application: ApplicationId, stage: StageId, attempt: Attempt) -> Receipt:
        body = json_body({"stage_id": stage})
        done = await self._calls.call(MOVE, path={"application_id": application}, body=body, attempt=attempt)
        return codec.receipt(stage.encode(), done.warnings)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        return await self._standings.current(application)


class SyncedRejections(Rejection):
    uses: tuple[Endpoint[Any], ...] = (REJECT, *Standings.uses)
    evidence = EvidenceGrade.PRESENCE_ONLY

    def __init__(self, wiring: Wiring, standings: Standings) -> None:
        self._calls = wiring.calls(self.uses)
        self._standings = standings

    async def reject(self, application: ApplicationId, reason: ReasonId, attempt: Attempt) -> Receipt:
        body = json_body({"rejection_reason_id": reason})
        done = await self._calls.call(REJECT, path={"application_id": application}, body=body, attempt=attempt)
        return codec.receipt(reason.encode(), done.warnings)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        return await self._standings.current(application)


class PersonalApplications(ApplicationIntake):
    """Kombo takes no candidate's id here, only a name and an e-mail address: the ATS finds the person by these."""

    uses: tuple[Endpoint[Any], ...] = (CREATE_APPLICATION, LIST_CANDIDATES)
    evidence = EvidenceGrade.PRESENCE_ONLY

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def create(self, candidate: CandidateId, job: JobId, attempt: Attempt) -> Receipt:
        row = await self._calls.record(LIST_CANDIDATES, candidate, wire.Candidate, "candidate")
        body = json_body({"candidate": self._named(row)})
        with naming("job", job):
            made = await self._calls.call(CREATE_APPLICATION, path={"job_id": job}, body=body, attempt=attempt)
        warnings = list(made.warnings)
        if made.data.candidate_id not in {row.id, None}:
            warnings.append(wire.Warned(f"the ATS put it on another candidate: {made.data.candidate_id}"))
        return codec.receipt(body.content, warnings, made=made.data.id, at=made.data.remote_created_at)

    def _named(self, row: wire.Candidate) -> dict[str, str]:
        known = codec.candidate(row)
        person = {
            "first_name": known.first_name,
            "last_name": known.last_name,
            "email_address": next(iter(known.emails), ""),
        }
        if lacking := [name for name, part in person.items() if not part]:
            message = f"the candidate has no {' and no '.join(lacking)}: Kombo makes applications by name and e-mail"
            raise InvalidInputError(message, field="candidate_id", provider=self._calls.provider)
        return person

    async def find(self, candidate: CandidateId, job: JobId) -> Found | Absent | CannotTell:
        """Also on whoever else bears the candidate's address: the ATS may have made somebody of its own of it."""
        known = await self._calls.record(LIST_CANDIDATES, candidate, wire.Candidate, "candidate")
        people = [known, *await self._namesakes(known)]
        for person in people:
            for one in person.applications:
                if _is_for(one, job):
                    remark = () if person.id == known.id else (f"it stands on another candidate: {person.id}",)
                    return Found(codec.sighted(one.id, one.remote_created_at, *remark))
        return Absent()

    async def _namesakes(self, known: wire.Candidate) -> list[wire.Candidate]:
        email = next(iter(codec.candidate(known).emails), None)
        if email is None:
            return []
        rows = await self._calls.all(LIST_CANDIDATES, {"email": email}, wire.Candidate)
        return [row for row in rows if email_key(email) in map(email_key, codec.candidate(row).emails)]


def _is_for(one: wire.CandidateApplication, job: JobId) -> bool:
    if one.job is None:
        return False
    return job in {one.job.id, f"{REMOTE}{one.job.remote_id}"}
