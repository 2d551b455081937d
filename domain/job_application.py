"""Applications: a candidate's way through the stages of a job."""

from datetime import datetime
from enum import StrEnum

import attrs

from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId


@attrs.frozen(kw_only=True)
class Application:
    """One candidate's application for one job."""

    id: ApplicationId
    job_id: JobId
    candidate_id: CandidateId
    stage_id: StageId | None = None
    stage_text: str | None = None
    source: str | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Stage:
    """A place in the workflow. `barred` says why it cannot be entered from outside."""

    id: StageId
    name: str
    order: int = 0
    rejected: bool = False
    terminal: bool = False
    barred: str | None = None


@attrs.frozen(kw_only=True)
class DispositionReason:
    """Why an application is rejected. An inactive one may not be used any more."""

    id: ReasonId
    name: str
    active: bool = True


class Outcome(StrEnum):
    """Whether an application is still on its way."""

    OPEN = "open"
    REJECTED = "rejected"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class Standing:
    """Where an application stands right now. `closed` is any end other than a rejection."""

    stage: StageId | None
    outcome: Outcome = Outcome.OPEN
    reason: ReasonId | None = None
    candidate: CandidateId | None = None

    @property
    def value(self) -> str:
        """The standing as one text, to be compared with what is wanted."""
        if self.outcome is Outcome.REJECTED:
            return rejected_for(self.reason)
        return in_stage(self.stage)


def in_stage(stage: StageId | None) -> str:
    return f"stage:{stage or ''}"


def rejected_for(reason: ReasonId | None) -> str:
    return f"rejected:{reason or ''}"
