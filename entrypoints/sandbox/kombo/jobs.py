"""Jobs as Kombo shows them, with the stages that are valid for them."""

from typing import Any

import attrs

from entrypoints.sandbox.fields import TEXT, Field
from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.auth import integration
from entrypoints.sandbox.kombo.catalogue import Named
from entrypoints.sandbox.kombo.lists import IDS, MOMENT, PAGED, Listing, among, by_ids, paged
from entrypoints.sandbox.kombo.state import Integration, Job, State, stamp
from entrypoints.sandbox.wire import Ask, Reply

Row = dict[str, Any]

JOB_QUERY = (
    *PAGED,
    Field("job_codes", IDS),
    Field("post_url", TEXT),
    Field("statuses", among("OPEN", "CLOSED", "DRAFT", "ARCHIVED")),
    Field("employment_types", among("FULL_TIME", "PART_TIME", "CONTRACT", "SEASONAL", "INTERNSHIP")),
    Field("visibilities", among("PUBLIC", "INTERNAL", "UNLISTED", "CONFIDENTIAL")),
    Field("remote_created_after", MOMENT),
    Field("name_contains", TEXT),
)


def list_jobs(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)
    stages = [_stage(office, stage) for stage in office.stages]
    listing = Listing[Job](
        model="job",
        store=office.jobs,
        show=lambda job: shown(office, job) | {"stages": stages},
        remote_id=lambda job: records.job_remote_id(job.number),
        changed=lambda job: max(job.changed, job.nested),
        tests={
            "job_codes": lambda _job, _codes: False,
            "post_url": lambda _job, _url: False,
            "statuses": lambda job, wanted: job.status in wanted,
            "employment_types": lambda job, wanted: _employment(job) in wanted,
            "visibilities": lambda _job, wanted: "PUBLIC" in wanted,
            "remote_created_after": lambda job, after: job.changed >= after,
            "name_contains": lambda job, text: text.casefold() in job.title.casefold(),
        },
        numbers=by_ids(ask, office, "job", records.JOB),
        touch=lambda job, now: attrs.evolve(job, changed=now, description="<p>Changed between two pages.</p>"),
    )
    return paged(state, ask, listing)


def _employment(job: Job) -> str:
    return "CONTRACT" if job.number % 3 else "FULL_TIME"


def brief(office: Integration, job: Job) -> Row:
    return {
        "id": office.ids.of("job", job.number),
        "name": job.title,
        "remote_id": records.job_remote_id(job.number),
    }


def shown(office: Integration, job: Job) -> Row:
    remote_id = records.job_remote_id(job.number)
    return {
        **brief(office, job),
        "job_code": None,
        "description": job.description,
        "confidential": None,
        "weekly_hours": 40,
        "employment_type": _employment(job),
        "status": job.status,
        "visibility": "PUBLIC",
        "category": None,
        "department": None,
        "post_url": None,
        "experience_level": None,
        "remote_work_status": None,
        "salary_amount": 18.5 + job.number % 7,
        "salary_amount_from": None,
        "salary_amount_to": None,
        "salary_currency": "USD",
        "salary_period": "HOUR",
        "location": _location(job),
        "custom_fields": {},
        "integration_fields": [],
        "remote_url": f"https://example.myavionte.com/app/#/job/{remote_id}" if office.avionte else None,
        "opened_at": None,
        "closed_at": None,
        "remote_created_at": stamp(job.changed),
        "remote_updated_at": None,
        "contact_id": None,
        "remote_data": None,
        "changed_at": stamp(job.changed),
        "remote_deleted_at": stamp(job.deleted),
        "screening_questions": [],
        "job_postings": [],
        "hiring_team": [_recruiter(office)],
    }


def _location(job: Job) -> Row | None:
    if job.number % 6 == 5:
        return None
    return {
        "city": "Springfield",
        "country": "US",
        "raw": None,
        "state": "IL",
        "street_1": f"{100 + job.number} Example Street",
        "street_2": None,
        "zip_code": "62701",
    }


def _recruiter(office: Integration) -> Row:
    return {
        "id": office.ids.of("user", 0),
        "remote_id": "4200017",
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann.lee@staffing.example.test",
        "hiring_team_roles": ["RECRUITER"],
        "job_roles": [
            {"remote_id": None, "remote_label": "Recruiter", "unified_type": "RECRUITER", "scope": "JOB"},
        ],
    }


def _stage(office: Integration, stage: Named) -> Row:
    return {
        "id": office.ids.of("stage", stage.number),
        "remote_id": stage.remote_id,
        "name": stage.name,
        "status": "ACTIVE",
        "custom_fields": {},
        "remote_data": None,
        "index": stage.number,
    }
