"""What the cases do, and whom they do it to."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from domain.attachment import Attachment
from domain.custom_field import FieldUpdate
from domain.ids import ApplicationId, CandidateId, FieldId, JobId
from domain.note import Note, bullets, heading, paragraph
from entrypoints.sandbox.erecruit import ErecruitSandbox
from ports.errors import AccessError, NotFoundError
from ports.gateway import Gateway, need
from tests.erecruit.rig import Try
from tests.wire.case import Act, Result

# Somebody who is no canary, with a resume, one application and an open job.
PERSON, APPLICATION, JOB = CandidateId("5145614"), ApplicationId("700132"), JobId("90210")
NOBODY, NOWHERE, NO_JOB = CandidateId("1"), ApplicationId("1"), JobId("1")
SINCE = datetime(2026, 10, 1, tzinfo=UTC)
NOTE = Note(
    blocks=(heading("Passed <4/5>"), paragraph("Six years & more.\nNights too."), bullets("Forklift", "Zoë's CV"))
)
FILE = Attachment(filename="report.pdf", media_type="application/pdf", content=b"%PDF-1.4\nscreen\n%%EOF\n")


def misspelled(sandbox: ErecruitSandbox) -> None:
    sandbox.state.switches.misspelled_application_route = True


def terse(sandbox: ErecruitSandbox) -> None:
    sandbox.state.switches.communications_in_lists = False


async def rows(feed: Any) -> list[Any]:
    return [sighting.load() async for page in feed for sighting in page]


def find(candidate: str) -> Act:
    return lambda gateway: need(gateway.application_intake).find(CandidateId(candidate), JobId("90211"))


def create(candidate: str) -> Act:
    return lambda gateway: need(gateway.application_intake).create(CandidateId(candidate), JobId("90211"), Try())


def detail(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.job_detail).detail(JOB)


def lacks(part: str) -> Callable[[Any], bool]:
    return lambda detail: bool(detail.missing == (part,) and detail.job.id == JOB)


def fields(name: str, record: str, field: str, value: str) -> dict[str, tuple[Act, Result, Act, Result, str | None]]:
    def port(gateway: Gateway) -> Any:
        return getattr(gateway, f"{name}_fields")

    def update(target: str) -> Act:
        return lambda gateway: port(gateway).update(target, FieldUpdate(FieldId(field), value), Try())

    about = {"candidate": "Candidate", "application": "Submission", "job": "Position"}[name]
    return {
        f"{name}_fields": (
            lambda gateway: port(gateway).definitions(),
            lambda found: len(found) == 5,
            lambda gateway: port(gateway).definitions(),
            AccessError,
            f"GET /webapi/CustomField/{{about}} for {about}",
        ),
        f"{name}_values": (
            lambda gateway: port(gateway).current(record),
            lambda found: found == (),
            lambda gateway: port(gateway).current("1"),
            NotFoundError,
            None,
        ),
        f"set_{name}_field": (update(record), lambda receipt: receipt.id == field, update("1"), NotFoundError, None),
    }


def hosts(gateway: Gateway) -> Awaitable[Any]:
    return gateway.check.hosts()
