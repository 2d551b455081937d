"""The description of the queue, out of the very types that validate what comes over it."""

import importlib.metadata
from typing import Any

import msgspec

from entrypoints.bodies import CallResultBody, ScreeningBody
from entrypoints.intake_bodies import CandidateBody, JobBody, NewApplicationBody
from entrypoints.json_schemas import Schemas
from entrypoints.worker.envelope import CONTENT_TYPE, SPEC_VERSION, TEXTS, EventType
from entrypoints.worker.rejections import Rejected, Word

_ABOUT = """Events take the way of the bodies of the HTTP API: the same checks, and the same write-back if the same
call or screening comes over both. An event is acknowledged once it is durable, and comes again until then.

Jobs, candidates and applications are for connections to public_api. Each names its own `id`. The event's `source` and
`id` together are its name: the same event again changes nothing, and another one under that name is rejected.

Whoever may publish here may write: into every connection, unless the broker's permissions say for which subjects.

Nothing larger than the broker's `max_payload` (1 MiB unless it is set otherwise) can be published: a report that large
goes over HTTP. NATS does not sync each message to disk by itself: a power cut can lose what it had accepted."""
_INCOMING = """Structured CloudEvents 1.0 in JSON. The last part of the subject and the event's `subject` name the same
connection. Kept in the stream ATSBRIDGE_IN until they are acknowledged."""
_REJECTED = """What could not be taken in, and why, with the event itself as far as there is room. Kept in the stream
ATSBRIDGE_REJECTED for as long as the payloads of write-backs are: it holds people's data."""
BODIES = {
    EventType.CALL_RESULT: CallResultBody,
    EventType.SCREENING: ScreeningBody,
    EventType.JOB: JobBody,
    EventType.CANDIDATE: CandidateBody,
    EventType.APPLICATION: NewApplicationBody,
}
_NAMES = {
    EventType.CALL_RESULT: "CallResultEvent",
    EventType.SCREENING: "ScreeningEvent",
    EventType.JOB: "JobEvent",
    EventType.CANDIDATE: "CandidateEvent",
    EventType.APPLICATION: "ApplicationEvent",
}
_TITLES = {
    EventType.CALL_RESULT: "What a call gave",
    EventType.SCREENING: "Answers to be judged",
    EventType.JOB: "A job, of a customer without an ATS",
    EventType.CANDIDATE: "A candidate, of a customer without an ATS",
    EventType.APPLICATION: "An application, of a customer without an ATS",
}


def document() -> dict[str, Any]:
    """The AsyncAPI 3.0 document, as seen from the service; it needs no broker."""
    schemas = Schemas((*BODIES.values(), Rejected))
    described = {
        "asyncapi": "3.0.0",
        "info": {"title": "atsbridge", "version": importlib.metadata.version("atsbridge"), "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": {
            "broker": {"host": "localhost:4222", "protocol": "nats", "description": "That of ATSBRIDGE_BROKER_URL."}
        },
        "channels": {
            "incoming": {
                "address": "atsbridge.in.{connection}",
                "description": _INCOMING,
                "parameters": {"connection": {"description": "The id of a connection, as in `con_...`."}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _NAMES.values()},
            },
            "rejected": {
                "address": "atsbridge.rejected",
                "description": _REJECTED,
                "messages": {"Rejected": {"$ref": "#/components/messages/Rejected"}},
            },
        },
        "operations": {
            "takeIn": _operation("receive", "incoming", "Take an event in", *_NAMES.values()),
            "reject": _operation("send", "rejected", "Tell why an event was not taken in", "Rejected"),
        },
        "components": {
            "messages": {**{_NAMES[kind]: _message(kind) for kind in EventType}, "Rejected": _rejected()},
            "schemas": {**schemas.components, **{_NAMES[kind]: _event(kind, schemas) for kind in EventType}},
        },
    }
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(described))
    return found


def _operation(action: str, channel: str, summary: str, *messages: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
    }


def _message(kind: EventType) -> dict[str, Any]:
    return {
        "name": kind,
        "title": _TITLES[kind],
        "contentType": "application/cloudevents+json",
        "payload": {"$ref": f"#/components/schemas/{_NAMES[kind]}"},
    }


def _rejected() -> dict[str, Any]:
    return {
        "name": "atsbridge.rejected",
        "title": "Why an event was not taken in",
        "contentType": "application/problem+json",
        "headers": {
            "type": "object",
            "required": ["Atsbridge-Reason"],
            "properties": {"Atsbridge-Reason": {"type": "string", "enum": sorted(Word)}},
        },
        "payload": {"$ref": "#/components/schemas/Rejected"},
    }


def _event(kind: EventType, schemas: Schemas) -> dict[str, Any]:
    """Open: CloudEvents lets extensions add attributes."""
    texts = {name: {"type": "string", "minLength": 1} for name in TEXTS}
    return {
        "title": _NAMES[kind],
        "description": "A CloudEvent. `subject` is the connection's id; `id` and `source` are the sender's own.",
        "type": "object",
        "properties": {
            **texts,
            "specversion": {"const": SPEC_VERSION},
            "type": {"const": kind},
            "datacontenttype": {"type": "string", "default": CONTENT_TYPE, "pattern": f"^{CONTENT_TYPE} *(;.*)?$"},
            "data": schemas.of((BODIES[kind],)),
        },
        "required": [*TEXTS, "specversion", "data"],
    }
