"""The shapes in which eRecruit refuses: those of the web framework underneath it."""

from collections.abc import Mapping
from typing import Any

from entrypoints.sandbox.manners import Manners
from entrypoints.sandbox.wire import Refusal, Reply

_IDENTITY = {"ID", "AddressID", "CandidateID", "PositionID", "StatusID", "AboutType", "CreatedOn", "ModifiedOn"}
_UNHEARD = {
    "StatusID": 9_999,
    "TypeID": 9_999,
    "CategoryID": 9_999,
    "Status": "Zurückgestellt",
    "PositionType": "Never Heard Of",
    "FieldType": "Hologram",
    "AboutType": "Creature",
}


def message(status: int, text: str) -> Reply:
    return Reply(status=status, body={"Message": text})


def invalid(where: str, faults: Mapping[str, list[str]]) -> Reply:
    """Names of a body stand under `model`, those of a query alone."""
    state = {_key(where, name): texts for name, texts in faults.items()}
    return Reply(status=400, body={"Message": "The request is invalid.", "ModelState": state})


def _key(where: str, name: str) -> str:
    if where != "body":
        return name
    return f"model.{name}" if name else "model"


def resource(path: str) -> str:
    """The second part of a path, after `webapi` or `api`."""
    return path.strip("/").partition("/")[2].partition("/")[0]


def wrong(name: str, text: str) -> Refusal:
    """A value of the body that has the right type and still will not do."""
    return Refusal(invalid("body", {name: [text]}))


def missing(what: str, number: int) -> Refusal:
    return Refusal(message(404, f"{what} {number} was not found."))


class ErecruitManners(Manners):
    def unknown_path(self, url: str, path: str) -> Reply:
        body = {
            "Message": f"No HTTP resource was found that matches the request URI '{url}'.",
            "MessageDetail": f"No type was found that matches the controller named '{resource(path)}'.",
        }
        return Reply(status=404, body=body)

    def wrong_method(self, method: str) -> Reply:
        return message(405, f"The requested resource does not support http method '{method}'.")

    def wrong_media(self, media: str) -> Reply:
        return message(415, f"The request entity's media type '{media}' is not supported for this resource.")

    def invalid(self, where: str, faults: Mapping[str, list[str]]) -> Reply:
        return invalid(where, faults)

    def denied(self) -> Reply:
        return message(401, "Authorization has been denied for this request.")

    def forbidden(self, path: str) -> Reply:
        return message(403, f"The service account does not have permission to {resource(path)}.")

    def too_many(self, most: str) -> Reply:
        return message(429, f"API calls quota exceeded! maximum admitted {most}.")

    def broken(self) -> Reply:
        return message(500, "An error has occurred.")

    def with_nulls(self, body: Any) -> Any:
        return _each_row(body, lambda row: {key: row[key] if key in _IDENTITY else None for key in row})

    def with_unknown_enums(self, body: Any) -> Any:
        if isinstance(body, list):
            return [self.with_unknown_enums(item) for item in body]
        if isinstance(body, dict):
            return {key: _UNHEARD.get(key, self.with_unknown_enums(value)) for key, value in body.items()}
        return body

    def with_spoiled_row(self, body: Any) -> Any:
        if isinstance(body, list):
            middle = len(body) // 2
            return [_spoiled(row) if at == middle else row for at, row in enumerate(body)]
        if "Items" in body:
            return {**body, "Items": self.with_spoiled_row(body["Items"])}
        return _spoiled(body)


def _each_row(body: Any, change: Any) -> Any:
    if isinstance(body, list):
        return [change(row) for row in body]
    if "Items" in body:
        return {**body, "Items": [change(row) for row in body["Items"]]}
    return change(body)


def _spoiled(row: dict[str, Any]) -> dict[str, Any]:
    """Keeps its id, so that whoever puts it aside can say which one it was."""
    return {key: value if key == "ID" else {"unexpected": [value]} for key, value in row.items()}


class TokenManners(ErecruitManners):
    """The token endpoint speaks OAuth instead."""

    def wrong_media(self, media: str) -> Reply:  # noqa: ARG002 - the answer is the same for all
        return Reply(status=400, body={"error": "unsupported_grant_type"})

    def invalid(self, where: str, faults: Mapping[str, list[str]]) -> Reply:  # noqa: ARG002 - OAuth gives no details
        return Reply(status=400, body={"error": "invalid_request"})
