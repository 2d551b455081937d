"""Every row of the route tables takes its own example and refuses what it does not declare."""

from typing import Any

import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox, legacy
from entrypoints.sandbox.erecruit.state import State
from entrypoints.sandbox.fields import INTEGER, TEXT
from entrypoints.sandbox.routes import Media, Route
from tests.sandbox import examples
from tests.sandbox.client import Client, Got

every_route = pytest.mark.parametrize("route", examples.ROUTES, ids=lambda route: route.label)
with_body = pytest.mark.parametrize("route", [r for r in examples.ROUTES if r.media], ids=lambda route: route.label)


@pytest.fixture
def ready(sandbox: ErecruitSandbox, route: Route[State]) -> ErecruitSandbox:
    examples.switched(route, sandbox.state)
    return sandbox


async def asked(client: Client, route: Route[State], more: dict[str, Any], suffix: str = "") -> Got:
    return await client.call(route.method, examples.path(route) + suffix, **more)


def is_refused(got: Got, status: int = 400) -> bool:
    """In the vendor's shape: a message, or OAuth's error."""
    return got.status == status and bool({"Message", "error"} & set(got.json))


@every_route
async def test_takes_its_example(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    got = await asked(client, route, examples.request(route))
    assert got.status in {200, 201}, got.body
    assert len(ready.writes) == (1 if route.effect else 0)


@every_route
async def test_takes_any_case_and_stray_slashes(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    got = await client.call(
        route.method, "/" + examples.path(route).replace("/", "//", 3).lower()[1:] + "/", **examples.request(route)
    )
    assert got.status in {200, 201}, got.body


@every_route
async def test_refuses_unknown_query(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    given = examples.request(route)
    got = await asked(client, route, given | {"params": given["params"] | {"Nonsense": "1"}})
    assert is_refused(got)
    assert ready.writes == []


@every_route
async def test_refuses_wrong_query_types(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    given = examples.request(route)
    for field in route.query:
        wrong = [("Nonsense", "twice")] if field.kind is TEXT else [("☃",), ("1", "2")]
        for values in wrong:
            pairs = [(name, value) for name, value in given["params"].items() if name != field.name]
            got = await asked(client, route, {"params": pairs + [(field.name, value) for value in values]})
            assert is_refused(got), (field, values)


@every_route
async def test_refuses_unknown_path_below(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    got = await asked(client, route, examples.request(route), "/Nonsense")
    assert is_refused(got, 404)
    assert "MessageDetail" in got.json


@every_route
async def test_refuses_other_methods(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    for method in ("DELETE", "PATCH"):
        got = await client.call(method, examples.path(route))
        assert is_refused(got, 405), method


@every_route
async def test_refuses_strangers(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    """Without a token, and with the token of the other host."""
    if route.login:
        return
    other = await client.log_in("standard" if route in legacy.ROUTES else "legacy")
    for headers in ({}, {"Authorization": f"Bearer {other}"}, {"Authorization": "Basic eDp5"}):
        got = await client.send(route.method, examples.path(route), headers=headers, **examples.request(route))
        assert is_refused(got, 401), headers
    assert ready.writes == []


@every_route
async def test_refuses_a_body_of_another_kind(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    got = await client.call(
        route.method,
        examples.path(route),
        params=examples.query(route),
        data=b"plain",
        media="text/plain",
    )
    assert got.status in {400, 415}
    assert is_refused(got, got.status)


@with_body
async def test_refuses_unknown_keys(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    got = await asked(client, route, examples.encoded(route, examples.body(route) | {"Nonsense": "1"}))
    assert is_refused(got)
    assert ready.writes == []


@with_body
async def test_refuses_wrong_types_and_missing_keys(
    ready: ErecruitSandbox, client: Client, route: Route[State]
) -> None:
    good = examples.body(route)
    for field in route.body:
        without = {name: value for name, value in good.items() if name != field.name}
        if field.required:
            more = examples.encoded(route, without, file=None if field.name == "file" else b"%PDF")
            assert is_refused(await asked(client, route, more)), field
        if route.media[0] is Media.MULTIPART and field.kind is INTEGER:
            assert is_refused(await asked(client, route, examples.encoded(route, good | {field.name: "☃"}))), field
        if route.media[0] is Media.JSON:
            got = await asked(client, route, {"json": good | {field.name: {"not": "this"}}})
            assert is_refused(got), field
    assert ready.writes == []


@with_body
async def test_refuses_what_is_no_object(ready: ErecruitSandbox, client: Client, route: Route[State]) -> None:
    for raw in (b"", b"{", b"[]", b"null", b'"text"', b"\xff"):
        media = route.media[0].value
        got = await client.call(route.method, examples.path(route), data=raw, media=media)
        assert 400 <= got.status < 500, raw
    assert ready.writes == []


@every_route
def test_every_row_says_where_it_comes_from(route: Route[State]) -> None:
    assert route.source.startswith(("sourced S", "assumed"))
    assert route.source == "assumed" or route not in legacy.ROUTES


def test_rows_stand_at_different_places() -> None:
    labels = [route.label.casefold() for route in examples.ROUTES]
    assert len(labels) == len(set(labels))
