"""The gateway for customers without an ATS, over real stores; what is known of the world is read from the file."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import attrs

from adapters.deps import Deps
from adapters.persistence.migrate import migrate
from adapters.persistence.stores import Stores, open_stores
from adapters.providers import entry
from adapters.turns.in_process import InProcessTurns
from adapters.vault import FernetVault, new_key
from domain.candidate import Candidate, Resume
from domain.ids import ApplicationId, CandidateId, ConnectionId, EventId, FieldId, JobId, ReasonId, StageId, TagId
from domain.intake import Submission, SubmittedApplication, SubmittedCandidate
from domain.job import Job, JobStatus
from domain.job_application import Application
from domain.policy import Policy, RecordType
from ports.connections import Connection
from ports.errors import UnavailableError
from ports.gateway import Provider
from ports.intake import Envelope, Intake, Taken
from ports.outbox import NewEvent, Outbox, PolledEvent
from ports.scope import Scope
from tests import builders as b
from tests.clocks import FakeClock
from tests.rigs.rig import LATE_SECONDS, Person, Rig, Trouble, World

T = TypeVar("T")
CONNECTION = ConnectionId("con_rig")
_NOBODY = "nobody"
_VAULT = FernetVault([new_key()])


@attrs.define
class Snare:
    """What becomes of the next write; a hollow one lets none through and says that all went well."""

    file: Path
    clock: FakeClock
    stores: Stores
    hollow: bool
    trouble: Trouble | None = None
    late: list[tuple[datetime, Callable[[Stores], Awaitable[Any]]]] = attrs.field(factory=list)

    async def written(self, work: Callable[[Stores], Awaitable[T]], said: T) -> T:
        trouble, self.trouble = self.trouble, None
        if not self.hollow and trouble in {None, Trouble.DONE}:
            said = await work(self.stores)
        elif not self.hollow and trouble is Trouble.LATE:
            self.late.append((self.clock.now(), work))
        if trouble is not None:
            raise UnavailableError("the database does not answer")
        return said

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        due = [work for asked, work in self.late if (self.clock.now() - asked).total_seconds() >= LATE_SECONDS]
        thread = Thread(target=lambda: asyncio.run(self._come_late(due)))
        thread.start()
        thread.join()

    async def _come_late(self, due: list[Callable[[Stores], Awaitable[Any]]]) -> None:
        async with open_stores(f"sqlite:///{self.file}", vault=_VAULT, clock=self.clock) as stores:
            for work in due:
                await work(stores)


@attrs.frozen
class SnaredIntake(Intake):
    """Reads are as they are."""

    snare: Snare

    async def put(self, connection: ConnectionId, submission: Submission, envelope: Envelope | None = None) -> Taken:
        said = Taken(new=True, changed=True)
        return await self.snare.written(lambda stores: stores.intake.put(connection, submission, envelope), said)

    async def job(self, connection: ConnectionId, job: JobId) -> Job:
        return await self.snare.stores.intake.job(connection, job)

    async def candidate(self, connection: ConnectionId, candidate: CandidateId) -> SubmittedCandidate:
        return await self.snare.stores.intake.candidate(connection, candidate)

    async def resume(self, connection: ConnectionId, candidate: CandidateId) -> Resume:
        return await self.snare.stores.intake.resume(connection, candidate)

    async def application(self, connection: ConnectionId, application: ApplicationId) -> Application:
        return await self.snare.stores.intake.application(connection, application)

    async def applied(self, connection: ConnectionId, candidate: CandidateId, job: JobId) -> Application | None:
        return await self.snare.stores.intake.applied(connection, candidate, job)

    async def remove(self, connection: ConnectionId, kind: RecordType, record: str) -> None:
        await self.snare.stores.intake.remove(connection, kind, record)

    async def forget(self, older_than_days: float) -> int:
        return await self.snare.stores.intake.forget(older_than_days)


@attrs.frozen
class SnaredOutbox(Outbox):
    """Reads are as they are."""

    snare: Snare

    async def put(self, events: Any) -> tuple[EventId, ...]:
        news: tuple[NewEvent, ...] = tuple(events)
        said = tuple(EventId(f"evt_{n}") for n in range(len(news)))
        return await self.snare.written(lambda stores: stores.outbox.put(news), said)

    async def find(self, connection: ConnectionId, key: str) -> EventId | None:
        return await self.snare.stores.outbox.find(connection, key)

    async def read(self, scope: Scope, *, after: int, limit: int, types: Any = frozenset()) -> tuple[PolledEvent, ...]:
        return await self.snare.stores.outbox.read(scope, after=after, limit=limit, types=types)

    async def forget(self, older_than_days: float) -> int:
        return await self.snare.stores.outbox.forget(older_than_days)


@asynccontextmanager
async def public_api(*, hollow: bool = False) -> AsyncIterator[Rig]:
    """Two jobs, two candidates, one of them with a resume and two applications."""
    clock = FakeClock()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rig.db"
        await migrate(f"sqlite:///{file}")
        async with open_stores(f"sqlite:///{file}", vault=_VAULT, clock=clock) as stores:
            await stores.connections.add(_connection(clock), {})
            for one in _RECORDS:
                await stores.intake.put(CONNECTION, one)
            snare = Snare(file, clock, stores, hollow)
            deps = Deps(
                turns=InProcessTurns(clock), clock=clock, intake=SnaredIntake(snare), outbox=SnaredOutbox(snare)
            )
            gateway = entry(Provider.PUBLIC_API).connect(CONNECTION, {}, {}, deps)
            yield Rig(name="public_api", gateway=gateway, world=_world(snare))


def _connection(clock: FakeClock) -> Connection:
    return Connection(
        id=CONNECTION,
        provider=Provider.PUBLIC_API,
        name="rig",
        settings={},
        policy=Policy(),
        revision=1,
        created_at=clock.now(),
    )


def _person(candidate: CandidateId, resume: Resume | None) -> SubmittedCandidate:
    person = Candidate(
        id=candidate, first_name=b.FIRST_NAME, last_name=b.LAST_NAME, emails=(b.EMAIL,), phones=(b.PHONE,)
    )
    return SubmittedCandidate(candidate=person, resume=resume)


def _application(application: ApplicationId, job: JobId) -> SubmittedApplication:
    return SubmittedApplication(application=Application(id=application, job_id=job, candidate_id=b.CANDIDATE))


_FREE_JOB = JobId("job-9")
_RECORDS: tuple[Submission, ...] = (
    *(Job(id=one, title="Night Welder", status=JobStatus.OPEN) for one in (b.JOB, b.OTHER_JOB, _FREE_JOB)),
    _person(b.CANDIDATE, Resume(filename="cv.pdf", media_type="application/pdf", content=b.a_pdf())),
    _person(b.OTHER_CANDIDATE, None),
    _application(b.APPLICATION, b.JOB),
    _application(b.OTHER_APPLICATION, b.OTHER_JOB),
)


def _writes(file: Path) -> list[dict[str, Any]]:
    """Applications that were not handed in, and results that are told."""
    with closing(sqlite3.connect(file)) as read:
        made = read.execute(
            "SELECT created_at, id, candidate_id, job_id FROM intake_records"
            " WHERE kind = 'application' AND id NOT IN (?, ?)",
            (b.APPLICATION, b.OTHER_APPLICATION),
        ).fetchall()
        told = read.execute("SELECT created_at, id, candidate_id FROM events WHERE type = 'result.ready'").fetchall()
    applications = [
        (at, {"kind": "application", "target": {"type": "candidate", "id": who}, "id": one, "value": job})
        for at, one, who, job in made
    ]
    results = [
        (at, {"kind": "webhook", "target": {"type": "candidate", "id": who}, "id": one}) for at, one, who in told
    ]
    return [written for _, written in sorted([*applications, *results], key=lambda one: one[0])]


def _set_trouble(snare: Snare, trouble: Trouble) -> None:
    snare.trouble = trouble


def _world(snare: Snare) -> World:
    changed = snare.clock.now().astimezone(UTC)
    jobs = {b.JOB: b.JOB, b.OTHER_JOB: b.OTHER_JOB, _FREE_JOB: _FREE_JOB}
    return World(
        writes=lambda: _writes(snare.file),
        lose_next_reply=lambda trouble: _set_trouble(snare, trouble),
        advance=snare.advance,
        overlap_seconds=0,
        jobs=dict.fromkeys(jobs, changed),
        open_jobs=frozenset(jobs),
        applications=dict.fromkeys((b.APPLICATION, b.OTHER_APPLICATION), changed),
        job_of={b.APPLICATION: b.JOB, b.OTHER_APPLICATION: b.OTHER_JOB},
        candidates=dict.fromkeys((b.CANDIDATE, b.OTHER_CANDIDATE), changed),
        job=b.JOB,
        job_title="Night Welder",
        job_not_applied_for=_FREE_JOB,
        person=Person(id=b.CANDIDATE, first_name=b.FIRST_NAME, last_name=b.LAST_NAME, email=b.EMAIL, phone=b.PHONE),
        resume=b.a_pdf(),
        without_resume=b.OTHER_CANDIDATE,
        application=b.APPLICATION,
        other_application=b.OTHER_APPLICATION,
        ended_application=ApplicationId(_NOBODY),
        stage=StageId(_NOBODY),
        stage_to_enter=StageId(_NOBODY),
        barred_stage=None,
        reason=ReasonId(_NOBODY),
        inactive_reason=ReasonId(_NOBODY),
        tag=TagId(_NOBODY),
        fields=dict.fromkeys(RecordType, ()),
        no_job=JobId("job-404"),
        no_candidate=CandidateId("cand-404"),
        no_application=ApplicationId("app-404"),
        no_stage=StageId(_NOBODY),
        no_reason=ReasonId(_NOBODY),
        no_tag=None,
        no_field=FieldId(_NOBODY),
    )
