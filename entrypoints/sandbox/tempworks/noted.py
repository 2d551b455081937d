"""What the journal calls an effect: the one place where that is decided.

Records bear the ids by which readers of this vendor tell its two kinds of applications, and their statuses, apart:
`candidate:<order>-<number>` is a candidate on an order, `assignment:<number>` an assignment, `candidate:<number>` and
`assignment:<number>` are statuses of theirs. To enter a status that refuses is a rejection, to end an assignment too.

A message is a note. Its target is the application that it is linked to: the assignment if one is linked, else the
candidate on the linked order; a person who is no candidate there has the note on the order itself. Without a link that
held it is on the person. A document is a file on the person. A message that links it to an application is no note of
its own: it says that the file, told of before, stands on that application now.
"""

from entrypoints.sandbox.tempworks.catalogue import CANDIDATE_STATUSES
from entrypoints.sandbox.tempworks.state import (
    ASSIGNMENT_ORIGIN,
    JOB_ORDER_ORIGIN,
    Assignment,
    Message,
    OrderCandidate,
    State,
)
from entrypoints.sandbox.wire import Write

Target = tuple[str, str]


def on_order(one: OrderCandidate) -> Target:
    return "application", f"candidate:{one.job}-{one.number}"


def of_assignment(number: int) -> Target:
    return "application", f"assignment:{number}"


def applied(one: OrderCandidate) -> Write:
    return Write(
        kind="application",
        target=("candidate", str(one.employee)),
        id=on_order(one)[1],
        content=f"{one.employee} {one.job} {one.status} {one.comment or ''}".encode(),
        text=one.comment,
        value=str(one.job),
    )


def moved(one: OrderCandidate) -> Write:
    refused, target = CANDIDATE_STATUSES[one.status]["isRefused"], on_order(one)
    return Write(
        kind="rejection" if refused else "stage",
        target=target,
        id=target[1],
        content=str(one.status).encode(),
        text=one.comment,
        value=f"candidate:{one.status}",
    )


def ended(one: Assignment) -> Write:
    target, content = of_assignment(one.number), str(one.status).encode()
    return Write(kind="rejection", target=target, id=target[1], content=content, value=f"assignment:{one.status}")


def written(state: State, message: Message) -> Write:
    targets = [target for kind in (ASSIGNMENT_ORIGIN, JOB_ORDER_ORIGIN) for target in _targets(state, message, kind)]
    person = ("candidate", str(message.employee))
    if message.documents and targets:
        return file_written(state, message.documents[0], targets[0], again=True)
    return Write(
        kind="note",
        target=targets[0] if targets else person,
        id=str(message.number),
        content=message.text.encode(),
        text=message.text,
        records=(*targets, person),
    )


def file_written(state: State, number: int, target: Target, *, again: bool = False) -> Write:
    document = state.documents[number]
    return Write(
        kind="file",
        target=target,
        id=str(number),
        content=document.content,
        name=document.name,
        again=again,
    )


def _targets(state: State, message: Message, kind: int) -> list[Target]:
    numbers = [number for origin, number in message.origins if origin == kind]
    if kind == ASSIGNMENT_ORIGIN:
        return [of_assignment(number) for number in numbers]
    return [_linked(state, message.employee, number) for number in numbers]


def _linked(state: State, person: int, job: int) -> Target:
    found = next((one for one in state.candidates_of_employee.get(person, ()) if one.job == job), None)
    return on_order(found) if found else ("job", str(job))
