"""Custom data of a record: every definition, with a value or null; and one value at a time to set."""

import json
from typing import Any

from entrypoints.sandbox.fields import Field, Kind
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.lists import envelope
from entrypoints.sandbox.tempworks.manners import missing, wrong
from entrypoints.sandbox.tempworks.noted import of_assignment
from entrypoints.sandbox.tempworks.properties import ASSIGNMENT, EMPLOYEE, JOB_ORDER, PROPERTIES, fitting
from entrypoints.sandbox.tempworks.state import Row, State
from entrypoints.sandbox.wire import Ask, Reply, Write

_KINDS = {"employees": EMPLOYEE, "joborders": JOB_ORDER, "assignments": ASSIGNMENT}
_TARGETS = {EMPLOYEE: "candidate", JOB_ORDER: "job"}
_IDS = {EMPLOYEE: "employeeId", JOB_ORDER: "jobOrderId", ASSIGNMENT: "assignmentId"}
_KEYS = {"propertyDefinitionId", "propertyValue"}


def _values(value: object) -> list[Row]:
    if not isinstance(value, list) or not value:
        raise ValueError(value)
    if any(not isinstance(one, dict) or set(one) != _KEYS for one in value):
        raise ValueError(value)
    return value


def _never(value: str) -> Any:
    raise ValueError(value)


VALUE_FIELDS = (Field("propertyValues", Kind("a list of properties with their values", _values, _never), True),)


def values_of(state: State, ask: Ask) -> Reply:
    kind, number = _asked(state, ask)
    kept = state.values.get((kind, number), {})
    return envelope([_shown(definition, kept.get(key)) for key, definition in PROPERTIES[kind].items()])


def _asked(state: State, ask: Ask) -> tuple[str, int]:
    kind, number = _KINDS[ask.path.casefold().split("/")[1]], ask.params["id"]
    records.of_kind(state, kind, number)
    return kind, number


def _shown(definition: Row, value: Any) -> Row:
    row = {name: definition[name] for name in definition if name != "options"}
    value_id = None if value is None else sum(json.dumps(value).encode())
    return row | {"propertyValue": value, "propertyValueId": value_id}


def set_values(state: State, ask: Ask) -> Reply:
    """All of them or none: which of the two the vendor does is not known."""
    kind, number = _asked(state, ask)
    given = [(_settable(kind, one["propertyDefinitionId"]), one["propertyValue"]) for one in ask.body["propertyValues"]]
    kept = {definition["propertyDefinitionId"]: _fitted(definition, value) for definition, value in given}
    state.values.setdefault((kind, number), {}).update(kept)
    records.of_kind(state, kind, number).modified = ask.now
    _announce(state, ask, kind, number, kept)
    first, *more = [_write(kind, number, definition, value) for definition, value in given]
    return Reply(status=204, wrote=first, more=tuple(more))


def _settable(kind: str, key: str) -> Row:
    definition = PROPERTIES[kind].get(key)
    if definition is None or not definition["isActive"]:
        raise wrong("propertyDefinitionId", "There is no such property.")
    if definition["isReadOnly"]:
        raise wrong("propertyDefinitionId", "The property is read-only.")
    return definition


def _fitted(definition: Row, value: Any) -> Any:
    try:
        return fitting(definition, value)
    except ValueError:
        raise wrong("propertyValue", "The value does not fit the property.") from None


def _write(kind: str, number: int, definition: Row, value: Any) -> Write:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Write(
        kind="field",
        target=of_assignment(number) if kind == ASSIGNMENT else (_TARGETS[kind], str(number)),
        id=definition["propertyDefinitionId"],
        content=text.encode(),
        name=definition["propertyName"],
        value=text,
    )


def _announce(state: State, ask: Ask, kind: str, number: int, kept: Row) -> None:
    values = [
        {"propertyDefinitionId": key, "propertyName": PROPERTIES[kind][key]["propertyName"], "propertyValue": value}
        for key, value in kept.items()
    ]
    state.announce(f"{kind}.custompropertyupdated", {_IDS[kind]: number, "propertyValues": values}, ask.now)


def options(_state: State, ask: Ask) -> Reply:
    wanted = ask.params["property"].casefold()
    found = next((kind[wanted] for kind in PROPERTIES.values() if wanted in kind), None)
    if found is None or not found["hasDatalist"]:
        raise missing()
    return envelope([{"value": option, "isActive": True} for option in found["options"]])
