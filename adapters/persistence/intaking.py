"""Taking records in: what refers to nothing is not kept, what came before changes nothing."""

import hashlib
from collections.abc import Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.intake_tables import intake_messages, intake_records, intake_resumes
from adapters.persistence.moments import now_us
from adapters.persistence.serial import encode
from adapters.persistence.telling import News, tell
from domain.candidate import Resume
from domain.event import EventType
from domain.ids import ConnectionId
from domain.intake import Submission, SubmittedApplication, SubmittedCandidate, received_data
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType
from ports.errors import ConflictError, NotFoundError, PortError
from ports.intake import Envelope, Taken
from ports.scope import EVERYTHING


@attrs.frozen(kw_only=True)
class Row:
    """A record as it is kept. `sent` is what stands for all of it, the resume included."""

    kind: RecordType
    id: str
    content: bytes
    sent: bytes
    candidate: str | None = None
    job: str | None = None
    resume: Resume | None = None


@attrs.frozen(kw_only=True)
class Put:
    """Records that came together; the last one is what was handed in, and `told` what is told if that is new."""

    connection: ConnectionId
    rows: tuple[Row, ...]
    told: bytes | None = None
    envelope: Envelope | None = None


def put_of(connection: ConnectionId, submission: Submission, envelope: Envelope | None) -> Put:
    """Raises InvalidInputError for text that cannot be kept."""
    match submission:
        case Job():
            return Put(connection=connection, rows=(_job(submission),), envelope=envelope)
        case SubmittedCandidate():
            return Put(connection=connection, rows=(_person(submission),), envelope=envelope)
        case SubmittedApplication(application=application, person=person):
            rows = (*(() if person is None else (_person(person),)), _application(application))
            return Put(connection=connection, rows=rows, told=encode(received_data(application)), envelope=envelope)


def _job(job: Job) -> Row:
    content = encode(job)
    return Row(kind=RecordType.JOB, id=job.id, content=content, sent=_digest(content))


def _person(person: SubmittedCandidate) -> Row:
    content, resume = encode(person.candidate), person.resume
    parts = [] if resume is None else [resume.filename.encode(), resume.content]
    who = person.candidate.id
    sent = _digest(content, *parts)
    return Row(kind=RecordType.CANDIDATE, id=who, content=content, sent=sent, candidate=who, resume=resume)


def _application(application: Application) -> Row:
    content = encode(application)
    return Row(
        kind=RecordType.APPLICATION,
        id=application.id,
        content=content,
        sent=_digest(content),
        candidate=application.candidate_id,
        job=application.job_id,
    )


def _digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def put(c: sa.Connection, items: Sequence[Put]) -> list[Taken | PortError]:
    # One after the other, and in one order of connections for all: what an item refers to may come just before it.
    outcomes: dict[int, Taken | PortError] = {}
    there: dict[ConnectionId, bool] = {}
    for connection in sorted({item.connection for item in items}):
        there[connection] = exists(c, EVERYTHING, connection)
    now = now_us(c)
    for n, item in enumerate(items):
        known = there[item.connection]
        outcomes[n] = _put(c, item, now) if known else NotFoundError("connection", item.connection)
    return [outcomes[n] for n in range(len(items))]


def _put(c: sa.Connection, item: Put, now: int) -> Taken | PortError:
    if item.envelope is not None and (before := _before(c, item.connection, item.envelope)) is not None:
        if before == item.envelope.content:
            return Taken()
        return ConflictError("the event's id was used before for another event")
    unknown = _unknown(c, item)
    if unknown:
        return Taken(unknown=unknown)
    changes = [_upsert(c, item.connection, row, now) for row in item.rows]
    taken = changes[-1] if not any(one.changed for one in changes) else attrs.evolve(changes[-1], changed=True)
    if taken.new and item.told is not None:
        news = News(
            type=EventType.APPLICATION_RECEIVED,
            connection=item.connection,
            data=item.told,
            candidate=item.rows[-1].candidate,
        )
        tell(c, [news], now)
    if item.envelope is not None:
        named = {"connection_id": item.connection, "id_sha256": item.envelope.id}
        c.execute(sa.insert(intake_messages).values(**named, body_sha256=item.envelope.content))
    return taken


