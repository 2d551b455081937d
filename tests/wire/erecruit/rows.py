"""For each endpoint what makes the adapter call it: once for a success and once for a refusal."""

from datetime import UTC, datetime

import attrs

from domain.candidate import CandidateQuery
from domain.evidence import CannotTell, Found
from domain.ids import ApplicationId, ReasonId, StageId, TagId
from ports.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from ports.gateway import need
from tests.erecruit.rig import Try
from tests.wire.case import Act, Case, Result, pair
from tests.wire.erecruit.acts import (
    APPLICATION,
    FILE,
    JOB,
    NO_JOB,
    NOBODY,
    NOTE,
    NOWHERE,
    PERSON,
    SINCE,
    create,
    detail,
    fields,
    find,
    hosts,
    lacks,
    misspelled,
    rows,
    terse,
)

# endpoint: what succeeds, how it is seen; what is refused, how that is seen, and the route that must be forbidden
PAIRS: dict[str, tuple[Act, Result, Act, Result, str | None]] = {
    "list_jobs": (
        lambda gateway: rows(need(gateway.job_feed).changed_jobs(SINCE)),
        lambda jobs: len(jobs) == 4 and all(job.changed_at for job in jobs),
        lambda gateway: rows(need(gateway.job_feed).changed_jobs(SINCE)),
        AccessError,
        "GET /webapi/Position",
    ),
    "job": (
        lambda gateway: need(gateway.job_lookup).job(JOB),
        lambda job: job.id == JOB and job.status == "open",
        lambda gateway: need(gateway.job_lookup).job(NO_JOB),
        NotFoundError,
        None,
    ),
    "company": (detail, lambda detail: detail.missing == (), detail, lacks("company"), "Company"),
    "client_contact": (detail, lambda detail: len(detail.parties) == 4, detail, lacks("contact"), "Contact/{id}"),
    "owners": (detail, lambda detail: len(detail.parties) == 4, detail, lacks("owners"), "Owner"),
    "recruiter": (detail, lambda detail: len(detail.parties) == 4, detail, lacks("owners"), "Recruiter/{guid}"),
    "job_address": (detail, lambda detail: "M5H 1A1" in detail.address, detail, lacks("address"), "Default"),
    "list_candidates": (
        lambda gateway: rows(need(gateway.candidate_feed).changed_candidates(SINCE)),
        lambda people: [person.id for person in people] == ["5145615", "5145616", "5145608", "5145609"],
        lambda gateway: rows(need(gateway.candidate_feed).changed_candidates(SINCE)),
        AccessError,
        "GET /webapi/Contact",
    ),
    "candidate": (
        lambda gateway: need(gateway.candidate_lookup).candidate(PERSON),
        lambda person: person.emails == ("person.9@people.example.test",),
        lambda gateway: need(gateway.candidate_lookup).candidate(NOBODY),
        NotFoundError,
        None,
    ),
    "communications": (
        lambda gateway: need(gateway.candidate_lookup).candidate(PERSON),
        lambda person: person.phones == ("+1 204 555 0009",),
        lambda gateway: need(gateway.candidate_lookup).candidate(PERSON),
        AccessError,
        "Communication/ByAboutId",
    ),
    "duplicates": (
        lambda gateway: need(gateway.candidate_search).find(CandidateQuery(email="Person.9@People.example.test")),
        lambda people: [person.id for person in people] == [PERSON],
        lambda gateway: need(gateway.candidate_search).find(CandidateQuery(first_name="Ingrid")),
        AccessError,
        "Candidate/Duplicate",
    ),
    "candidate_files": (
        lambda gateway: need(gateway.resumes).resume(PERSON),
        lambda resume: resume.filename.endswith(".pdf"),
        lambda gateway: need(gateway.resumes).resume(NOBODY),
        NotFoundError,
        None,
    ),
    "file_content": (
        lambda gateway: need(gateway.resumes).resume(PERSON),
        lambda resume: resume.content.startswith(b"%PDF") and resume.media_type == "application/pdf",
        lambda gateway: need(gateway.resumes).resume(PERSON),
        AccessError,
        "Attachment/Content",
    ),
    "list_applications": (
        lambda gateway: rows(need(gateway.application_feed).changed_applications(SINCE, for_jobs=[JOB, NO_JOB])),
        lambda applications: applications == [],
        lambda gateway: rows(need(gateway.application_feed).changed_applications(SINCE)),
        AccessError,
        "GET /webapi/Submission",
    ),
    "application": (
        lambda gateway: need(gateway.stage_moves).current(APPLICATION),
        lambda standing: standing.candidate == PERSON and standing.stage == "90",
        lambda gateway: need(gateway.stage_moves).current(NOWHERE),
        NotFoundError,
        None,
    ),
    "candidate_applications": (
        find(PERSON),
        lambda found: not isinstance(found, Found | CannotTell),
        find(NOBODY),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "create_application": (
        create(PERSON),
        lambda receipt: receipt.id == "700135",
        create(NOBODY),
        NotFoundError,
        None,
    ),
    "statuses": (
        lambda gateway: need(gateway.stages).stages(),
        lambda stages: [stage.id for stage in stages] == ["90", "101", "110", "120", "150", "190"],
        lambda gateway: need(gateway.stages).stages(),
        AccessError,
        "Submission/Status",
    ),
    "move": (
        lambda gateway: need(gateway.stage_moves).move(APPLICATION, StageId("101"), Try()),
        lambda receipt: receipt.at == datetime(2026, 11, 21, 14, 0, 0, 120_000, tzinfo=UTC),
        lambda gateway: need(gateway.stage_moves).move(APPLICATION, StageId("999"), Try()),
        InvalidInputError,
        None,
    ),
    "reasons": (
        lambda gateway: need(gateway.reasons).reasons(),
        lambda reasons: [reason.active for reason in reasons] == [True, True, False],
        lambda gateway: need(gateway.reasons).reasons(),
        AccessError,
        "DispositionReason",
    ),
    "reject": (
        lambda gateway: need(gateway.rejection).reject(APPLICATION, ReasonId("14"), Try()),
        lambda receipt: receipt.id == APPLICATION,
        lambda gateway: need(gateway.rejection).reject(APPLICATION, ReasonId("16"), Try()),
        InvalidInputError,
        None,
    ),
    "add_note": (
        lambda gateway: need(gateway.application_notes).add(APPLICATION, NOTE, Try()),
        lambda receipt: receipt.id == "331200",
        lambda gateway: need(gateway.application_notes).add(APPLICATION, attrs.evolve(NOTE, action_type="999"), Try()),
        InvalidInputError,
        None,
    ),
    "application_notes": (
        lambda gateway: need(gateway.application_notes).find(APPLICATION, Try().marker),
        lambda found: not isinstance(found, Found | CannotTell),
        lambda gateway: need(gateway.application_notes).find(NOWHERE, Try().marker),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "candidate_notes": (
        lambda gateway: need(gateway.candidate_notes).find(PERSON, Try().marker),
        lambda found: not isinstance(found, Found | CannotTell),
        lambda gateway: need(gateway.candidate_notes).find(NOBODY, Try().marker),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "upload": (
        lambda gateway: need(gateway.candidate_files).add(PERSON, FILE, Try()),
        lambda receipt: receipt.id is not None,
        lambda gateway: need(gateway.candidate_files).add(PERSON, attrs.evolve(FILE, content=b""), Try()),
        InvalidInputError,
        None,
    ),
    "application_files": (
        lambda gateway: need(gateway.application_files).find(APPLICATION, Try().marker),
        lambda found: not isinstance(found, Found | CannotTell),
        lambda gateway: need(gateway.application_files).find(NOWHERE, Try().marker),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "tags": (
        lambda gateway: need(gateway.tagging).tags(),
        lambda tags: tags == {"65880", "65881"},
        lambda gateway: need(gateway.tagging).tags(),
        AccessError,
        "GET /api/Tag",
    ),
    "candidate_tags": (
        lambda gateway: need(gateway.tagging).current(PERSON),
        lambda tags: tags == frozenset(),
        lambda gateway: need(gateway.tagging).current(NOBODY),
        NotFoundError,
        None,
    ),
    "add_tag": (
        lambda gateway: need(gateway.tagging).tag(PERSON, TagId("65880"), Try()),
        lambda receipt: receipt.id == "65880",
        lambda gateway: need(gateway.tagging).tag(PERSON, TagId("1"), Try()),
        InvalidInputError,
        None,
    ),
    **fields("candidate", PERSON, "41", "true"),
    **fields("application", APPLICATION, "62", "passed"),
    **fields("job", "90211", "54", "24.5"),
}


CASES = (
    *(case for row, parts in PAIRS.items() for case in pair(row, *parts)),
    Case(
        name="candidate_applications_misspelled.success",
        act=find(PERSON),
        result=lambda found: not isinstance(found, Found | CannotTell),
        prepare=misspelled,
    ),
    Case(
        name="candidate_applications_misspelled.refusal",
        act=find(NOBODY),
        result=lambda found: isinstance(found, CannotTell),
        prepare=misspelled,
    ),
    Case(
        name="create_application_misspelled.success",
        act=create(PERSON),
        result=lambda receipt: receipt.id == "700135",
        prepare=misspelled,
    ),
    Case(name="create_application_misspelled.refusal", act=create(NOBODY), result=NotFoundError, prepare=misspelled),
    Case(name="legacy_log_in.success", act=hosts, result=lambda hosts: [host.fault for host in hosts] == [None, None]),
    Case(
        name="legacy_log_in.refusal",
        act=hosts,
        result=lambda hosts: [host.fault is None for host in hosts] == [True, False],
        credentials={"legacy_password": "wrong"},
    ),
    Case(
        name="standard_log_in.refusal",
        act=hosts,
        result=lambda hosts: [host.fault is None for host in hosts] == [False, True],
        credentials={"client_secret": "wrong"},
    ),
    Case(
        name="list_candidates.terse",
        act=PAIRS["list_candidates"][0],
        result=lambda people: [len(person.emails) for person in people] == [1, 1, 1, 1],
        prepare=terse,
    ),
    Case(
        name="reject.conflict",
        act=lambda gateway: need(gateway.rejection).reject(ApplicationId("700133"), ReasonId("14"), Try()),
        result=ConflictError,
    ),
)
