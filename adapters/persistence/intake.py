"""What customers without an ATS hand in, in the database."""

from functools import partial
from typing import TypeVar

import attrs
import sqlalchemy as sa

from adapters.persistence import intake_time, intaking
from adapters.persistence.database import Database
from adapters.persistence.intake_tables import intake_records, intake_resumes
from adapters.persistence.intaking import Removal, put_of, this_record
from adapters.persistence.moments import moment_of
from adapters.persistence.serial import decode
from adapters.persistence.tables import AnyRow
from adapters.persistence.wake import Bell
from domain.candidate import Candidate, Resume
from domain.ids import ApplicationId, CandidateId, ConnectionId, JobId
from domain.intake import Submission, SubmittedCandidate
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType
from ports.errors import NotFoundError
from ports.intake import Envelope, Intake, Taken

R = TypeVar("R", Candidate, Application)


class IntakeTables(Intake):
    """`bell` is rung for whoever delivers events."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self._database = database
        self._bell = bell

    async def put(self, connection: ConnectionId, submission: Submission, envelope: Envelope | None = None) -> Taken:
        taken = await self._database.write(intaking.put, put_of(connection, submission, envelope))
        if taken.new:
            self._bell.ring()
        return taken

    async def job(self, connection: ConnectionId, job: JobId) -> Job:
        row = await self._database.read(partial(_row, connection=connection, kind=RecordType.JOB, record=job))
        return attrs.evolve(decode(row.content, Job), changed_at=moment_of(row.changed_at))

    async def candidate(self, connection: ConnectionId, candidate: CandidateId) -> SubmittedCandidate:
        return await self._database.read(partial(_person, connection=connection, candidate=candidate))

    async def resume(self, connection: ConnectionId, candidate: CandidateId) -> Resume:
        found = (await self.candidate(connection, candidate)).resume
        if found is None:
            raise NotFoundError("resume", candidate)
        return found

    async def application(self, connection: ConnectionId, application: ApplicationId) -> Application:
        look = partial(_row, connection=connection, kind=RecordType.APPLICATION, record=application)
        row = await self._database.read(look)
        return _dated(decode(row.content, Application), row)

    async def applied(self, connection: ConnectionId, candidate: CandidateId, job: JobId) -> Application | None:
        query = (
            sa.select(intake_records)
            .where(intake_records.c.connection_id == connection, intake_records.c.candidate_id == candidate)
            .where(intake_records.c.kind == RecordType.APPLICATION.value, intake_records.c.job_id == job)
            .order_by(intake_records.c.created_at, intake_records.c.id)
            .limit(1)
        )
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else _dated(decode(row.content, Application), row)

    async def remove(self, connection: ConnectionId, kind: RecordType, record: str) -> None:
        await self._database.write(intaking.remove, Removal(connection, kind, record))
        await self._database.scrub()

    async def forget(self, older_than_days: float) -> int:
        forgotten = await self._database.write(intake_time.forget, older_than_days)
        if forgotten:
            await self._database.scrub()
        return forgotten


def _row(c: sa.Connection, connection: ConnectionId, kind: RecordType, record: str) -> AnyRow:
    row = c.execute(sa.select(intake_records).where(this_record(connection, kind, record))).one_or_none()
    if row is None:
        raise NotFoundError(kind.value, record)
    return row


def _person(c: sa.Connection, connection: ConnectionId, candidate: CandidateId) -> SubmittedCandidate:
    row = _row(c, connection, RecordType.CANDIDATE, candidate)
    mine = sa.and_(intake_resumes.c.connection_id == connection, intake_resumes.c.candidate_id == candidate)
    file = c.execute(sa.select(intake_resumes).where(mine)).one_or_none()
    resume = (
        None
        if file is None
        else Resume(filename=file.filename, media_type=file.media_type, content=bytes(file.content))
    )
    return SubmittedCandidate(candidate=_dated(decode(row.content, Candidate), row), resume=resume)


def _dated(record: R, row: AnyRow) -> R:
    return attrs.evolve(record, created_at=moment_of(row.created_at), changed_at=moment_of(row.changed_at))
