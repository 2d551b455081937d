"""Every row of the table takes its own example and refuses what it does not declare, in Kombo's envelope."""

from typing import Any

import pytest

from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.inner import Inner
from entrypoints.sandbox.kombo.state import State
from entrypoints.sandbox.routes import Route
from tests.sandbox.client import Got
from tests.sandbox.kombo import examples
from tests.sandbox.kombo.client import PASSTHROUGH, Client, code

KEYED = [route for route in examples.ROUTES if not route.open]
every_route = pytest.mark.parametrize("route", examples.ROUTES, ids=lambda route: route.label)
keyed_route = pytest.mark.parametrize("route", KEYED, ids=lambda route: route.label)
with_body = pytest.mark.parametrize("route", [r for r in examples.ROUTES if r.media], ids=lambda route: route.label)
every_inner = pytest.mark.parametrize("row", examples.INNER, ids=lambda row: row.label)


async def asked(client: Client, route: Route[State], suffix: str = "", **more: Any) -> Got:
    root = client.sandbox.base_urls["api"].removesuffix("/v1")
    given = {"headers": client.headers} | more
    return await client.fetch(route.method, root + examples.path(route) + suffix, **given)


@every_route
async def test_takes_its_example(sandbox: KomboSandbox, client: Client, route: Route[State]) -> None:
    got = await asked(client, route, **examples.more(route))
    assert got.status == 200, got.body
    assert len(sandbox.writes) == (1 if route.effect else 0)
    assert ("Concurrency-Limit" in got.headers) == route.action


@every_route
async def test_success_has_its_envelope(client: Client, route: Route[State]) -> None:
    """Reads of synced data have no warnings, actions always do."""
    if route.open:
        return
    got = await asked(client, route, **examples.more(route))
    assert set(got.json) == {"status", "data", "warnings"} if route.action else {"status", "data"}
    assert got.headers["Content-Type"] == "application/json; charset=utf-8"


@every_route
async def test_refuses_unknown_query(sandbox: KomboSandbox, client: Client, route: Route[State]) -> None:
    got = await asked(client, route, params={"nonsense": "1"}, **examples.more(route))
    assert code(got) == (400, "PLATFORM.INPUT_INVALID")
    assert sandbox.writes == []


@every_route
async def test_refuses_wrong_query_types(client: Client, route: Route[State]) -> None:
    for field in route.query:
        for values in (("☃",), ("1", "2")) if field.kind.name != "a text" else (("x", "twice"),):
            if field.kind.name == "ids joined by commas" and len(values) == 1:
                values = ("a,,b",)  # noqa: PLW2901 - any text may be an id
            got = await asked(client, route, params=[(field.name, value) for value in values])
            assert code(got) == (400, "PLATFORM.INPUT_INVALID"), (field, values)


@every_route
async def test_knows_its_path_alone(client: Client, route: Route[State]) -> None:
    for suffix in ("/nonsense", "/"):
        assert code(await asked(client, route, suffix, **examples.more(route)))[0] == 404
    root = client.sandbox.base_urls["api"].removesuffix("/v1")
    got = await client.fetch(route.method, root + examples.path(route).replace("/v1/", "/V1/"), headers=client.headers)
    assert route.open or code(got)[0] == 404


@every_route
async def test_refuses_other_methods(client: Client, route: Route[State]) -> None:
    got = await client.fetch(
        "PATCH", client.sandbox.base_urls["api"].removesuffix("/v1") + examples.path(route), headers=client.headers
    )
    assert code(got) == (405, "PLATFORM.INPUT_INVALID")


@keyed_route
async def test_refuses_strangers(sandbox: KomboSandbox, client: Client, route: Route[State]) -> None:
    wrong: tuple[dict[str, str], ...] = ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"})
    for headers in wrong:
        got = await asked(
            client, route, headers=client.headers | {"Authorization": ""} | headers, **examples.more(route)
        )
        assert code(got) == (401, "PLATFORM.AUTHENTICATION_INVALID"), headers
    assert sandbox.writes == []


@keyed_route
async def test_wants_an_integration_that_it_knows(client: Client, route: Route[State]) -> None:
    key = {"Authorization": client.headers["Authorization"]}
    free = "check-api-key" in route.template or "/integrations/" in route.template
    without = await asked(client, route, headers=key, **examples.more(route))
    assert without.status == 200 if free else code(without) == (400, "PLATFORM.INPUT_INVALID")
    other = await asked(client, route, headers=key | {"X-Integration-Id": "avionte:x"}, **examples.more(route))
    assert other.status == 200 if free else code(other) == (404, "PLATFORM.INTEGRATION_NOT_FOUND")


