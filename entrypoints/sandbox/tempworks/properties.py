"""Custom data: what is defined for each kind of record, and which values fit a definition."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from entrypoints.sandbox.tempworks.catalogue import Row

_NAMES = uuid.UUID("ff5fc2de-5b6a-4bc4-8735-457481ecba03")


def property_id(kind: str, name: str) -> str:
    return str(uuid.uuid5(_NAMES, f"{kind} {name}"))


def _defined(kind: str, name: str, of_type: str, options: tuple[str, ...] = (), **more: bool) -> Row:
    flags = {"isActive": True, "isRequired": False, "isReadOnly": False, "allowMultipleValues": False}
    return {
        "propertyDefinitionId": property_id(kind, name),
        "propertyName": name,
        "propertyType": of_type,
        "categoryId": None,
        "categoryName": None,
        **flags,
        **more,
        "hasDatalist": bool(options),
        "options": options,
    }


def _all(kind: str) -> dict[str, Row]:
    rows = (
        _defined(kind, "Is screened", "boolean"),
        _defined(kind, "Available from", "date"),
        _defined(kind, "Screened at", "datetime"),
        _defined(kind, "Score", "decimal"),
        _defined(kind, "Outside id", "guid"),
        _defined(kind, "Years", "integer"),
        _defined(kind, "Wished pay", "money"),
        _defined(kind, "Shift", "string", ("Day", "Night", "Weekend")),
        _defined(kind, "Languages", "string", ("English", "Français", "Español"), allowMultipleValues=True),
        _defined(kind, "Remark", "string"),
        _defined(kind, "Best hour", "time"),
        _defined(kind, "Rank by system", "integer", isReadOnly=True),
        _defined(kind, "Old question", "string", isActive=False),
        _defined(kind, "Shirt size", "string", ("S", "M", "L"), isRequired=True),
    )
    return {row["propertyDefinitionId"]: row for row in rows}


EMPLOYEE, JOB_ORDER, ASSIGNMENT = "employee", "joborder", "assignment"
PROPERTIES = {kind: _all(kind) for kind in (EMPLOYEE, JOB_ORDER, ASSIGNMENT)}


def fitting(definition: Row, value: Any) -> Any:
    """The value as it is kept. Raises ValueError when it does not fit."""
    if value in (None, "", []):
        if definition["isRequired"]:
            raise ValueError(value)
        return None
    if definition["allowMultipleValues"]:
        return [_one(definition, item) for item in (value if isinstance(value, list) else [value])]
    return _one(definition, value)


def _one(definition: Row, value: Any) -> Any:
    if definition["hasDatalist"] and value not in definition["options"]:
        raise ValueError(value)
    if definition["propertyType"] == "boolean":
        return _boolean(value)
    if isinstance(value, (list, dict, bool)):
        raise ValueError(value)  # noqa: TRY004 - every value that does not fit is refused in the same way
    text = str(value)
    match definition["propertyType"]:
        case "integer":
            return str(_integer(text))
        case "decimal" | "money":
            return _number(text)
        case "date":
            return f"{date.fromisoformat(text[:10]).isoformat()}T00:00:00"
        case "datetime":
            return datetime.fromisoformat(text).replace(tzinfo=None).isoformat()
        case "time":
            return time.fromisoformat(text).isoformat()
        case "guid":
            return str(uuid.UUID(text))
        case _:
            return text


def _boolean(value: Any) -> bool:
    """Written as a text or as it is, read as it is."""
    if str(value).casefold() not in {"true", "false"}:
        raise ValueError(value)
    return str(value).casefold() == "true"


def _integer(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or not text.isascii():
        raise ValueError(text)
    return int(text)


def _number(text: str) -> str:
    try:
        if not Decimal(text).is_finite():
            raise ValueError(text)
    except InvalidOperation:
        raise ValueError(text) from None
    return text
