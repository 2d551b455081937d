"""Candidates as Kombo shows them, with their applications and tags."""

from typing import Any

import attrs

from entrypoints.sandbox.fields import TEXT, Field
from entrypoints.sandbox.kombo import jobs, records
from entrypoints.sandbox.kombo.auth import integration
from entrypoints.sandbox.kombo.catalogue import REASONS, Named
from entrypoints.sandbox.kombo.lists import IDS, PAGED, Listing, by_ids, paged
from entrypoints.sandbox.kombo.state import Application, Candidate, Integration, State, stamp
from entrypoints.sandbox.wire import Ask, Reply

Row = dict[str, Any]

CANDIDATE_QUERY = (
    *PAGED,
    Field("email", TEXT),
    Field("job_ids", IDS),
    Field("first_name", TEXT),
    Field("last_name", TEXT),
)


def list_candidates(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)

    def applied(candidate: Candidate) -> list[Application]:
        return records.applications_of(office, candidate.number, ask.now)

    listing = Listing[Candidate](
        model="candidate",
        store=office.candidates,
        show=lambda candidate: shown(office, candidate, applied(candidate), ask),
        remote_id=lambda candidate: records.candidate_remote_id(candidate.number),
        changed=lambda candidate: max(
            candidate.changed, candidate.nested, *(one.changed for one in applied(candidate))
        ),
        tests={
            "email": lambda candidate, text: text.casefold() in _emails(candidate),
            "job_ids": lambda candidate, ids: any(office.ids.of("job", one.job) in ids for one in applied(candidate)),
            "first_name": lambda candidate, text: (candidate.first or "").casefold() == text.casefold(),
            "last_name": lambda candidate, text: (candidate.last or "").casefold() == text.casefold(),
        },
        numbers=by_ids(ask, office, "candidate", records.CANDIDATE),
        touch=lambda candidate, now: attrs.evolve(candidate, changed=now, title="Changed between two pages"),
    )
    return paged(state, ask, listing)


def _emails(candidate: Candidate) -> set[str]:
    return {address.casefold() for address, _ in candidate.emails}


def by_email(office: Integration, email: str) -> Candidate | None:
    wanted = email.casefold()
    every = (office.candidates.now(number) for number in range(office.candidates.size))
    return next((one for one in every if one and one.deleted is None and wanted in _emails(one)), None)


def stage_brief(office: Integration, stage: Named) -> Row:
    return {
        "id": office.ids.of("stage", stage.number),
        "name": stage.name,
        "remote_id": stage.remote_id,
        "index": None,
    }


def application_own(office: Integration, application: Application) -> Row:
    reason = None if application.reason is None else REASONS[application.reason].name
    return {
        "id": office.ids.of("application", application.number),
        "remote_id": records.application_remote_id(application),
        "outcome": application.outcome,
        "rejection_reason_name": reason,
        "rejected_at": stamp(application.rejected),
        "remote_url": None,
        "changed_at": stamp(application.changed),
        "remote_created_at": stamp(application.created),
        "remote_updated_at": None,
    }


def brief(office: Integration, candidate: Candidate) -> Row:
    return {
        "id": office.ids.of("candidate", candidate.number),
        "remote_id": records.candidate_remote_id(candidate.number),
        "first_name": candidate.first,
        "last_name": candidate.last,
        "email_addresses": [{"email_address": address, "type": kind} for address, kind in candidate.emails],
        "phone_numbers": [{"phone_number": number, "type": kind} for number, kind in candidate.phones],
        "social_media": [],
        "source": None,
        "remote_url": None,
        "tags": [_tag(office, number) for number in candidate.tags],
    }


def own(office: Integration, candidate: Candidate) -> Row:
    return {
        **brief(office, candidate),
        "company": None,
        "title": candidate.title,
        "confidential": None,
        "location": candidate.location,
        "custom_fields": {},
        "integration_fields": [],
        "remote_created_at": stamp(candidate.created),
        "remote_updated_at": None,
        "remote_data": None,
        "changed_at": stamp(candidate.changed),
        "remote_deleted_at": stamp(candidate.deleted),
    }


def shown(office: Integration, candidate: Candidate, applied: list[Application], ask: Ask) -> Row:
    return {**own(office, candidate), "applications": [_application(office, one, ask) for one in applied]}


def _application(office: Integration, application: Application, ask: Ask) -> Row:
    job = office.jobs.seen(application.job, ask.now)
    return {
        **application_own(office, application),
        "current_stage": stage_brief(office, office.shown_stage(application)),
        "job": job and jobs.brief(office, job),
    }


def _tag(office: Integration, number: int) -> Row:
    tag = office.tags.now(number)
    name, remote_id = (tag.name, tag.remote_id) if tag else (None, None)
    return {"id": office.ids.of("tag", number), "name": name, "remote_id": remote_id}
