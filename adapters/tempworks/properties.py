"""Custom data between TempWorks' values and canonical text. Its values are texts, whatever their type."""

import json
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, time

import attrs

from adapters.tempworks import codec, wire
from domain.custom_field import FieldDefinition, FieldKind, FieldValue, canonical
from domain.errors import InvalidError
from domain.ids import FieldId

_KINDS = {
    "boolean": FieldKind.BOOLEAN,
    "date": FieldKind.DATE,
    "decimal": FieldKind.NUMBER,
    "integer": FieldKind.INTEGER,
    "money": FieldKind.NUMBER,
}
_MIDNIGHT = "T00:00:00"
_PLAIN = frozenset({"string", "datetime", "time", "guid"})


@attrs.frozen(kw_only=True)
class Property:
    """A custom property: what it is outside, and whether and how it can be set."""

    definition: FieldDefinition
    type: str
    several: bool
    fault: str | None
    """Why it cannot be set, if so."""


def property_of(row: wire.CustomProperty, options: tuple[str, ...]) -> Property:
    kind_text = codec.text(row.propertyType).casefold()
    kind = FieldKind.CHOICE if codec.flag(row.hasDatalist) else _KINDS.get(kind_text, FieldKind.TEXT)
    definition = FieldDefinition(
        id=FieldId(row.propertyDefinitionId.strip().casefold()),
        name=codec.text(row.propertyName) or row.propertyDefinitionId,
        kind=kind,
        options=options,
        required=codec.flag(row.isRequired) is True,
        kind_text=None if kind_text in _KINDS or kind_text in _PLAIN else kind_text or None,
    )
    several = codec.flag(row.allowMultipleValues) is True
    return Property(definition=definition, type=kind_text, several=several, fault=_fault(row))


def _fault(row: wire.CustomProperty) -> str | None:
    if codec.flag(row.isActive) is False:
        return "is not in use any more"
    # Whether it may be set must be known: what is not said is taken for no.
    return None if codec.flag(row.isReadOnly) is False else "is read-only"


def value_of(row: wire.CustomProperty, known: Property) -> FieldValue:
    """In canonical text; a value that does not fit its own type is kept as it is. Several values are a JSON list."""
    definition = known.definition
    return FieldValue(field=definition.id, name=definition.name, value=_text(row.propertyValue, definition))


def _text(value: object, definition: FieldDefinition) -> str | None:
    if isinstance(value, list):
        texts = [_text(one, definition) for one in value]
        return texts[0] if len(texts) == 1 else json.dumps(texts, ensure_ascii=False) if texts else None
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if definition.kind is FieldKind.DATE:
        plain = plain.removesuffix(_MIDNIGHT)
    with suppress(InvalidError):
        return canonical(definition, plain)
    return plain


def wire_value(known: Property, value: str) -> object:
    """Canonical text as TempWorks takes it. Raises InvalidError where it does not fit the property."""
    text = canonical(known.definition, value)
    if known.type in _CHECKS:
        text = _checked(_CHECKS[known.type], text)
    if known.type == "boolean":
        one: object = text == "true"
    else:
        one = text + _MIDNIGHT if known.definition.kind is FieldKind.DATE else text
    return [one] if known.several else one


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "datetime": lambda text: datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0).isoformat(),
    "time": lambda text: time.fromisoformat(text).replace(tzinfo=None, microsecond=0).isoformat(),
    "guid": lambda text: str(uuid.UUID(text)),
}


def _checked(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text.strip())
    except ValueError:
        raise InvalidError.at("/value", "does not fit the type of the field") from None
