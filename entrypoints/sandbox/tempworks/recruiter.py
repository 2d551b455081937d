"""What recruiters do meanwhile: some of it shows in dates that can be asked for, some of it nowhere."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.assignments import row
from entrypoints.sandbox.tempworks.catalogue import CLOSED, COMPLETED, NOTE, SCREENED
from entrypoints.sandbox.tempworks.documents import DOCUMENT
from entrypoints.sandbox.tempworks.employees import EMPLOYEE, detail
from entrypoints.sandbox.tempworks.messages import MESSAGE
from entrypoints.sandbox.tempworks.properties import EMPLOYEE as ABOUT_EMPLOYEES
from entrypoints.sandbox.tempworks.properties import property_id
from entrypoints.sandbox.tempworks.state import (
    Assignment,
    Document,
    Employee,
    JobOrder,
    Message,
    OrderCandidate,
    State,
    add_document,
    add_message,
)


def _address(_state: State, one: Employee, _now: datetime) -> None:
    one.street = f"{one.street} (rear)"


def _name(_state: State, one: Employee, _now: datetime) -> None:
    one.last = f"{one.last}-Changed"


def _phone(_state: State, one: Employee, _now: datetime) -> None:
    one.phone = f"9195559{one.number % 1000:03}"


def _custom(state: State, one: Employee, _now: datetime) -> None:
    state.values.setdefault((ABOUT_EMPLOYEES, one.number), {})[property_id(ABOUT_EMPLOYEES, "Remark")] = "Seen."


def _message(state: State, one: Employee, now: datetime) -> None:
    number = MESSAGE + state.message_count
    add_message(state, Message(number=number, employee=one.number, action=NOTE, text="Called back.", at=now))


def _document(state: State, one: Employee, now: datetime) -> None:
    document = Document(
        number=records.next_id(state.documents, DOCUMENT),
        employee=one.number,
        type=20,
        name="letter.txt",
        filename="letter.txt",
        description=None,
        media="text/plain",
        content=b"A letter.",
        at=now,
    )
    add_document(state, document)


def _active(active: bool, _state: State, one: Employee, now: datetime) -> None:
    one.is_active, one.status_changed, one.deactivated = active, now, None if active else now


def _job_title(_state: State, one: JobOrder, _now: datetime) -> None:
    one.title = f"{one.title} (urgent)"


def _job_close(_state: State, one: JobOrder, _now: datetime) -> None:
    one.status, one.is_active = CLOSED, False


def _move(_state: State, one: OrderCandidate, now: datetime) -> None:
    one.status = SCREENED
    one.log.append((now, one.status, None))


def _end(_state: State, one: Assignment, now: datetime) -> None:
    one.status, one.end = COMPLETED, now


def _announced(state: State, one: Any, what: str, now: datetime) -> None:
    """Candidates on orders, messages and documents are announced to nobody."""
    topic = _TOPICS.get(what, "updated")
    if isinstance(one, Employee) and what not in {"message", "document"}:
        state.announce(f"employee.{topic}", detail(state, one), now)
    if isinstance(one, JobOrder):
        state.announce("joborder.updated", {"jobOrderId": one.number, "jobOrderStatusId": one.status}, now)
    if isinstance(one, Assignment):
        state.announce("assignment.updated", row(state, one), now)


_Change = Callable[[State, Any, datetime], None]
_TOPICS = {"address": "addressupdated", "phone": "contactmethodupdated", "custom_data": "custompropertyupdated"}
EDITS: dict[str, _Change] = {
    "address": _address,
    "name": _name,
    "phone": _phone,
    "custom_data": _custom,
    "message": _message,
    "document": _document,
    "deactivate": partial(_active, False),
    "reactivate": partial(_active, True),
}
"""Of people; the others are of orders, of candidates on them, and of assignments."""
_OF_JOBS: dict[str, _Change] = {"job_title": _job_title, "job_close": _job_close}
_OF_CANDIDATES: dict[str, _Change] = {"move": _move}
_OF_ASSIGNMENTS: dict[str, _Change] = {"end": _end}
EVERY_EDIT = (*EDITS, *_OF_JOBS, *_OF_CANDIDATES, *_OF_ASSIGNMENTS)


def edit(state: State, what: str, number: int, now: datetime) -> None:
    """Changes a record as a recruiter would. Raises KeyError for what there is not."""
    tables: tuple[tuple[dict[str, _Change], Mapping[int, Any]], ...] = (
        (EDITS, state.employees),
        (_OF_JOBS, state.job_orders),
        (_OF_CANDIDATES, state.candidates),
        (_OF_ASSIGNMENTS, state.assignments),
    )
    change, table = next(((edits[what], table) for edits, table in tables if what in edits), (None, {}))
    if change is None:
        raise KeyError(what)
    one = table[number]
    change(state, one, now)
    one.modified = now
    _announced(state, one, what, now)


def stir(state: State, now: datetime) -> None:
    """Between two pages: somebody is taken in, and the first who is active is not any more."""
    number = records.next_id(state.employees, EMPLOYEE)
    state.employees[number] = Employee(
        number=number,
        first="Late",
        last=f"Comer {number}",
        middle=None,
        title=None,
        email=None,
        phone=None,
        cell=None,
        calling_code=1,
        street="1 Main St",
        branch=7,
        activated=now,
        status_changed=now,
        modified=now,
    )
    first = next((one for one in state.employees.values() if one.is_active), None)
    if first is not None:
        edit(state, "deactivate", first.number, now)
