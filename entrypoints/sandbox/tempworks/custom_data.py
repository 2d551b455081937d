"""Custom data of a record: every definition, with a value or null; and one value at a time to set."""

import json
from typing import Any

from entrypoints.sandbox.fields import Field, Kind
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.lists import envelope
from entrypoints.sandbox.tempworks.manners import missing, wrong
from entrypoints.sandbox.tempworks.properties import ASSIGNMENT, EMPLOYEE, JOB_ORDER, PROPERTIES, fitting
from entrypoints.sandbox.tempworks.state import Row, State
from entrypoints.sandbox.wire import Ask, Reply, Write

_KINDS = {"employees": EMPLOYEE, "joborders": JOB_ORDER, "assignments": ASSIGNMENT}
_TARGETS = {EMPLOYEE: "candidate", JOB_ORDER: "job", ASSIGNMENT: "application"}
_IDS = {EMPLOYEE: "employeeId", JOB_ORDER: "jobOrderId", ASSIGNMENT: "assignmentId"}
_KEYS = {"propertyDefinitionId", "propertyValue"}


def _values(value: object) -> list[Row]:
    """One at a time: what several of them do when one is refused is not known."""
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict) or set(value[0]) != _KEYS:
        raise ValueError(value)
    return value


def _never(value: str) -> Any:
    raise ValueError(value)


VALUE_FIELDS = (
    Field("propertyValues", Kind("a list of one propertyDefinitionId with its propertyValue", _values, _never), True),
)


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


def set_value(state: State, ask: Ask) -> Reply:
    kind, number = _asked(state, ask)
    [given] = ask.body["propertyValues"]
    definition = PROPERTIES[kind].get(given["propertyDefinitionId"])
    if definition is None or not definition["isActive"]:
        raise wrong("propertyDefinitionId", "There is no such property.")
    if definition["isReadOnly"]:
        raise wrong("propertyDefinitionId", "The property is read-only.")
    kept = _fitted(definition, given["propertyValue"])
    state.values.setdefault((kind, number), {})[definition["propertyDefinitionId"]] = kept
    records.of_kind(state, kind, number).modified = ask.now
    _announce(state, ask, kind, number, definition, kept)
    return Reply(status=204, wrote=_write(ask, kind, definition))


def _fitted(definition: Row, value: Any) -> Any:
    try:
        return fitting(definition, value)
    except ValueError:
        raise wrong("propertyValue", "The value does not fit the property.") from None


def _write(ask: Ask, kind: str, definition: Row) -> Write:
    number, value = ask.params["id"], ask.body["propertyValues"][0]["propertyValue"]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    record = f"assignment:{number}" if kind == ASSIGNMENT else str(number)
    return Write(
        kind="field",
        target=(_TARGETS[kind], record),
        id=definition["propertyDefinitionId"],
        content=text.encode(),
        name=definition["propertyName"],
        value=text,
    )


def _announce(state: State, ask: Ask, kind: str, number: int, definition: Row, kept: Any) -> None:
    names = ("propertyDefinitionId", "propertyName")
    values = [{name: definition[name] for name in names} | {"propertyValue": kept}]
    state.announce(f"{kind}.custompropertyupdated", {_IDS[kind]: number, "propertyValues": values}, ask.now)


def options(_state: State, ask: Ask) -> Reply:
    wanted = ask.params["property"].casefold()
    found = next((kind[wanted] for kind in PROPERTIES.values() if wanted in kind), None)
    if found is None or not found["hasDatalist"]:
        raise missing()
    return envelope([{"value": option, "isActive": True} for option in found["options"]])
