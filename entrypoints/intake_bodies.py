"""Jobs, candidates and applications as customers without an ATS send them, over HTTP and over the queue alike."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self

import attrs
from msgspec import Meta

from domain.candidate import Candidate, Resume
from domain.errors import InvalidError
from domain.ids import ApplicationId, CandidateId, JobId
from domain.intake import SUBMITTED_ID, Submission, SubmittedApplication, SubmittedCandidate
from domain.job import Job, JobStatus
from domain.job_application import Application
from domain.policy import RecordType
from domain.resume import LARGEST_RESUME, media_type_of_resume, resume_faults, resume_name_faults
from entrypoints.decoding import LeafError, Says, decode
from entrypoints.values import Moment, Name, ShortText

_ID_SAYS = Says("must be 1 to 128 letters, digits or . _ ~ : -")
SubmittedId = Annotated[
    str, Meta(pattern=rf"^(?:{SUBMITTED_ID.pattern})(?!\n)$", description="The customer's own id."), _ID_SAYS
]
Html = Annotated[str, Meta(max_length=100_000), Says("must be a text")]
Mail = Annotated[str, Meta(max_length=320, pattern=r"^[^\s@]+@[^\s@]+$(?!\n)"), Says("must be an e-mail address")]
Mails = Annotated[tuple[Mail, ...], Meta(max_length=20)]
Phone = Annotated[str, Meta(max_length=60, pattern=r"^\+?[0-9 ()./x-]{3,60}$(?!\n)"), Says("must be a phone number")]
Phones = Annotated[tuple[Phone, ...], Meta(max_length=20)]


class ResumeContent(bytes):
    """A PDF, a DOCX or plain text, out of base64."""

    __slots__ = ()

    @classmethod
    def made(cls, text: str) -> Self:
        if len(text) > LARGEST_RESUME * 4 // 3 + 4:
            raise LeafError(f"is larger than {LARGEST_RESUME} bytes")
        try:
            content = cls(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            raise LeafError("must be base64 as of RFC 4648, section 4") from None
        faults = resume_faults(content)
        if faults:
            raise InvalidError(*faults)
        return content


class ResumeName(str):
    """The name of a file: one path segment."""

    __slots__ = ()

    @classmethod
    def made(cls, text: str) -> Self:
        if not 1 <= len(text) <= 200 or not text.isprintable() or set(text) & set('/\\"'):
            raise LeafError("must be 1 to 200 printable characters without slashes and quotes")
        return cls(text)


SCHEMAS: Mapping[type, Mapping[str, object]] = {
    ResumeContent: {
        "type": "string",
        "contentEncoding": "base64",
        "description": "A PDF, a DOCX or plain text in UTF-8 of at most 10 MiB; what it is, is told by its content.",
    },
    ResumeName: {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "description": "Printable, without slashes and quotes; its ending must not say another kind of resume.",
    },
}


@attrs.frozen(kw_only=True)
class ResumeBody:
    """A resume."""

    filename: ResumeName
    content_base64: ResumeContent = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        faults = resume_name_faults(self.filename, media_type_of_resume(self.content_base64) or "")
        if faults:
            raise InvalidError(*(fault.beneath("/filename") for fault in faults))


@attrs.frozen(kw_only=True)
class JobBody:
    """A job. Over the queue the id stands here, over HTTP in the path: given twice, both must be the same."""

    title: Name
    id: SubmittedId | None = None
    status: JobStatus = JobStatus.OPEN
    company: Name | None = None
    employment_type: Name | None = None
    location: Name | None = None
    description: Html | None = None
    opened_at: Moment | None = None


@attrs.frozen(kw_only=True)
class CandidateBody:
    """A person, kept for a time. What is sent takes the place of all that was sent before, the resume too."""

    first_name: Name
    last_name: Name
    id: SubmittedId | None = None
    emails: Mails = ()
    phones: Phones = ()
    title: ShortText | None = None
    resume: ResumeBody | None = None


@attrs.frozen(kw_only=True)
class NewApplicationBody:
    """An application for a job. `candidate` may come along; else `candidate_id` must be known already."""

    job_id: SubmittedId
    id: SubmittedId | None = None
    candidate_id: SubmittedId | None = None
    candidate: CandidateBody | None = None
    stage: Name | None = None
    source: Name | None = None

    def __attrs_post_init__(self) -> None:
        inline = None if self.candidate is None else self.candidate.id
        if self.candidate_id is None and inline is None:
            raise InvalidError.at("/candidate_id", "is required, unless `candidate` has an id")
        if None not in {self.candidate_id, inline} and self.candidate_id != inline:
            raise InvalidError.at("/candidate/id", "is another than candidate_id")


def job_of(body: JobBody, record: str) -> Job:
    """The job that is meant."""
    return Job(
        id=JobId(record),
        title=body.title,
        status=body.status,
        company=body.company,
        employment_type=body.employment_type,
        location=body.location,
        description=body.description,
        opened_at=body.opened_at,
    )


def candidate_of(body: CandidateBody, record: str) -> SubmittedCandidate:
    """The person who is meant, with their resume."""
    person = Candidate(
        id=CandidateId(record),
        first_name=body.first_name,
        last_name=body.last_name,
        emails=body.emails,
        phones=body.phones,
        title=body.title,
    )
    return SubmittedCandidate(candidate=person, resume=None if body.resume is None else _resume(body.resume))


def _resume(body: ResumeBody) -> Resume:
    content = bytes(body.content_base64)
    return Resume(filename=str(body.filename), media_type=media_type_of_resume(content) or "", content=content)


def application_of(body: NewApplicationBody, record: str) -> SubmittedApplication:
    """The application that is meant, with the candidate who came along."""
    who = body.candidate_id or (body.candidate.id if body.candidate else None) or ""
    application = Application(
        id=ApplicationId(record),
        job_id=JobId(body.job_id),
        candidate_id=CandidateId(who),
        stage_text=body.stage,
        source=body.source,
    )
    return SubmittedApplication(
        application=application, person=None if body.candidate is None else candidate_of(body.candidate, who)
    )


@attrs.frozen
class Form:
    """How one kind of record is sent: its body, and what that means."""

    kind: type[Any]
    meant: Callable[[Any, str], Submission]

    def submission(self, body: Any, record: str | None) -> Submission:
        """`record` is the id that the way in gave it, if any. Raises InvalidError."""
        if record is None and body.id is None:
            raise InvalidError.at("/id", "is required")
        if record is not None and not SUBMITTED_ID.fullmatch(record):
            raise InvalidError.at("/id", _ID_SAYS.message)
        if None not in {record, body.id} and record != body.id:
            raise InvalidError.at("/id", "is another than the one in the path")
        return self.meant(body, record or body.id)

    def decoded(self, raw: object) -> Any:
        """The body. Raises InvalidError with every fault."""
        return decode(raw, self.kind)


FORMS: Mapping[RecordType, Form] = {
    RecordType.JOB: Form(JobBody, job_of),
    RecordType.CANDIDATE: Form(CandidateBody, candidate_of),
    RecordType.APPLICATION: Form(NewApplicationBody, application_of),
}
