"""Between eRecruit's records and ours. Pure; raises MalformedReplyError for what cannot be read."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs
from msgspec import Raw

from adapters import rendering, zones
from adapters.erecruit import wire
from adapters.rest.answer import Unreadable, decode
from domain.candidate import Candidate
from domain.custom_field import FieldDefinition, FieldKind, FieldValue, canonical
from domain.errors import InvalidError
from domain.evidence import Receipt
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId
from domain.job import Job, JobStatus
from domain.job_application import Application, DispositionReason, Outcome, Stage, Standing
from ports.errors import MalformedReplyError

T = TypeVar("T")

PHONE, EMAIL = 100, 200
_NO_TIME = 1  # the year in which the vendor's framework puts a time that was never set
_STATUSES = {
    "draft": JobStatus.DRAFT,
    "open": JobStatus.OPEN,
    "on hold": JobStatus.ON_HOLD,
    "filled": JobStatus.FILLED,
    "closed": JobStatus.CLOSED,
}
_KINDS = {
    "boolean": FieldKind.BOOLEAN,
    "integer": FieldKind.INTEGER,
    "number": FieldKind.NUMBER,
    "list": FieldKind.CHOICE,
}


def malformed(path: str) -> MalformedReplyError:
    return MalformedReplyError(f"erecruit: a record cannot be read at {path}", path=path, provider="erecruit")


def decoded(shape: type[T], raw: bytes) -> T:
    """A record out of its bytes."""
    value = decode(shape, raw)
    if isinstance(value, Unreadable):
        raise malformed(value.path)
    return value


def moment(text: str | None, zone: ZoneInfo, path: str = "$") -> datetime | None:
    """A time in UTC. It comes without offset in the customer's zone; an offset is heeded if there is one."""
    if not text:
        return None
    try:
        stated = datetime.fromisoformat(text)
        return None if stated.year == _NO_TIME else zones.to_utc(stated, zone)
    except OverflowError:
        return None
    except ValueError:
        raise malformed(path) from None


def local_text(instant: datetime, zone: ZoneInfo) -> str:
    """From when on to ask for changes, as eRecruit compares its columns."""
    return zones.since_local(instant.astimezone(UTC), zone).isoformat(timespec="seconds")


def sighted(made: int | None, at: str | None, zone: ZoneInfo) -> Receipt:
    """What eRecruit says of an effect that stands: a time that cannot be read is no reason to fail."""
    known_at = None
    with suppress(MalformedReplyError):
        known_at = moment(at, zone)
    return Receipt(id=None if made is None else str(made), at=known_at)


def receipt(made: int | None, at: str | None, zone: ZoneInfo, sent: bytes) -> Receipt:
    """The same of an effect just made, with the digest of what was sent."""
    return attrs.evolve(sighted(made, at, zone), sha256=digest(sent))


def digest(sent: bytes) -> str:
    return hashlib.sha256(sent).hexdigest()


def job_status(number: object, name: object, numbers: Mapping[str, JobStatus]) -> JobStatus:
    """By its name, and where that is unknown by its number."""
    named = _STATUSES.get(name.strip().casefold()) if isinstance(name, str) else None
    return named or numbers.get(str(number), JobStatus.UNKNOWN)


def job(row: wire.Position, zone: ZoneInfo, numbers: Mapping[str, JobStatus]) -> Job:
    return Job(
        id=JobId(str(row.ID)),
        title=row.Title or "",
        status=job_status(row.StatusID, row.Status, numbers),
        status_text=row.Status,
        company=row.CompanyName,
        employment_type=row.PositionType,
        location=address(row.PrimaryAddress, short=True),
        description=rendering.cleaned(row.WebDescription) if row.WebDescription else None,
        opened_at=moment(row.DateLastOpened or row.DatePosted, zone, "$.DateLastOpened"),
        changed_at=moment(row.ModifiedOn, zone, "$.ModifiedOn"),
    )


def address(row: wire.Address | None, *, short: bool = False) -> str | None:
    """One line; the short one is the place alone."""
    if row is None:
        return None
    street = () if short else (row.AddressLine1, row.AddressLine2)
    rest = () if short else (row.PostalCode, row.CountryCode)
    return ", ".join(part for part in (*street, row.City, row.State or row.StateCode, *rest) if part) or None


def application(row: wire.Submission, zone: ZoneInfo) -> Application:
    return Application(
        id=ApplicationId(str(row.ID)),
        job_id=JobId(str(row.PositionID)),
        candidate_id=CandidateId(str(row.CandidateID)),
        stage_id=None if row.StatusID is None else StageId(str(row.StatusID)),
        stage_text=row.Status,
        source=row.AdSource,
        created_at=moment(row.CreatedOn, zone, "$.CreatedOn"),
        changed_at=moment(row.ModifiedOn, zone, "$.ModifiedOn"),
    )


