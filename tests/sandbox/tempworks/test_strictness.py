"""Every row of the route tables takes its own example and refuses what it does not declare."""

from typing import Any

import attrs
import pytest

from entrypoints.sandbox.fields import INTEGER, TEXT
from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.state import State
from tests.sandbox.client import Got
from tests.sandbox.tempworks import examples
from tests.sandbox.tempworks.client import Client


def _name(route: Route[State]) -> str:
    return f"{route.label}{' as base64' if examples.is_base64(route) else ''}"


every_route = pytest.mark.parametrize("route", examples.ROUTES, ids=_name)
with_body = pytest.mark.parametrize("route", [r for r in examples.ROUTES if r.media], ids=_name)


@pytest.fixture
def ready(sandbox: TempWorksSandbox, route: Route[State]) -> TempWorksSandbox:
    examples.switched(route, sandbox.state)
    return sandbox


async def asked(client: Client, route: Route[State], more: dict[str, Any], suffix: str = "") -> Got:
    return await client.call(route.method, examples.path(route) + suffix, **more)


def is_refused(got: Got, status: int = 400) -> bool:
    """In the vendor's shape: a title, or OAuth's error."""
    return got.status == status and bool({"title", "error"} & set(got.json))


@every_route
async def test_takes_its_example(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    got = await asked(client, route, examples.request(route))
    assert got.status in {200, 201, 204}, got.body
    assert len(ready.writes) == (1 if route.effect else 0)


@every_route
async def test_takes_any_case_and_stray_slashes(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    stray = "/" + examples.path(route).replace("/", "//", 3).lower()[1:] + "/"
    got = await client.call(route.method, stray, **examples.request(route))
    assert got.status in {200, 201, 204}, got.body


@every_route
async def test_refuses_unknown_query(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    given = examples.request(route)
    got = await asked(client, route, given | {"params": given["params"] | {"Nonsense": "1"}})
    assert is_refused(got)
    assert ready.writes == []


@every_route
async def test_refuses_wrong_query_types(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    given = examples.request(route)
    for field in route.query:
        wrong = [("Nonsense", "twice")] if field.kind is TEXT else [("☃",), ("1", "2")]
        for values in wrong:
            pairs = [(name, value) for name, value in given["params"].items() if name != field.name]
            got = await asked(client, route, {"params": pairs + [(field.name, value) for value in values]})
            assert is_refused(got), (field, values)


@every_route
async def test_refuses_unknown_path_below(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    assert is_refused(await asked(client, route, examples.request(route), "/Nonsense"), 404)


@every_route
async def test_refuses_other_methods(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    for method in ("DELETE", "PATCH"):
        assert is_refused(await client.call(method, examples.path(route)), 405), method


@every_route
async def test_refuses_strangers(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    if route.login:
        return
    strangers: tuple[dict[str, str], ...] = (
        {},
        {"x-tw-token": "x"},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic eDp5"},
    )
    for headers in strangers:
        got = await client.call(route.method, examples.path(route), **examples.request(route), headers=headers)
        assert (got.status, got.body, got.headers["WWW-Authenticate"]) == (401, b"", "Bearer"), headers
    assert ready.writes == []


@every_route
async def test_refuses_a_body_of_another_kind(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    got = await client.call(
        route.method,
        examples.path(route),
        params=examples.query(route),
        data=b"plain",
        headers=client.token | {"Content-Type": "text/plain"},
    )
    assert got.status in {400, 415}
    assert is_refused(got, got.status)


@with_body
async def test_refuses_unknown_keys(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    got = await asked(client, route, examples.encoded(route, examples.body(route) | {"Nonsense": "1"}))
    assert is_refused(got)
    assert ready.writes == []


@with_body
async def test_refuses_wrong_types_and_missing_keys(
    ready: TempWorksSandbox, client: Client, route: Route[State]
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
async def test_refuses_what_is_no_object(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    for raw in (b"", b"{", b"[]", b"null", b'"text"', b"\xff"):
        headers = client.token | {"Content-Type": route.media[0].value}
        got = await client.call(route.method, examples.path(route), data=raw, headers=headers)
        assert 400 <= got.status < 500, raw
    assert ready.writes == []


@every_route
def test_every_row_says_where_it_comes_from(route: Route[State]) -> None:
    assert route.source.startswith(("sourced ", "assumed"))


def test_rows_stand_at_different_places() -> None:
    labels = [_name(route).casefold() for route in examples.ROUTES]
    assert len(labels) == len(set(labels))


@every_route
async def test_writes_are_undone_by_a_reset(ready: TempWorksSandbox, client: Client, route: Route[State]) -> None:
    before = attrs.asdict(ready.state)
    got = await asked(client, route, examples.request(route))
    assert got.status < 300
    ready.reset()
    examples.switched(route, ready.state)
    assert attrs.asdict(ready.state) == before
