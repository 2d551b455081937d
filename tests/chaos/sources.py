"""Sandboxes as pulls see them: what is truly in them, and what people change there between two pulls."""

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, TypeAlias

import attrs

from domain.candidate import Candidate
from domain.job import Job
from domain.policy import RecordType
from domain.pull import Change, Record
from entrypoints.sandbox import erecruit, kombo, tempworks
from entrypoints.sandbox.erecruit.catalogue import SUBMISSION_STATUSES
from entrypoints.sandbox.erecruit.fixtures import CANDIDATE as FIRST_CANDIDATE
from entrypoints.sandbox.kombo import recruiter as kombo_recruiter
from entrypoints.sandbox.kombo.fixtures import AVIONTE
from entrypoints.sandbox.sandbox import Sandbox
from entrypoints.sandbox.tempworks import recruiter as tempworks_recruiter
from entrypoints.sandbox.tempworks.catalogue import SCREENED
from entrypoints.sandbox.tempworks.noted import on_order
from ports.gateway import Provider

Names: TypeAlias = Mapping[RecordType, Mapping[str, str | None]]
"""Of each record of the source what tells that it is the right one; None where it was deleted."""
Edits: TypeAlias = Sequence[tuple[RecordType, str, Change]]

JOB, APPLICATION, CANDIDATE = RecordType.JOB, RecordType.APPLICATION, RecordType.CANDIDATE


@attrs.frozen(kw_only=True)
class Source:
    """`lists` are the routes that give pages. `edit` changes some records as people do, and says which."""

    provider: Provider
    start: Callable[[int], AbstractAsyncContextManager[Sandbox[Any]]]
    names: Callable[[Any], Names]
    edit: Callable[[Any, random.Random, datetime], Edits]
    lists: frozenset[str]
    page_words: tuple[str, ...] = ("page_size",)

    def settings(self, given: Mapping[str, Any], page: int) -> dict[str, Any]:
        """Pulled only when asked for, in small pages, as fast as it goes."""
        ours = {"in_flight": 20, "rate_limit": 10_000, "pull_seconds": dict.fromkeys(RecordType, 0)}
        assumed = {**given.get("assumed", {}), **dict.fromkeys(self.page_words, str(page))}
        return {**given, **ours, "assumed": assumed}


def name_of(record: Record) -> str:
    """What `Source.names` has of such a record."""
    match record:
        case Job():
            return record.title
        case Candidate():
            return whole(record.first_name, record.last_name)
        case _:
            return f"{record.job_id} {record.candidate_id} {record.stage_id}"


def whole(first: str | None, last: str | None) -> str:
    """A name, whatever spaces are in it."""
    return " ".join(f"{first or ''} {last or ''}".split())


def _tempworks_names(sandbox: Any) -> Names:
    state = sandbox.state
    people = {str(one.number): whole(one.first, one.last) for one in state.employees.values()}
    # The list of orders shows no title of their own: only who reads an order by its id, for it changed, knows it.
    orders = {str(one.number): one.title if one.title.endswith("(urgent)") else "" for one in state.job_orders.values()}
    put_forward = {
        on_order(one)[1]: f"{one.job} {one.employee} candidate:{one.status}" for one in state.candidates.values()
    }
    assigned = {
        f"assignment:{one.number}": f"{one.job} {one.employee} assignment:{one.status}"
        for one in state.assignments.values()
    }
    return {CANDIDATE: people, JOB: orders, APPLICATION: {**put_forward, **assigned}}


def _tempworks_edit(sandbox: Any, rng: random.Random, now: datetime) -> Edits:
    """A message goes with each: else nobody could find the change by its date."""
    state, edit = sandbox.state, tempworks_recruiter.edit
    made: list[tuple[RecordType, str, Change]] = []
    for number in rng.sample(sorted(state.employees), 12):
        edit(state, "name", number, now)
        edit(state, "message", number, now)
        made.append((CANDIDATE, str(number), Change.CHANGED))
    for number in rng.sample(sorted(state.job_orders), 6):
        edit(state, "job_title", number, now)
        made.append((JOB, str(number), Change.CHANGED))
    movable = sorted(number for number, one in state.candidates.items() if one.status != SCREENED)
    for number in rng.sample(movable, 8):
        edit(state, "move", number, now)
        edit(state, "message", state.candidates[number].employee, now)
        made.append((APPLICATION, on_order(state.candidates[number])[1], Change.CHANGED))
    return made


