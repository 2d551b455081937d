"""Messages, which are the notes: plain text of a person, perhaps linked to orders, assignments and documents."""

import re
from datetime import date
from typing import Any

from entrypoints.sandbox.fields import BOOLEAN, INTEGER, TEXT, Field, Kind
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.catalogue import MESSAGE_ACTIONS, REPRESENTATIVE, REPRESENTATIVE_NAME
from entrypoints.sandbox.tempworks.employees import detail
from entrypoints.sandbox.tempworks.lists import PAGED, paged
from entrypoints.sandbox.tempworks.manners import wrong
from entrypoints.sandbox.tempworks.noted import written
from entrypoints.sandbox.tempworks.state import (
    ASSIGNMENT_ORIGIN,
    EMPLOYEE_ORIGIN,
    JOB_ORDER_ORIGIN,
    Employee,
    Message,
    Row,
    State,
    add_message,
)
from entrypoints.sandbox.wire import Ask, Reply

MESSAGE = 1_234


def _start(text: str) -> date:
    """As one client gives it, or as the others would."""
    if found := re.fullmatch(r"(\d\d)-(\d\d)-(\d{4})", text):
        return date(int(found[3]), int(found[1]), int(found[2]))
    return date.fromisoformat(text[:10])


def _never(value: object) -> Any:
    raise ValueError(value)


def _origins(value: object) -> list[tuple[int, int]]:
    if not isinstance(value, list):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return [_origin(item) for item in value]


def _origin(item: Any) -> tuple[int, int]:
    if not isinstance(item, dict) or set(item) != {"originTypeId", "originId"}:
        raise ValueError(item)
    return INTEGER.from_json(item["originTypeId"]), INTEGER.from_json(item["originId"])


def _numbers(value: object) -> list[int]:
    if not isinstance(value, list):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return [INTEGER.from_json(item) for item in value]


LISTED = (*PAGED, Field("startdate", Kind("a date", _never, _start)))
MESSAGE_FIELDS = (
    Field("actionId", INTEGER, required=True),
    Field("message", TEXT, required=True),
    Field("linkedEntities", Kind("a list of origins, each with originTypeId and originId", _origins, _never)),
    Field("linkedDocumentIds", Kind("a list of integers", _numbers, _never)),
    Field("shouldLinkRelatedEntities", BOOLEAN),
    Field("shouldLinkOriginsOneByOne", BOOLEAN),
)


def messages_of(state: State, ask: Ask) -> Reply:
    """The newest first. What a message is linked to is not told."""
    person, start = records.employee(state, ask.params["id"]), ask.query.get("startdate")
    kept = reversed(state.messages.get(person.number, []))
    found = [one for one in kept if start is None or state.local(one.at).date() >= start]
    return paged(state, ask, found, lambda one: _row(state, one))


def _row(state: State, one: Message) -> Row:
    action = MESSAGE_ACTIONS[one.action]
    return {
        "id": one.number,
        "message": one.text,
        "date": state.minute(one.at),
        "action": action["action"],
        "actionDescription": action["actionDescription"],
        "authorSrIdent": REPRESENTATIVE,
        "author": REPRESENTATIVE_NAME,
    }


def post(state: State, ask: Ask) -> Reply:
    person, action = records.employee(state, ask.params["id"]), _action(ask.body["actionId"])
    if not ask.body["message"].strip():
        raise wrong("message", "The message field is required.")
    origins, documents = ask.body.get("linkedEntities", []), ask.body.get("linkedDocumentIds", [])
    linked = [one for one in origins if _can_link(state, person, one)]
    attached = [one for one in documents if _can_attach(state, person, one)]
    message = Message(
        number=MESSAGE + state.message_count,
        employee=person.number,
        action=action["actionId"],
        text=ask.body["message"],
        at=ask.now,
        origins=tuple(linked),
        documents=tuple(attached),
    )
    add_message(state, message)
    _take_effect(state, person, action, ask)
    reply = {
        "messageId": message.number,
        "failedToBeLinkedOrigins": [
            {"originTypeId": kind, "originId": number} for kind, number in origins if (kind, number) not in linked
        ],
        "failedToBeLinkedDocuments": [one for one in documents if one not in attached],
        "numberOfSuccessfullyLinkedOrigins": len(linked),
    }
    return Reply(status=201, body=reply, wrote=written(state, message))


def _action(number: int) -> Row:
    action = MESSAGE_ACTIONS.get(number)
    if action is None or not (action["isActive"] and action["canWrite"] and action["isEmployeeRelevant"]):
        raise wrong("actionId", "There is no such action.")
    return action


def _can_link(state: State, person: Employee, origin: tuple[int, int]) -> bool:
    kind, number = origin
    known = {
        EMPLOYEE_ORIGIN: number in state.employees,
        JOB_ORDER_ORIGIN: number in state.job_orders,
        ASSIGNMENT_ORIGIN: number in {one.number for one in state.assignments_of.get(person.number, ())},
    }
    return known.get(kind, False) and not state.switches.unlinked_origins


def _can_attach(state: State, person: Employee, number: int) -> bool:
    document = state.documents.get(number)
    return document is not None and document.employee == person.number and not state.switches.unlinked_documents


def _take_effect(state: State, person: Employee, action: Row, ask: Ask) -> None:
    """Some actions are more than words: they change what the person may do."""
    person.modified = ask.now
    if not (action["isDeact"] or action["isReact"] or action["isDoNotAssign"]):
        return
    if action["isDoNotAssign"]:
        person.do_not_assign = True
    else:
        person.is_active, person.status_changed = action["isReact"], ask.now
        person.deactivated = None if action["isReact"] else ask.now
    state.announce("employee.updated", detail(state, person), ask.now)
