"""Candidates on orders: a person put forward for a job, with a status whose every change is logged."""

from entrypoints.sandbox.fields import BOOLEAN, INTEGER, NULLABLE_TEXT, Field
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.catalogue import (
    ASSIGNED,
    CANDIDATE_STATUSES,
    CUSTOMERS,
    REPRESENTATIVE,
    REPRESENTATIVE_NAME,
)
from entrypoints.sandbox.tempworks.lists import PAGED, paged
from entrypoints.sandbox.tempworks.manners import conflict, wrong
from entrypoints.sandbox.tempworks.noted import applied, moved
from entrypoints.sandbox.tempworks.state import OrderCandidate, Row, State, add_candidate
from entrypoints.sandbox.wire import Ask, Reply

ORDER_CANDIDATE = 700
LISTED = PAGED
CREATE_FIELDS = (
    Field("employeeId", INTEGER, required=True),
    Field("candidateStatusId", INTEGER, required=True),
    Field("comment", NULLABLE_TEXT),
    Field("approveRestrictions", BOOLEAN),
)
MOVE_FIELDS = (Field("candidateStatusId", INTEGER, required=True), Field("comment", NULLABLE_TEXT))


def of_job(state: State, ask: Ask) -> Reply:
    job = records.job_order(state, ask.params["id"])
    return paged(state, ask, state.candidates_of_job.get(job.number, []), lambda one: _row(state, one))


def of_employee(state: State, ask: Ask) -> Reply:
    person = records.employee(state, ask.params["id"])
    return paged(state, ask, state.candidates_of_employee.get(person.number, []), lambda one: _candidacy(state, one))


def _row(state: State, one: OrderCandidate) -> Row:
    person = state.employees[one.employee]
    return {
        "orderCandidateId": one.number,
        "jobOrderId": one.job,
        "employeeId": one.employee,
        "firstName": person.first,
        "lastName": person.last,
        "candidateStatusId": one.status,
        "candidateStatus": CANDIDATE_STATUSES[one.status]["candidateStatus"],
        "comment": one.comment,
        "dateAdded": state.minute(one.added),
        "addedBySrIdent": REPRESENTATIVE,
        "addedBy": REPRESENTATIVE_NAME,
    }


def _candidacy(state: State, one: OrderCandidate) -> Row:
    job = state.job_orders[one.job]
    return {**_row(state, one), "jobTitle": job.title, "customerName": CUSTOMERS[job.customer]}


def create(state: State, ask: Ask) -> Reply:
    job, person = records.job_order(state, ask.params["id"]), state.employees.get(ask.body["employeeId"])
    if person is None:
        raise wrong("employeeId", "There is no such employee.")
    status = _status(ask.body["candidateStatusId"])
    if any(one.employee == person.number for one in state.candidates_of_job.get(job.number, ())):
        raise conflict("The employee is a candidate on this order already.")
    if not person.is_active or person.do_not_assign:
        raise wrong("employeeId", "Hard stop: the employee is not to be assigned.")
    comment = ask.body.get("comment")
    one = OrderCandidate(
        number=records.next_id(state.candidates, ORDER_CANDIDATE),
        job=job.number,
        employee=person.number,
        status=status,
        comment=comment,
        added=ask.now,
        modified=ask.now,
        log=[(ask.now, status, comment)],
    )
    add_candidate(state, one)
    return Reply(status=201, body={"orderCandidateId": one.number}, wrote=applied(one))


def _status(number: int) -> int:
    if number not in CANDIDATE_STATUSES:
        raise wrong("candidateStatusId", "There is no such status.")
    if not CANDIDATE_STATUSES[number]["isActive"]:
        raise wrong("candidateStatusId", "The status is not active.")
    return number


def move(state: State, ask: Ask) -> Reply:
    """A move to where it stands already changes nothing and is no effect."""
    one = records.order_candidate(state, ask.params["id"], ask.params["candidate"])
    if one.status == ask.body["candidateStatusId"]:
        return Reply(status=204)
    status, comment = _status(ask.body["candidateStatusId"]), ask.body.get("comment")
    if one.status == ASSIGNED:
        raise conflict("The candidate was assigned.")
    one.status, one.comment, one.modified = status, comment, ask.now
    one.log.append((ask.now, status, comment))
    return Reply(status=204, wrote=moved(one))


def log(state: State, ask: Ask) -> Reply:
    """The newest entries first, of all candidates of the order."""
    job = records.job_order(state, ask.params["id"])
    entries = [(*entry, one) for one in state.candidates_of_job.get(job.number, ()) for entry in one.log]
    entries.sort(key=lambda entry: (entry[0], entry[3].number), reverse=True)
    return paged(
        state,
        ask,
        entries,
        lambda entry: {
            "entryDate": state.minute(entry[0]),
            "candidateStatus": CANDIDATE_STATUSES[entry[1]]["candidateStatus"],
            "comment": entry[2],
            "author": REPRESENTATIVE_NAME,
        },
    )
