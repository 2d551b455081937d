"""Single writes: each is a write-back of its own, through the same ledger as all else."""

from typing import Any, TypeVar

from domain.attachment import Attachment, reference_to
from domain.effect import EffectKind, Target
from domain.note import Note
from domain.policy import RecordType
from domain.writeback import FieldWish, Write
from entrypoints.bodies import FileBody, attachment_of
from entrypoints.web.handing_in import HEADERS, IDEMPOTENCY_KEY, KEY_HEADER, command_key, handed_in
from entrypoints.web.operation import Body, Call, Handler, NoQuery, Operation, Reply, json_body
from entrypoints.web.problems import ProblemError
from entrypoints.web.replies import AcceptedReply, WriteBackReply
from entrypoints.web.schemas import (
    ApplicationBody,
    FieldsBody,
    NoteBody,
    RejectionBody,
    RejectionsBody,
    StageBody,
    TagBody,
)
from entrypoints.web.wishes import decode_fields, decode_note, decode_rejections
from ports.api_keys import Permission
from ports.errors import ConflictError

B = TypeVar("B")


async def _hand_in(call: Call[Any, NoQuery], write: Write, files: tuple[Attachment, ...] = ()) -> Reply:
    key = command_key(call)
    try:
        accepted = await call.services.write_one(call.scope, call.connection, key, write, files)
    except ConflictError:
        why = f"the {IDEMPOTENCY_KEY} was used before with another body"
        raise ProblemError(422, "key-reused", why) from None
    return await handed_in(call, accepted)


def _on(call: Call[Any, NoQuery], record: RecordType) -> tuple[Target]:
    return (Target(record, call.params[record]),)


async def create_application(call: Call[ApplicationBody, NoQuery]) -> Reply:
    target = Target(RecordType.CANDIDATE, call.body.candidate_id)
    return await _hand_in(call, Write(kind=EffectKind.APPLICATION, targets=(target,), value=call.body.job_id))


async def move_application(call: Call[StageBody, NoQuery]) -> Reply:
    targets = _on(call, RecordType.APPLICATION)
    return await _hand_in(call, Write(kind=EffectKind.STAGE, targets=targets, value=call.body.stage_id))


async def reject_application(call: Call[RejectionBody, NoQuery]) -> Reply:
    targets = _on(call, RecordType.APPLICATION)
    return await _hand_in(call, Write(kind=EffectKind.REJECTION, targets=targets, value=call.body.reason_id))


async def reject_applications(call: Call[RejectionsBody, NoQuery]) -> Reply:
    targets = tuple(Target(RecordType.APPLICATION, one) for one in call.body.application_ids)
    return await _hand_in(call, Write(kind=EffectKind.REJECTION, targets=targets, value=call.body.reason_id))


async def tag_candidate(call: Call[TagBody, NoQuery]) -> Reply:
    targets = _on(call, RecordType.CANDIDATE)
    return await _hand_in(call, Write(kind=EffectKind.TAG, targets=targets, value=call.body.tag))


async def add_application_note(call: Call[Note, NoQuery]) -> Reply:
    return await _add_note(call, RecordType.APPLICATION)


async def add_candidate_note(call: Call[Note, NoQuery]) -> Reply:
    return await _add_note(call, RecordType.CANDIDATE)


async def _add_note(call: Call[Note, NoQuery], record: RecordType) -> Reply:
    return await _hand_in(call, Write(kind=EffectKind.NOTE, targets=_on(call, record), note=call.body))


async def add_application_file(call: Call[FileBody, NoQuery]) -> Reply:
    return await _add_file(call, RecordType.APPLICATION)


async def add_candidate_file(call: Call[FileBody, NoQuery]) -> Reply:
    return await _add_file(call, RecordType.CANDIDATE)


async def _add_file(call: Call[FileBody, NoQuery], record: RecordType) -> Reply:
    file = attachment_of(call.body)
    write = Write(kind=EffectKind.FILE, targets=_on(call, record), file=reference_to(file))
    return await _hand_in(call, write, (file,))


async def set_job_fields(call: Call[tuple[FieldWish, ...], NoQuery]) -> Reply:
    return await _set_fields(call, RecordType.JOB)


async def set_application_fields(call: Call[tuple[FieldWish, ...], NoQuery]) -> Reply:
    return await _set_fields(call, RecordType.APPLICATION)


async def set_candidate_fields(call: Call[tuple[FieldWish, ...], NoQuery]) -> Reply:
    return await _set_fields(call, RecordType.CANDIDATE)


async def _set_fields(call: Call[tuple[FieldWish, ...], NoQuery], record: RecordType) -> Reply:
    return await _hand_in(call, Write(kind=EffectKind.FIELD, targets=_on(call, record), fields=call.body))


def _writing(
    route: str, summary: str, handler: Handler[B, NoQuery], body: Body[B], *, needs_key: bool = False
) -> Operation[B, NoQuery]:
    method, path = route.split()
    return Operation(
        method=method,
        path="/v1/connections/{connection}" + path,
        summary=summary,
        handler=handler,
        permission=Permission.WRITE,
        body=body,
        query=NoQuery,
        returns=(AcceptedReply,),
        status=202,
        also={200: (WriteBackReply,)},
        headers={**HEADERS, **KEY_HEADER},
        needs=frozenset({IDEMPOTENCY_KEY}) if needs_key else frozenset(),
    )


_APPLICATION, _CANDIDATE, _JOB = "/applications/{application}", "/candidates/{candidate}", "/jobs/{job}"
_NOTE, _FILE = Body(NoteBody, decode_note), json_body(FileBody)
_FIELDS = Body(FieldsBody, decode_fields)
OPERATIONS = (
    _writing(
        "POST /applications",
        "Apply a known candidate to a job",
        create_application,
        json_body(ApplicationBody),
        needs_key=True,
    ),
    _writing(
        "POST /applications/rejections",
        "Reject many applications: one effect and one result an application",
        reject_applications,
        Body(RejectionsBody, decode_rejections),
    ),
    _writing(f"POST {_APPLICATION}/stage", "Move an application to a stage", move_application, json_body(StageBody)),
    _writing(f"POST {_APPLICATION}/rejection", "Reject an application", reject_application, json_body(RejectionBody)),
    _writing(f"POST {_APPLICATION}/notes", "Note on an application", add_application_note, _NOTE, needs_key=True),
    _writing(f"POST {_CANDIDATE}/notes", "Note on a candidate", add_candidate_note, _NOTE, needs_key=True),
    _writing(f"POST {_APPLICATION}/attachments", "PDF on an application", add_application_file, _FILE, needs_key=True),
    _writing(f"POST {_CANDIDATE}/attachments", "PDF on a candidate", add_candidate_file, _FILE, needs_key=True),
    _writing(f"POST {_CANDIDATE}/tags", "Tag a candidate", tag_candidate, json_body(TagBody)),
    _writing(f"PATCH {_JOB}/custom-fields", "Set fields of a job", set_job_fields, _FIELDS),
    _writing(f"PATCH {_APPLICATION}/custom-fields", "Set fields of an application", set_application_fields, _FIELDS),
    _writing(f"PATCH {_CANDIDATE}/custom-fields", "Set fields of a candidate", set_candidate_fields, _FIELDS),
)
