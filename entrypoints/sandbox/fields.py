"""Declared names and types of queries and bodies; whatever is not declared is refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from entrypoints.sandbox.wire import Upload

Faults = dict[str, list[str]]


@attrs.frozen
class Kind:
    """A type with its two spellings: a JSON value, and text as in queries and forms. Both raise ValueError."""

    name: str
    from_json: Callable[[object], Any]
    from_text: Callable[[str], Any]
    many: bool = False


@attrs.frozen
class Field:
    name: str
    kind: Kind
    required: bool = False


def _never(value: object) -> Any:
    raise ValueError(value)


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return value


def _integer_text(value: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise ValueError(value)
    return int(value)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return value


def _boolean_text(value: str) -> bool:
    if value.casefold() not in {"true", "false"}:
        raise ValueError(value)
    return value.casefold() == "true"


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return [_text(item) for item in value]


def _local_time(value: str) -> str:
    """Local time without offset, cut of trailing zeros: such texts sort like the times they name."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,7})?)?", value):
        raise ValueError(value)
    datetime.fromisoformat(value)
    whole, _, fraction = value.partition(".")
    whole = whole if "T" in whole else f"{whole}T00:00:00"
    return f"{whole}.{fraction}".rstrip("0").rstrip(".") if fraction else whole


def _file(value: object) -> Upload:
    if not isinstance(value, Upload) or not value.filename:
        raise ValueError(value)
    return value


INTEGER = Kind("an integer", _integer, _integer_text)
TEXT = Kind("a text", _text, str)
BOOLEAN = Kind("true or false", _boolean, _boolean_text)
NULLABLE_TEXT = Kind("a text or null", lambda value: None if value is None else _text(value), str)
TEXTS = Kind("a list of texts", _texts, str, many=True)
LOCAL_TIME = Kind("a local date and time without offset", lambda value: _local_time(_text(value)), _local_time)
FILE = Kind("a file", _file, _never)


def id_list(most: int) -> Kind:
    """Ids joined by commas, no more of them than a URL bears."""

    def read(value: str) -> list[int]:
        ids = [_integer_text(part) for part in value.split(",")]
        if len(ids) > most:
            raise ValueError(value)
        return ids

    return Kind(f"at most {most} ids joined by commas", _never, read)


def object_of(*fields: Field) -> Kind:
    """An object with these names and no others."""

    def read(value: object) -> dict[str, Any]:
        found, faults = read_json(fields, value)
        if faults:
            raise ValueError(faults)
        return found

    return Kind("an object of " + ", ".join(field.name for field in fields), read, _never)


def list_of(kind: Kind) -> Kind:
    def read(value: object) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
        return [kind.from_json(item) for item in value]

    return Kind(f"a list, each {kind.name}", read, _never)


def one_of(*texts: str) -> Kind:
    return matching(f"one of {', '.join(texts)}", "|".join(re.escape(text) for text in texts))


def matching(name: str, pattern: str) -> Kind:
    def read(value: object) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError(value)
        return _text(value)

    return Kind(name, read, read)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return value


def _flag_text(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError(value)
    return value == "true"


FLAG = Kind("true or false", _flag, _flag_text)
OBJECT = Kind("an object", _object, _never)
ANYTHING = Kind("a value", lambda value: value, str)


def read_json(fields: Sequence[Field], given: object) -> tuple[dict[str, Any], Faults]:
    if not isinstance(given, dict):
        return {}, {"": ["The body must be an object."]}
    return _read(fields, given, lambda kind, value: kind.from_json(value))


def read_text(fields: Sequence[Field], given: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], Faults]:
    return _read(fields, given, _from_texts)


def _from_texts(kind: Kind, values: Sequence[str]) -> Any:
    if kind.many:
        return [kind.from_text(value) for value in values]
    if len(values) != 1:
        raise ValueError(values)
    return kind.from_text(values[0])


def _read(
    fields: Sequence[Field], given: Mapping[str, Any], convert: Callable[[Kind, Any], Any]
) -> tuple[dict[str, Any], Faults]:
    known = {field.name: field for field in fields}
    faults: Faults = {name: [f"{name} is not known here."] for name in given if name not in known}
    read: dict[str, Any] = {}
    for name, field in known.items():
        if name not in given:
            if field.required:
                faults[name] = [f"The {name} field is required."]
            continue
        try:
            read[name] = convert(field.kind, given[name])
        except ValueError:
            faults[name] = [f"The {name} field must be {field.kind.name}."]
    return read, faults