def _office(sandbox: Any) -> Any:
    return sandbox.state.integrations[":".join(AVIONTE)]


def _kombo_names(sandbox: Any) -> Names:
    office = _office(sandbox)
    ids = office.ids

    def stands(one: Any) -> str:
        stage = ids.of("stage", office.shown_stage(one).number)
        return f"{ids.of('job', one.job)} {ids.of('candidate', one.candidate)} {stage}"

    shown: Mapping[RecordType, tuple[Any, Callable[[Any], str]]] = {
        JOB: (office.jobs, lambda one: one.title),
        CANDIDATE: (office.candidates, lambda one: whole(one.first, one.last)),
        APPLICATION: (office.applications, stands),
    }
    return {
        kind: {
            ids.of(kind.value, number): None if (one := store.now(number)).deleted else name(one)
            for number in range(store.size)
        }
        for kind, (store, name) in shown.items()
    }


def _kombo_edit(sandbox: Any, rng: random.Random, now: datetime) -> Edits:
    office, made = _office(sandbox), []
    for kind, how, change in (
        (JOB, "change", Change.CHANGED),
        (CANDIDATE, "change", Change.CHANGED),
        (APPLICATION, "delete", Change.DELETED),
    ):
        alive = [one for one, name in _kombo_names(sandbox)[kind].items() if name is not None]
        for record in rng.sample(alive, 8):
            given = {"edit": how, "type": kind.value, "id": record, "integration": office.id}
            kombo_recruiter.edit(sandbox.state, given, now)
            made.append((kind, record, change))
    return made


def _erecruit_names(sandbox: Any) -> Names:
    state = sandbox.state
    return {
        JOB: {str(row["ID"]): row["Title"] for row in state.positions.rows.values()},
        CANDIDATE: {
            str(row["ID"]): whole(row["First"], row["Last"])
            for row in state.contacts.rows.values()
            if row["ID"] >= FIRST_CANDIDATE
        },
        APPLICATION: {
            str(row["ID"]): f"{row['PositionID']} {row['CandidateID']} {row['StatusID']}"
            for row in state.submissions.rows.values()
        },
    }


def _erecruit_edit(sandbox: Any, rng: random.Random, now: datetime) -> Edits:
    state, made = sandbox.state, []
    at, names = state.local(now), _erecruit_names(sandbox)
    for record in rng.sample(sorted(names[JOB]), 8):
        state.positions.change(int(record), at, Title="Edited by a recruiter")
        made.append((JOB, record, Change.CHANGED))
    for record in rng.sample(sorted(names[CANDIDATE]), 8):
        state.contacts.change(int(record), at, Last="Changed")
        made.append((CANDIDATE, record, Change.CHANGED))
    for record in rng.sample(sorted(names[APPLICATION]), 8):
        row = state.submissions.rows[int(record)]
        status = next(one for one in SUBMISSION_STATUSES if one != row["StatusID"])
        state.submissions.change(int(record), at, StatusID=status, Status=SUBMISSION_STATUSES[status]["Name"])
        made.append((APPLICATION, record, Change.CHANGED))
    return made


SOURCES: Mapping[str, Source] = {
    "tempworks": Source(
        provider=Provider.TEMPWORKS,
        start=lambda records: tempworks.running(records=records, rate_limit=None),
        names=_tempworks_names,
        edit=_tempworks_edit,
        lists=frozenset(
            {"GET /Search/JobOrders", "GET /Search/Employees", "GET /Search/Assignments", "POST /search/{origin}"}
        ),
        page_words=("page_size", "search_page_size"),
    ),
    "kombo": Source(
        provider=Provider.AVIONTE,
        start=lambda records: kombo.running(records=records, rate_limit=None),
        names=_kombo_names,
        edit=_kombo_edit,
        lists=frozenset({"GET /v1/ats/jobs", "GET /v1/ats/applications", "GET /v1/ats/candidates"}),
    ),
    "erecruit": Source(
        provider=Provider.ERECRUIT,
        start=lambda records: erecruit.running(records=records, rate_limit=None),
        names=_erecruit_names,
        edit=_erecruit_edit,
        lists=frozenset({"GET /webapi/Position", "GET /webapi/Submission", "GET /webapi/Contact"}),
    ),
}
