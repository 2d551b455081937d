"""What the journal takes a message for: the one place where that is decided.

A message is a note. Its target is the application that it is linked to: the assignment if one is linked, else the
candidate on the linked order; a person who is no candidate there has the note on the order itself. Without a link that
held it is on the person. A message that links documents of the person to an application is no note of its own: it says
that a file, uploaded and told of before, stands on that application now.
"""

from entrypoints.sandbox.tempworks.state import ASSIGNMENT_ORIGIN, JOB_ORDER_ORIGIN, Message, State
from entrypoints.sandbox.wire import Write

Target = tuple[str, str]


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
        return [("application", f"assignment:{number}") for number in numbers]
    return [_on_order(state, message.employee, number) for number in numbers]


def _on_order(state: State, person: int, job: int) -> Target:
    found = (one for one in state.candidates_of_employee.get(person, ()) if one.job == job)
    candidate = next(found, None)
    return ("application", f"candidate:{candidate.number}") if candidate else ("job", str(job))
