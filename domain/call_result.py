"""Call results: what one screening call gave."""

from datetime import datetime
from enum import StrEnum

import attrs

from domain.attachment import FileReference
from domain.ids import ApplicationId, CandidateId, JobId
from domain.screening import Answer, Verdict


class CallOutcome(StrEnum):
    """How the call ended."""

    COMPLETED = "completed"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class Line:
    """One line of a transcript, `at_s` seconds into the call."""

    speaker: str
    at_s: float
    text: str


@attrs.frozen(kw_only=True)
class CallResult:
    """What one call gave. Without `application_id` it was a sourcing call. Times are aware, `score` is 0 to 100."""

    call_id: str
    candidate_id: CandidateId
    started_at: datetime
    ended_at: datetime
    outcome: CallOutcome
    summary: str
    application_id: ApplicationId | None = None
    job_id: JobId | None = None
    verdict: Verdict | None = None
    score: float | None = None
    answers: tuple[Answer, ...] = ()
    transcript: tuple[Line, ...] = ()
    report: FileReference | None = None