def _before(c: sa.Connection, connection: ConnectionId, envelope: Envelope) -> bytes | None:
    query = sa.select(intake_messages.c.body_sha256).where(
        intake_messages.c.connection_id == connection, intake_messages.c.id_sha256 == envelope.id
    )
    found: bytes | None = c.scalar(query)
    return found


def _unknown(c: sa.Connection, item: Put) -> tuple[str, ...]:
    """The members of an application that refer to nothing, neither kept nor come with it."""
    last, people = item.rows[-1], {row.id for row in item.rows[:-1]}
    if last.kind is not RecordType.APPLICATION:
        return ()
    job = () if last.job and sent_of(c, item.connection, RecordType.JOB, last.job) else ("job_id",)
    who = last.candidate or ""
    known = who in people or sent_of(c, item.connection, RecordType.CANDIDATE, who)
    return job if known else (*job, "candidate_id")


def this_record(connection: ConnectionId, kind: RecordType, record: str) -> sa.ColumnElement[bool]:
    """The one row."""
    return sa.and_(
        intake_records.c.connection_id == connection,
        intake_records.c.kind == kind.value,
        intake_records.c.id == record,
    )


def sent_of(c: sa.Connection, connection: ConnectionId, kind: RecordType, record: str) -> bytes | None:
    """What stands for a record that is kept."""
    found: bytes | None = c.scalar(sa.select(intake_records.c.body_sha256).where(this_record(connection, kind, record)))
    return found


def _upsert(c: sa.Connection, connection: ConnectionId, row: Row, now: int) -> Taken:
    before = sent_of(c, connection, row.kind, row.id)
    if before == row.sent:
        return Taken()
    values: dict[str, Any] = {
        "candidate_id": row.candidate,
        "job_id": row.job,
        "body_sha256": row.sent,
        "content": row.content,
    }
    values |= {"changed_at": now, "delivered_at": None}
    if before is None:
        named = {"connection_id": connection, "kind": row.kind.value, "id": row.id, "created_at": now}
        c.execute(sa.insert(intake_records).values(**named, **values))
    else:
        c.execute(sa.update(intake_records).where(this_record(connection, row.kind, row.id)).values(values))
    if row.kind is RecordType.CANDIDATE:
        _keep_resume(c, connection, row)
    return Taken(new=before is None, changed=True)


def _keep_resume(c: sa.Connection, connection: ConnectionId, row: Row) -> None:
    named = {"connection_id": connection, "candidate_id": row.id}
    c.execute(
        sa.delete(intake_resumes).where(
            intake_resumes.c.connection_id == connection, intake_resumes.c.candidate_id == row.id
        )
    )
    if row.resume is not None:
        file = {"filename": row.resume.filename, "media_type": row.resume.media_type, "content": row.resume.content}
        c.execute(sa.insert(intake_resumes).values(**named, **file))


@attrs.frozen
class Removal:
    """A job or an application that is to go."""

    connection: ConnectionId
    kind: RecordType
    record: str


def remove(c: sa.Connection, removals: Sequence[Removal]) -> list[PortError | None]:
    return [_remove(c, one) for one in removals]


def _remove(c: sa.Connection, removal: Removal) -> PortError | None:
    if not exists(c, EVERYTHING, removal.connection):
        return NotFoundError("connection", removal.connection)
    if removal.kind is RecordType.JOB:
        mine = intake_records.c.connection_id == removal.connection
        applied = sa.select(sa.func.count()).select_from(intake_records)
        if count := c.scalar(applied.where(mine, intake_records.c.job_id == removal.record)):
            return ConflictError(f"{count} applications are for this job: remove them first")
    gone = c.execute(sa.delete(intake_records).where(this_record(removal.connection, removal.kind, removal.record)))
    return None if gone.rowcount else NotFoundError(removal.kind.value, removal.record)
