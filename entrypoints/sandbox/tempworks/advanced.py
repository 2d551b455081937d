"""Advanced search: rules in groups over any column, sorted, cut into pages, and kept for a while."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs
import msgspec

from entrypoints.sandbox.fields import BOOLEAN, INTEGER, Field, Kind
from entrypoints.sandbox.tempworks.columns import COLUMNS, Column
from entrypoints.sandbox.tempworks.lists import cut, envelope
from entrypoints.sandbox.tempworks.manners import missing, wrong
from entrypoints.sandbox.tempworks.state import ASSIGNMENT_ORIGIN, EMPLOYEE_ORIGIN, Row, State
from entrypoints.sandbox.wire import Ask, Reply
from entrypoints.sandbox.zones import shipped

KEPT = timedelta(minutes=5)
_AND, _OR = 0, 1
AFTER, BEFORE, IN, IS_TRUE = 3, 4, 7, 20


@attrs.frozen
class Rule:
    column: str
    operator: int
    values: tuple[str, ...]


@attrs.frozen
class Group:
    any_of: bool
    negated: bool
    rules: tuple["Group | Rule", ...]


def _criteria(value: object) -> tuple[Group, tuple[str, ...]]:
    row = _object(value, {"rootGroup", "returnColumnIds"})
    return _group(row["rootGroup"]), tuple(_texts(row["returnColumnIds"]))


def _object(value: object, keys: set[str]) -> Row:
    if not isinstance(value, dict) or set(value) != keys:
        raise ValueError(value)
    return value


def _group(value: object) -> Group:
    row = _object(value, {"condition", "not", "rules"})
    if row["condition"] not in (_AND, _OR) or not isinstance(row["rules"], list):
        raise ValueError(value)
    return Group(row["condition"] == _OR, BOOLEAN.from_json(row["not"]), tuple(map(_rule, row["rules"])))


def _rule(value: object) -> Group | Rule:
    if isinstance(value, dict) and "rules" in value:
        return _group(value)
    row = _object(value, {"columnId", "operatorId", "values"})
    values = [] if row["values"] is None else _texts(row["values"])
    if not isinstance(row["columnId"], str) or (row["operatorId"] == IS_TRUE) is bool(values):
        raise ValueError(value)
    return Rule(row["columnId"].casefold(), INTEGER.from_json(row["operatorId"]), tuple(values))


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(value)
    return value


def _sorts(value: object) -> list[tuple[str, bool]]:
    if not isinstance(value, list):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    rows = [_object(item, {"columnId", "isDescending"}) for item in value]
    return [(row["columnId"].casefold(), BOOLEAN.from_json(row["isDescending"])) for row in rows]


def _never(value: str) -> Any:
    raise ValueError(value)


SEARCH_FIELDS = (
    Field("searchCriteria", Kind("a root group with the columns to return", _criteria, _never), required=True),
    Field("sortByColumns", Kind("a list of columns", _sorts, _never)),
    Field("ignoreCachedResults", BOOLEAN),
    Field("skip", INTEGER),
    Field("take", INTEGER),
)


def columns(_state: State, ask: Ask) -> Reply:
    origin = ask.params["origin"]
    return envelope([column.row(origin) for column in _columns(origin).values()])


def _columns(origin: int) -> Mapping[str, Column]:
    if origin not in COLUMNS:
        raise missing()
    return COLUMNS[origin]


def search(state: State, ask: Ask) -> Reply:
    origin, (group, returned) = ask.params["origin"], ask.body["searchCriteria"]
    known = _columns(origin)
    shown = [_column(known, number) for number in returned]
    if refused := [column.display for column in shown if not column.returned]:
        raise wrong("returnColumnIds", f"{refused[0]} cannot be included in results.")
    table = _table(state, origin)
    found = [] if state.switches.sees_no_branch else _kept(state, ask, group, table)
    page = cut(ask, found, dict(ask.body))
    body = {
        "columns": [_heading(column) for column in shown],
        "summary": "As asked",
        "data": [_row(state, origin, table[number], shown) for number in page],
        "totalCount": len(found),
    }
    return Reply(body=body)


def _table(state: State, origin: int) -> Mapping[int, Any]:
    if origin == EMPLOYEE_ORIGIN:
        return state.employees
    return state.assignments if origin == ASSIGNMENT_ORIGIN else state.job_orders


def _column(known: Mapping[str, Column], number: str) -> Column:
    if number.casefold() not in known:
        raise wrong("columnId", "There is no such column.")
    return known[number.casefold()]


def _heading(column: Column) -> Row:
    return {"columnId": column.id, "displayName": column.display, "columnType": column.type}


def _row(state: State, origin: int, record: Any, shown: Iterable[Column]) -> Row:
    def cell(value: Any) -> Row:
        return {"value": value, "originId": record.number, "originTypeId": origin}

    row = {"Id": cell(record.number)}
    for column in shown:
        [value] = column.values(state, record)
        row[column.id] = cell(value.isoformat() if isinstance(value, datetime) else value)
    return row


def _kept(state: State, ask: Ask, group: Group, table: Mapping[int, Any]) -> list[int]:
    """What was found for the same question a moment ago, unless the caller wants none of that."""
    asked = (ask.params["origin"], attrs.asdict(group), ask.body.get("sortByColumns"))
    key = msgspec.json.encode(asked)
    at, numbers = state.cached.get(key, (None, []))
    if at is not None and ask.now - at < KEPT and not ask.body.get("ignoreCachedResults", False):
        return numbers
    found = _found(state, ask, group, table)
    state.cached[key] = (ask.now, found)
    return found


def _found(state: State, ask: Ask, group: Group, table: Mapping[int, Any]) -> list[int]:
    known = _columns(ask.params["origin"])
    holds = _test(state, known, group)
    found = [record for record in table.values() if holds(record)]
    for number, descending in reversed(ask.body.get("sortByColumns", [])):
        column = _column(known, number)

        def key(record: Any, column: Column = column) -> tuple[bool, Any]:
            value = next(iter(column.values(state, record)), None)
            return value is not None, value if value is not None else 0

        found.sort(key=key, reverse=descending)
    return [record.number for record in found]


def _test(state: State, known: Mapping[str, Column], asked: Group | Rule) -> Any:
    if isinstance(asked, Rule):
        return _rule_test(state, _column(known, asked.column), asked)
    tests, join = [_test(state, known, rule) for rule in asked.rules], any if asked.any_of else all
    if not tests:
        return lambda _record: not asked.negated
    return lambda record: join(test(record) for test in tests) is not asked.negated


def _rule_test(state: State, column: Column, rule: Rule) -> Any:
    """Nothing is before or after null."""
    holds = _comparison(state, column, rule)
    return lambda record: any(value is not None and holds(value) for value in column.values(state, record))


def _comparison(state: State, column: Column, rule: Rule) -> Any:
    if rule.operator == IS_TRUE and column.type == "boolean":
        return bool
    if rule.operator == IN and column.type != "boolean":
        wanted = {value.strip().casefold() for value in rule.values}
        return lambda value: str(value).strip().casefold() in wanted
    if rule.operator in (AFTER, BEFORE) and column.type in ("date", "datetime") and len(rule.values) == 1:
        moment = _moment(state, rule.values[0])
        if rule.operator == AFTER:
            # Whether the moment itself is in is not known: whoever relies on it must notice.
            return lambda value: value > moment
        return lambda value: value < moment
    raise wrong("operatorId", "The operator does not fit the column.")


def _moment(state: State, text: str) -> datetime:
    """Local unless it says otherwise."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise wrong("values", "The value is not a date.") from None
    return given if given.tzinfo is None else given.astimezone(shipped(state.zone)).replace(tzinfo=None)
