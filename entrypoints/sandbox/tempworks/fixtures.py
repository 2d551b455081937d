"""Puts the sandbox's people, jobs and applications into TempWorks' own words."""

import re
from datetime import timedelta

from entrypoints.sandbox import people
from entrypoints.sandbox.tempworks.assignments import ASSIGNMENT
from entrypoints.sandbox.tempworks.candidates import ORDER_CANDIDATE
from entrypoints.sandbox.tempworks.catalogue import (
    ASSIGNED,
    CLOSED,
    COMPLETED,
    CUSTOMERS,
    NOTE,
    OPEN,
    REFUSED,
    RESUME,
    UNFILLED,
    WEB_CANDIDATE,
)
from entrypoints.sandbox.tempworks.documents import DOCUMENT
from entrypoints.sandbox.tempworks.employees import EMPLOYEE
from entrypoints.sandbox.tempworks.job_orders import JOB_ORDER
from entrypoints.sandbox.tempworks.messages import MESSAGE
from entrypoints.sandbox.tempworks.properties import property_id
from entrypoints.sandbox.tempworks.state import (
    Assignment,
    Document,
    Employee,
    JobOrder,
    Message,
    OrderCandidate,
    State,
    add_assignment,
    add_candidate,
    add_document,
    add_message,
)


def filled(records: int, zone: str, credentials: dict[str, str], urls: dict[str, str]) -> State:
    state = State(zone=zone, credentials=credentials, urls=urls)
    for job in people.jobs(records):
        state.job_orders[JOB_ORDER + job.number] = _job_order(job)
    for person in people.people(records):
        _add_person(state, person)
    for application in people.applications(records):
        _add_application(state, application)
    _add_values(state)
    return state


def _job_order(job: people.Job) -> JobOrder:
    return JobOrder(
        number=JOB_ORDER + job.number,
        title=job.title,
        description=job.description,
        status=UNFILLED if job.open else CLOSED,
        is_active=job.open,
        branch=_branch(job.number),
        customer=list(CUSTOMERS)[job.number % len(CUSTOMERS)],
        taken=job.changed - timedelta(days=3),
        modified=job.changed,
    )


def _branch(number: int) -> int:
    return 8 if number % 3 == 2 else 7


def _add_person(state: State, person: people.Person) -> None:
    """The last change of every second one was a change of status, of the others a message: both can be searched for."""
    phones, number = [_digits(one.value) for one in person.phones], person.number
    emails = sorted(person.emails, key=lambda email: not email.primary)
    moved = number % 2 == 0
    one = Employee(
        number=EMPLOYEE + number,
        first=f"{person.first} " if number % 5 == 2 else person.first,
        last=f"{person.last}   " if number % 5 == 3 else person.last,
        middle=person.middle,
        title=person.title,
        email=emails[0].value if emails else None,
        phone=phones[0][1] if phones else None,
        cell=phones[1][1] if len(phones) > 1 else None,
        calling_code=phones[0][0] if phones else 1,
        street=f"{number + 1} Main St",
        branch=_branch(number),
        activated=person.changed - timedelta(days=2),
        status_changed=person.changed if moved else person.changed - timedelta(days=1),
        modified=person.changed,
        is_active=number % 10 != 8,
        deactivated=person.changed if number % 10 == 8 else None,
    )
    state.employees[one.number] = one
    if number % 3 == 0:
        _add_resumes(state, one, person)
    if not moved:
        text = "Applied on the web."
        message = Message(
            number=MESSAGE + state.message_count, employee=one.number, action=NOTE, text=text, at=person.changed
        )
        add_message(state, message)


def _digits(phone: str) -> tuple[int, str]:
    """Country code and national number, without an extension."""
    digits = re.sub(r"\D", "", re.split(r"(?i)\s*x", phone)[0])
    if phone.startswith("+44"):
        return 44, digits[2:]
    return 1, digits[1:] if phone.startswith("+1") else digits


def _add_resumes(state: State, one: Employee, person: people.Person) -> None:
    """The first person's is there in two versions, of which the employee names the newer one."""
    name = f"{person.first} {person.last} CV.pdf"
    for version in range(1, 3 if person.number == 0 else 2):
        document = Document(
            number=DOCUMENT + len(state.documents),
            employee=one.number,
            type=RESUME,
            name=name,
            filename=name,
            description=None,
            media="application/pdf",
            content=people.pdf(f"{person.first} {person.last}, version {version}"),
            at=person.changed - timedelta(days=1),
        )
        add_document(state, document)
        one.resume = document.number


def _add_application(state: State, application: people.Application) -> None:
    """All are candidates on orders; of those who were assigned some are still at work and some are not any more."""
    number, changed = application.number, application.changed
    status = _status(number)
    added = changed if status == WEB_CANDIDATE else changed - timedelta(hours=1)
    comment = None if number % 3 else "From the job board"
    log = [(added, WEB_CANDIDATE, comment)]
    if status != WEB_CANDIDATE:
        log.append((changed, status, None))
    candidate = OrderCandidate(
        number=ORDER_CANDIDATE + number,
        job=JOB_ORDER + application.job,
        employee=EMPLOYEE + application.person,
        status=status,
        comment=comment,
        added=added,
        modified=changed,
        log=log,
    )
    add_candidate(state, candidate)
    if status == ASSIGNED:
        _assign(state, application, candidate)


def _status(number: int) -> int:
    if number == 2:
        return REFUSED
    return ASSIGNED if number % 11 in {5, 10} else WEB_CANDIDATE


def _assign(state: State, application: people.Application, candidate: OrderCandidate) -> None:
    ended = application.number % 11 == 5
    one = Assignment(
        number=ASSIGNMENT + application.number,
        job=candidate.job,
        employee=candidate.employee,
        status=COMPLETED if ended else OPEN,
        assigned=application.changed - timedelta(days=1),
        start=application.changed - timedelta(days=1),
        end=application.changed if ended else None,
        modified=application.changed,
    )
    add_assignment(state, one)


def _add_values(state: State) -> None:
    """The first of each kind has values in some of its fields, the others in none."""
    first = (("employee", EMPLOYEE), ("joborder", JOB_ORDER), ("assignment", next(iter(state.assignments), 0)))
    for kind, number in first:
        values = {property_id(kind, "Shift"): "Night", property_id(kind, "Years"): "3"}
        state.values[kind, number] = {**values, property_id(kind, "Rank by system"): "1"}
    # A number where others have a text: both are seen.
    state.values["employee", EMPLOYEE + 1] = {property_id("employee", "Score"): 0.1}
