"""The shapes in which Kombo answers and refuses: one envelope, four keys in every error."""

from collections.abc import Mapping
from typing import Any

import attrs

from entrypoints.sandbox.manners import Manners
from entrypoints.sandbox.wire import Refusal, Reply, Write

_LOG = "https://app.kombo.dev/env/production/logs/interactions/EcLtbMNqdWXYfDvc97WEA2gA"
_TITLES = {
    "PLATFORM.AUTHENTICATION_INVALID": "The authentication is invalid.",
    "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED": "Too many actions are under way.",
    "PLATFORM.INPUT_INVALID": "The input is invalid.",
    "PLATFORM.INTEGRATION_NOT_FOUND": "The integration was not found.",
    "PLATFORM.RATE_LIMIT_EXCEEDED": "You sent too many requests.",
    "PLATFORM.TASK_TIMED_OUT": "The task timed out.",
    "PLATFORM.UNKNOWN_ERROR": "Something went wrong.",
    "INTEGRATION.PERMISSION_MISSING": "A permission is missing.",
    "REMOTE.INPUT_INVALID": "The connected tool refused the input.",
}
_IDENTITY = {"id", "remote_id", "changed_at"}
_UNHEARD: dict[str, Any] = {
    "status": "ZURÜCKGESTELLT",
    "outcome": "NEVER_HEARD_OF",
    "employment_type": "NEVER_HEARD_OF",
    "visibility": "NEVER_HEARD_OF",
    "type": "NEVER_HEARD_OF",
}


def answered(data: Any, wrote: Write | None = None) -> Reply:
    """The answer of an action."""
    return Reply(body={"status": "success", "data": data, "warnings": []}, wrote=wrote)


def told(data: Any) -> Reply:
    """The answer of a read of synced data: it has no warnings."""
    return Reply(body={"status": "success", "data": data})


def error(status: int, code: str, message: str) -> Reply:
    title = _TITLES.get(code, "The request could not be completed.")
    body = {"status": "error", "error": {"code": code, "title": title, "message": message, "log_url": _LOG}}
    return Reply(status=status, body=body)


def refused(status: int, code: str, message: str) -> Refusal:
    return Refusal(error(status, code, message))


def wrong(message: str) -> Refusal:
    return refused(400, "PLATFORM.INPUT_INVALID", message)


def missing(what: str) -> Refusal:
    """Status and code of a record that is not there are assumed."""
    return refused(404, "PLATFORM.INPUT_INVALID", f"The {what} was not found.")


class KomboManners(Manners):
    def unknown_path(self, url: str, path: str) -> Reply:  # noqa: ARG002 - the answer names the path alone
        return error(404, "PLATFORM.INPUT_INVALID", f"There is nothing at {path}.")

    def wrong_method(self, method: str) -> Reply:
        return error(405, "PLATFORM.INPUT_INVALID", f"{method} is not possible here.")

    def wrong_media(self, media: str) -> Reply:
        return error(400, "PLATFORM.INPUT_INVALID", f"The body must be application/json, not '{media}'.")

    def invalid(self, where: str, faults: Mapping[str, list[str]]) -> Reply:
        texts = "; ".join(text for name in faults for text in faults[name])
        return error(400, "PLATFORM.INPUT_INVALID", f"{where}: {texts}")

    def denied(self) -> Reply:
        return error(401, "PLATFORM.AUTHENTICATION_INVALID", "The API key is not valid.")

    def forbidden(self, path: str) -> Reply:
        return error(403, "INTEGRATION.PERMISSION_MISSING", f"The integration may not do this: {path}")

    def too_many(self, most: str) -> Reply:
        return error(429, "PLATFORM.RATE_LIMIT_EXCEEDED", f"No more than {most}.")

    def full(self) -> Reply:
        return error(429, "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", "Too many actions of this integration are under way.")

    def broken(self) -> Reply:
        return error(500, "PLATFORM.UNKNOWN_ERROR", "An unexpected error occurred.")

    def with_nulls(self, body: Any) -> Any:
        return _each_row(body, lambda row: {key: row[key] if key in _IDENTITY else None for key in row})

    def with_unknown_enums(self, body: Any) -> Any:
        return _each_row(body, _unheard)

    def with_spoiled_row(self, body: Any) -> Any:
        return _middle(body, lambda row: {key: row[key] if key == "id" else {"unexpected": [row[key]]} for key in row})


def with_extra_keys(reply: Reply) -> Reply:
    return attrs.evolve(reply, body=_extra(reply.body))


def with_warnings(reply: Reply) -> Reply:
    if isinstance(reply.body, dict) and "warnings" in reply.body:
        return attrs.evolve(reply, body={**reply.body, "warnings": [{"message": "The text was shortened."}]})
    return reply


def with_missing_keys(reply: Reply) -> Reply:
    """One record of the list lacks what every record must have."""
    return attrs.evolve(reply, body=_middle(reply.body, lambda row: {"id": row["id"]}))


def _extra(body: Any) -> Any:
    if isinstance(body, list):
        return [_extra(item) for item in body]
    if isinstance(body, dict):
        return {**{key: _extra(value) for key, value in body.items()}, "x_never_heard_of": {"is": ["new"]}}
    return body


def _unheard(row: Any) -> Any:
    if isinstance(row, list):
        return [_unheard(item) for item in row]
    if isinstance(row, dict):
        return {
            key: _UNHEARD[key] if key in _UNHEARD and isinstance(value, str) else _unheard(value)
            for key, value in row.items()
        }
    return row


def _rows(body: Any) -> tuple[str, list[Any]] | None:
    """Where records stand: in a list's results, or in what Avionté answered."""
    data = body.get("data") if isinstance(body, dict) else None
    for key in ("results", "data"):
        if isinstance(data, dict) and isinstance(data.get(key), list):
            return key, data[key]
    return None


def _each_row(body: Any, change: Any) -> Any:
    found = _rows(body)
    if found is None:
        return body
    key, rows = found
    return {**body, "data": {**body["data"], key: [change(row) if isinstance(row, dict) else row for row in rows]}}


def _middle(body: Any, change: Any) -> Any:
    found = _rows(body)
    if found is None or not found[1] or not isinstance(found[1][0], dict):
        return body
    key, rows = found
    middle = len(rows) // 2
    changed = [change(row) if at == middle else row for at, row in enumerate(rows)]
    return {**body, "data": {**body["data"], key: changed}}
