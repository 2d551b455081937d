"""The description says what there is, no more and no less."""

import re
from typing import Any

import pytest
from aiohttp import web
from openapi_spec_validator import validate

from entrypoints.bodies import CallResultBody
from entrypoints.decoding import decode
from entrypoints.web.event_schemas import TOLD, CountsTold
from entrypoints.web.openapi import document
from entrypoints.web.operation import Operation
from entrypoints.web.replies import CheckReply, ConnectionReply, PlanReply
from entrypoints.web.routes.results import ResultReply
from entrypoints.web.routes.table import OPERATIONS
from tests.web.bodies import a_call_result
from tests.web.rig import Api
from tests.web.routes import name_of


@pytest.mark.slow
def test_it_is_openapi_3_1() -> None:
    described = document()
    validate(described)
    assert described["openapi"].startswith("3.1")


async def test_every_route_is_described_and_nothing_else(api: Api) -> None:
    served = _routes(api.client.app)
    described = {
        (method.upper(), path)
        for path, methods in document()["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert served == described
    assert len(served) > 40


def _routes(app: Any) -> set[tuple[str, str]]:
    assert isinstance(app, web.Application)
    return {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource is not None}


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_each_operation_names_its_parameters(operation: Operation[Any, Any]) -> None:
    described = document()["paths"][operation.path][operation.method.lower()]
    in_path = {one["name"] for one in described["parameters"] if one["in"] == "path"}
    assert in_path == set(re.findall(r"\{(\w+)\}", operation.path))
    required = {one["name"] for one in described["parameters"] if one["in"] == "header" and one["required"]}
    assert required == operation.needs
    assert (operation.body.kind is not None) == ("requestBody" in described)


def test_names_of_operations_are_their_own() -> None:
    names = [one.name for one in OPERATIONS]
    assert len(names) == len(set(names))


def test_objects_take_no_other_members_and_python_keeps_no_trace() -> None:
    schemas = document()["components"]["schemas"]
    objects = {name: one for name, one in schemas.items() if one.get("type") == "object"}
    open_ones = {name for name, one in objects.items() if one.get("additionalProperties") is not False}
    assert open_ones == {kind.__name__ for kind in (*TOLD.values(), CountsTold)}, "events may come to say more"
    assert set(schemas["FieldMappingBody"]["properties"]) == {"from", "on", "field"}
    assert set(schemas["SettleBody"]["properties"]) == {"as"}
    assert schemas["CallResultBody"]["required"] == [
        "call_id",
        "candidate_id",
        "started_at",
        "ended_at",
        "outcome",
        "summary",
    ]


def test_limits_are_told() -> None:
    members = document()["components"]["schemas"]["CallResultBody"]["properties"]
    assert (members["call_id"]["maxLength"], members["summary"]["maxLength"]) == (255, 20_000)
    assert members["answers"]["maxItems"] == 500
    assert members["started_at"]["format"] == "date-time"


async def test_what_is_answered_is_what_is_described(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    plan = await api("POST", f"{path}/call-results?dry_run=true", a_call_result())
    await api("POST", f"{path}/call-results", a_call_result())
    await api.carry_out()
    checked = await api("POST", f"{path}/check")
    found = await api("GET", f"{path}/results/call-1")
    shown = await api("GET", path)

    for answer, kind in ((plan, PlanReply), (found, ResultReply), (checked, CheckReply), (shown, ConnectionReply)):
        assert answer.status == 200
        _decoded(answer.body, kind)


def _decoded(body: Any, kind: Any) -> None:
    """Strictly: no member too many, none missing. Left-out members have kinds that cattrs does not know."""
    described = document()["components"]["schemas"]
    _fits(body, described[kind.__name__], described)


def _fits(value: Any, schema: Any, described: Any) -> None:
    if "$ref" in schema:
        schema = described[schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "object" and "properties" in schema:
        assert set(schema.get("required", ())) <= set(value) <= set(schema["properties"])
        for name, member in value.items():
            _fits(member, schema["properties"][name], described)
    elif schema.get("type") == "array":
        for one in value:
            _fits(one, schema["items"], described)
    elif "enum" in schema:
        assert value in schema["enum"]


def test_the_example_of_a_call_result_is_one() -> None:
    assert decode(a_call_result(), CallResultBody).call_id == "call-1"


async def test_the_page_shows_it_without_anything_from_elsewhere(api: Api) -> None:
    page = await api("GET", "/docs")
    served = await api("GET", "/openapi.json")

    assert served.body == document()
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'; style-src 'sha256-")
    assert "<script" not in page.text
    assert re.findall(r'(?:href|src)="(?!#|/openapi\.json)', page.text) == []
    assert all(f"<code>{one.path}</code>" in page.text for one in OPERATIONS)
