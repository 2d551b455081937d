"""The real Avionté adapter over sockets to the emulated Kombo; what is known of the world is the sandbox's own data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.deps import Deps
from adapters.providers import entry
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import verified
from adapters.turns.in_process import InProcessTurns
from domain.custom_field import FieldKind
from domain.ids import ApplicationId, CandidateId, ConnectionId, FieldId, JobId, ReasonId, StageId, TagId
from domain.policy import RecordType
from entrypoints.sandbox import people
from entrypoints.sandbox.kombo import KomboSandbox, running
from entrypoints.sandbox.kombo.catalogue import FIRST_FIELD, PIPELINE, WEB_APPLICATION
from entrypoints.sandbox.kombo.fixtures import AVIONTE
from ports.errors import InvalidInputError
from ports.gateway import Provider
from tests.clocks import FakeClock
from tests.rigs.rig import LATE_SECONDS, FieldCase, Person, Rig, Trouble, World

RECORDS = 12
_FAULTS = {
    Trouble.DONE: "done_reply_lost",
    Trouble.NOT_DONE: "not_done_reply_lost",
    Trouble.LATE: "late_effect",
}
_NOBODY = 999_999
_ENDED = 10
"""The first application of the sandbox whose person was hired."""
_SCREENED = 4
"""A stage that may be entered."""
_TAG = "Screened by phone"
_TEXT = 'Six years & <b>no</b> "fear"\nof heights: 高所'


@asynccontextmanager
async def avionte(*, hollow: bool = False) -> AsyncIterator[Rig]:
    """Small pages, so that lists have several."""
    clock = FakeClock()
    async with running(records=RECORDS, rate_limit=None, clock=clock.now, hollow=hollow) as sandbox:
        settings: dict[str, Any] = {**sandbox.connection["settings"], "tag": _TAG, "assumed": {"page_size": "5"}}
        async with verified() as checked:
            deps = Deps(turns=InProcessTurns(clock), clock=clock, retry=RetryPolicy(), verified=checked)
            known = entry(Provider.AVIONTE)
            gateway = known.connect(ConnectionId("con_rig"), settings, sandbox.credentials, deps)
            yield Rig(name="avionte", gateway=gateway, world=_world(sandbox, clock))


def _world(sandbox: KomboSandbox, clock: FakeClock) -> World:
    ids = sandbox.state.integrations[":".join(AVIONTE)].ids
    jobs, persons, applications = people.jobs(RECORDS), people.people(RECORDS), people.applications(RECORDS)
    first = persons[0]
    applied_for = {one.job for one in applications if one.person == 0}

    def job(number: int) -> JobId:
        return JobId(ids.of("job", number))

    def application(number: int) -> ApplicationId:
        return ApplicationId(ids.of("application", number))

    def candidate(number: int) -> CandidateId:
        return CandidateId(ids.of("candidate", number))

    return World(
        writes=lambda: sandbox.writes,
        lose_next_reply=lambda trouble: sandbox.faults.arm(_FAULTS[trouble], after_s=LATE_SECONDS),
        advance=clock.advance,
        overlap_seconds=3600,
        jobs={job(one.number): one.changed for one in jobs},
        open_jobs=frozenset(job(one.number) for one in jobs if one.open),
        applications={application(one.number): one.changed for one in applications},
        job_of={application(one.number): job(one.job) for one in applications},
        candidates={candidate(one.number): one.changed for one in persons},
        job=job(0),
        job_title=jobs[0].title,
        job_not_applied_for=job(next(one.number for one in jobs if one.open and one.number not in applied_for)),
        person=Person(
            id=candidate(0),
            first_name=first.first,
            last_name=f"{first.middle} {first.last}" if first.middle else first.last,
            email=first.emails[0].value,
            phone=first.phones[0].value,
        ),
        resume=people.pdf(f"{first.first} {first.last}, version 2"),
        without_resume=candidate(1),
        application=application(0),
        other_application=application(1),
        ended_application=application(_ENDED),
        stage=StageId(ids.of("stage", WEB_APPLICATION)),
        stage_to_enter=StageId(ids.of("stage", _SCREENED)),
        barred_stage=StageId(ids.of("stage", PIPELINE)),
        reason=ReasonId(ids.of("reason", 0)),
        inactive_reason=ReasonId(ids.of("reason", 3)),
        tag=TagId(_TAG),
        fields={kind: _fields(FIRST_FIELD[kind]) for kind in RecordType},
        no_job=job(_NOBODY),
        no_candidate=candidate(_NOBODY),
        no_application=application(_NOBODY),
        no_stage=StageId(ids.of("stage", _NOBODY)),
        no_reason=ReasonId(ids.of("reason", _NOBODY)),
        no_tag=None,
        no_field=FieldId("999"),
        nameless=frozenset({"application_notes", "application_files", "candidate_files", "result_links"}),
        refuses_ended_with=InvalidInputError,
    )


def _fields(first: int) -> tuple[FieldCase, ...]:
    """Each kind of record has one field of each type, numbered alike."""
    cases = (
        (0, FieldKind.CHOICE, "Day", "Day"),
        (1, FieldKind.NUMBER, "28.5", "28.5"),
        (2, FieldKind.TEXT, _TEXT, _TEXT),
        (3, FieldKind.DATE, "2026-12-01", "2026-12-01"),
        (4, FieldKind.BOOLEAN, "true", "true"),
        (5, FieldKind.NUMBER, "-7", "-7"),
        (6, FieldKind.TEXT, "Nights", "Nights"),
        (7, FieldKind.CHOICE, "French", '["French"]'),
        (8, FieldKind.TEXT, "as it is", "as it is"),
    )
    return tuple(
        FieldCase(field=FieldId(str(first + at)), kind=kind, value=value, kept=kept) for at, kind, value, kept in cases
    )
