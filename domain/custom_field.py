"""Custom fields: what a customer's ATS asks for beyond the common record, with its types."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

import attrs

from domain.errors import InvalidError
from domain.ids import FieldId


class FieldKind(StrEnum):
    """The type of a field's values."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"


@attrs.frozen(kw_only=True)
class FieldDefinition:
    """One field of one kind of record; `options` are the only values of a choice.

    A field of a type that we do not know is text, and `kind_text` keeps the vendor's word for it.
    """

    id: FieldId
    name: str
    kind: FieldKind
    options: tuple[str, ...] = ()
    required: bool = False
    kind_text: str | None = None


@attrs.frozen(kw_only=True)
class FieldValue:
    """A field's value in canonical text (see `canonical`), or None where the record has none."""

    field: FieldId
    name: str
    value: str | None


@attrs.frozen
class FieldUpdate:
    """A value that somebody wants a field to have, in canonical text once it has been coerced."""

    field: FieldId
    value: str


def canonical(definition: FieldDefinition, value: object) -> str:
    """The one text that stands for a value of this field's type.

    Booleans are `true` and `false`, numbers have no exponent and no trailing zeros, dates are ISO 8601.
    Text that means such a value is taken too. Raises InvalidError for anything else.
    """
    if value is None or value == "":
        raise InvalidError.at("/value", "clearing a field is not offered")
    return _COERCE[definition.kind](definition, value)


def as_text(value: object) -> str:
    """A value as text, whatever the type of its field."""
    try:
        return _text(_ANY, value)
    except InvalidError:
        return str(value)


_MOST_DIGITS = 60
_ANY = FieldDefinition(id=FieldId(""), name="", kind=FieldKind.TEXT)


def _text(_: FieldDefinition, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _decimal_text(value)
    if isinstance(value, str):
        return value
    raise InvalidError.at("/value", "must be a text, a number or a boolean")


def _decimal_text(value: object) -> str:
    try:
        number = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        raise InvalidError.at("/value", "must be a number") from None
    if not number.is_finite():
        raise InvalidError.at("/value", "must be a finite number")
    if max(abs(number.adjusted()), len(number.as_tuple().digits)) > _MOST_DIGITS:
        raise InvalidError.at("/value", f"must be a number of at most {_MOST_DIGITS} digits")
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _number(_: FieldDefinition, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise InvalidError.at("/value", "must be a number")
    return _decimal_text(value)


def _integer(definition: FieldDefinition, value: object) -> str:
    text = _number(definition, value)
    if "." in text:
        raise InvalidError.at("/value", "must be a whole number")
    return text


_TRUTH: Mapping[str, str] = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}


def _boolean(_: FieldDefinition, value: object) -> str:
    text = _TRUTH.get(str(value).strip().lower()) if isinstance(value, bool | str | int) else None
    if text is None:
        raise InvalidError.at("/value", "must be true or false")
    return text


def _date(_: FieldDefinition, value: object) -> str:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()).isoformat()
        except ValueError:
            pass
    raise InvalidError.at("/value", "must be a date such as 2026-11-21")


def _choice(definition: FieldDefinition, value: object) -> str:
    text = _text(definition, value)
    if text in definition.options:
        return text
    for option in definition.options:
        if option.casefold() == text.strip().casefold():
            return option
    offered = ", ".join(definition.options)
    raise InvalidError.at("/value", f"must be one of: {offered}")


_COERCE: Mapping[FieldKind, Callable[[FieldDefinition, object], str]] = {
    FieldKind.TEXT: _text,
    FieldKind.INTEGER: _integer,
    FieldKind.NUMBER: _number,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
}