@with_body
async def test_refuses_bodies_of_another_kind(sandbox: KomboSandbox, client: Client, route: Route[State]) -> None:
    for raw in (b"", b"{", b"[]", b"null", b'"text"', b"\xff"):
        headers = client.headers | {"Content-Type": "application/json"}
        assert code(await asked(client, route, headers=headers, data=raw)) == (400, "PLATFORM.INPUT_INVALID"), raw
    headers = client.headers | {"Content-Type": "text/plain"}
    assert code(await asked(client, route, headers=headers, data=b"{}")) == (400, "PLATFORM.INPUT_INVALID")
    assert sandbox.writes == []


@with_body
async def test_refuses_unknown_keys_wrong_types_and_missing_keys(
    sandbox: KomboSandbox, client: Client, route: Route[State]
) -> None:
    good = examples.body(route)
    wrong = [good | {"nonsense": 1}]
    for field in route.body:
        if field.required:
            wrong.append({name: value for name, value in good.items() if name != field.name})
        if field.kind.name not in {"a value", "an object"}:
            wrong.append(good | {field.name: [7]})
        if isinstance(good.get(field.name), dict) and field.kind.name != "an object of texts":
            wrong.append(good | {field.name: good[field.name] | {"nonsense": 1}})
    for body in wrong:
        assert code(await asked(client, route, json=body)) == (400, "PLATFORM.INPUT_INVALID"), body
    assert sandbox.writes == []


@pytest.mark.parametrize("name", ["candidate", "application", "job"])
async def test_records_that_are_not_there(sandbox: KomboSandbox, client: Client, name: str) -> None:
    """Ids with a slash, a question mark or a comma in them are ids of nobody, like any other."""
    routes = [route for route in examples.ROUTES if f"{{{name}}}" in route.template]
    for route in routes:
        for nobody in (examples.NOBODY, "a%2Fb", "a%3Fb", "a,b", "remote:99", "remote:x", "x"):
            path = route.template.replace(f"{{{name}}}", nobody).removeprefix("/v1")
            got = await client.call(route.method, path, **examples.more(route))
            assert code(got) == (404, "PLATFORM.INPUT_INVALID"), (route.label, nobody)
    assert sandbox.writes == []


@every_inner
async def test_inner_rows_take_their_example(sandbox: KomboSandbox, client: Client, row: Inner) -> None:
    said = await client.inner(row.method, examples.inner_path(row), examples.inner_data(row))
    assert said["status"] in {200, 201}, said
    assert said["url"] == "https://api.avionte.com/front-office/v1" + examples.inner_path(row)
    assert len(sandbox.writes) == (1 if row.effect else 0)
    assert sandbox.journal.requests_by_route[f"POST /v1{PASSTHROUGH} {row.label}"] == 1


@every_inner
async def test_inner_rows_refuse_inside_a_success(sandbox: KomboSandbox, client: Client, row: Inner) -> None:
    path, data = examples.inner_path(row), examples.inner_data(row)
    assert (await client.inner(row.method, path + "/nonsense", data))["status"] == 404
    assert (await client.inner("DELETE", path, data))["status"] == 404
    assert (await client.inner(row.method, path, data, nonsense="1"))["status"] == 400
    assert (await client.inner(row.method, path + "?nonsense=1", data))["status"] == 400
    if data is not None:
        assert (await client.inner(row.method, path, {"nonsense": 1}))["status"] == 400
    assert sandbox.writes == []


@every_inner
async def test_the_pages_paths_can_be_unknown(client: Client, row: Inner) -> None:
    await client.switch(page_dialect=False)
    said = await client.inner(row.method, examples.inner_path(row), examples.inner_data(row))
    assert (said["status"] == 404) == row.page


@every_route
def test_every_row_says_where_it_comes_from(route: Route[State]) -> None:
    assert route.source.startswith(("sourced ", "assumed"))


@every_inner
def test_every_inner_row_says_where_it_comes_from(row: Inner) -> None:
    assert row.source.startswith("assumed" if row.page else "sourced S")


def test_rows_stand_at_different_places() -> None:
    labels = [row.label for row in (*examples.ROUTES, *examples.INNER)]
    assert len(labels) == len(set(labels))
