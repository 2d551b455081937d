"""The real TempWorks adapter over sockets to the sandbox; what is known of the world is the sandbox's own state."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs

from adapters.deps import Deps
from adapters.providers import entry
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import verified
from adapters.turns.in_process import InProcessTurns
from domain.custom_field import FieldKind
from domain.effect import Target
from domain.ids import ApplicationId, CandidateId, ConnectionId, FieldId, JobId, ReasonId, StageId, TagId
from domain.policy import RecordType
from entrypoints.sandbox import people
from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from entrypoints.sandbox.tempworks.noted import of_assignment, on_order
from entrypoints.sandbox.tempworks.properties import ASSIGNMENT, EMPLOYEE, JOB_ORDER, property_id
from entrypoints.sandbox.tempworks.state import State, add_assignment
from ports.gateway import Provider
from tests.clocks import FakeClock
from tests.rigs.rig import LATE_SECONDS, FieldCase, Person, Rig, Trouble, World

RECORDS = 12
_FAULTS = {
    Trouble.DONE: "done_reply_lost",
    Trouble.NOT_DONE: "not_done_reply_lost",
    Trouble.LATE: "late_effect",
}
_NOBODY = "999999999"
_SMALL = {"page_size": "5", "search_page_size": "5"}


@asynccontextmanager
async def tempworks(*, hollow: bool = False) -> AsyncIterator[Rig]:
    """Small pages, so that lists have several."""
    clock = FakeClock()
    known = entry(Provider.TEMPWORKS)
    async with running(records=RECORDS, rate_limit=None, clock=clock.now, hollow=hollow) as sandbox:
        settings: dict[str, Any] = {**sandbox.connection["settings"], "assumed": _SMALL}
        async with verified() as checked:
            deps = Deps(turns=InProcessTurns(clock), clock=clock, retry=RetryPolicy(), verified=checked)
            gateway = known.connect(ConnectionId("con_rig"), settings, sandbox.connection["credentials"], deps)
            yield Rig(name="tempworks", gateway=gateway, world=_world(sandbox, clock))


def _world(sandbox: TempWorksSandbox, clock: FakeClock) -> World:
    """Of candidates on orders the API tells when they were added, not when their status changed: that is the last
    change which a reader can know of.
    """
    state, first = sandbox.world.state, people.people(RECORDS)[0]
    candidates, assignments = list(state.candidates.values()), list(state.assignments.values())
    persons, jobs = list(state.employees.values()), list(state.job_orders.values())
    person = CandidateId(str(persons[0].number))
    on = {ApplicationId(on_order(one)[1]): one for one in candidates}
    of = {ApplicationId(of_assignment(one.number)[1]): one for one in assignments}
    return World(
        writes=lambda: sandbox.writes,
        lose_next_reply=lambda trouble: sandbox.faults.arm(_FAULTS[trouble], after_s=LATE_SECONDS),
        advance=clock.advance,
        overlap_seconds=660,  # ten minutes, and the seconds that the API cuts off
        jobs={_job(one): one.modified for one in jobs},
        open_jobs=frozenset(_job(one) for one in jobs if one.is_active),
        applications={**{key: one.added for key, one in on.items()}, **{key: one.modified for key, one in of.items()}},
        job_of={
            **{key: JobId(str(one.job)) for key, one in on.items()},
            **{key: JobId(str(one.job)) for key, one in of.items()},
        },
        candidates={CandidateId(str(one.number)): one.modified for one in persons},
        job=_job(jobs[0]),
        job_title=jobs[0].title,
        job_not_applied_for=_job(jobs[1]),
        person=Person(
            id=person,
            first_name=first.first,
            last_name=first.last,
            email=persons[0].email or "",
            phone=persons[0].phone or "",
        ),
        resume=people.pdf(f"{first.first} {first.last}, version 2"),
        without_resume=CandidateId(str(persons[1].number)),
        application=ApplicationId(on_order(candidates[0])[1]),
        other_application=ApplicationId(on_order(candidates[1])[1]),
        ended_application=ApplicationId(on_order(next(one for one in candidates if one.status == 8))[1]),
        stage=StageId("candidate:3"),
        stage_to_enter=StageId("candidate:5"),
        barred_stage=StageId("candidate:12"),
        reason=ReasonId("candidate:9"),
        inactive_reason=ReasonId("candidate:11"),
        tag=TagId("none"),
        fields={
            RecordType.CANDIDATE: _fields(EMPLOYEE),
            RecordType.JOB: _fields(JOB_ORDER),
            RecordType.APPLICATION: _fields(ASSIGNMENT),
        },
        no_job=JobId(_NOBODY),
        no_candidate=CandidateId(_NOBODY),
        no_application=ApplicationId(f"candidate:{_NOBODY}-{_NOBODY}"),
        no_stage=StageId("candidate:999"),
        no_reason=ReasonId("candidate:999"),
        no_tag=TagId("nothing"),
        no_field=FieldId("00000000-0000-4000-8000-000000000000"),
        undated=frozenset({"job_feed", "application_feed", "candidate_feed", "job_lookup"}),
        looser=frozenset({"application_feed"}),
        elsewhere={"application_files": Target(RecordType.CANDIDATE, person)},
        with_fields=next(iter(of)),
        no_fields=ApplicationId(f"assignment:{_NOBODY}"),
        remove=lambda feed, record: _remove(state, feed, record),
        add=lambda feed: _add(state, feed),
    )


def _remove(state: State, feed: str, record: str) -> None:
    if record.startswith("candidate:"):
        one = state.candidates.pop(int(record.rpartition("-")[2]))
        state.candidates_of_job[one.job].remove(one)
        state.candidates_of_employee[one.employee].remove(one)
    elif feed == "application_feed":
        ended = state.assignments.pop(int(record.removeprefix("assignment:")))
        state.assignments_of[ended.employee].remove(ended)
    else:
        held: Any = state.job_orders if feed == "job_feed" else state.employees
        del held[int(record)]


def _add(state: State, feed: str) -> None:
    if feed == "application_feed":
        assignment = attrs.evolve(next(iter(state.assignments.values())), number=max(state.assignments) + 1)
        add_assignment(state, assignment)
    else:
        held: Any = state.job_orders if feed == "job_feed" else state.employees
        held[max(held) + 1] = attrs.evolve(next(iter(held.values())), number=max(held) + 1)


def _job(one: Any) -> JobId:
    return JobId(str(one.number))


def _fields(kind: str) -> tuple[FieldCase, ...]:
    """Each kind of record has one field of each type, called alike."""
    cases = (
        ("Is screened", FieldKind.BOOLEAN, "true", "true"),
        ("Available from", FieldKind.DATE, "2026-12-01", "2026-12-01T00:00:00"),
        ("Screened at", FieldKind.TEXT, "2026-11-21T09:30:00", "2026-11-21T09:30:00"),
        ("Score", FieldKind.NUMBER, "28.5", "28.5"),
        ("Outside id", FieldKind.TEXT, "ff5fc2de-5b6a-4bc4-8735-457481ecba03", "ff5fc2de-5b6a-4bc4-8735-457481ecba03"),
        ("Years", FieldKind.INTEGER, "-7", "-7"),
        ("Wished pay", FieldKind.NUMBER, "24", "24"),
        ("Shift", FieldKind.CHOICE, "Day", "Day"),
        ("Languages", FieldKind.CHOICE, "Français", '["Français"]'),
        ("Remark", FieldKind.TEXT, 'Six years & <b>no</b> "fear"', 'Six years & <b>no</b> "fear"'),
        ("Best hour", FieldKind.TEXT, "11:00:00", "11:00:00"),
    )
    return tuple(
        FieldCase(field=FieldId(property_id(kind, name)), kind=of_kind, value=value, kept=kept)
        for name, of_kind, value, kept in cases
    )
