"""Who may do what: every route of the table, by walking it."""

from datetime import timedelta
from typing import Any

import pytest

from entrypoints.web.operation import Operation
from ports.api_keys import Permission
from ports.scope import EVERYTHING
from tests.web.bodies import a_call_result
from tests.web.rig import Api, a_connection
from tests.web.routes import EVERY_HEADER, UNDER_A_CONNECTION, WITH_KEY, filled, name_of

EVERY_SCOPE = [str(one) for one in Permission]


def test_the_table_is_worth_walking() -> None:
    assert len(WITH_KEY) > 35
    assert len(UNDER_A_CONNECTION) > 25


async def test_without_a_key_or_with_a_wrong_one_nothing_is_told(api: Api, connection: str) -> None:
    right = api.key
    for key in (
        "",
        "atsb_admin_wrong",
        right[:-1],
        f"{right}x",
        "atsb_nobody_secret",
        "atsb_",
        "é",
        "atsb_é_x",
        "x" * 5000,
    ):
        for operation in WITH_KEY:
            answer = await api.with_key(key)(operation.method, filled(operation.path, connection=connection))
            assert answer.status == 401, (name_of(operation), key)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert answer.body["title"] == "Unauthorized"


async def test_each_operation_asks_for_its_permission_and_no_other(api: Api, connection: str) -> None:
    lacking = {
        one: await api.add_key(*(scope for scope in EVERY_SCOPE if scope not in {one, "admin"})) for one in EVERY_SCOPE
    }
    having = {one: await api.add_key(one) for one in EVERY_SCOPE}
    for operation in WITH_KEY:
        path, needed = filled(operation.path, connection=connection), str(operation.permission)
        refused = await lacking[needed](operation.method, path, {}, headers=EVERY_HEADER)
        assert refused.status == 403, name_of(operation)
        assert needed in refused.body["detail"]
        if operation.method != "DELETE":
            let_in = await having[needed](operation.method, path, {}, headers=EVERY_HEADER)
            assert let_in.status not in {401, 403}, name_of(operation)


@pytest.mark.parametrize("operation", UNDER_A_CONNECTION, ids=name_of)
async def test_a_key_of_one_connection_sees_no_other(api: Api, connection: str, operation: Operation[Any, Any]) -> None:
    other = await api.add_connection(name="Other")
    await api("POST", f"/v1/connections/{other}/call-results", a_call_result())
    key = await api.add_key(*EVERY_SCOPE, connection=connection)

    theirs = await key(operation.method, filled(operation.path, connection=other), {}, headers=EVERY_HEADER)
    nobodys = await key(operation.method, filled(operation.path, connection="con_none"), {}, headers=EVERY_HEADER)

    assert theirs.status == 404
    assert theirs.body == nobodys.body


async def test_rows_of_other_connections_are_not_there(api: Api, connection: str) -> None:
    other = await api.add_connection(name="Other")
    accepted = await api("POST", f"/v1/connections/{other}/call-results", a_call_result())
    await api.carry_out()
    key = await api.add_key(*EVERY_SCOPE, connection=connection)
    theirs = accepted.body["href"]

    assert (await key("GET", theirs)).status == 404
    assert (await key("POST", f"{theirs}/replay")).status == 404
    assert (await key("POST", f"{theirs}/effects/1/settle", {"as": "done"})).status == 404
    assert (await key("GET", f"/v1/writebacks?connection={other}")).status == 404
    assert (await key("GET", "/v1/writebacks")).body["items"] == []
    assert [one["id"] for one in (await key("GET", "/v1/connections")).body["items"]] == [connection]


async def test_a_key_of_one_connection_cannot_become_more(api: Api, connection: str) -> None:
    key = await api.add_key(*EVERY_SCOPE, connection=connection)

    assert (await key("POST", "/v1/api-keys", {"name": "more", "scopes": ["admin"]})).status == 403
    assert (await key("GET", "/v1/api-keys")).status == 403
    assert (await key("DELETE", "/v1/api-keys/admin")).status == 403
    assert (await key("POST", "/v1/connections", a_connection())).status == 403


async def test_a_key_is_shown_once_and_ends_when_it_expires_or_is_removed(api: Api) -> None:
    expires_at = (api.clock.now() + timedelta(minutes=5)).isoformat()
    made = await api("POST", "/v1/api-keys", {"name": "ends", "scopes": ["read"], "expires_at": expires_at})
    lasting = await api("POST", "/v1/api-keys", {"name": "lasts", "scopes": ["read"]})
    listed = await api("GET", "/v1/api-keys")

    assert made.status == 201
    assert made.body["key"].startswith(f"atsb_{made.body['id']}_")
    assert made.body["key"] not in listed.text
    assert {one["name"] for one in listed.body["items"]} == {"admin", "ends", "lasts"}
    ends, lasts = api.with_key(made.body["key"]), api.with_key(lasting.body["key"])
    assert (await ends("GET", "/v1/writebacks")).status == 200
    api.clock.advance(301)
    expired = await ends("GET", "/v1/writebacks")
    assert (expired.status, expired.body["detail"]) == (401, "the API key has expired")
    assert (await lasts("GET", "/v1/writebacks")).status == 200
    assert (await api("DELETE", f"/v1/api-keys/{lasting.body['id']}")).status == 204
    assert (await lasts("GET", "/v1/writebacks")).status == 401
    assert (await api("DELETE", f"/v1/api-keys/{lasting.body['id']}")).status == 404


async def test_a_key_removed_elsewhere_ends_within_seconds(api: Api) -> None:
    key = await api.add_key("read")
    assert (await key("GET", "/v1/writebacks")).status == 200
    stored = (await api("GET", "/v1/api-keys")).body["items"]
    name = next(one["id"] for one in stored if one["name"] == "of a test")
    await api.stores.api_keys.remove(EVERYTHING, name)
    api.clock.advance(5.1)
    assert (await key("GET", "/v1/writebacks")).status == 401


async def test_a_new_key_is_checked_whole(api: Api) -> None:
    yesterday = (api.clock.now() - timedelta(days=1)).isoformat()
    wrong = await api(
        "POST", "/v1/api-keys", {"name": "", "scopes": ["read", "everything"], "connection": 7, "expires_at": "soon"}
    )
    unknown = await api(
        "POST", "/v1/api-keys", {"name": "x", "scopes": ["read"], "connection": "con_none", "expires_at": yesterday}
    )

    assert wrong.status == unknown.status == 422
    assert set(wrong.faults) == {"/name", "/scopes/1", "/connection", "/expires_at"}
    assert set(unknown.faults) == {"/connection", "/expires_at"}
    assert (await api("POST", "/v1/api-keys", {"name": "x", "scopes": []})).faults.keys() == {"/scopes"}
