"""Intake: customers without an ATS hand in jobs, candidates and applications, with the key of their connection."""

import hashlib
from datetime import datetime
from typing import Any

import attrs
from msgspec import UNSET, UnsetType

from domain.candidate import Candidate, Resume
from domain.errors import InvalidError
from domain.ids import ApplicationId, CandidateId, ConnectionId, JobId
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType
from entrypoints.intake_bodies import FORMS, CandidateBody, JobBody, NewApplicationBody
from entrypoints.web.operation import NO_BODY, Body, Call, NoQuery, Operation, Reply
from entrypoints.web.replies import unless_none
from entrypoints.web.routes.people import ErasureReply, erasure_reply
from ports.api_keys import Permission


@attrs.frozen(kw_only=True)
class TakenReply:
    """`changed` is false where the same had come before."""

    id: str
    href: str
    changed: bool


@attrs.frozen(kw_only=True)
class ResumeReply:
    """A resume without its bytes; `media_type` is what its content says."""

    filename: str
    media_type: str
    size: int
    sha256: str


@attrs.frozen(kw_only=True)
class SubmittedReply:
    """A candidate as they were handed in."""

    candidate: Candidate
    resume: ResumeReply | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class RemovedReply:
    """What is not kept any more."""

    id: str
    removed_at: datetime


def _connection(call: Call[Any, Any]) -> ConnectionId:
    """The one that the key belongs to. Raises InvalidError for a key of all connections."""
    if call.caller is None or call.caller.connection is None:
        raise InvalidError.at("/header/Authorization", "must be a key of one connection: it says whose record this is")
    return call.caller.connection


async def _put(call: Call[Any, NoQuery], kind: RecordType) -> Reply:
    connection, record = _connection(call), call.params["id"]
    submission = FORMS[kind].submission(call.body, record)
    taken = await call.services.receive_intake(call.scope, connection, submission)
    reply = TakenReply(id=record, href=f"/v1/intake/{kind}s/{record}", changed=taken.changed)
    return Reply(value=reply, status=201 if taken.new else 200)


async def put_job(call: Call[JobBody, NoQuery]) -> Reply:
    return await _put(call, RecordType.JOB)


async def put_candidate(call: Call[CandidateBody, NoQuery]) -> Reply:
    return await _put(call, RecordType.CANDIDATE)


async def put_application(call: Call[NewApplicationBody, NoQuery]) -> Reply:
    return await _put(call, RecordType.APPLICATION)


async def _readable(call: Call[Any, Any]) -> ConnectionId:
    connection = _connection(call)
    await call.services.receive_intake.must_take_in(call.scope, connection)
    return connection


async def get_submitted_job(call: Call[None, NoQuery]) -> Reply:
    connection = await _readable(call)
    return Reply(value=await call.services.intake.job(connection, JobId(call.params["id"])))


async def get_submitted_candidate(call: Call[None, NoQuery]) -> Reply:
    connection = await _readable(call)
    found = await call.services.intake.candidate(connection, CandidateId(call.params["id"]))
    resume = None if found.resume is None else _resume_reply(found.resume)
    return Reply(value=SubmittedReply(candidate=found.candidate, resume=unless_none(resume)))


def _resume_reply(resume: Resume) -> ResumeReply:
    digest = hashlib.sha256(resume.content).hexdigest()
    return ResumeReply(filename=resume.filename, media_type=resume.media_type, size=len(resume.content), sha256=digest)


async def get_submitted_application(call: Call[None, NoQuery]) -> Reply:
    connection = await _readable(call)
    return Reply(value=await call.services.intake.application(connection, ApplicationId(call.params["id"])))


async def _removed(call: Call[None, NoQuery], kind: RecordType) -> Reply:
    record = call.params["id"]
    await call.services.receive_intake.remove(call.scope, _connection(call), kind, record)
    return Reply(value=RemovedReply(id=record, removed_at=call.services.clock.now()))


async def remove_submitted_job(call: Call[None, NoQuery]) -> Reply:
    return await _removed(call, RecordType.JOB)


async def remove_submitted_application(call: Call[None, NoQuery]) -> Reply:
    return await _removed(call, RecordType.APPLICATION)


async def erase_submitted_candidate(call: Call[None, NoQuery]) -> Reply:
    connection = await _readable(call)
    candidate = CandidateId(call.params["id"])
    await call.services.intake.candidate(connection, candidate)
    erased = await call.services.erase_person(call.scope, connection, candidate)
    return Reply(value=erasure_reply(connection, candidate, call.services.clock.now(), erased))


def _path(kind: RecordType) -> str:
    return f"/v1/intake/{kind}s/{{id}}"


def _putting(kind: RecordType, summary: str, handler: Any) -> Operation[Any, NoQuery]:
    form = FORMS[kind]
    return Operation(
        method="PUT",
        path=_path(kind),
        summary=summary,
        handler=handler,
        permission=Permission.INTAKE,
        body=Body(form.kind, form.decoded),
        query=NoQuery,
        returns=(TakenReply,),
        also={201: (TakenReply,)},
    )


def _other(method: str, kind: RecordType, summary: str, handler: Any, returns: Any) -> Operation[None, NoQuery]:
    return Operation(
        method=method,
        path=_path(kind),
        summary=summary,
        handler=handler,
        permission=Permission.INTAKE,
        body=NO_BODY,
        query=NoQuery,
        returns=(returns,),
    )


_JOB, _PERSON, _APPLICATION = RecordType.JOB, RecordType.CANDIDATE, RecordType.APPLICATION
OPERATIONS: tuple[Operation[Any, Any], ...] = (
    _putting(_JOB, "Hand in a job; the same again changes nothing", put_job),
    _other("GET", _JOB, "A job as it was handed in", get_submitted_job, Job),
    _other("DELETE", _JOB, "Remove a job that nobody applied for", remove_submitted_job, RemovedReply),
    _putting(_PERSON, "Hand in a candidate, with their resume; both are kept for a time", put_candidate),
    _other("GET", _PERSON, "A candidate as they were handed in", get_submitted_candidate, SubmittedReply),
    _other("DELETE", _PERSON, "Erase a candidate everywhere, with a receipt", erase_submitted_candidate, ErasureReply),
    _putting(_APPLICATION, "Hand in an application, with its candidate or of a known one", put_application),
    _other("GET", _APPLICATION, "An application as it was handed in", get_submitted_application, Application),
    _other("DELETE", _APPLICATION, "Remove an application", remove_submitted_application, RemovedReply),
)
