"""Assignments: placements of people on orders, open until they are ended with a status that says why."""

from collections.abc import Iterable
from datetime import datetime

from entrypoints.sandbox.fields import INTEGER, LOCAL_TIME, Field
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.catalogue import (
    ASSIGNMENT_STATUSES,
    BRANCHES,
    CUSTOMERS,
    OPEN,
    REPRESENTATIVE_NAME,
)
from entrypoints.sandbox.tempworks.job_orders import PAID, UNPAID
from entrypoints.sandbox.tempworks.lists import MAYBE, PAGED, paged
from entrypoints.sandbox.tempworks.manners import conflict, wrong
from entrypoints.sandbox.tempworks.noted import ended
from entrypoints.sandbox.tempworks.state import Assignment, Row, State
from entrypoints.sandbox.wire import Ask, Reply
from entrypoints.sandbox.zones import shipped

ASSIGNMENT = 2_433
SEARCH = (*PAGED, Field("isActive", MAYBE), Field("branchId", INTEGER))
OF_EMPLOYEE = (*PAGED, Field("isActive", MAYBE))
END_FIELDS = (Field("endDate", LOCAL_TIME, required=True), Field("assignmentStatusId", INTEGER, required=True))


def search(state: State, ask: Ask) -> Reply:
    branch = ask.query.get("branchId")
    found = [one for one in _active(ask, state.assignments.values()) if branch in (None, _branch(state, one))]
    return paged(state, ask, found, lambda one: row(state, one))


def of_employee(state: State, ask: Ask) -> Reply:
    person = records.employee(state, ask.params["id"])
    return paged(state, ask, _active(ask, state.assignments_of.get(person.number, ())), lambda one: row(state, one))


def _active(ask: Ask, rows: Iterable[Assignment]) -> list[Assignment]:
    wanted = ask.query.get("isActive")
    return [one for one in rows if wanted in (None, one.end is None)]


def _branch(state: State, one: Assignment) -> int:
    return state.job_orders[one.job].branch


def row(state: State, one: Assignment) -> Row:
    person, job = state.employees[one.employee], state.job_orders[one.job]
    unset = ("middleName", "supervisorId", "supervisor", "supervisorContactInfo", "expectedEndDate", "performanceNote")
    return dict.fromkeys(unset) | {
        "assignmentId": one.number,
        "lastName": person.last,
        "firstName": person.first,
        "employeePrimaryEmailAddress": person.email,
        "employeePrimaryPhoneNumber": person.phone,
        "employeeId": person.number,
        "customerId": job.customer,
        "customerName": CUSTOMERS[job.customer],
        "departmentName": "Primary",
        "jobTitle": "Default",
        "payRate": PAID,
        "billRate": UNPAID,
        "startDate": _day(state, one.start),
        "endDate": _day(state, one.end),
        "branchId": job.branch,
        "branchName": BRANCHES[job.branch],
        "isActive": one.end is None,
        "isDeleted": False,
        "jobOrderId": job.number,
        "originalStartDate": _day(state, one.start),
        "activeStatus": 1 if one.end is None else 0,
        "assignmentStatusId": one.status,
        "assignmentStatus": ASSIGNMENT_STATUSES[one.status]["assignmentStatus"],
        "isTimeclockOrder": False,
        "serviceRep": REPRESENTATIVE_NAME,
    }


def _day(state: State, moment: datetime | None) -> str | None:
    return None if moment is None else f"{state.local(moment).date().isoformat()}T00:00:00"


def end(state: State, ask: Ask) -> Reply:
    one, status = records.assignment(state, ask.params["id"]), ask.body["assignmentStatusId"]
    known = ASSIGNMENT_STATUSES.get(status)
    if known is None or not known["isActive"] or status == OPEN:
        raise wrong("assignmentStatusId", "There is no such status that ends an assignment.")
    if one.end is not None:
        raise conflict("The assignment has ended.")
    there = datetime.fromisoformat(ask.body["endDate"]).replace(tzinfo=shipped(state.zone))
    one.end, one.status, one.modified = there, status, ask.now
    state.announce("assignment.updated", row(state, one), ask.now)
    return Reply(status=204, wrote=ended(one))
