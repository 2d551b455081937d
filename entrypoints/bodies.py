"""Call results and screenings as people send them, over HTTP and over the queue alike."""

from datetime import datetime
from typing import Annotated

import attrs
import msgspec
from msgspec import Meta

from domain.attachment import Attachment, reference_to
from domain.call_result import CallOutcome, CallResult, Line
from domain.errors import Fault, InvalidError
from domain.ids import ApplicationId, CandidateId, JobId
from domain.screening import Answer, Screening, Verdict
from entrypoints.decoding import decode
from entrypoints.quick import read
from entrypoints.values import Filename, Id, Moment, Pdf, Score, Seconds, ShortText, Text

PDF = "application/pdf"


@attrs.frozen(kw_only=True)
class AnswerBody:
    """An answer under its question's key; `text` is the question as it was asked."""

    question: Id
    answer: Text
    text: ShortText | None = None


@attrs.frozen(kw_only=True)
class LineBody:
    """One line of a transcript, `at_s` seconds into the call."""

    speaker: Id
    at_s: Seconds
    text: Text


@attrs.frozen(kw_only=True)
class FileBody:
    """A PDF."""

    filename: Filename
    content_base64: Pdf = attrs.field(repr=False)


def attachment_of(body: FileBody) -> Attachment:
    """The file with its bytes."""
    return Attachment(filename=str(body.filename), media_type=PDF, content=body.content_base64)


Answers = Annotated[tuple[AnswerBody, ...], Meta(max_length=500)]
Transcript = Annotated[tuple[LineBody, ...], Meta(max_length=10_000)]


@attrs.frozen(kw_only=True)
class CallResultBody:
    """What one screening call gave. Without `application_id` it was a sourcing call."""

    call_id: Id
    candidate_id: Id
    started_at: Moment
    ended_at: Moment
    outcome: CallOutcome
    summary: Text
    application_id: Id | None = None
    job_id: Id | None = None
    verdict: Verdict | None = None
    score: Score | None = None
    answers: Answers = ()
    transcript: Transcript | None = None
    report: FileBody | None = None


@attrs.frozen(kw_only=True)
class ScreeningBody:
    """Answers of one candidate for one application, to be judged and marked in the ATS."""

    screening_id: Id
    application_id: Id
    candidate_id: Id
    answers: Answers
    score: Score | None = None


def decode_call_result(raw: object) -> tuple[CallResult, tuple[Attachment, ...]]:
    """The result, and the files that it refers to. Raises InvalidError with every fault."""
    order = _order_faults(raw)
    try:
        body = decode(raw, CallResultBody)
    except InvalidError as error:
        raise InvalidError(*error.faults, *order) from None
    if order:
        raise InvalidError(*order)
    return _call_result_and_files(body)


def read_call_result(content: bytes) -> tuple[CallResult, tuple[Attachment, ...]] | None:
    """As `decode_call_result`, out of JSON in one pass; None if that must look closer."""
    body = read(content, CallResultBody)
    return None if body is None or body.ended_at < body.started_at else _call_result_and_files(body)


def decode_screening(raw: object) -> Screening:
    """Raises InvalidError with every fault."""
    return _screening(decode(raw, ScreeningBody))


def read_screening(content: bytes) -> Screening | None:
    """As `decode_screening`, out of JSON in one pass; None if that must look closer."""
    body = read(content, ScreeningBody)
    return None if body is None else _screening(body)


def _screening(body: ScreeningBody) -> Screening:
    return Screening(
        screening_id=body.screening_id,
        application_id=ApplicationId(body.application_id),
        candidate_id=CandidateId(body.candidate_id),
        answers=_answers(body.answers),
        score=body.score,
    )


def _call_result_and_files(body: CallResultBody) -> tuple[CallResult, tuple[Attachment, ...]]:
    files = (attachment_of(body.report),) if body.report else ()
    return _call_result(body, files), files


def _call_result(body: CallResultBody, files: tuple[Attachment, ...]) -> CallResult:
    return CallResult(
        call_id=body.call_id,
        application_id=ApplicationId(body.application_id) if body.application_id else None,
        candidate_id=CandidateId(body.candidate_id),
        job_id=JobId(body.job_id) if body.job_id else None,
        started_at=body.started_at,
        ended_at=body.ended_at,
        outcome=body.outcome,
        summary=body.summary,
        verdict=body.verdict,
        score=body.score,
        answers=_answers(body.answers),
        transcript=tuple(Line(speaker=one.speaker, at_s=one.at_s, text=one.text) for one in body.transcript or ()),
        report=reference_to(files[0]) if files else None,
    )


def _answers(bodies: tuple[AnswerBody, ...]) -> tuple[Answer, ...]:
    return tuple(Answer(question=one.question, answer=one.answer, text=one.text) for one in bodies)


def _order_faults(raw: object) -> tuple[Fault, ...]:
    """Looked for in the raw value, so that it is told together with all that is wrong elsewhere."""
    started, ended = (_moment(raw, name) for name in ("started_at", "ended_at"))
    if started is not None and ended is not None and ended < started:
        return (Fault("/ended_at", "must not be before started_at"),)
    return ()


def _moment(raw: object, name: str) -> datetime | None:
    if not isinstance(raw, dict):
        return None
    try:
        return msgspec.convert(raw.get(name), Moment)
    except msgspec.ValidationError:
        return None
