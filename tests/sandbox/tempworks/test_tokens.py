"""Three ways to say who one is, what each may do, and when it ends."""

import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client

PING, NOTE = "/Employees/43760", "/Employees/43760/messages"
MESSAGE = {"actionId": 462, "message": "x"}


async def ping(client: Client, headers: dict[str, str]) -> int:
    return (await client.call("GET", PING, headers=headers)).status


async def test_three_ways_lead_in(client: Client) -> None:
    ways = (client.token, client.basic, await client.bearer())
    assert [await ping(client, way) for way in ways] == [200, 200, 200]


async def test_the_token_of_a_service_is_good_for_an_hour(client: Client, clock: Clock) -> None:
    got = (await client.log_in()).json
    assert (got["expires_in"], got["token_type"], "refresh_token" in got) == (3600, "Bearer", False)
    assert "employee-write" in got["scope"].split()
    bearer = {"Authorization": f"Bearer {got['access_token']}"}
    clock.advance(3599)
    assert await ping(client, bearer) == 200
    clock.advance(1)
    assert await ping(client, bearer) == 401
    assert await ping(client, client.token) == 200


async def test_a_user_gets_tokens_anew(client: Client, sandbox: TempWorksSandbox) -> None:
    given = sandbox.credentials
    user = {"usertype": "WebUserEmployee", "username": given["user_name"], "password": given["password"]}
    first = (await client.log_in(grant_type="tw_vendor_webuser", **user)).json
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = (await client.log_in(**renew)).json
    assert await ping(client, {"Authorization": f"Bearer {second['access_token']}"}) == 200
    assert await ping(client, {"Authorization": f"Bearer {first['access_token']}"}) == 401
    assert (await client.log_in(**renew)).json == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"client_secret": "x"}, "invalid_client"),
        ({"acr_values": "tenant:other pid:x"}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "tw_vendor_webuser", "username": "x", "password": "y"}, "invalid_grant"),
        ({"nonsense": "x"}, "invalid_request"),
    ],
)
async def test_refusals_of_the_log_in(client: Client, other: dict[str, str], error: str) -> None:
    got = await client.log_in(**other)
    assert (got.status, got.json) == (400, {"error": error})


@pytest.mark.parametrize("switch", ["token_inactive", "token_expired"])
async def test_an_access_token_may_have_ended(sandbox: TempWorksSandbox, client: Client, switch: str) -> None:
    setattr(sandbox.state.switches, switch, True)
    got = await client.call("GET", PING)
    assert (got.status, got.body, got.headers["WWW-Authenticate"]) == (401, b"", "Bearer")
    assert await ping(client, client.basic) == 401
    assert await ping(client, await client.bearer()) == 200


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("employee", "GET", PING),
        ("employee", "GET", "/Search/Employees"),
        ("employee", "POST", "/search/1"),
        ("assignment", "POST", "/search/14"),
        ("order", "GET", "/JobOrders/5997"),
        ("ordercandidate", "PUT", "/JobOrders/5997/candidates/700"),
        ("document", "GET", "/Employees/43760/documents"),
        ("message", "POST", NOTE),
        ("assignment", "GET", "/Assignments/2443/CustomData"),
    ],
)
async def test_a_missing_scope_is_named(
    sandbox: TempWorksSandbox, client: Client, scope: str, method: str, path: str
) -> None:
    sandbox.state.switches.missing_scopes = f"{scope}-write"
    got = await client.call(method, path)
    right = "write" if method == "PUT" or path == NOTE else "read"
    assert (got.status, got.json["detail"]) == (403, f"Missing scope {scope}-{right}")


async def test_the_universal_search_has_a_scope_of_its_own(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.state.switches.missing_scopes = "universal-search"
    assert (await client.call("GET", "/Search/UniversalPhone/?phone=4165550100")).status == 403
    assert (await client.call("GET", "/DataLists/messageActions")).status == 200


async def test_who_sees_no_branch_is_told_nothing(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.state.switches.sees_no_branch = True
    for path in ("/Search/Employees", "/Search/JobOrders", "/Search/Assignments", "/Branches"):
        assert await client.get(path) == {"data": [], "totalCount": 0}
    assert (await client.call("GET", PING)).status == 403
    assert (await client.call("POST", NOTE, json=MESSAGE)).status == 403
    assert sandbox.writes == []


async def test_401_ends_the_token_that_was_used(sandbox: TempWorksSandbox, client: Client) -> None:
    bearer = await client.bearer()
    sandbox.faults.arm("401")
    assert [await ping(client, bearer) for _ in range(2)] == [401, 401]
    assert [await ping(client, way) for way in (client.token, await client.bearer())] == [200, 200]
    sandbox.faults.arm("401")
    assert [await ping(client, client.token) for _ in range(2)] == [401, 401]


async def test_tokens_of_the_log_in_server_may_end_all_at_once(sandbox: TempWorksSandbox, client: Client) -> None:
    bearer = await client.bearer()
    sandbox.faults.arm("expire_tokens")
    assert [await ping(client, bearer), await ping(client, client.token)] == [401, 200]


async def test_log_ins_are_counted(sandbox: TempWorksSandbox, client: Client) -> None:
    await client.log_in()
    await client.log_in(client_secret="x")
    assert dict(sandbox.journal.logins) == {"login": 1}


@pytest.mark.parametrize(
    ("auth", "names"),
    [
        ("token", {"token"}),
        ("basic", {"account_sid", "auth_token"}),
        ("oauth", {"client_id", "client_secret", "tenant", "product_instance"}),
    ],
)
async def test_the_connection_holds_what_its_way_needs(auth: str, names: set[str]) -> None:
    async with running(auth=auth) as sandbox:  # type: ignore[arg-type]
        assert sandbox.connection["settings"]["auth"] == auth
        assert set(sandbox.connection["credentials"]) == names
