"""The real eRecruit adapter over sockets to the sandbox; what is known of the world is the sandbox's own data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.deps import Deps
from adapters.providers import entry
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import legacy, verified
from adapters.turns.in_process import InProcessTurns
from domain.custom_field import FieldKind
from domain.ids import ApplicationId, CandidateId, ConnectionId, FieldId, JobId, ReasonId, StageId, TagId
from domain.policy import RecordType
from entrypoints.sandbox import people
from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from entrypoints.sandbox.erecruit.fixtures import CANDIDATE, POSITION, SUBMISSION
from entrypoints.sandbox.erecruit.state import Table
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
_ENDED = 10
"""The first application of the sandbox that was placed."""


@asynccontextmanager
async def erecruit(*, hollow: bool = False) -> AsyncIterator[Rig]:
    """Small pages, so that lists have several."""
    clock = FakeClock()
    known = entry(Provider.ERECRUIT)
    async with running(records=RECORDS, rate_limit=None, clock=clock.now, hollow=hollow) as sandbox:
        settings: dict[str, Any] = {**sandbox.connection["settings"], "assumed": {"page_size": "5"}}
        async with verified() as checked, legacy(settings["legacy_url"]) as unchecked:
            deps = Deps(
                turns=InProcessTurns(clock), clock=clock, retry=RetryPolicy(), verified=checked, legacy=unchecked
            )
            gateway = known.connect(ConnectionId("con_rig"), settings, sandbox.credentials, deps)
            yield Rig(name="erecruit", gateway=gateway, world=_world(sandbox, clock))


def _world(sandbox: ErecruitSandbox, clock: FakeClock) -> World:
    jobs, persons, applications = people.jobs(RECORDS), people.people(RECORDS), people.applications(RECORDS)
    first = persons[0]
    return World(
        writes=lambda: sandbox.writes,
        lose_next_reply=lambda trouble: sandbox.faults.arm(_FAULTS[trouble], after_s=LATE_SECONDS),
        advance=clock.advance,
        overlap_seconds=7200,
        jobs={_job(job.number): job.changed for job in jobs},
        open_jobs=frozenset(_job(job.number) for job in jobs if job.open),
        applications={_application(one.number): one.changed for one in applications},
        job_of={_application(one.number): _job(one.job) for one in applications},
        candidates={CandidateId(str(CANDIDATE + person.number)): person.changed for person in persons},
        job=_job(0),
        job_title=jobs[0].title,
        job_not_applied_for=_job(1),
        person=Person(
            id=CandidateId(str(CANDIDATE)),
            first_name=first.first,
            last_name=first.last,
            email=first.emails[0].value,
            phone=first.phones[0].value,
        ),
        resume=people.pdf(f"{first.first} {first.last}, version 2"),
        without_resume=CandidateId(str(CANDIDATE + 1)),
        application=_application(0),
        other_application=_application(1),
        ended_application=_application(_ENDED),
        stage=StageId("90"),
        stage_to_enter=StageId("101"),
        barred_stage=None,
        reason=ReasonId("14"),
        inactive_reason=ReasonId("16"),
        tag=TagId("65880"),
        fields={
            RecordType.CANDIDATE: _fields(41, "Day"),
            RecordType.JOB: _fields(51, "English"),
            RecordType.APPLICATION: _fields(61, "Review"),
        },
        no_job=JobId(_NOBODY),
        no_candidate=CandidateId(_NOBODY),
        no_application=ApplicationId(_NOBODY),
        no_stage=StageId("999"),
        no_reason=ReasonId("999"),
        no_tag=TagId("999"),
        no_field=FieldId("999"),
        remove=lambda feed, record: _table(sandbox, feed).remove(int(record)),
        add=lambda feed: _add(_table(sandbox, feed), sandbox.state.local(clock.now())),
    )


def _table(sandbox: ErecruitSandbox, feed: str) -> Table:
    state = sandbox.state
    return {"job_feed": state.positions, "application_feed": state.submissions, "candidate_feed": state.contacts}[feed]


def _add(table: Table, now: str) -> None:
    table.put({**table.ordered()[0], "ID": table.next_id(), "ModifiedOn": now})


def _job(number: int) -> JobId:
    return JobId(str(POSITION + number))


def _application(number: int) -> ApplicationId:
    return ApplicationId(str(SUBMISSION + number))


def _fields(first: int, choice: str) -> tuple[FieldCase, ...]:
    """Each kind of record has one field of each type, numbered alike."""
    cases = (
        (FieldKind.BOOLEAN, "true", "True"),
        (FieldKind.CHOICE, choice, choice),
        (FieldKind.INTEGER, "-7", "-7"),
        (FieldKind.NUMBER, "28.5", "28.5"),
        (
            FieldKind.TEXT,
            'Six years & <b>no</b> "fear"\nof heights: 高所',
            'Six years & <b>no</b> "fear"\nof heights: 高所',
        ),
    )
    return tuple(
        FieldCase(field=FieldId(str(first + at)), kind=kind, value=value, kept=kept)
        for at, (kind, value, kept) in enumerate(cases)
    )
