"""Builders: each gives a whole value, and takes by keyword what a test speaks of.

All people and secrets here are canaries: made up, found nowhere else, so that any output can be searched for them.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import attrs

from domain.attachment import Attachment, FileReference, reference_to
from domain.call_result import CallOutcome, CallResult, Line
from domain.candidate import Candidate
from domain.custom_field import FieldDefinition, FieldKind
from domain.effect import UNTAGGED, Effect, EffectKind, Target
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from domain.job import Job, JobStatus
from domain.job_application import Application, DispositionReason, Stage, Standing, in_stage
from domain.note import Note, heading, paragraph
from domain.policy import Policy, RecordType
from domain.screening import Answer, Screening, Verdict
from domain.writeback import Facts
from ports.attempt import Attempt
from ports.errors import LeaseLostError

FIRST_NAME = "Zelpha"
LAST_NAME = "Quibbleworth"
EMAIL = "zelpha.quibbleworth@canary.invalid"
PHONE = "+12025550187"
OTHER_LAST_NAME = "Vandersprocket"
OTHER_EMAIL = "ottoline.vandersprocket@canary.invalid"
OTHER_PHONE = "+12025550143"
SPOKEN = "my grandmother's heliotrope bicycle"
API_SECRET = "canary-secret-7Qx2mVd0Lz"
PASSWORD = "canary-password-R4tTl3Sn4ke"
CANARIES = (LAST_NAME, EMAIL, PHONE, OTHER_LAST_NAME, OTHER_EMAIL, OTHER_PHONE, SPOKEN, API_SECRET, PASSWORD)

JOB, OTHER_JOB = JobId("job-1"), JobId("job-2")
CANDIDATE, OTHER_CANDIDATE = CandidateId("cand-1"), CandidateId("cand-2")
APPLICATION, OTHER_APPLICATION = ApplicationId("app-1"), ApplicationId("app-2")
APPLIED, SCREENED, INTERVIEW, PIPELINE, HIRED = map(StageId, ("applied", "screened", "interview", "pipeline", "hired"))
NOT_QUALIFIED, RETIRED_REASON = ReasonId("not-qualified"), ReasonId("retired")
SCREENED_TAG = TagId("phone-screened")
SALARY, START, SHIFT, FORKLIFT, SHARE = map(FieldId, ("salary", "start", "shift", "forklift", "share"))
PIPELINE_BARRED = "the ATS lets nobody in from outside"

ON_APPLICATION = Target(RecordType.APPLICATION, APPLICATION)
ON_CANDIDATE = Target(RecordType.CANDIDATE, CANDIDATE)
ON_JOB = Target(RecordType.JOB, JOB)
MARKER = "3f9c1a2b4d5e"

STAGES = (
    Stage(id=APPLIED, name="Applied", order=1),
    Stage(id=SCREENED, name="Screened", order=2),
    Stage(id=INTERVIEW, name="Interview", order=3),
    Stage(id=PIPELINE, name="Pipeline", order=4, barred=PIPELINE_BARRED),
    Stage(id=HIRED, name="Hired", order=5, terminal=True),
)
REASONS = (
    DispositionReason(id=NOT_QUALIFIED, name="Not qualified"),
    DispositionReason(id=RETIRED_REASON, name="Position moved", active=False),
)
FIELDS = (
    FieldDefinition(id=SALARY, name="Expected salary", kind=FieldKind.NUMBER),
    FieldDefinition(id=START, name="Can start", kind=FieldKind.DATE),
    FieldDefinition(id=SHIFT, name="Shift", kind=FieldKind.CHOICE, options=("Day", "Night")),
    FieldDefinition(id=FORKLIFT, name="Forklift licence", kind=FieldKind.BOOLEAN),
    FieldDefinition(id=SHARE, name="Headcount", kind=FieldKind.INTEGER),
)
_YESTERDAY = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


def a_job(**changes: Any) -> Job:
    job = Job(id=JOB, title="Night Welder", status=JobStatus.OPEN, company="Acme", changed_at=_YESTERDAY)
    return attrs.evolve(job, **changes)


def a_candidate(**changes: Any) -> Candidate:
    candidate = Candidate(
        id=CANDIDATE,
        first_name=FIRST_NAME,
        last_name=LAST_NAME,
        emails=(EMAIL,),
        phones=(PHONE,),
        changed_at=_YESTERDAY,
    )
    return attrs.evolve(candidate, **changes)


def an_application(**changes: Any) -> Application:
    application = Application(
        id=APPLICATION, job_id=JOB, candidate_id=CANDIDATE, stage_id=APPLIED, changed_at=_YESTERDAY
    )
    return attrs.evolve(application, **changes)


def a_pdf(text: str = "Screening report") -> bytes:
    """The smallest thing that passes for a PDF: its first bytes and its end mark."""
    return b"%PDF-1.7\n% " + text.encode() + b"\ntrailer\n%%EOF\n"


def a_file(**changes: Any) -> Attachment:
    return attrs.evolve(
        Attachment(filename="report.pdf", media_type="application/pdf", content=a_pdf()),
        **changes,
    )


@cache
def a_report() -> FileReference:
    return reference_to(a_file())


def a_call_result(**changes: Any) -> CallResult:
    result = CallResult(
        call_id="call-1",
        application_id=APPLICATION,
        candidate_id=CANDIDATE,
        job_id=JOB,
        started_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 21, 9, 12, tzinfo=UTC),
        outcome=CallOutcome.COMPLETED,
        verdict=Verdict.PASSED,
        score=82.5,
        summary=f"{FIRST_NAME} has six years of TIG welding.",
        answers=(Answer(question="forklift", text="Do you hold a forklift licence?", answer="Yes"),),
        transcript=(Line(speaker="candidate", at_s=3.5, text=f"I came on {SPOKEN}."),),
        report=a_report(),
    )
    return attrs.evolve(result, **changes)


def a_screening(**changes: Any) -> Screening:
    screening = Screening(
        screening_id="screening-1",
        application_id=APPLICATION,
        candidate_id=CANDIDATE,
        answers=(Answer(question="forklift", answer="Yes"),),
        score=82.5,
    )
    return attrs.evolve(screening, **changes)


def a_policy(**changes: Any) -> Policy:
    return attrs.evolve(Policy(), **changes)


def a_note(text: str = "Called, will call again.", **changes: Any) -> Note:
    return attrs.evolve(Note(blocks=(heading("Phone screen"), paragraph(text))), **changes)


def some_facts(**changes: Any) -> Facts:
    """Everything can be done; the application stands in `applied`, and nobody is tagged."""
    definitions = {definition.id: definition for definition in FIELDS}
    facts = Facts(
        standings={APPLICATION: Standing(stage=APPLIED, candidate=CANDIDATE)},
        stages={stage.id: stage for stage in STAGES},
        reasons={reason.id: reason for reason in REASONS},
        tags={CANDIDATE: frozenset()},
        definitions=dict.fromkeys(RecordType, definitions),
        screened_tag=SCREENED_TAG,
        screened_status=SCREENED,
    )
    return attrs.evolve(facts, **changes)


def an_effect(kind: EffectKind = EffectKind.NOTE, **changes: Any) -> Effect:
    return attrs.evolve(_EFFECTS[kind], **changes)


def _effect(kind: EffectKind, target: Target, **parts: Any) -> Effect:
    return Effect(slot=f"{kind}@{target.type}", kind=kind, target=target, **parts)


_EFFECTS = {
    effect.kind: effect
    for effect in (
        _effect(EffectKind.NOTE, ON_APPLICATION, note=a_note()),
        _effect(EffectKind.FILE, ON_APPLICATION, file=a_report()),
        _effect(EffectKind.FIELD, ON_CANDIDATE, field=SALARY, value="5200", before=("",)),
        _effect(EffectKind.TAG, ON_CANDIDATE, value=SCREENED_TAG, before=(UNTAGGED,)),
        _effect(EffectKind.STATUS, ON_APPLICATION, value=SCREENED, before=(in_stage(APPLIED),)),
        _effect(EffectKind.STAGE, ON_APPLICATION, value=INTERVIEW, before=(in_stage(APPLIED),)),
        _effect(EffectKind.REJECTION, ON_APPLICATION, value=NOT_QUALIFIED, before=(in_stage(APPLIED),)),
        _effect(EffectKind.APPLICATION, ON_CANDIDATE, value=JOB),
        _effect(EffectKind.RESULT_LINK, ON_APPLICATION),
        _effect(EffectKind.WEBHOOK, ON_CANDIDATE),
    )
}


class RecordingAttempt(Attempt):
    """Notes each time it was begun; a lost lease lets nothing leave."""

    def __init__(self, marker: str = MARKER, *, lease_lost: bool = False) -> None:
        self._marker = marker
        self._lease_lost = lease_lost
        self.begun: list[float] = []

    @property
    def marker(self) -> str:
        return self._marker

    async def begin(self, seconds: float) -> None:
        if self._lease_lost:
            raise LeaseLostError("another worker holds the command")
        self.begun.append(seconds)


def an_attempt(marker: str = MARKER, *, lease_lost: bool = False) -> RecordingAttempt:
    return RecordingAttempt(marker, lease_lost=lease_lost)
