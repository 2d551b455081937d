"""What the cases do, and whom they do it to."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

from domain.attachment import Attachment
from domain.candidate import CandidateQuery
from domain.custom_field import FieldUpdate
from domain.evidence import CannotTell, Found
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId
from domain.note import Note, bullets, heading, paragraph
from entrypoints.sandbox.tempworks.properties import property_id
from ports.errors import AccessError, NotFoundError
from ports.gateway import Gateway, need
from tests.erecruit.rig import Try
from tests.wire.case import Act, Result

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
