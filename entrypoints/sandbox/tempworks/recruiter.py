"""What recruiters do meanwhile, and when anything really changed: for tests that count what a reader misses."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web

from entrypoints.sandbox.control import read_object, refused
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.catalogue import NOTE
from entrypoints.sandbox.tempworks.documents import DOCUMENT
from entrypoints.sandbox.tempworks.employees import EMPLOYEE, detail
from entrypoints.sandbox.tempworks.messages import MESSAGE
from entrypoints.sandbox.tempworks.noted import of_assignment, on_order
from entrypoints.sandbox.tempworks.properties import EMPLOYEE as ABOUT_EMPLOYEES
from entrypoints.sandbox.tempworks.properties import property_id
from entrypoints.sandbox.tempworks.state import Document, Employee, Message, State, add_document, add_message
from entrypoints.sandbox.world import World


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


EDITS: dict[str, Callable[[State, Employee, datetime], None]] = {
    "address": _address,
    "name": _name,
    "phone": _phone,
    "custom_data": _custom,
    "message": _message,
    "document": _document,
    "deactivate": partial(_active, False),
    "reactivate": partial(_active, True),
}
_TOPICS = {"address": "addressupdated", "phone": "contactmethodupdated", "custom_data": "custompropertyupdated"}


def edit(state: State, what: str, number: int, now: datetime) -> None:
    """Changes one employee as a recruiter would. Raises KeyError for what or whom there is not."""
    change, one = EDITS[what], state.employees[number]
    change(state, one, now)
    one.modified = now
    if what not in {"message", "document"}:
        state.announce(f"employee.{_TOPICS.get(what, 'updated')}", detail(state, one), now)


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


def truth(state: State) -> dict[str, dict[str, str]]:
    """When each record really was changed last, by the ids that its readers know it by."""
    return {
        "candidate": {str(one.number): one.modified.isoformat() for one in state.employees.values()},
        "job": {str(one.number): one.modified.isoformat() for one in state.job_orders.values()},
        "application": {
            **{on_order(one)[1]: one.modified.isoformat() for one in state.candidates.values()},
            **{of_assignment(one.number)[1]: one.modified.isoformat() for one in state.assignments.values()},
        },
    }


def control_routes(world: World[State], changed: Callable[[], None]) -> tuple[web.RouteDef, ...]:
    """`changed` is called when there may be something to tell subscribers of."""

    async def show(_request: web.Request) -> web.Response:
        return web.json_response(truth(world.state))

    async def change(request: web.Request) -> web.Response:
        given: dict[str, Any] = await read_object(request)
        try:
            edit(world.state, given["edit"], int(given["id"]), world.clock())
        except (KeyError, ValueError, TypeError):
            return refused(f"these keys are taken: edit (one of {', '.join(sorted(EDITS))}) and id (of an employee)")
        changed()
        return web.json_response({"edited": given}, status=201)

    async def file(request: web.Request) -> web.Response:
        """Where downloads are redirected to; whoever brings credentials along gave them to a stranger."""
        if {"x-tw-token", "authorization"} & {name.casefold() for name in request.headers}:
            return web.Response(status=418, text="credentials of another host")
        document = world.state.documents.get(int(request.match_info["number"]))
        return web.Response(status=404) if document is None else web.Response(body=document.content)

    return (
        web.get("/truth", show),
        web.post("/edits", change),
        web.get(r"/files/{number:\d+}", file),
    )
