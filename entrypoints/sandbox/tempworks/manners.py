"""The shapes in which TempWorks refuses; all of them assumed but the one of the rate limit."""

from collections.abc import Mapping
from typing import Any

import attrs

from entrypoints.sandbox.manners import Manners
from entrypoints.sandbox.wire import Refusal, Reply, html

PROBLEM = "application/problem+json; charset=utf-8"
_TRACE = "00-5f2c0000000000000000000000000000-0000000000000001-00"
_IDENTITY = {
    "employeeId",
    "orderId",
    "jobOrderId",
    "assignmentId",
    "orderCandidateId",
    "documentId",
    "id",
    "Id",
    "propertyDefinitionId",
    "propertyType",
    "actionId",
    "columnId",
    "totalCount",
}
_UNHEARD = {
    "propertyType": "hologram",
    "candidateStatusId": 9_999,
    "candidateStatus": "Zurückgestellt",
    "assignmentStatusId": 9_999,
    "jobOrderStatusId": 9_999,
    "jobOrderStatus": "Never Heard Of",
    "orderStatus": "Never Heard Of",
    "orderType": "??",
    "documentTypeId": 9_999,
}


def problem(status: int, title: str, **more: Any) -> Reply:
    return Reply(status=status, body={"title": title, "status": status, **more, "traceId": _TRACE}, media=PROBLEM)


def invalid(faults: Mapping[str, list[str]]) -> Reply:
    link = "https://tools.ietf.org/html/rfc9110#section-15.5.1"
    reply = problem(400, "One or more validation errors occurred.", errors=dict(faults))
    return attrs.evolve(reply, body={"type": link, **reply.body})


def wrong(name: str, text: str) -> Refusal:
    """A value that has the right type and still will not do."""
    return Refusal(invalid({name: [text]}))


def missing() -> Refusal:
    return Refusal(problem(404, "Not Found"))


def conflict(why: str) -> Refusal:
    return Refusal(problem(409, "Conflict", detail=why))


def too_large() -> Refusal:
    return Refusal(problem(413, "Payload Too Large"))


def forbidden(why: str) -> Reply:
    return Reply(status=403, body={"title": "Forbidden", "status": 403, "detail": why}, media=PROBLEM)


def text(status: int, words: str) -> Reply:
    return Reply(status=status, body=words.encode(), media="text/plain; charset=utf-8")


def as_installed(kind: str, status: int, words: str) -> Reply:
    """A refusal as one installation or another words it: nobody may need its body."""
    match kind:
        case "html":
            return html(status, words)
        case "text":
            return text(status, words)
        case _:
            return text(status, "")


class TempWorksManners(Manners):
    def unknown_path(self, url: str, path: str) -> Reply:  # noqa: ARG002 - the answer is the same for all
        return problem(404, "Not Found")

    def wrong_method(self, method: str) -> Reply:  # noqa: ARG002 - the answer is the same for all
        return problem(405, "Method Not Allowed")

    def wrong_media(self, media: str) -> Reply:  # noqa: ARG002 - the answer is the same for all
        return problem(415, "Unsupported Media Type")

    def invalid(self, where: str, faults: Mapping[str, list[str]]) -> Reply:  # noqa: ARG002 - names are enough
        return invalid(faults)

    def denied(self) -> Reply:
        return attrs.evolve(text(401, ""), headers={"WWW-Authenticate": "Bearer"})

    def forbidden(self, path: str) -> Reply:  # noqa: ARG002 - the answer is the same for all
        return forbidden("The service representative has no right to this.")

    def too_many(self, most: str) -> Reply:  # noqa: ARG002 - the limit is the same for all
        return text(429, "25 requests / 5 sec limit.")

    def broken(self) -> Reply:
        return text(500, "An unexpected error occurred.")

    def with_nulls(self, body: Any) -> Any:
        return _each_row(body, lambda row: {key: row[key] if key in _IDENTITY else None for key in row})

    def with_unknown_enums(self, body: Any) -> Any:
        if isinstance(body, list):
            return [self.with_unknown_enums(item) for item in body]
        if isinstance(body, dict):
            return {key: _UNHEARD.get(key, self.with_unknown_enums(value)) for key, value in body.items()}
        return body

    def with_spoiled_row(self, body: Any) -> Any:
        if "data" not in body:
            return _spoiled(body)
        rows = body["data"]
        return {**body, "data": [_spoiled(row) if at == len(rows) // 2 else row for at, row in enumerate(rows)]}


def _each_row(body: Any, change: Any) -> Any:
    if "data" in body:
        return {**body, "data": [change(row) for row in body["data"]]}
    return change(body)


def _spoiled(row: dict[str, Any]) -> dict[str, Any]:
    """Keeps its id, so that whoever puts it aside can say which one it was."""
    return {key: value if key in _IDENTITY else {"unexpected": [value]} for key, value in row.items()}


class TokenManners(TempWorksManners):
    """The log-in server speaks OAuth instead."""

    def wrong_media(self, media: str) -> Reply:  # noqa: ARG002 - the answer is the same for all
        return Reply(status=400, body={"error": "invalid_request"})

    def invalid(self, where: str, faults: Mapping[str, list[str]]) -> Reply:  # noqa: ARG002 - OAuth gives no details
        return Reply(status=400, body={"error": "invalid_request"})
