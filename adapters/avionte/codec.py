"""Between Avionté's records and ours. Pure; raises MalformedReplyError for what cannot be read."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import attrs
import msgspec
from msgspec import Raw

from adapters.avionte import wire
from adapters.kombo import codec as kombo_codec
from adapters.kombo import wire as kombo
from adapters.kombo.passthrough import Made
from adapters.rest.answer import Unreadable, decode
from domain.candidate import Candidate, CandidateDetail
from domain.custom_field import FieldDefinition, FieldKind, FieldValue, as_text, canonical
from domain.errors import InvalidError
from domain.evidence import Receipt
from domain.ids import FieldId
from domain.job import JobDetail, Party
from ports.errors import MalformedReplyError

T = TypeVar("T")
Word = Callable[[str], str]
"""What the customer's Avionté has for an assumed word."""

PROVIDER = "avionte"
PARTS = ("fields", "company", "address")
"""Of a job, what Kombo does not tell."""

# Numbers digit by digit: as floats, long ones would read back unlike what was sent.
_ANYTHING = msgspec.json.Decoder(float_hook=Decimal)
_KINDS = {
    "type.text": FieldKind.TEXT,
    "type.long_text": FieldKind.TEXT,
    "type.number": FieldKind.NUMBER,
    "type.currency": FieldKind.NUMBER,
    "type.date": FieldKind.DATE,
    "type.boolean": FieldKind.BOOLEAN,
    "type.dropdown": FieldKind.CHOICE,
    # One option can be set; several that people have set are read, one a line.
    "type.multi_select": FieldKind.CHOICE,
}


def malformed(path: str) -> MalformedReplyError:
    return MalformedReplyError(f"avionte: a record cannot be read at {path}", path=path, provider=PROVIDER)


def decoded(shape: type[T], raw: Raw | bytes, path: str = "$") -> T:
    """A record out of its bytes."""
    value = decode(shape, bytes(raw))
    if isinstance(value, Unreadable):
        raise malformed(path + value.path[1:])
    return value


def stated(text: str | None) -> datetime | None:
    """A time as Avionté states it: often without a zone, with up to seven digits of a second, or empty.

    A time without a zone has no documented one, and none is made up. One that cannot be read is none.
    """
    with suppress(ValueError):
        return datetime.fromisoformat(text) if text else None
    return None


def instant(text: str | None) -> datetime | None:
    """The moment in UTC, where the zone is stated."""
    time = stated(text)
    with suppress(OverflowError):
        return time.astimezone(UTC) if time is not None and time.utcoffset() is not None else None
    return None


def day(text: str | None) -> str | None:
    """The date alone, as it is written."""
    time = stated(text)
    return time.date().isoformat() if time is not None else None


def digest(sent: bytes) -> str:
    return hashlib.sha256(sent).hexdigest()


def address(row: wire.Address | None) -> str | None:
    """One line."""
    if row is None:
        return None
    parts = (row.street1, row.street2, row.city, row.state_Province, row.postalCode, row.country)
    return ", ".join(part for part in parts if part) or None


def job(record: wire.Keyed) -> wire.Job:
    """What is used of a job beside its custom fields."""
    return decoded(wire.Job, msgspec.json.encode(record))


def by_number(records: Iterable[wire.Keyed]) -> dict[str, wire.Keyed]:
    """Jobs by their numbers; one that comes twice is taken once, one without a number not at all."""
    found: dict[str, wire.Keyed] = {}
    for record in records:
        number = _value(record, "id")
        if isinstance(number, int) and not isinstance(number, bool):
            found.setdefault(str(number), record)
    return found


def job_detail(row: kombo.Job, known: wire.Job | None, fields: Sequence[FieldValue]) -> JobDetail:
    """Kombo's job with what Avionté knows beside it; what is not known is named."""
    detail = kombo_codec.job_detail(row)
    if known is None:
        return attrs.evolve(detail, missing=PARTS)
    named = (
        (known.companyName, "company", None),
        (known.billingName, "billing", None),
        (known.salesRepUser, "sales representative", known.salesRepUser),
    )
    parties = tuple(Party(name=name, role=role, email=email) for name, role, email in named if name)
    return attrs.evolve(
        detail,
        job=attrs.evolve(detail.job, company=known.companyName or detail.job.company),
        fields=tuple(fields),
        parties=(*parties, *detail.parties),
        address=address(known.worksiteAddress) or detail.address,
    )


