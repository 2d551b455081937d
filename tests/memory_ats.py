"""An applicant tracking system in memory: its records, its journal, and what shall go wrong next."""

import copy
import hashlib
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from fnmatch import fnmatch
from typing import Any

import attrs

from domain.candidate import Candidate, Resume
from domain.custom_field import FieldDefinition
from domain.effect import Target
from domain.evidence import Receipt
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from domain.job import Job, JobDetail
from domain.job_application import Application, DispositionReason, Outcome, Stage, Standing
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.clock import Clock
from ports.errors import ConflictError, InvalidInputError, NotFoundError, PortError, StageBarredError
from tests import builders as b
from tests.clocks import FakeClock

FLIGHT_SECONDS = 5.0


@attrs.frozen(kw_only=True)
class Kept:
    """A note, file or link on a record: its id, the name or label it bears, and what it holds."""

    id: str
    name: str = ""
    text: str = ""
    content: bytes = b""

    def bears(self, marker: str) -> bool:
        return marker in self.name or marker in self.text


@attrs.define(kw_only=True)
class State:
    """The records. `ended` marks how an application ended; where it is not named it is open."""

    jobs: dict[JobId, JobDetail] = attrs.field(factory=dict)
    candidates: dict[CandidateId, Candidate] = attrs.field(factory=dict)
    applications: dict[ApplicationId, Application] = attrs.field(factory=dict)
    ended: dict[ApplicationId, tuple[Outcome, ReasonId | None]] = attrs.field(factory=dict)
    resumes: dict[CandidateId, Resume] = attrs.field(factory=dict)
    stages: tuple[Stage, ...] = b.STAGES
    reasons: tuple[DispositionReason, ...] = b.REASONS
    all_tags: frozenset[TagId] = frozenset({b.SCREENED_TAG, TagId("vip")})
    tags: dict[CandidateId, frozenset[TagId]] = attrs.field(factory=dict)
    definitions: dict[RecordType, tuple[FieldDefinition, ...]] = attrs.field(
        factory=lambda: dict.fromkeys(RecordType, b.FIELDS)
    )
    values: dict[Target, dict[FieldId, str]] = attrs.field(factory=dict)
    notes: dict[Target, list[Kept]] = attrs.field(factory=dict)
    files: dict[Target, list[Kept]] = attrs.field(factory=dict)
    links: dict[Target, list[Kept]] = attrs.field(factory=dict)
    delivered: list[str] = attrs.field(factory=list)

    def must_have(self, target: Target) -> None:
        """Raises NotFoundError."""
        held: dict[RecordType, Any] = {
            RecordType.JOB: self.jobs,
            RecordType.CANDIDATE: self.candidates,
            RecordType.APPLICATION: self.applications,
        }
        if target.id not in held[target.type]:
            raise NotFoundError(target.type, target.id)

    def standing(self, application: ApplicationId) -> Standing:
        self.must_have(Target(RecordType.APPLICATION, application))
        record = self.applications[application]
        outcome, reason = self.ended.get(application, (Outcome.OPEN, None))
        return Standing(stage=record.stage_id, outcome=outcome, reason=reason, candidate=record.candidate_id)

    def move(self, application: ApplicationId, stage_id: StageId, now: datetime) -> None:
        stage = next((stage for stage in self.stages if stage.id == stage_id), None)
        if stage is None:
            raise InvalidInputError(f"stage {stage_id} does not exist", field="stage_id")
        if stage.barred is not None:
            raise StageBarredError(stage.barred)
        self._must_be_open(application)
        changed = attrs.evolve(self.applications[application], stage_id=stage_id, changed_at=now)
        self.applications[application] = changed
        if stage.terminal:
            self.ended[application] = (Outcome.CLOSED, None)

    def reject(self, application: ApplicationId, reason_id: ReasonId, now: datetime) -> None:
        if not any(reason.id == reason_id and reason.active for reason in self.reasons):
            raise InvalidInputError(f"reason {reason_id} cannot be used", field="reason_id")
        self._must_be_open(application)
        self.applications[application] = attrs.evolve(self.applications[application], changed_at=now)
        self.ended[application] = (Outcome.REJECTED, reason_id)

    def _must_be_open(self, application: ApplicationId) -> None:
        if self.standing(application).outcome is not Outcome.OPEN:
            raise ConflictError(f"application {application} has ended")


def a_state() -> State:
    """Two of each: jobs, candidates, applications. The second candidate has no resume and no application."""
    third = JobId("job-3")
    jobs = [b.a_job(), b.a_job(id=b.OTHER_JOB, title="Day Welder"), b.a_job(id=third, title="Payroll Clerk")]
    other = b.a_candidate(
        id=b.OTHER_CANDIDATE,
        first_name="Ottoline",
        last_name=b.OTHER_LAST_NAME,
        emails=(b.OTHER_EMAIL,),
        phones=(b.OTHER_PHONE,),
    )
    applications = [b.an_application(), b.an_application(id=b.OTHER_APPLICATION, job_id=b.OTHER_JOB)]
    resume = Resume(filename="cv.pdf", media_type="application/pdf", content=b.a_pdf("Curriculum vitae"))
    return State(
        jobs={job.id: _detail(job) for job in jobs},
        candidates={person.id: person for person in (b.a_candidate(), other)},
        applications={application.id: application for application in applications},
        resumes={b.CANDIDATE: resume},
    )


