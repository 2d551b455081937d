"""Between Kombo's records and ours. Pure; raises MalformedReplyError for what cannot be read."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from operator import itemgetter
from typing import TypeVar

import msgspec

from adapters import rendering
from adapters.kombo import wire
from adapters.rest.answer import Unreadable, decode
from domain.candidate import Candidate
from domain.custom_field import FieldValue, as_text
from domain.evidence import Receipt
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId
from domain.job import Job, JobDetail, JobStatus, Party
from domain.job_application import Application, DispositionReason, Outcome, Stage, Standing
from ports.errors import MalformedReplyError

T = TypeVar("T")

STATUSES: Mapping[str, JobStatus] = {
    "OPEN": JobStatus.OPEN,
    "CLOSED": JobStatus.CLOSED,
    "DRAFT": JobStatus.DRAFT,
    "ARCHIVED": JobStatus.CLOSED,
}
"""Kombo's words for where a job stands. Any other is one that we do not know."""
_OUTCOMES = {"PENDING": Outcome.OPEN, "HIRED": Outcome.CLOSED, "DECLINED": Outcome.REJECTED, None: Outcome.OPEN}
_LONGEST_WARNING = 200


def malformed(path: str) -> MalformedReplyError:
    return MalformedReplyError(f"kombo: a record cannot be read at {path}", path=path, provider="kombo")


def decoded(shape: type[T], raw: bytes) -> T:
    """A record out of its bytes."""
    value = decode(shape, raw)
    if isinstance(value, Unreadable):
        raise malformed(value.path)
    return value


def moment(text: str | None, path: str) -> datetime | None:
    """A time in UTC. One without an offset cannot be told, and is malformed."""
    if not text:
        return None
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise malformed(path) from None
    if stated.tzinfo is None:
        raise malformed(path)
    return stated if stated.tzinfo is UTC else stated.astimezone(UTC)


def moment_text(instant: datetime) -> str:
    """The one form that Kombo takes: UTC, milliseconds, and a Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def digest_of(raw: bytes) -> bytes:
    """The digest of a record's bytes as received."""
    return hashlib.sha256(raw).digest()


def receipt(sent: bytes, warnings: Iterable[wire.Warned], *, made: str | None = None, at: str | None = None) -> Receipt:
    """What Kombo says of an effect just made, with the digest of what was sent."""
    digest = hashlib.sha256(sent).hexdigest()
    return Receipt(id=made, at=_known_at(at), sha256=digest, warnings=said(warnings))


def sighted(made: str, at: str | None, *remarks: str) -> Receipt:
    """What Kombo says of an effect that stands: a time that cannot be read is no reason to fail."""
    return Receipt(id=made, at=_known_at(at), warnings=remarks)


def _known_at(at: str | None) -> datetime | None:
    with suppress(MalformedReplyError):
        return moment(at, "$")
    return None


def said(warnings: Iterable[wire.Warned]) -> tuple[str, ...]:
    """Warnings as they may be shown: printable, and cut."""
    texts = (one.message or "" for one in warnings)
    return tuple(shown for text in texts if (shown := _printable(text)[:_LONGEST_WARNING].strip()))


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def job(row: wire.Job) -> Job:
    return Job(
        id=JobId(row.id),
        title=row.name or "",
        status=job_status(row.status),
        status_text=row.status,
        employment_type=row.employment_type,
        location=place(row.location, short=True),
        description=rendering.cleaned(row.description) if row.description else None,
        opened_at=moment(row.opened_at or row.remote_created_at, "$.opened_at"),
        changed_at=moment(row.changed_at, "$.changed_at"),
    )


def job_status(word: object) -> JobStatus:
    return STATUSES.get(word, JobStatus.UNKNOWN) if isinstance(word, str) else JobStatus.UNKNOWN


def place(row: wire.Location | None, *, short: bool = False) -> str | None:
    """One line; the short one is the place alone."""
    if row is None:
        return None
    street = () if short else (row.street_1, row.street_2)
    rest = () if short else (row.zip_code, row.country)
    return ", ".join(part for part in (*street, row.city, row.state, *rest) if part) or row.raw or None


