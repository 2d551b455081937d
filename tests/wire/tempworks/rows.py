"""For each endpoint what makes the adapter call it: once for a success and once for a refusal."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

from domain.attachment import Attachment
from domain.candidate import CandidateQuery
from domain.custom_field import FieldUpdate
from domain.evidence import CannotTell, Found
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId
from domain.note import Note, bullets, heading, paragraph
from entrypoints.sandbox.tempworks.properties import ASSIGNMENT, EMPLOYEE, JOB_ORDER, property_id
from ports.errors import AccessError, InvalidInputError, MalformedReplyError, NotFoundError
from ports.gateway import Gateway, need
from tests.erecruit.rig import Try
from tests.wire.case import Act, Case, Result, pair

# Somebody who is no canary, with a resume, put forward for one job; and an assignment that goes on.
PERSON, APPLICATION, JOB = CandidateId("43769"), ApplicationId("candidate:6000-709"), JobId("6000")
ASSIGNED = ApplicationId("assignment:2443")
NOBODY, NOWHERE, NO_JOB = CandidateId("1"), ApplicationId("candidate:1-1"), JobId("1")
OTHER_JOB = JobId("5998")
SINCE = datetime(2026, 10, 1, tzinfo=UTC)
NOTE = Note(
    blocks=(heading("Passed <4/5>"), paragraph("Six years & more.\nNights too."), bullets("Forklift", "Zoë's CV"))
)
FILE = Attachment(filename="report.pdf", media_type="application/pdf", content=b"%PDF-1.4\nscreen\n%%EOF\n")


async def rows(feed: Any) -> list[Any]:
    return [sighting.load() async for page in feed for sighting in page]


def candidates(since: datetime | None = None) -> Act:
    return lambda gateway: rows(need(gateway.candidate_feed).changed_candidates(since))


def applications(since: datetime | None = None) -> Act:
    return lambda gateway: rows(need(gateway.application_feed).changed_applications(since))


def detail(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.job_detail).detail(JOB)


def lacks(part: str) -> Result:
    return lambda detail: bool(detail.missing == (part,) and detail.job.id == JOB)


def whole(detail: Any) -> bool:
    return bool(detail.missing == () and detail.link and detail.address and len(detail.parties) == 2)


def email(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.candidate_search).find(CandidateQuery(email="Person.9@People.example.test"))


def phone(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.candidate_search).find(CandidateQuery(phone="+1 (204) 555-0009"))


def found(people: Any) -> bool:
    return [person.id for person in people] == [PERSON]


def resume(candidate: CandidateId) -> Act:
    return lambda gateway: need(gateway.resumes).resume(candidate)


def create(job: JobId) -> Act:
    return lambda gateway: need(gateway.application_intake).create(PERSON, job, Try())


def looked(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.candidate_notes).find(PERSON, Try().marker)


def move(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.stage_moves).move(APPLICATION, StageId("candidate:5"), Try())


def reject(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.rejection).reject(APPLICATION, ReasonId("candidate:9"), Try())


def note(record: str) -> Act:
    return lambda gateway: need(gateway.application_notes).add(record, NOTE, Try())


def file(record: str) -> Act:
    return lambda gateway: need(gateway.candidate_files).add(record, FILE, Try())


def unsaid(seen: Any) -> bool:
    return isinstance(seen, CannotTell)


def absent(seen: Any) -> bool:
    return not isinstance(seen, Found | CannotTell)


def fields(name: str, kind: str, record: str, nowhere: str) -> dict[str, tuple[Act, Result, Act, Result, str | None]]:
    field = FieldId(property_id(kind, "Shift"))

    def port(gateway: Gateway) -> Any:
        return getattr(gateway, f"{name}_fields")

    def update(value: str) -> Act:
        return lambda gateway: port(gateway).update(record, FieldUpdate(field, value), Try())

    route = {"candidate": "PUT /Employees", "application": "PUT /Assignments", "job": "PUT /JobOrders"}[name]
    return {
        f"{name}_data": (
            lambda gateway: port(gateway).current(record),
            lambda values: len(values) == 13,
            lambda gateway: port(gateway).current(nowhere),
            NotFoundError,
            None,
        ),
        f"set_{name}_data": (
            update("Day"),
            lambda receipt: receipt.id == field,
            update("Day"),
            AccessError,
            route,
        ),
    }


# endpoint: what succeeds, how it is seen; what is refused, how that is seen, and the route that must be forbidden
PAIRS: dict[str, tuple[Act, Result, Act, Result, str | None]] = {
    "list_employees": (
        candidates(),
        lambda people: len(people) == 12 and people[9].emails == ("person.9@people.example.test",),
        candidates(),
        AccessError,
        "GET /Search/Employees",
    ),
    "employee": (
        lambda gateway: need(gateway.candidate_lookup).candidate(PERSON),
        lambda person: person.phones == ("2045550009",),
        lambda gateway: need(gateway.candidate_lookup).candidate(NOBODY),
        NotFoundError,
        None,
    ),
    "find_phone": (phone, found, phone, AccessError, "UniversalPhone"),
    "find_email": (email, found, email, AccessError, "UniversalEmail"),
    "columns": (
        candidates(SINCE),
        lambda people: [person.id for person in people] == ["43763", "43764", "43770", "43771"],
        candidates(SINCE),
        AccessError,
        "columns",
    ),
    "search": (
        candidates(SINCE),
        lambda people: all(person.changed_at for person in people),
        candidates(SINCE),
        AccessError,
        "POST /search/{origin}",
    ),
    "list_job_orders": (
        lambda gateway: rows(need(gateway.job_feed).changed_jobs()),
        lambda jobs: len(jobs) == 12,
        lambda gateway: rows(need(gateway.job_feed).changed_jobs()),
        AccessError,
        "GET /Search/JobOrders",
    ),
    "job_order": (
        lambda gateway: need(gateway.job_lookup).job(JOB),
        lambda job: job.id == JOB and job.status == "open" and job.title != "Default",
        lambda gateway: need(gateway.job_lookup).job(NO_JOB),
        NotFoundError,
        None,
    ),
    "worksite": (detail, whole, detail, lacks("address"), "Worksite"),
    "board": (detail, whole, detail, lacks("board"), "GET /Search/Jobs"),
    "list_assignments": (
        applications(),
        lambda found: [one.id for one in found][:2] == ["assignment:2438", "assignment:2443"] and len(found) == 14,
        applications(),
        AccessError,
        "GET /Search/Assignments",
    ),
    "order_candidates": (
        lambda gateway: need(gateway.stage_moves).current(APPLICATION),
        lambda standing: standing.candidate == PERSON and standing.stage == "candidate:3",
        lambda gateway: need(gateway.stage_moves).current(NOWHERE),
        NotFoundError,
        None,
    ),
    "candidacies": (
        lambda gateway: need(gateway.application_intake).find(PERSON, JOB),
        lambda found: found.receipt.id == APPLICATION,
        lambda gateway: need(gateway.application_intake).find(NOBODY, JOB),
        unsaid,
        None,
    ),
    "add_candidate": (
        create(OTHER_JOB),
        lambda receipt: receipt.id == "candidate:5998-712",
        create(NO_JOB),
        NotFoundError,
        None,
    ),
    "set_status": (move, lambda receipt: receipt.id == APPLICATION, reject, AccessError, "PUT /JobOrders"),
    "candidate_statuses": (
        lambda gateway: need(gateway.reasons).reasons(),
        lambda reasons: [reason.active for reason in reasons] == [True, True, False],
        lambda gateway: need(gateway.reasons).reasons(),
        AccessError,
        "candidateStatuses",
    ),
    "assignment_statuses": (
        lambda gateway: need(gateway.stages).stages(),
        lambda stages: len(stages) == 15 and stages[-1].barred,
        lambda gateway: need(gateway.stages).stages(),
        AccessError,
        "assignmentStatuses",
    ),
    "actions": (note(APPLICATION), lambda receipt: not receipt.warnings, note(APPLICATION), AccessError, "Actions"),
    "add_message": (
        note(ASSIGNED),
        lambda receipt: receipt.id is not None,
        note(APPLICATION),
        AccessError,
        "POST /Employees/{id}/messages",
    ),
    "messages": (looked, absent, looked, AccessError, "GET /Employees/{id}/messages"),
    "documents": (
        lambda gateway: need(gateway.candidate_files).find(PERSON, Try().marker),
        absent,
        lambda gateway: need(gateway.candidate_files).find(NOBODY, Try().marker),
        unsaid,
        None,
    ),
    "upload": (file(PERSON), lambda receipt: receipt.id is not None, file(NOBODY), NotFoundError, None),
    "download": (
        resume(PERSON),
        lambda resume: resume.content.startswith(b"%PDF") and resume.media_type == "application/pdf",
        resume(PERSON),
        AccessError,
        "GET /Employees/{id}/documents/{document}/file",
    ),
    **fields("candidate", EMPLOYEE, PERSON, NOBODY),
    **fields("job", JOB_ORDER, JOB, NO_JOB),
    **fields("application", ASSIGNMENT, ASSIGNED, "assignment:1"),
    "options": (
        lambda gateway: need(gateway.candidate_fields).definitions(),
        lambda found: [len(one.options) for one in found if one.name == "Shift"] == [3],
        lambda gateway: need(gateway.candidate_fields).definitions(),
        lambda found: [len(one.options) for one in found if one.name == "Shift"] == [0],
        "DataLists/customData",
    ),
    "branches": (
        lambda gateway: gateway.check.hosts(),
        lambda hosts: [host.fault for host in hosts] == [None],
        lambda gateway: gateway.check.hosts(),
        lambda hosts: "access" in (hosts[0].fault or "") or "forbidden" in (hosts[0].fault or ""),
        "Branches",
    ),
}


def _spoil(sandbox: Any) -> None:
    sandbox.faults.arm("partial_row", route="GET /Search/Employees")


SPECIAL = (
    Case(
        name="list_employees.spoiled",
        act=candidates(),
        result=MalformedReplyError,
        prepare=_spoil,
    ),
    Case(
        name="set_candidate_data.misfit",
        act=lambda gateway: need(gateway.candidate_fields).update(
            PERSON, FieldUpdate(FieldId(property_id(EMPLOYEE, "Shift")), "Dusk"), Try()
        ),
        result=InvalidInputError,
    ),
)
CASES = tuple(case for row, five in PAIRS.items() for case in pair(row, *five)) + SPECIAL
