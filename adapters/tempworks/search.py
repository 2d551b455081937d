"""Advanced searches: the only way to ask TempWorks by a date. Slow, and cached unless asked not to be."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

import attrs

from adapters.rest.body import json_body
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import COLUMNS, SEARCH
from adapters.tempworks.lists import Place, Reading, Seen, at_once
from adapters.tempworks.routing import PROVIDER, Wiring
from ports.errors import ForbiddenError, MalformedReplyError, NotFoundError, UnsupportedError

AND, OR = 0, 1


class Origin(Enum):
    """What a search is for, by the vendor's number."""

    EMPLOYEE = "1"
    JOB_ORDER = "8"
    ASSIGNMENT = "14"


@attrs.frozen
class Column:
    """A column by its name, and the id that it had wherever it was seen: for the case that no name tells."""

    name: str
    seen: str | None


EMPLOYEE_ID = Column("aident", "1c587fca-b5b0-48dc-84a7-182469c0ee4f")
FIRST_NAME = Column("firstname", "2a9ab5d8-a9d8-49c8-ae1c-17737471f860")
LAST_NAME = Column("lastname", "d14bf8a7-ba46-401d-8b7c-a264b117030a")
ACTIVATED = Column("ActivationDate", "20a9a451-8f4b-4cbb-9519-eda06857b891")
STATUS_MODIFIED = Column("LastEStatusModifiedDate", "86d200f7-4d89-45c5-ba00-c1bcc3f59f2b")
LAST_MESSAGE = Column("LastDate", "157628db-57bc-463c-8397-b0daea09135c")
DOCUMENT_MADE = Column("docdate", "d46e527b-5028-4674-b032-2d6b5021827d")
CANDIDATE_ADDED = Column("DateAdded", "185e8098-c732-4184-be74-608ce4fc6a30")

# Those of orders were never seen: that they are named like those of assignments is assumed, and looked up.
JOB_ORDER_ID = Column("OrderId", None)
JOB_ORDER_MODIFIED = Column("LastModified", None)

ASSIGNMENT_ID = Column("itemid", "c9d2d4e9-aced-4b54-8328-efcd7c4a95f5")
LAST_MODIFIED = Column("LastModified", "821b7608-71c8-44cb-9c0d-a51757b267fb")
ASSIGNMENT_STATUS = Column("PerformanceCodeID", "bfac4935-a18f-48b1-9670-9a627415d407")
ASSIGNED_EMPLOYEE = Column("aident", "6070aca1-5426-4739-94e6-ae412b482a9c")
ASSIGNED_ORDER = Column("OrderId", "d67489fc-9d10-40e2-b156-5f7819870312")


@attrs.frozen
class Rule:
    """What a column must be; a record fits that has one of `values`."""

    column: Column
    operator: str
    values: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Wanted:
    """A search: its rules, of which one or all must hold, what it shows, and the id that it is sorted by."""

    rules: tuple[Rule, ...]
    condition: int = AND
    shown: tuple[Column, ...]
    sorted_by: Column


class Searches:
    """Searches of one origin. Columns are found by name, once: their ids look the same everywhere, and may not be."""

    uses: tuple[Endpoint[Any], ...] = (COLUMNS, SEARCH)

    def __init__(self, wiring: Wiring, origin: Origin) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._origin = origin
        self._ids: Mapping[Column, str] = {}

    def since(self, column: Column, local: str) -> Rule:
        """The column's time is this one or later."""
        return Rule(column, self._settings.word("operator.since"), (local,))

    def equals(self, column: Column, values: Iterable[str]) -> Rule:
        return Rule(column, self._settings.word("operator.equals"), tuple(values))

    async def knows(self, *columns: Column) -> bool:
        """Whether there are such columns."""
        try:
            await self._known(columns)
        except (UnsupportedError, NotFoundError, ForbiddenError):
            return False
        return True

    async def reading(self, wanted: Wanted, start: Place | None = None) -> Reading:
        """What fits, in the order of its ids, from a place on. Raises UnsupportedError for an unknown column."""
        ids = await self._known((*wanted.shown, wanted.sorted_by, *(rule.column for rule in wanted.rules)))

        async def fetch(skip: int, take: int) -> wire.Listing:
            body = json_body(_body(wanted, ids, skip, take))
            return await self._calls.call(SEARCH, path={"origin": self._origin.value}, body=body)

        size = int(self._settings.word("search_page_size"))
        return Reading(fetch, row_number, size, ascending=True, operation=SEARCH.name, start=start)

    def value(self, row: Mapping[str, wire.Cell], column: Column) -> object:
        """What a row shows of a column; only after a reading."""
        cell = row.get(self._ids[column])
        return None if cell is None else cell.value

    async def _known(self, columns: Sequence[Column]) -> Mapping[Column, str]:
        if not all(column in self._ids for column in columns):
            path = {"origin": self._origin.value}
            rows = await at_once(self._calls, COLUMNS, wire.Column, path=path)
            found = {column: _found(column, rows) for column in columns}
            if unknown := [column.name for column, number in found.items() if number is None]:
                message = f"searches have no column {unknown[0]}"
                raise UnsupportedError(message, provider=PROVIDER, capability=SEARCH.name)
            self._ids = {**self._ids, **{column: number for column, number in found.items() if number}}
        return self._ids


def _found(column: Column, rows: Sequence[wire.Column]) -> str | None:
    """By its name where that is unmistakable: several tables have columns of the same name."""
    named = {row.columnId for row in rows if codec.text(row.columnName).casefold() == column.name.casefold()}
    return named.pop() if len(named) == 1 else column.seen


def _body(wanted: Wanted, ids: Mapping[Column, str], skip: int, take: int) -> dict[str, object]:
    rules = [
        {"columnId": ids[rule.column], "operatorId": int(rule.operator), "values": list(rule.values)}
        for rule in wanted.rules
    ]
    return {
        "searchCriteria": {
            "rootGroup": {"condition": wanted.condition, "not": False, "rules": rules},
            "returnColumnIds": [ids[column] for column in wanted.shown],
        },
        "sortByColumns": [{"columnId": ids[wanted.sorted_by], "isDescending": False}],
        "ignoreCachedResults": True,
        "skip": skip,
        "take": take,
    }


def cells(row: Seen) -> dict[str, wire.Cell]:
    """A row as it is shown: `Id`, and its columns by their ids."""
    return codec.decoded(dict[str, wire.Cell], row.raw)


def row_number(raw: bytes) -> int | None:
    """The id of a row of a search."""
    try:
        return int(codec.ident(codec.decoded(dict[str, wire.Cell], raw)["Id"].value))
    except (MalformedReplyError, KeyError):
        return None