def candidate_detail(
    record: Candidate, row: wire.Talent | None, fields: Sequence[FieldValue], missing: Sequence[str]
) -> CandidateDetail:
    """Kombo's candidate with what Avionté knows beside it."""
    talent = row or wire.Talent(id=0)
    return CandidateDetail(
        **{field.name: getattr(record, field.name) for field in attrs.fields(Candidate)},
        status=talent.status or None,
        office=talent.officeName or None,
        source=talent.origin or None,
        available_from=day(talent.availabilityDate),
        last_activity=talent.latestActivityName or None,
        address=address(talent.residentAddress),
        link=talent.link or None,
        fields=tuple(fields),
        missing=tuple(missing),
    )


@attrs.frozen
class Field:
    """A custom field, its id as Avionté writes it, and whether its values are lists. An archived one is not offered."""

    definition: FieldDefinition
    id: object
    many: bool = False
    archived: bool = False

    def sent(self, value: str) -> object:
        """A canonical text as Avionté takes it: numbers digit by digit."""
        match self.definition.kind:
            case FieldKind.NUMBER:
                return Raw(value.encode())
            case FieldKind.BOOLEAN:
                return value == "true"
            case _:
                return [value] if self.many else value


def fields(rows: Iterable[wire.Keyed], word: Word) -> dict[FieldId, Field]:
    """All of them by their ids."""
    read = [_field(row, word, f"$[{at}]") for at, row in enumerate(rows)]
    return {field.definition.id: field for field in read}


def _field(row: wire.Keyed, word: Word, path: str) -> Field:
    number = _value(row, word("definition.id"))
    if isinstance(number, bool) or not isinstance(number, int | str) or number == "":
        raise malformed(f"{path}.{word('definition.id')}")
    options = _value(row, word("definition.options"))
    offered = tuple(as_text(option) for option in options) if isinstance(options, list) else ()
    kind, name = _kind(as_text(_value(row, word("definition.type")) or ""), word)
    definition = FieldDefinition(
        id=FieldId(str(number)),
        name=as_text(_value(row, word("definition.name")) or number),
        # Where no options are told, any text may be one.
        kind=FieldKind.TEXT if kind is FieldKind.CHOICE and not offered else kind or FieldKind.TEXT,
        options=offered if kind is FieldKind.CHOICE else (),
        required=_value(row, word("definition.required")) is True,
        kind_text=name if kind is None else None,
    )
    many = name.casefold() == word("type.multi_select").casefold()
    return Field(definition, number, many, archived=_value(row, word("definition.archived")) is True)


def _kind(name: str, word: Word) -> tuple[FieldKind | None, str]:
    known = {word(one).casefold(): kind for one, kind in _KINDS.items()}
    return known.get(name.casefold()), name


def _value(row: wire.Keyed, key: str) -> object:
    raw = row.get(key)
    return None if raw is None else _ANYTHING.decode(raw)


def values(row: wire.Keyed, kind: str, known: Mapping[FieldId, Field], word: Word) -> tuple[FieldValue, ...]:
    """The values of a record of this kind, in canonical text. A field that stands there twice is told once."""
    key = word(f"values.{kind}")
    raw = row.get(key)
    details = None if raw is None else decoded(list[wire.Keyed] | None, raw, f"$.{key}")  # type: ignore[arg-type]  # a union is no type to mypy
    read = [_field_value(detail, known, word) for detail in details or ()]
    return tuple({one.field: one for one in read if one is not None}.values())


def _field_value(row: wire.Keyed, known: Mapping[FieldId, Field], word: Word) -> FieldValue | None:
    number = _value(row, word("value.definition"))
    if number is None:
        return None
    field = known.get(FieldId(str(number)))
    name = _value(row, word("value.name"))
    return FieldValue(
        field=FieldId(str(number)),
        name=as_text(name) if name else field.definition.name if field else "",
        value=_text(field, _value(row, word("value.value"))),
    )


def _text(field: Field | None, value: object) -> str | None:
    """In canonical text; a value that does not fit its own field's type is kept as it is."""
    if isinstance(value, list):
        return "\n".join(filter(None, (_text(field, one) for one in value))) or None
    if value is None or value == "":
        return None
    if field is not None and field.definition.kind is FieldKind.DATE and isinstance(value, str):
        return day(value) or value
    if field is not None:
        with suppress(InvalidError):
            return canonical(field.definition, value)
    return as_text(value)


def receipt(text: str, made: Made[wire.Note]) -> Receipt:
    """What Avionté says of a note just written, with the digest of what was sent."""
    note = made.said or wire.Note()
    number = None if note.id is None else str(note.id)
    sent = digest(text.encode())
    return Receipt(id=number, at=instant(note.activityDate), sha256=sent, warnings=made.warnings)
