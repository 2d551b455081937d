"""Finds what a path or a body names, or refuses as Kombo does; and keeps what was changed."""

from datetime import datetime

import attrs

from entrypoints.sandbox.kombo.catalogue import Named
from entrypoints.sandbox.kombo.manners import missing, refused, wrong
from entrypoints.sandbox.kombo.state import Application, Candidate, Integration, Job, State, seen_from
from entrypoints.sandbox.wire import Ask

_REMOTE = "remote:"
JOB, CANDIDATE = 51_000_123, 71_000_456


def job_remote_id(number: int) -> str:
    return str(JOB + number)


def candidate_remote_id(number: int) -> str:
    return str(CANDIDATE + number)


def application_remote_id(application: Application) -> str:
    """Kombo's composite: who applied and for what."""
    return f"{candidate_remote_id(application.candidate)}:{job_remote_id(application.job)}"


def application(office: Integration, text: str) -> Application:
    number = office.ids.number("application", text)
    found = None if number is None else office.applications.now(number)
    if found is None or found.deleted is not None:
        raise missing("application")
    return found


def candidate(office: Integration, text: str) -> Candidate:
    number = office.ids.number("candidate", text)
    found = None if number is None else office.candidates.now(number)
    if found is None or found.deleted is not None:
        raise missing("candidate")
    return found


def job(office: Integration, text: str) -> Job:
    """By Kombo's id, or by the tool's own after `remote:`."""
    if text.startswith(_REMOTE):
        rest = text.removeprefix(_REMOTE)
        number = int(rest) - JOB if rest.isascii() and rest.isdecimal() else None
    else:
        number = office.ids.number("job", text)
    found = None if number is None else office.jobs.now(number)
    if found is None or found.deleted is not None:
        raise missing("job")
    return found


def stage(office: Integration, text: str) -> Named:
    number = office.ids.number("stage", text)
    if number is None or number >= len(office.stages):
        raise wrong("stage_id: there is no such stage for this job.")
    return office.stages[number]


def open_application(office: Integration, text: str) -> Application:
    """One that can still be moved."""
    found = application(office, text)
    if found.outcome != "PENDING":
        raise refused(400, "REMOTE.INPUT_INVALID", "The application has ended.")
    return found


def keep_application(state: State, ask: Ask, office: Integration, changed: Application) -> Application:
    changed = attrs.evolve(changed, changed=ask.now)
    return office.applications.put(changed.number, changed, seen_from(state, ask.now, ask.seen_after))


def applications_of(office: Integration, candidate: int, at: datetime | None = None) -> list[Application]:
    """Those of one candidate: as they truly are, or as Kombo's copy has them."""
    usual = {0: [0, 1], 1: []}.get(candidate, [candidate])
    begun = [number for number in usual if number < office.applications.begun_with]
    # Whoever has none at first may get some, and one application more than at first is rare.
    added = range(office.applications.begun_with, office.applications.size)
    store = office.applications
    found = [store.now(number) if at is None else store.seen(number, at) for number in (*begun, *added)]
    return [one for one in found if one is not None and one.candidate == candidate]
