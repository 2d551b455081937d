"""The real Kombo adapter over sockets to the sandbox; what is known of the world is the sandbox's own data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import attrs

from adapters.rest.retry import RetryPolicy
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from entrypoints.sandbox import people
from entrypoints.sandbox.kombo import KomboSandbox, running
from entrypoints.sandbox.kombo.fixtures import HIRED, PLAIN
from entrypoints.sandbox.kombo.ids import Ids
from entrypoints.sandbox.kombo.state import Integration
from entrypoints.sandbox.kombo.store import Store, truly
from ports.errors import InvalidInputError
from tests.clocks import FakeClock
from tests.kombo.rig import opened
from tests.rigs.rig import LATE_SECONDS, Person, Rig, Trouble, World

RECORDS = 12
_FAULTS = {
    Trouble.DONE: "done_reply_lost",
    Trouble.NOT_DONE: "not_done_reply_lost",
    Trouble.LATE: "late_effect",
}
NAMELESS = frozenset({"application_notes", "application_files", "candidate_files", "result_links"})
"""What Kombo answers without an id."""
_NOBODY = 999_999
NEW_TAG = "Phone screened"


@asynccontextmanager
async def kombo(*, hollow: bool = False) -> AsyncIterator[Rig]:
    """Small pages, so that lists have several."""
    clock = FakeClock()
    async with running(records=RECORDS, rate_limit=None, clock=clock.now, hollow=hollow) as sandbox:
        settings: dict[str, Any] = {"tag": NEW_TAG, "assumed": {"page_size": "5"}}
        async with opened(sandbox.connection_kombo, clock=clock, retry=RetryPolicy(), **settings) as gateway:
            yield Rig(name="kombo", gateway=gateway, world=world(sandbox, clock, PLAIN))


def world(sandbox: KomboSandbox, clock: FakeClock, integration: tuple[str, str]) -> World:
    """One integration's world."""
    ids, office = Ids(":".join(integration)), sandbox.state.integrations[":".join(integration)]
    jobs, persons, applications = people.jobs(RECORDS), people.people(RECORDS), people.applications(RECORDS)
    first = persons[0]

    def job(number: int) -> JobId:
        return JobId(ids.of("job", number))

    def application(number: int) -> ApplicationId:
        return ApplicationId(ids.of("application", number))

    def candidate(number: int) -> CandidateId:
        return CandidateId(ids.of("candidate", number))

    def stage(number: int) -> StageId:
        return StageId(ids.of("stage", number))

    return World(
        writes=lambda: sandbox.writes,
        lose_next_reply=lambda trouble: sandbox.faults.arm(_FAULTS[trouble], after_s=LATE_SECONDS),
        advance=clock.advance,
        overlap_seconds=3600,
        jobs={job(one.number): one.changed for one in jobs},
        open_jobs=frozenset(job(one.number) for one in jobs if one.open),
        applications={application(one.number): one.changed for one in applications},
        job_of={application(one.number): job(one.job) for one in applications},
        candidates={candidate(person.number): person.changed for person in persons},
        job=job(0),
        job_title=jobs[0].title,
        job_not_applied_for=job(1),
        person=Person(
            id=candidate(0),
            first_name=first.first,
            last_name=first.last,
            email=first.emails[0].value,
            phone=first.phones[0].value,
        ),
        resume=people.pdf(f"{first.first} {first.last}, version 2"),
        without_resume=candidate(1),
        application=application(0),
        other_application=application(1),
        ended_application=application(HIRED),
        stage=stage(0),
        stage_to_enter=stage(1),
        barred_stage=None,
        reason=ReasonId(ids.of("reason", 0)),
        inactive_reason=ReasonId(ids.of("reason", 3)),
        tag=TagId(NEW_TAG),
        fields={},
        no_job=job(_NOBODY),
        no_candidate=candidate(_NOBODY),
        no_application=application(_NOBODY),
        no_stage=stage(_NOBODY),
        no_reason=ReasonId(ids.of("reason", _NOBODY)),
        no_tag=None,
        no_field=FieldId("999"),
        nameless=NAMELESS,
        refuses_ended_with=InvalidInputError,
        remove=lambda feed, record: _remove(office, feed.removesuffix("_feed"), record, clock.now()),
        add=lambda feed: _add(getattr(office, f"{feed.removesuffix('_feed')}s"), clock.now()),
    )


def _remove(office: Integration, model: str, record: str, now: datetime) -> None:
    store: Store[Any] = getattr(office, f"{model}s")
    number = office.ids.number(model, record)
    assert number is not None
    store.put(number, attrs.evolve(truly(store, number), deleted=now), now)


def _add(store: Store[Any], now: datetime) -> None:
    last = truly(store, store.size - 1)
    store.add(lambda number: attrs.evolve(last, number=number), now)
