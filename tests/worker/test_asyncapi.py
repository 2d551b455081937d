"""The description of the queue says what there is. No validator of AsyncAPI is at hand: its rules stand here."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it has no types

from entrypoints.cli import demo_story as story
from entrypoints.web.openapi import document as openapi
from entrypoints.worker.asyncapi import BODIES, document
from entrypoints.worker.envelope import EventType
from entrypoints.worker.rejections import Word, document_of, reason_of
from ports.errors import NotFoundError
from tests.worker.test_intake import a_message

DOCUMENT = document()
REFERENCE = {"$ref"}
MEMBERS = {
    "": {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"},
    "servers/*": {"host", "protocol", "protocolVersion", "description", "title", "summary", "security", "bindings"},
    "channels/*": {"address", "messages", "title", "summary", "description", "servers", "parameters", "bindings"},
    "channels/*/parameters/*": {"enum", "default", "description", "examples", "location"},
    "channels/*/messages/*": REFERENCE,
    "operations/*": {"action", "channel", "title", "summary", "description", "messages", "reply", "bindings"},
    "operations/*/channel": REFERENCE,
    "components": {"schemas", "messages", "channels", "operations", "parameters"},
    "components/messages/*": {"headers", "payload", "contentType", "name", "title", "summary", "description"}
    | {"examples", "bindings", "correlationId"},
}


def at(pointer: str) -> Any:
    """What a pointer into the document points to."""
    found: Any = DOCUMENT
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found


def matching(path: str, value: Any = DOCUMENT) -> Iterator[dict[str, Any]]:
    """The objects at a path, in which a star stands for every name."""
    name, _, rest = path.partition("/")
    if not name:
        yield value
        return
    for one in list(value.values()) if name == "*" else [value[name]] if name in value else []:
        yield from matching(rest, one)


@pytest.mark.parametrize("path", MEMBERS)
def test_each_object_has_members_that_asyncapi_3_knows(path: str) -> None:
    found = list(matching(path))
    assert found
    assert [set(one) - MEMBERS[path] for one in found if set(one) - MEMBERS[path]] == []


def test_it_says_what_it_is() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert {one["action"] for one in DOCUMENT["operations"].values()} == {"receive", "send"}


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"\$ref": ?"([^"]+)"', msgspec.json.encode(DOCUMENT).decode()):
        assert isinstance(at(reference), dict)


def test_operations_name_messages_of_their_channel_and_parameters_stand_in_the_address() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(one["$ref"].startswith(f"{channel}/messages/") for one in operation["messages"])
    for channel in DOCUMENT["channels"].values():
        assert set(re.findall(r"\{(\w+)\}", channel["address"])) == set(channel.get("parameters", {}))


def test_the_schemas_are_schemas() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)


def test_bodies_are_described_as_they_are_over_http() -> None:
    over_http = openapi()["components"]["schemas"]
    for body in BODIES.values():
        assert DOCUMENT["components"]["schemas"][body.__name__] == over_http[body.__name__]
    assert set(BODIES) == set(EventType)
    assert {one["name"] for one in DOCUMENT["components"]["messages"].values()} == {*EventType, "atsbridge.rejected"}


def fits(name: str, value: object) -> bool:
    """Whether it is as the message of that name is described."""
    payload = at(f"#/components/messages/{name}")["payload"]
    return bool(Draft7Validator({**payload, "components": DOCUMENT["components"]}).is_valid(value))


def test_what_is_described_is_what_comes_and_goes() -> None:
    screening = story.screening_event("con_1")
    assert fits("ScreeningEvent", screening)
    assert fits("ScreeningEvent", screening | {"traceparent": "00-1"})
    assert fits("CallResultEvent", screening | {"type": "atsbridge.call-result.v1", "data": story.call_result()})
    changes: list[dict[str, Any]] = [{"type": "atsbridge.screening.v2"}, {"subject": ""}, {"data": {}}]
    for change in (*changes, {"specversion": "0.3"}):
        assert not fits("ScreeningEvent", screening | change)
    reason = reason_of(NotFoundError("connection", "con_1"))
    assert fits("Rejected", msgspec.json.decode(document_of(a_message(1), reason, 10_000)))
    assert fits("Rejected", msgspec.json.decode(document_of(a_message(1), reason, 10)))


def test_every_reason_is_told() -> None:
    headers = DOCUMENT["components"]["messages"]["Rejected"]["headers"]
    assert set(headers["properties"]["Atsbridge-Reason"]["enum"]) == set(Word)
