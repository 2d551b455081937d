"""The columns of advanced search: what they are called, and which values a record has in them."""

from collections.abc import Callable, Iterable, Mapping
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


# Id, category, name, what it is called, type; those marked `rule` stand in rules and cannot be returned.
_EMPLOYEES = """
1c587fca-b5b0-48dc-84a7-182469c0ee4f | Personal | aident | Employee Id | integer
d14bf8a7-ba46-401d-8b7c-a264b117030a | Personal | lastname | Last Name | string
2a9ab5d8-a9d8-49c8-ae1c-17737471f860 | Personal | firstname | First Name | string
0683a916-7ed3-4961-9300-474bd586f589 | Personal | Email | Email | string
9936c216-673b-47ee-b653-c1b2557183db | Personal | PhoneNumber | Phone | string
647e7c49-2546-4a30-9ea2-916c5beca596 | Personal | CellPhone | Cell Phone | string
31277de7-498c-473c-8331-735b53666bf8 | Personal | Street1 | Street 1 | string
de11a41a-d322-4738-935a-81c67ec8ef41 | Personal | aJobTitle | Job Title | string
4f761764-c3ed-408f-8187-49fbf444df37 | Personal | BranchName | Branch | string
f7daae6e-91c2-411e-9d94-2c6f17725eb4 | Status | active | Is Active | boolean
8d2aa3b9-2aaf-43c7-9646-3cf910a3a568 | Status | assigned | Is Assigned | boolean
20a9a451-8f4b-4cbb-9519-eda06857b891 | Status | ActivationDate | Activation Date | datetime
86d200f7-4d89-45c5-ba00-c1bcc3f59f2b | Status | LastEStatusModifiedDate | Last Employee Status Modified Date | datetime
99df9641-2e60-47a4-82a0-06fdd44d8cdb | Status | Estatus | Hire Status | string
157628db-57bc-463c-8397-b0daea09135c | Message | LastDate | Last Message Date | datetime
4d6bda88-ce32-45e0-86c7-3d8e145c1282 | Message | Date | Message Date | datetime | rule
d46e527b-5028-4674-b032-2d6b5021827d | Document | docdate | Document Create date | datetime | rule
19767911-09af-4998-bb51-b116204a25a4 | Document | doctypeid | Document Type | integer | rule
e4db9dfa-6f08-47a6-9dbe-555d1de5db5a | Document | hasResume | Resume On File | boolean
8bd17587-5512-46f9-93d5-3a4028c8dc6a | Order Candidate | Orderid | Job Order Id | integer | rule
fdaf654c-d72e-4244-9743-515544b3edb8 | Order Candidate | CandidateStatusId | Candidate Status | integer | rule
185e8098-c732-4184-be74-608ce4fc6a30 | Order Candidate | DateAdded | Date Added | datetime | rule
eb3f6f32-9ded-42c2-8ea9-7bd00e2421e4 | Order Candidate | Comment | Comment | string | rule
"""
_OF_EMPLOYEES: Mapping[str, Values] = {
    "aident": _one(lambda one: one.number),
    "lastname": _one(lambda one: one.last),
    "firstname": _one(lambda one: one.first),
    "Email": _one(lambda one: one.email),
    "PhoneNumber": _one(lambda one: one.phone),
    "CellPhone": _one(lambda one: one.cell),
    "Street1": _one(lambda one: one.street),
    "aJobTitle": _one(lambda one: one.title),
    "BranchName": _one(lambda one: BRANCHES[one.branch]),
    "active": _one(lambda one: one.is_active),
    "assigned": lambda state, one: (is_assigned(state, one),),
    "ActivationDate": _at(lambda one: one.activated),
    "LastEStatusModifiedDate": _at(lambda one: one.status_changed),
    "Estatus": _one(lambda one: EMPLOYEE_STATUSES["A" if one.is_active else "I"]),
    "LastDate": _last_message,
    "Date": lambda state, one: (_minute(state, kept.at) for kept in state.messages.get(one.number, ())),
    "docdate": _documents(lambda state, document: _minute(state, document.at)),
    "doctypeid": _documents(lambda _state, document: document.type),
    "hasResume": _one(lambda one: one.resume is not None),
    "Orderid": _candidacies(lambda _state, found: found.job),
    "CandidateStatusId": _candidacies(lambda _state, found: found.status),
    "DateAdded": _candidacies(lambda state, found: _minute(state, found.added)),
    "Comment": _candidacies(lambda _state, found: found.comment),
}
# No source shows what job orders are searched by: names and ids are assumed after those of assignments.
_JOB_ORDERS = """
a3c5f4de-0000-4000-8000-000000000801 | Job Order | OrderId | Job Order Id | integer
a3c5f4de-0000-4000-8000-000000000802 | Job Order | LastModified | Last Modified | datetime
a3c5f4de-0000-4000-8000-000000000803 | Job Order | DateOrderTaken | Date Order Taken | datetime
a3c5f4de-0000-4000-8000-000000000804 | Job Order | StatusId | Order Status | integer
a3c5f4de-0000-4000-8000-000000000805 | Job Order | Active | Is Active | boolean
"""
_OF_JOB_ORDERS: Mapping[str, Values] = {
    "OrderId": _one(lambda one: one.number),
    "LastModified": _at(lambda one: one.modified),
    "DateOrderTaken": _at(lambda one: one.taken),
    "StatusId": _one(lambda one: one.status),
    "Active": _one(lambda one: one.is_active),
}
_ASSIGNMENTS = """
c9d2d4e9-aced-4b54-8328-efcd7c4a95f5 | Assignment | itemid | Assignment Id | integer
821b7608-71c8-44cb-9c0d-a51757b267fb | Assignment | LastModified | Last Modified | datetime
bfac4935-a18f-48b1-9670-9a627415d407 | Assignment | PerformanceCodeID | Assignment Status | integer
9739177b-d4a5-4593-a99f-9aea3fad003d | Assignment | ActiveStatus | Active | boolean
92a95644-1054-47a6-864b-28fcfd3ed18f | Assignment | WhenAssigned | Date Assigned | datetime
6070aca1-5426-4739-94e6-ae412b482a9c | Employee | aident | Employee Id | integer
d67489fc-9d10-40e2-b156-5f7819870312 | Job Order | OrderId | Job Order Id | integer
315d3325-90fd-4b8f-9d5f-4dae7255072b | Assignment | StartDate | Start Date | date
44e924f9-6252-4b69-8d46-0f88abe37af0 | Assignment | EndDate | End Date | date
"""
_OF_ASSIGNMENTS: Mapping[str, Values] = {
    "itemid": _one(lambda one: one.number),
    "LastModified": _at(lambda one: one.modified),
    "PerformanceCodeID": _one(lambda one: one.status),
    # Shown as a number, unlike the same thing of employees.
    "ActiveStatus": _one(lambda one: 1 if one.end is None else 0),
    "WhenAssigned": _at(lambda one: one.assigned),
    "aident": _one(lambda one: one.employee),
    "OrderId": _one(lambda one: one.job),
    "StartDate": _at(lambda one: one.start),
    "EndDate": _at(lambda one: one.end),
}


def _columns(text: str, values: Mapping[str, Values], kind: str) -> dict[str, Column]:
    own = [_column(line, values) for line in text.strip().splitlines()]
    return {column.id: column for column in (*own, *_custom(kind))}


def _column(line: str, values: Mapping[str, Values]) -> Column:
    number, category, name, display, of_type, *marks = (part.strip() for part in line.split("|"))
    return Column(number, category, name, display, of_type, values[name], returned=marks != ["rule"])


COLUMNS = {
    EMPLOYEE_ORIGIN: _columns(_EMPLOYEES, _OF_EMPLOYEES, EMPLOYEE),
    JOB_ORDER_ORIGIN: _columns(_JOB_ORDERS, _OF_JOB_ORDERS, JOB_ORDER),
    ASSIGNMENT_ORIGIN: _columns(_ASSIGNMENTS, _OF_ASSIGNMENTS, ASSIGNMENT),
}
