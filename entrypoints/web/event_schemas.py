"""What the events say that are sent: described beside the operations, as OpenAPI's `webhooks`."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from msgspec import UNSET, UnsetType

from domain.call_result import CallOutcome
from domain.event import EventType
from domain.policy import RecordType
from domain.pull import Change, PullMode, Tally
from domain.screening import Verdict
from domain.writeback import WriteBackState
from entrypoints.json_schemas import Schemas


@attrs.frozen(kw_only=True)
class WriteBackTold:
    """A write-back has come to its end, or waits for a person; why, is shown at `href`."""

    writeback_id: str
    href: str
    kind: str
    key: str
    state: WriteBackState


@attrs.frozen(kw_only=True)
class ConnectionTold:
    """Nothing more is started for the connection until it works again."""

    href: str
    reason: str


@attrs.frozen(kw_only=True)
class CallTold:
    """A call is over."""

    call_id: str
    candidate_id: str
    outcome: CallOutcome
    href: str
    application_id: str | UnsetType = UNSET
    job_id: str | UnsetType = UNSET
    verdict: Verdict | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class ResultTold(CallTold):
    """A call's whole result; where that is larger than 20 KB, it is truncated and to be had at `href`.

    Of a report it has name, size and digest; the file is to be had at `href` + `/report`.
    """

    truncated: bool
    result: dict[str, Any] | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class ApplicationTold:
    """Somebody was handed in for a job."""

    application_id: str
    candidate_id: str
    job_id: str
    href: str


@attrs.frozen(kw_only=True)
class CountsTold(Tally):
    """What became of the records that a pull read."""


@attrs.frozen(kw_only=True)
class PullTold:
    """A pull is done. The first one of a kind tells this and nothing of single records."""

    pull_id: str
    href: str
    kind: RecordType
    mode: PullMode
    counts: CountsTold


@attrs.frozen(kw_only=True)
class JobChangeTold:
    """A job is new, was changed or was deleted in the ATS; what stands in it is shown at `href`."""

    job_id: str
    change: Change
    href: str


@attrs.frozen(kw_only=True)
class ApplicationChangeTold:
    """An application is new, was changed or was deleted in the ATS."""

    application_id: str
    change: Change
    href: str


@attrs.frozen(kw_only=True)
class CandidateChangeTold:
    """A candidate is new, was changed or was deleted in the ATS."""

    candidate_id: str
    change: Change
    href: str


@attrs.frozen(kw_only=True)
class EndpointTold:
    """Another endpoint was disabled."""

    endpoint_id: str
    href: str
    reason: str


@attrs.frozen(kw_only=True)
class TestTold:
    """Nothing has happened: somebody tries the endpoint out."""

    endpoint_id: str
    message: str


TOLD: Mapping[EventType, Any] = {
    EventType.CALL_COMPLETED: CallTold,
    EventType.RESULT_READY: ResultTold,
    EventType.APPLICATION_RECEIVED: ApplicationTold,
    EventType.WRITEBACK_DONE: WriteBackTold,
    EventType.WRITEBACK_REFUSED: WriteBackTold,
    EventType.WRITEBACK_HELD: WriteBackTold,
    EventType.CONNECTION_PARKED: ConnectionTold,
    EventType.PULL_COMPLETED: PullTold,
    EventType.JOB_CHANGED: JobChangeTold,
    EventType.APPLICATION_CHANGED: ApplicationChangeTold,
    EventType.CANDIDATE_CHANGED: CandidateChangeTold,
    EventType.ENDPOINT_DISABLED: EndpointTold,
    EventType.ENDPOINT_TEST: TestTold,
}
"""The data of each event."""

_HEADERS = {
    "webhook-id": "The event's id: the same in each delivery of it, so that it can be known again.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "`v1,` and a signature as of Standard Webhooks; two, with a blank between, for a day after"
    " the secret was replaced.",
}


def webhooks() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The `webhooks` of the description, and the schemas that they name."""
    schemas = Schemas(TOLD.values())
    named = {name: _open(schema) for name, schema in schemas.components.items()}
    return {str(kind): {"post": _post(kind, schemas.of((data,)))} for kind, data in TOLD.items()}, named


def _open(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever receives must bear with members that come later."""
    return {name: value for name, value in schema.items() if name != "additionalProperties"}


def _post(kind: EventType, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "operationId": f"on_{kind.replace('.', '_')}",
        "summary": f"The event {kind}",
        "tags": ["webhooks"],
        "parameters": list(_parameters()),
        "requestBody": {"required": True, "content": {"application/json": {"schema": _envelope(kind, data)}}},
        "responses": {
            "2XX": {"description": "Taken. Whatever else is answered is no success: it is sent again."},
            "410": {"description": "Nobody is to send here any more: the endpoint is disabled."},
        },
        "security": [],
    }


def _parameters() -> Iterator[dict[str, Any]]:
    for name, what in _HEADERS.items():
        yield {"in": "header", "name": name, "required": True, "description": what, "schema": {"type": "string"}}


def _envelope(kind: EventType, data: Mapping[str, Any]) -> dict[str, Any]:
    members = {
        "id": {"type": "string"},
        "type": {"const": str(kind)},
        "timestamp": {"type": "string", "format": "date-time"},
        "connection": {"type": ["string", "null"]},
        "data": data,
    }
    return {"type": "object", "properties": members, "required": list(members)}
