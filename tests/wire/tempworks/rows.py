"""For each endpoint what makes the adapter call it: once for a success and once for a refusal."""

from typing import Any

from domain.custom_field import FieldUpdate
from domain.ids import FieldId
from entrypoints.sandbox.tempworks.properties import ASSIGNMENT, EMPLOYEE, JOB_ORDER, property_id
from ports.errors import AccessError, InvalidInputError, MalformedReplyError, NotFoundError
from ports.gateway import need
from tests.erecruit.rig import Try
from tests.wire.case import Act, Case, Result, pair
from tests.wire.tempworks.acts import (
    APPLICATION,
    ASSIGNED,
    JOB,
    NO_JOB,
    NOBODY,
    NOWHERE,
    OTHER_JOB,
    PERSON,
    SINCE,
    absent,
    applications,
    candidates,
    create,
    detail,
    email,
    fields,
    file,
    found,
    lacks,
    looked,
    move,
    note,
    phone,
    reject,
    resume,
    rows,
    unsaid,
    whole,
)

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


def _elsewhere(sandbox: Any) -> None:
    sandbox.state.switches.files_elsewhere = True


def _lost_elsewhere(sandbox: Any) -> None:
    _elsewhere(sandbox)
    sandbox.state.urls["files"] = sandbox.state.urls["files"].replace("/files", "/lost")


SPECIAL = (
    Case(
        name="file_elsewhere.success",
        act=resume(PERSON),
        result=lambda resume: resume.content.startswith(b"%PDF"),
        prepare=_elsewhere,
    ),
    Case(name="file_elsewhere.refusal", act=resume(PERSON), result=NotFoundError, prepare=_lost_elsewhere),
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
