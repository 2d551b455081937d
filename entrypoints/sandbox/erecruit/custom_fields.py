"""Custom fields: definitions, values where there are any, and one value at a time to set, echoed."""

from decimal import Decimal, InvalidOperation

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import CUSTOM_FIELDS
from entrypoints.sandbox.erecruit.manners import missing, wrong
from entrypoints.sandbox.erecruit.state import About, Row, State
from entrypoints.sandbox.fields import INTEGER, TEXT, Field
from entrypoints.sandbox.wire import Ask, Reply, Write

VALUE_FIELDS = (
    Field("ID", INTEGER, required=True),
    Field("Name", TEXT, required=True),
    Field("Value", TEXT, required=True),
)


def definitions(_state: State, ask: Ask) -> Reply:
    return Reply(body=list(CUSTOM_FIELDS[records.about_kind(ask.params["about"])].values()))


def values(state: State, ask: Ask) -> Reply:
    """A field without a value is not there at all."""
    about = records.asked_about(state, ask)
    return Reply(body=[_value(about, number, value) for number, value in state.values.get(about, {}).items()])


def set_value(state: State, ask: Ask) -> Reply:
    about, number = records.asked_about(state, ask), ask.params["field"]
    if number not in CUSTOM_FIELDS[about.kind]:
        raise missing("CustomField", number)
    definition, value = CUSTOM_FIELDS[about.kind][number], ask.body["Value"]
    if (ask.body["ID"], ask.body["Name"]) != (number, definition["Name"]):
        raise wrong("ID", f"The path names field {number}, the body another one.")
    if not fits(definition, value):
        raise wrong("Value", f"'{value}' is not a possible value.")
    state.values.setdefault(about, {})[number] = value
    _touch(state, about, state.local(ask.now))
    wrote = Write(
        kind="field",
        target=about.target,
        id=str(number),
        content=value.encode(),
        name=definition["Name"],
        value=value,
    )
    return Reply(body=_value(about, number, value), wrote=wrote)


def fits(definition: Row, value: str) -> bool:
    """Values are texts on the wire, whatever the type; nothing can be cleared."""
    match definition["FieldType"]:
        case "Boolean":
            return value in {"True", "False"}
        case "List":
            return value in definition["PossibleValues"]
        case "Integer":
            return value.removeprefix("-").isdecimal() and value.isascii()
        case "Number":
            return _is_number(value)
        case _:
            return bool(value)


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _value(about: About, number: int, value: str) -> Row:
    return {"ID": number, "Name": CUSTOM_FIELDS[about.kind][number]["Name"], "Value": value}


def _touch(state: State, about: About, now: str) -> None:
    table = {"candidate": state.contacts, "job": state.positions, "application": state.submissions}[about.kind]
    table.change(about.number, now)
