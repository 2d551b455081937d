"""The ATS in memory: what use cases are tested with must keep the same promises as the real adapters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from domain.custom_field import FieldKind
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from domain.job import JobDetail, JobStatus
from domain.job_application import Outcome
from domain.policy import RecordType
from ports.errors import OutcomeUnknownError
from tests import builders as b
from tests.clocks import FakeClock
from tests.memory_ats import Fate, MemoryAts, State, a_state
from tests.memory_gateway import memory_gateway
from tests.rigs.rig import LATE_SECONDS, FieldCase, Person, Rig, Trouble, World

_ENDED, _THIRD_JOB = ApplicationId("app-3"), JobId("job-3")
_FIRST_CHANGE = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
_FIELDS = (
    FieldCase(field=b.SALARY, kind=FieldKind.NUMBER, value="5200.5", kept="5200.5"),
    FieldCase(field=b.START, kind=FieldKind.DATE, value="2026-12-01", kept="2026-12-01"),
    FieldCase(field=b.SHIFT, kind=FieldKind.CHOICE, value="Night", kept="Night"),
    FieldCase(field=b.FORKLIFT, kind=FieldKind.BOOLEAN, value="true", kept="true"),
    FieldCase(field=b.SHARE, kind=FieldKind.INTEGER, value="3", kept="3"),
)


@asynccontextmanager
async def memory(*, hollow: bool = False) -> AsyncIterator[Rig]:
    """The gateway in memory."""
    clock = FakeClock()
    ats = MemoryAts(state=_state(), clock=clock, hollow=hollow)
    yield Rig(name="memory", gateway=memory_gateway(ats), world=_world(ats, clock))


def _lose_reply(ats: MemoryAts, trouble: Trouble) -> None:
    fate = {Trouble.DONE: Fate.DONE, Trouble.NOT_DONE: Fate.NOT_DONE, Trouble.LATE: Fate.LATER}[trouble]
    ats.fail_next(OutcomeUnknownError("the reply was lost"), fate=fate, after=LATE_SECONDS)


def _state() -> State:
    """Records changed at different days; one job is closed, one application has ended."""
    state = a_state()
    ended = b.an_application(id=_ENDED, job_id=b.OTHER_JOB, candidate_id=b.OTHER_CANDIDATE, stage_id=b.HIRED)
    state.applications[_ENDED] = ended
    state.ended[_ENDED] = (Outcome.CLOSED, None)
    for days, (job_id, detail) in enumerate(state.jobs.items()):
        status = JobStatus.CLOSED if job_id == b.OTHER_JOB else JobStatus.OPEN
        changed = attrs.evolve(detail.job, changed_at=_FIRST_CHANGE + timedelta(days=days), status=status)
        state.jobs[job_id] = JobDetail(job=changed)
    for days, application in enumerate(state.applications.values()):
        changed_at = _FIRST_CHANGE + timedelta(days=days)
        state.applications[application.id] = attrs.evolve(application, changed_at=changed_at)
    for days, person in enumerate(state.candidates.values()):
        state.candidates[person.id] = attrs.evolve(person, changed_at=_FIRST_CHANGE + timedelta(days=days))
    return state


def _world(ats: MemoryAts, clock: FakeClock) -> World:
    state = ats.state
    return World(
        writes=lambda: ats.writes,
        lose_next_reply=lambda trouble: _lose_reply(ats, trouble),
        advance=clock.advance,
        overlap_seconds=0,
        jobs={key: detail.job.changed_at or _FIRST_CHANGE for key, detail in state.jobs.items()},
        open_jobs=frozenset({b.JOB, _THIRD_JOB}),
        applications={key: one.changed_at or _FIRST_CHANGE for key, one in state.applications.items()},
        job_of={key: one.job_id for key, one in state.applications.items()},
        candidates={key: one.changed_at or _FIRST_CHANGE for key, one in state.candidates.items()},
        job=b.JOB,
        job_title="Night Welder",
        job_not_applied_for=_THIRD_JOB,
        person=Person(id=b.CANDIDATE, first_name=b.FIRST_NAME, last_name=b.LAST_NAME, email=b.EMAIL, phone=b.PHONE),
        resume=state.resumes[b.CANDIDATE].content,
        without_resume=b.OTHER_CANDIDATE,
        application=b.APPLICATION,
        other_application=b.OTHER_APPLICATION,
        ended_application=_ENDED,
        stage=b.APPLIED,
        stage_to_enter=b.SCREENED,
        barred_stage=b.PIPELINE,
        reason=b.NOT_QUALIFIED,
        inactive_reason=b.RETIRED_REASON,
        tag=b.SCREENED_TAG,
        fields=dict.fromkeys(RecordType, _FIELDS),
        no_job=JobId("job-404"),
        no_candidate=CandidateId("cand-404"),
        no_application=ApplicationId("app-404"),
        no_stage=StageId("nowhere"),
        no_reason=ReasonId("nothing"),
        no_tag=TagId("unheard-of"),
        no_field=FieldId("unheard-of"),
        remove=lambda feed, record: _held(state, feed).pop(record),
        add=lambda feed: _add(_held(state, feed)),
    )


def _held(state: State, feed: str) -> Any:
    return {"job_feed": state.jobs, "application_feed": state.applications, "candidate_feed": state.candidates}[feed]


def _add(held: Any) -> None:
    last = list(held.values())[-1]
    one = JobDetail(job=attrs.evolve(last.job, id=JobId("added"))) if isinstance(last, JobDetail) else None
    held["added"] = one or attrs.evolve(last, id="added")
