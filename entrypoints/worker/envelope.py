"""Events: CloudEvents 1.0 in JSON, `subject` names the connection, `data` is the body that HTTP takes."""

from enum import StrEnum

import attrs

from domain.errors import Fault, InvalidError
from domain.ids import ConnectionId
from entrypoints.json_text import MalformedError, parse

TEXTS = ("id", "source", "type", "subject")
"""Attributes that an event must have, each a text that is not empty."""
SPEC_VERSION, CONTENT_TYPE = "1.0", "application/json"


class EventType(StrEnum):
    """The types of event that are understood."""

    CALL_RESULT = "atsbridge.call-result.v1"
    SCREENING = "atsbridge.screening.v1"
    JOB = "atsbridge.job.v1"
    CANDIDATE = "atsbridge.candidate.v1"
    APPLICATION = "atsbridge.application.v1"


@attrs.frozen(kw_only=True)
class Envelope:
    """An event: what it is, for which connection, and its body as it came. `source` and `id` together name it."""

    id: str
    source: str
    type: EventType
    connection: ConnectionId
    data: object


def decode(raw: bytes) -> Envelope:
    """Raises InvalidError with every fault. Attributes that CloudEvents lets extensions add are passed over."""
    try:
        event = parse(raw)
    except MalformedError as error:
        raise InvalidError.at("", str(error)) from None
    if not isinstance(event, dict):
        raise InvalidError.at("", "must be an object")
    faults = [
        Fault(f"/{name}", "must be a text that is not empty")
        for name in TEXTS
        if not isinstance(event.get(name), str) or not event[name]
    ]
    if event.get("specversion") != SPEC_VERSION:
        faults.append(Fault("/specversion", f"must be {SPEC_VERSION}"))
    if str(event.get("datacontenttype", CONTENT_TYPE)).split(";")[0].strip() != CONTENT_TYPE:
        faults.append(Fault("/datacontenttype", f"must be {CONTENT_TYPE}"))
    if "data" not in event:
        faults.append(Fault("/data", "is missing"))
    kinds = {kind.value: kind for kind in EventType}
    if not faults and event["type"] not in kinds:
        faults.append(Fault("/type", f"must be one of: {', '.join(kinds)}"))
    if faults:
        raise InvalidError(*faults)
    return Envelope(
        id=event["id"],
        source=event["source"],
        type=kinds[event["type"]],
        connection=ConnectionId(event["subject"]),
        data=event["data"],
    )
