"""What customers are told of a call: that it is over, and its result."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from urllib.parse import quote

import attrs

from domain.call_result import CallResult
from domain.ids import ConnectionId

LARGEST_RESULT = 20_000
"""Bytes of JSON up to which a result is told whole."""


def result_href(connection: ConnectionId, call_id: str) -> str:
    """Where a result is found."""
    return f"/v1/connections/{connection}/results/{quote(call_id, safe='')}"


def call_data(connection: ConnectionId, result: CallResult) -> Mapping[str, object]:
    """The data of `call.completed`."""
    told = {
        "call_id": result.call_id,
        "candidate_id": result.candidate_id,
        "application_id": result.application_id,
        "job_id": result.job_id,
        "outcome": result.outcome.value,
        "verdict": None if result.verdict is None else result.verdict.value,
        "href": result_href(connection, result.call_id),
    }
    return {name: value for name, value in told.items() if value is not None}


def result_data(connection: ConnectionId, result: CallResult) -> Mapping[str, object]:
    """The data of `result.ready`: the whole result, or, where that is too large, where to find it."""
    whole = result_json(result)
    told = call_data(connection, result)
    if len(json.dumps(whole, ensure_ascii=False).encode()) > LARGEST_RESULT:
        return {**told, "truncated": True}
    return {**told, "truncated": False, "result": whole}


def result_json(result: CallResult) -> dict[str, object]:
    """A result as JSON; of a report only its name, size and digest. Members that are not there are left out."""
    shown = attrs.asdict(result, value_serializer=_as_json, filter=lambda _, value: value is not None)
    return dict(shown)


def _as_json(_: object, __: object, value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case _:
            return value