def job_detail(row: wire.Job) -> JobDetail:
    return JobDetail(
        job=job(row),
        fields=tuple(_field(name, value) for name, value in (row.custom_fields or {}).items()),
        parties=tuple(party for member in row.hiring_team for party in _parties(member)),
        address=place(row.location),
    )


def _field(name: str, value: object) -> FieldValue:
    text = msgspec.json.encode(value).decode() if isinstance(value, list | dict) else as_text(value)
    return FieldValue(field=FieldId(name), name=name, value=None if value is None else text)


def _parties(member: wire.TeamMember) -> Iterable[Party]:
    name = " ".join(part for part in (member.first_name, member.last_name) if part)
    roles = [role.lower() for role in member.hiring_team_roles]
    labels = [role.remote_label or role.unified_type or "" for role in member.job_roles]
    if name or member.email:
        role = ", ".join(part for part in (roles or labels) if part)
        yield Party(name=name or member.email or "", role=role or "member", email=member.email)


def application(row: wire.Application) -> Application:
    """Raises MalformedReplyError for one that belongs to no job or nobody: it is then no application of ours."""
    if row.job_id is None or row.candidate_id is None:
        raise malformed("$.job_id" if row.job_id is None else "$.candidate_id")
    return Application(
        id=ApplicationId(row.id),
        job_id=JobId(row.job_id),
        candidate_id=CandidateId(row.candidate_id),
        stage_id=None if row.current_stage_id is None else StageId(row.current_stage_id),
        stage_text=None if row.current_stage is None else row.current_stage.name,
        created_at=moment(row.remote_created_at, "$.remote_created_at"),
        changed_at=moment(row.changed_at, "$.changed_at"),
    )


def candidate(row: wire.Candidate) -> Candidate:
    return Candidate(
        id=CandidateId(row.id),
        first_name=row.first_name or "",
        last_name=row.last_name or "",
        emails=_primary_first([(one.email_address, one.type) for one in row.email_addresses or ()]),
        phones=_primary_first([(one.phone_number, one.type) for one in row.phone_numbers or ()]),
        title=row.title,
        created_at=moment(row.remote_created_at, "$.remote_created_at"),
        changed_at=moment(row.changed_at, "$.changed_at"),
    )


def _primary_first(entries: Sequence[tuple[str | None, str | None]]) -> tuple[str, ...]:
    known = [(kind != "PRIMARY", value.strip()) for value, kind in entries if value and value.strip()]
    if len(known) > 1:
        # Equal ones keep their order.
        known.sort(key=itemgetter(0))
        return tuple(dict.fromkeys(value for _, value in known))
    return (known[0][1],) if known else ()


def age_key(file: wire.Attachment) -> tuple[datetime, str]:
    """Sorts the newest file last, those without a time first."""
    at = moment(file.remote_created_at, "$.remote_created_at")
    return at or datetime.min.replace(tzinfo=UTC), file.id


def stage(row: wire.Stage, order: int) -> Stage:
    return Stage(id=StageId(row.id), name=row.name or row.remote_id or row.id, order=order)


def reason(row: wire.Reason) -> DispositionReason:
    return DispositionReason(id=ReasonId(row.id), name=row.name or "", active=row.remote_deleted_at is None)


def standing(row: wire.Application, reasons: Iterable[DispositionReason]) -> Standing:
    """Applications bear the name of their reason, not its id: where two share it, none is named."""
    outcome = _OUTCOMES[row.outcome]
    named = [one.id for one in reasons if one.name == row.rejection_reason_name]
    return Standing(
        stage=None if row.current_stage_id is None else StageId(row.current_stage_id),
        outcome=outcome,
        reason=named[0] if outcome is Outcome.REJECTED and len(named) == 1 else None,
        candidate=None if row.candidate_id is None else CandidateId(row.candidate_id),
    )
