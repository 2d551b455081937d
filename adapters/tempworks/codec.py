"""Between TempWorks' records and ours. Pure; raises MalformedReplyError for what cannot be read."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from adapters import rendering, zones
from adapters.rest.answer import Unreadable, decode
from adapters.tempworks import wire
from adapters.tempworks.references import Kind, Reference, of_candidate, status_id
from domain.candidate import Candidate
from domain.evidence import Receipt
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId
from domain.job import Job, JobStatus, Party
from domain.job_application import Application, DispositionReason, Outcome, Stage, Standing
from ports.errors import MalformedReplyError

T = TypeVar("T")

_NO_TIME = 1  # the year in which the vendor's framework puts a time that was never set
_NO_TITLE = "default"
_STATUSES = {
    "active": JobStatus.OPEN,
    "open": JobStatus.OPEN,
    "unfilled": JobStatus.OPEN,
    "on hold": JobStatus.ON_HOLD,
    "hold": JobStatus.ON_HOLD,
    "filled": JobStatus.FILLED,
    "cancelled": JobStatus.CLOSED,
    "cancelled after filled": JobStatus.CLOSED,
    "closed": JobStatus.CLOSED,
}


def malformed(path: str) -> MalformedReplyError:
    return MalformedReplyError(f"tempworks: a record cannot be read at {path}", path=path, provider="tempworks")


def decoded(shape: type[T], raw: bytes) -> T:
    """A record out of its bytes."""
    value = decode(shape, raw)
    if isinstance(value, Unreadable):
        raise malformed(value.path)
    return value


def ident(value: object, path: str = "$") -> str:
    """An id, which is a number here and a text there."""
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdecimal():
        raise malformed(path)
    return str(int(text))


def text(value: str | None) -> str:
    """Without the spaces that fixed columns are filled up with; empty where there is none."""
    return (value or "").strip()


def flag(value: wire.Flag) -> bool | None:
    """A boolean, which comes as 1 too; None where it is neither."""
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().casefold())
    return None if value is None else bool(value)


def moment(stated: object, zone: ZoneInfo, path: str = "$") -> datetime | None:
    """A time in UTC. It comes without offset in the customer's zone; an offset is heeded if there is one."""
    if not isinstance(stated, str) or not stated.strip():
        return None
    try:
        read = datetime.fromisoformat(stated.strip())
        return None if read.year == _NO_TIME else zones.to_utc(read, zone)
    except OverflowError:
        return None
    except ValueError:
        raise malformed(path) from None


def local_text(instant: datetime, zone: ZoneInfo) -> str:
    """From when on to ask for changes, as TempWorks compares its columns."""
    return zones.since_local(instant.astimezone(UTC), zone).isoformat(timespec="seconds")


def local_day(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone).date().isoformat()}T00:00:00"


def sighted(made: str, at: str | None, zone: ZoneInfo) -> Receipt:
    """What TempWorks says of an effect that stands: a time that cannot be read is no reason to fail."""
    known_at = None
    with suppress(MalformedReplyError):
        known_at = moment(at, zone)
    return Receipt(id=made, at=known_at)


def digest(sent: bytes) -> str:
    return hashlib.sha256(sent).hexdigest()


def digest_of(*parts: bytes) -> bytes:
    """The digest of a record's bytes as received."""
    summed = hashlib.sha256()
    for part in parts:
        summed.update(part)
    return summed.digest()


def slices(listing: wire.Listing) -> list[bytes]:
    """The records of a page by their bytes."""
    return [bytes(row) for row in listing.data]


def candidate_of_row(row: wire.EmployeeRow) -> Candidate:
    """What the search tells of a person: it bears no date."""
    return Candidate(
        id=CandidateId(ident(row.employeeId, "$.employeeId")),
        first_name=text(row.firstName),
        last_name=text(row.lastName),
        emails=_filled(row.emailAddress),
        phones=_filled(row.phoneNumber, row.cellPhoneNumber),
    )


def candidate(
    row: wire.Employee, zone: ZoneInfo, *, phones: Iterable[str | None] = (), changed: Iterable[object] = ()
) -> Candidate:
    """The record by its id. `changed` are the times that a search gave: the latest one counts, exact it is not."""
    times = [known for one in changed if (known := moment(one, zone)) is not None]
    return Candidate(
        id=CandidateId(ident(row.employeeId, "$.employeeId")),
        first_name=text(row.firstName),
        last_name=text(row.lastName),
        emails=_filled(row.primaryEmailAddress),
        phones=_filled(row.primaryPhoneNumber, *phones),
        title=text(row.jobTitle) or None,
        created_at=moment(row.activationDate, zone, "$.activationDate"),
        changed_at=max(times, default=None),
    )


def _filled(*values: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stripped for value in values if (stripped := text(value))))


def job_status(name: str | None, is_active: wire.Flag) -> JobStatus:
    """By its name; one that a customer has added says at least by its record whether it is over."""
    known = _STATUSES.get(text(name).casefold(), JobStatus.UNKNOWN)
    return JobStatus.CLOSED if known is JobStatus.UNKNOWN and flag(is_active) is False else known


def job_of_row(row: wire.JobOrderRow) -> Job:
    """What the search tells of an order: neither its public title nor what it is about, and its type only as a code.

    The word for no title of its own is no title: which one it has is told by the record.
    """
    own = text(row.jobTitle)
    return Job(
        id=JobId(ident(row.orderId, "$.orderId")),
        title="" if own.casefold() == _NO_TITLE else own,
        status=job_status(row.orderStatus, row.isActive),
        status_text=text(row.orderStatus) or None,
        company=text(row.customerName) or None,
        location=text(row.worksite) or None,
    )


