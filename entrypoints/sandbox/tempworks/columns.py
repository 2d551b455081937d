"""The columns of advanced search: what they are called, and which values a record has in them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import attrs

from entrypoints.sandbox.tempworks.catalogue import BRANCHES, EMPLOYEE_STATUSES
from entrypoints.sandbox.tempworks.employees import is_assigned
from entrypoints.sandbox.tempworks.properties import ASSIGNMENT, EMPLOYEE, JOB_ORDER, PROPERTIES
from entrypoints.sandbox.tempworks.state import ASSIGNMENT_ORIGIN, EMPLOYEE_ORIGIN, JOB_ORDER_ORIGIN, Row, State

Values = Callable[[State, Any], Iterable[Any]]


@attrs.frozen
class Column:
    """One that cannot be returned may have many values; a rule holds if it holds for one of them."""

    id: str
    category: str
    name: str
    display: str
    type: str
    values: Values = attrs.field(repr=False)
    returned: bool = True

    def row(self, origin: int) -> Row:
        unset = ("returnedColumnName", "returnedColumnType", "datalistId", "originIdColumn", "displayMaskId")
        return dict.fromkeys(unset) | {
            "columnId": self.id,
            "categoryId": "00000000-0000-4000-8000-0000000000c1",
            "category": self.category,
            "tableId": "00000000-0000-4000-8000-0000000000d1",
            "columnType": self.type,
            "columnName": self.name,
            "columnDisplayName": self.display,
            "isNullable": True,
            "isCustomData": self.category == "Custom Data",
            "isCustomDataJsonArray": False,
            "canBeIncludedInResults": self.returned,
            "originTypeId": origin,
            "invertBooleanValue": None,
        }


def _one(read: Callable[[Any], Any]) -> Values:
    return lambda _state, record: (read(record),)


def _at(read: Callable[[Any], datetime | None]) -> Values:
    def values(state: State, record: Any) -> Iterable[datetime | None]:
        moment = read(record)
        return (None if moment is None else state.local(moment).replace(second=0),)

    return values


def _last_message(state: State, one: Any) -> Iterable[datetime | None]:
    kept = state.messages.get(one.number, ())
    return (state.local(kept[-1].at).replace(second=0),) if kept else (None,)


def _documents(read: Callable[[State, Any], Any]) -> Values:
    return lambda state, one: (read(state, document) for document in state.documents_of.get(one.number, ()))


def _candidacies(read: Callable[[State, Any], Any]) -> Values:
    return lambda state, one: (read(state, found) for found in state.candidates_of_employee.get(one.number, ()))


def _minute(state: State, moment: datetime) -> datetime:
    return state.local(moment).replace(second=0)


def _custom(kind: str) -> list[Column]:
    def values(key: str) -> Values:
        return lambda state, one: (state.values.get((kind, one.number), {}).get(key),)

    return [
        Column(key, "Custom Data", row["propertyName"], row["propertyName"], row["propertyType"], values(key))
        for key, row in PROPERTIES[kind].items()
    ]


_PERSONAL, _STATUS, _MESSAGE, _DOCUMENT, _ORDER = "Personal", "Status", "Message", "Document", "Order Candidate"
_EMPLOYEES = (
    Column(
        "1c587fca-b5b0-48dc-84a7-182469c0ee4f",
        _PERSONAL,
        "aident",
        "Employee Id",
        "integer",
        _one(lambda one: one.number),
    ),
    Column(
        "d14bf8a7-ba46-401d-8b7c-a264b117030a",
        _PERSONAL,
        "lastname",
        "Last Name",
        "string",
        _one(lambda one: one.last),
    ),
    Column(
        "2a9ab5d8-a9d8-49c8-ae1c-17737471f860",
        _PERSONAL,
        "firstname",
        "First Name",
        "string",
        _one(lambda one: one.first),
    ),
    Column("0683a916-7ed3-4961-9300-474bd586f589", _PERSONAL, "Email", "Email", "string", _one(lambda one: one.email)),
    Column(
        "9936c216-673b-47ee-b653-c1b2557183db",
        _PERSONAL,
        "PhoneNumber",
        "Phone",
        "string",
        _one(lambda one: one.phone),
    ),
    Column(
        "647e7c49-2546-4a30-9ea2-916c5beca596",
        _PERSONAL,
        "CellPhone",
        "Cell Phone",
        "string",
        _one(lambda one: one.cell),
    ),
    Column(
        "f7daae6e-91c2-411e-9d94-2c6f17725eb4",
        _STATUS,
        "active",
        "Is Active",
        "boolean",
        _one(lambda one: one.is_active),
    ),
    Column(
        "8d2aa3b9-2aaf-43c7-9646-3cf910a3a568",
        _STATUS,
        "assigned",
        "Is Assigned",
        "boolean",
        lambda state, one: (is_assigned(state, one),),
    ),
    Column(
        "20a9a451-8f4b-4cbb-9519-eda06857b891",
        _STATUS,
        "ActivationDate",
        "Activation Date",
        "datetime",
        _at(lambda one: one.activated),
    ),
    Column(
        "86d200f7-4d89-45c5-ba00-c1bcc3f59f2b",
        _STATUS,
        "LastEStatusModifiedDate",
        "Last Employee Status Modified Date",
        "datetime",
        _at(lambda one: one.status_changed),
    ),
    Column(
        "157628db-57bc-463c-8397-b0daea09135c",
        _MESSAGE,
        "LastDate",
        "Last Message Date",
        "datetime",
        _last_message,
    ),
    Column(
        "4d6bda88-ce32-45e0-86c7-3d8e145c1282",
        _MESSAGE,
        "Date",
        "Message Date",
        "datetime",
        lambda state, one: (_minute(state, message.at) for message in state.messages.get(one.number, ())),
        returned=False,
    ),
    Column(
        "d46e527b-5028-4674-b032-2d6b5021827d",
        _DOCUMENT,
        "docdate",
        "Document Create date",
        "datetime",
        _documents(lambda state, document: _minute(state, document.at)),
        returned=False,
    ),
    Column(
        "19767911-09af-4998-bb51-b116204a25a4",
        _DOCUMENT,
        "doctypeid",
        "Document Type",
        "integer",
        _documents(lambda _state, document: document.type),
        returned=False,
    ),
    Column(
        "99df9641-2e60-47a4-82a0-06fdd44d8cdb",
        _STATUS,
        "Estatus",
        "Hire Status",
        "string",
        _one(lambda one: EMPLOYEE_STATUSES["A" if one.is_active else "I"]),
    ),
    Column(
        "e4db9dfa-6f08-47a6-9dbe-555d1de5db5a",
        _DOCUMENT,
        "hasResume",
        "Resume On File",
        "boolean",
        _one(lambda one: one.resume is not None),
    ),
    Column(
        "4f761764-c3ed-408f-8187-49fbf444df37",
        _PERSONAL,
        "BranchName",
        "Branch",
        "string",
        _one(lambda one: BRANCHES[one.branch]),
    ),
    Column(
        "8bd17587-5512-46f9-93d5-3a4028c8dc6a",
        _ORDER,
        "Orderid",
        "Job Order Id",
        "integer",
        _candidacies(lambda _state, found: found.job),
        returned=False,
    ),
    Column(
        "fdaf654c-d72e-4244-9743-515544b3edb8",
        _ORDER,
        "CandidateStatusId",
        "Candidate Status",
        "integer",
        _candidacies(lambda _state, found: found.status),
        returned=False,
    ),
    Column(
        "185e8098-c732-4184-be74-608ce4fc6a30",
        _ORDER,
        "DateAdded",
        "Date Added",
        "datetime",
        _candidacies(lambda state, found: _minute(state, found.added)),
        returned=False,
    ),
    *_custom(EMPLOYEE),
)
# No source shows what job orders are searched by: names and ids are assumed after those of assignments.
_JOB_ORDERS = (
    Column(
        "a3c5f4de-0000-4000-8000-000000000801",
        "Job Order",
        "OrderId",
        "Job Order Id",
        "integer",
        _one(lambda one: one.number),
    ),
    Column(
        "a3c5f4de-0000-4000-8000-000000000802",
        "Job Order",
        "LastModified",
        "Last Modified",
        "datetime",
        _at(lambda one: one.modified),
    ),
    Column(
        "a3c5f4de-0000-4000-8000-000000000803",
        "Job Order",
        "DateOrderTaken",
        "Date Order Taken",
        "datetime",
        _at(lambda one: one.taken),
    ),
    Column(
        "a3c5f4de-0000-4000-8000-000000000804",
        "Job Order",
        "StatusId",
        "Order Status",
        "integer",
        _one(lambda one: one.status),
    ),
    Column(
        "a3c5f4de-0000-4000-8000-000000000805",
        "Job Order",
        "Active",
        "Is Active",
        "boolean",
        _one(lambda one: one.is_active),
    ),
    *_custom(JOB_ORDER),
)
_ASSIGNMENTS = (
    Column(
        "c9d2d4e9-aced-4b54-8328-efcd7c4a95f5",
        "Assignment",
        "itemid",
        "Assignment Id",
        "integer",
        _one(lambda one: one.number),
    ),
    Column(
        "821b7608-71c8-44cb-9c0d-a51757b267fb",
        "Assignment",
        "LastModified",
        "Last Modified",
        "datetime",
        _at(lambda one: one.modified),
    ),
    Column(
        "bfac4935-a18f-48b1-9670-9a627415d407",
        "Assignment",
        "PerformanceCodeID",
        "Assignment Status",
        "integer",
        _one(lambda one: one.status),
    ),
    # Shown as a number, unlike the same thing of employees.
    Column(
        "9739177b-d4a5-4593-a99f-9aea3fad003d",
        "Assignment",
        "ActiveStatus",
        "Active",
        "boolean",
        _one(lambda one: 1 if one.end is None else 0),
    ),
    Column(
        "92a95644-1054-47a6-864b-28fcfd3ed18f",
        "Assignment",
        "WhenAssigned",
        "Date Assigned",
        "datetime",
        _at(lambda one: one.assigned),
    ),
    Column(
        "6070aca1-5426-4739-94e6-ae412b482a9c",
        "Employee",
        "aident",
        "Employee Id",
        "integer",
        _one(lambda one: one.employee),
    ),
    Column(
        "d67489fc-9d10-40e2-b156-5f7819870312",
        "Job Order",
        "OrderId",
        "Job Order Id",
        "integer",
        _one(lambda one: one.job),
    ),
    Column(
        "315d3325-90fd-4b8f-9d5f-4dae7255072b",
        "Assignment",
        "StartDate",
        "Start Date",
        "date",
        _at(lambda one: one.start),
    ),
    Column(
        "44e924f9-6252-4b69-8d46-0f88abe37af0",
        "Assignment",
        "EndDate",
        "End Date",
        "date",
        _at(lambda one: one.end),
    ),
    *_custom(ASSIGNMENT),
)
COLUMNS = {
    EMPLOYEE_ORIGIN: {column.id: column for column in _EMPLOYEES},
    JOB_ORDER_ORIGIN: {column.id: column for column in _JOB_ORDERS},
    ASSIGNMENT_ORIGIN: {column.id: column for column in _ASSIGNMENTS},
}