def candidate(row: wire.Person, reached: Iterable[wire.Communication], zone: ZoneInfo) -> Candidate:
    known = list(reached)
    return Candidate(
        id=CandidateId(str(row.ID)),
        first_name=row.First or "",
        last_name=row.Last or "",
        emails=_values(known, EMAIL),
        phones=_values(known, PHONE),
        title=row.Title,
        created_at=moment(row.CreatedOn, zone, "$.CreatedOn"),
        changed_at=moment(row.ModifiedOn, zone, "$.ModifiedOn"),
    )


def _values(known: Iterable[wire.Communication], kind: int) -> tuple[str, ...]:
    # Several may be primary, or none: the order in which they came decides then.
    rows = sorted((row for row in known if row.TypeID == kind), key=lambda row: not row.IsPrimary)
    return tuple(dict.fromkeys(row.Value.strip() for row in rows if row.Value and row.Value.strip()))


def age_key(file: wire.Attachment, zone: ZoneInfo) -> tuple[datetime, int]:
    """Sorts the newest file last."""
    return moment(file.DateAdded, zone, "$.DateAdded") or datetime.min.replace(tzinfo=UTC), file.ID


def is_client(row: wire.Glance | wire.Person) -> bool:
    """Whether it is somebody at a client company, whom lists of contacts hold beside candidates."""
    named = isinstance(row.AboutType, str) and row.AboutType.casefold() == "contact"
    return row.CompanyID is not None or named


def stage(row: wire.Status) -> Stage:
    return Stage(
        id=StageId(str(row.ID)),
        name=row.Name or "",
        order=row.SortOrder or 0,
        rejected=bool(row.IsRejected),
        terminal=bool(row.IsTerminal),
    )


def standing(row: wire.Submission, stages: Mapping[StageId, Stage]) -> Standing:
    """A reason alone does not make a rejection where the status is known: it may have been taken back."""
    here = StageId(str(row.StatusID))
    known = stages.get(here)
    rejected = row.DispositionReasonID is not None if known is None else known.rejected
    ended = known is not None and known.terminal
    return Standing(
        stage=here,
        outcome=Outcome.REJECTED if rejected else Outcome.CLOSED if ended else Outcome.OPEN,
        reason=None if row.DispositionReasonID is None else ReasonId(str(row.DispositionReasonID)),
        candidate=CandidateId(str(row.CandidateID)),
    )


def reason(row: wire.Reason) -> DispositionReason:
    return DispositionReason(id=ReasonId(str(row.ID)), name=row.Name or "", active=row.IsActive is not False)


def field_definition(row: wire.FieldDefinition) -> FieldDefinition:
    kind = _KINDS.get((row.FieldType or "").casefold(), FieldKind.TEXT)
    options = tuple(row.PossibleValues or ())
    return FieldDefinition(
        id=FieldId(str(row.ID)),
        name=row.Name or "",
        # The options of some lists stand at a web address of the customer's: any text may be one.
        kind=FieldKind.TEXT if kind is FieldKind.CHOICE and not options else kind,
        options=options,
        required=bool(row.IsRequired),
    )


def field_value(row: wire.FieldValue, definitions: Mapping[FieldId, FieldDefinition]) -> FieldValue:
    """In canonical text; a value that does not fit its own field's type is kept as it is."""
    field = FieldId(str(row.ID))
    definition = definitions.get(field)
    value = row.Value or None
    if definition is not None and value is not None:
        with suppress(InvalidError):
            value = canonical(definition, value)
    return FieldValue(field=field, name=row.Name or (definition.name if definition else ""), value=value)


def field_text(definition: FieldDefinition, value: str) -> str:
    """Canonical text as eRecruit takes it: all values are texts, and booleans are capitalised."""
    return value.capitalize() if definition.kind is FieldKind.BOOLEAN else value


def digest_of(*parts: bytes) -> bytes:
    """The digest of a record's bytes as received."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def slices(reply: wire.Listing | Sequence[Raw]) -> list[bytes]:
    """The records of a page by their bytes."""
    rows = reply.Items if isinstance(reply, wire.Listing) else reply
    return [bytes(row) for row in rows]


def page_size(reply: wire.Listing | Sequence[Raw], asked: int) -> int:
    """How many records a full page has: fewer than asked for where the vendor cuts."""
    stated = reply.PageSize if isinstance(reply, wire.Listing) else None
    return min(stated, asked) if stated is not None and stated > 0 else asked