def job(row: wire.JobOrder, zone: ZoneInfo, *, location: str | None = None, changed: object = None) -> Job:
    """The public title is the real one where the other says `Default`; the public description is HTML.

    `changed` is the time that a search gave.
    """
    own, public = text(row.jobTitle), text(row.publicJobTitle)
    described = text(row.publicJobDescription) or text(row.jobDescription)
    return Job(
        id=JobId(ident(row.jobOrderId, "$.jobOrderId")),
        title=public if public and own.casefold() in {"", _NO_TITLE} else own,
        status=job_status(row.jobOrderStatus, row.isActive),
        status_text=text(row.jobOrderStatus) or None,
        company=text(row.customerName) or None,
        employment_type=text(row.jobOrderType) or None,
        location=location,
        description=rendering.cleaned(described) if described else None,
        opened_at=moment(row.dateOrderTaken, zone, "$.dateOrderTaken"),
        changed_at=moment(changed, zone),
    )


def parties(row: wire.JobOrder) -> tuple[Party, ...]:
    """Customer, supervisor there, and the representative here."""
    supervisor = " ".join(part for part in (text(row.supervisorFirstName), text(row.supervisorLastName)) if part)
    named = (
        (text(row.customerName), "company", None),
        (supervisor, "contact", text(row.supervisorEmailAddress) or None),
        (text(row.serviceRep), "owner", None),
    )
    return tuple(Party(name=name, role=role, email=email) for name, role, email in named if name)


def address(row: wire.Address | None, *, short: bool = False) -> str | None:
    """One line; the short one is the place alone."""
    if row is None:
        return None
    street = () if short else (row.street1, row.street2)
    rest = () if short else (row.postalCode, row.country)
    return ", ".join(part for one in (*street, row.municipality, row.region, *rest) if (part := text(one))) or None


def application_of_candidate(row: wire.OrderCandidate, zone: ZoneInfo) -> Application:
    number = None if row.candidateStatusId is None else ident(row.candidateStatusId, "$.candidateStatusId")
    return Application(
        id=candidate_reference(row).id,
        job_id=JobId(ident(row.jobOrderId, "$.jobOrderId")),
        candidate_id=CandidateId(ident(row.employeeId, "$.employeeId")),
        stage_id=None if number is None else StageId(status_id(Kind.CANDIDATE, number)),
        stage_text=text(row.candidateStatus) or None,
        created_at=moment(row.dateAdded, zone, "$.dateAdded"),
    )


def candidate_reference(row: wire.OrderCandidateIds) -> Reference:
    return of_candidate(ident(row.jobOrderId, "$.jobOrderId"), ident(row.orderCandidateId, "$.orderCandidateId"))


def application_of_assignment(row: wire.Assignment) -> Application:
    number = None if row.assignmentStatusId is None else ident(row.assignmentStatusId, "$.assignmentStatusId")
    return Application(
        id=assignment_id(row.assignmentId),
        job_id=JobId(ident(row.jobOrderId, "$.jobOrderId")),
        candidate_id=CandidateId(ident(row.employeeId, "$.employeeId")),
        stage_id=None if number is None else StageId(status_id(Kind.ASSIGNMENT, number)),
        stage_text=text(row.assignmentStatus) or None,
    )


def assignment_id(number: object) -> ApplicationId:
    return Reference(Kind.ASSIGNMENT, ident(number, "$.assignmentId")).id


def stage_of_candidates(row: wire.CandidateStatus, order: int) -> Stage:
    return Stage(
        id=StageId(status_id(Kind.CANDIDATE, ident(row.candidateStatusId, "$.candidateStatusId"))),
        name=text(row.candidateStatus) or "?",
        order=order,
        rejected=flag(row.isRefused) is True,
        terminal=flag(row.isRefused) is True,
        barred=None if flag(row.isActive) is not False else "the status is not in use any more",
    )


def stage_of_assignments(row: wire.AssignmentStatus, order: int) -> Stage:
    return Stage(
        id=StageId(status_id(Kind.ASSIGNMENT, ident(row.assignmentStatusId, "$.assignmentStatusId"))),
        name=text(row.assignmentStatus) or "?",
        order=order,
        barred="assignments are placements: people begin and end them in TempWorks",
    )


def reason(stage: Stage) -> DispositionReason:
    """A refused status is the reason for which it was refused."""
    return DispositionReason(id=ReasonId(stage.id), name=stage.name, active=stage.barred is None)


def standing(row: wire.OrderCandidate, stages: Mapping[StageId, Stage]) -> Standing:
    here = StageId(status_id(Kind.CANDIDATE, ident(row.candidateStatusId, "$.candidateStatusId")))
    known = stages.get(here)
    rejected = known is not None and known.rejected
    return Standing(
        stage=here,
        outcome=Outcome.REJECTED if rejected else Outcome.OPEN,
        reason=ReasonId(here) if rejected else None,
        candidate=CandidateId(ident(row.employeeId, "$.employeeId")),
    )


def document_age(row: wire.Document, zone: ZoneInfo) -> tuple[datetime, int]:
    """Sorts the newest document last."""
    at = sighted("", row.documentDate, zone).at
    return at or datetime.min.replace(tzinfo=UTC), int(ident(row.documentId, "$.documentId"))


def receipt(made: str, at: str | None, zone: ZoneInfo, sent: bytes) -> Receipt:
    """What TempWorks says of an effect just made, with the digest of what was sent."""
    return attrs.evolve(sighted(made, at, zone), sha256=digest(sent))