def _detail(job: Job) -> JobDetail:
    return JobDetail(job=job, address="1 Foundry Lane")


@attrs.frozen(kw_only=True)
class Done:
    """What an effect left behind, for the journal and the receipt."""

    kind: str
    target: Target
    id: str
    content: bytes
    text: str | None = None
    name: str | None = None
    value: str | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


Change = Callable[[State], Done]


class Fate(Enum):
    """What became of an effect whose call failed: never done, done all the same, or done some time later."""

    NOT_DONE = "not_done"
    DONE = "done"
    LATER = "later"


@attrs.define(kw_only=True)
class Failure:
    error: PortError
    fate: Fate
    after: float
    on: str | None
    left: int


@attrs.define(kw_only=True)
class MemoryAts:
    """The system. A `hollow` one answers success to every write and stays as it is.

    `blind` says why no look-up of evidence gives an answer, if none shall. `undecodable` records break their feed's
    `load`. `operations` lists every call, `reads` and `writes` alike, as `capability.method`.
    """

    state: State = attrs.field(factory=a_state)
    clock: Clock = attrs.field(factory=FakeClock)
    hollow: bool = False
    blind: str | None = None
    undecodable: frozenset[str] = frozenset()
    operations: list[str] = attrs.field(factory=list)
    _journal: list[dict[str, Any]] = attrs.field(factory=list)
    _failures: list[Failure] = attrs.field(factory=list)
    _late: list[tuple[datetime, Change]] = attrs.field(factory=list)
    _ids: int = 0

    @property
    def writes(self) -> list[dict[str, Any]]:
        """Effects in the order in which they became real."""
        self.settle()
        return self._journal

    def fail_next(
        self, error: PortError, *, fate: Fate = Fate.NOT_DONE, after: float = 0.0, on: str | None = None, times: int = 1
    ) -> None:
        """The next call that matches `on` (a pattern of `capability.method`; None: any write) raises the error."""
        self._failures.append(Failure(error=error, fate=fate, after=after, on=on, left=times))

    def new_id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}-new-{self._ids}"

    def read(self, operation: str) -> State:
        """Every read comes through here."""
        self.settle()
        self.operations.append(operation)
        failure = self._strikes(operation, unsafe=False)
        if failure is not None:
            raise failure.error
        return self.state

    def failure_of(self, operation: str) -> str | None:
        """What is wrong with a call that tells of its failure instead of raising it."""
        failure = self._strikes(operation, unsafe=False)
        return failure.error.message if failure is not None else None

    async def write(self, operation: str, attempt: Attempt, change: Change) -> Receipt:
        """Every unsafe request comes through here, and leaves only with the attempt begun."""
        await attempt.begin(FLIGHT_SECONDS)
        self.settle()
        self.operations.append(operation)
        failure = self._strikes(operation, unsafe=True)
        if failure is None:
            return self._receipt(self._apply(change))
        if failure.fate is Fate.DONE:
            self._apply(change)
        elif failure.fate is Fate.LATER:
            due = self.clock.now().timestamp() + failure.after
            self._late.append((datetime.fromtimestamp(due, tz=self.clock.now().tzinfo), change))
        raise failure.error

    def settle(self) -> None:
        """Makes real what fell due since somebody last looked; what the state then refuses is lost."""
        due = [change for moment, change in self._late if moment <= self.clock.now()]
        self._late = [(moment, change) for moment, change in self._late if moment > self.clock.now()]
        for change in due:
            try:
                self._apply(change)
            except PortError:
                continue

    def _apply(self, change: Change) -> Done:
        if self.hollow:
            return change(copy.deepcopy(self.state))
        done = change(self.state)
        shown = {"text": done.text, "name": done.name, "value": done.value}
        self._journal.append(
            {
                "seq": len(self._journal) + 1,
                "kind": done.kind,
                "target": {"type": str(done.target.type), "id": done.target.id},
                "id": done.id,
                **{key: value for key, value in shown.items() if value is not None},
                "sha256": done.sha256,
            }
        )
        return done

    def _receipt(self, done: Done) -> Receipt:
        return Receipt(id=done.id, at=self.clock.now(), sha256=done.sha256)

    def _strikes(self, operation: str, *, unsafe: bool) -> Failure | None:
        for failure in self._failures:
            if unsafe if failure.on is None else fnmatch(operation, failure.on):
                failure.left -= 1
                self._failures = [one for one in self._failures if one.left > 0]
                return failure
        return None
