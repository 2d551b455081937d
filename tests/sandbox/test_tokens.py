"""Two log-ins whose tokens are worth nothing to the other host."""

import base64
from datetime import UTC, datetime

import attrs
import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox
from tests.sandbox.client import Client, Got
from tests.sandbox.clock import Clock

PING = {"standard": "/webapi/Position/Status", "legacy": "/api/Submission/Status"}


async def ping(client: Client, host: str, token: str | None = None) -> int:
    token = token or client.tokens[host]
    return (await client.send("GET", PING[host], headers={"Authorization": f"Bearer {token}"})).status


async def token(client: Client, form: dict[str, str], *, basic: str | None = None) -> Got:
    headers = {"Authorization": "Basic " + base64.b64encode(basic.encode()).decode()} if basic else {}
    return await client.send("POST", "/t/token", data=form, headers=headers)


async def test_credentials_come_in_the_body_or_as_basic(client: Client) -> None:
    given = {"client_id": "sandbox-client", "client_secret": "canary-client-secret-7d1f"}
    grant = {"grant_type": "client_credentials"}
    in_body = await token(client, grant | given)
    assert (in_body.json["token_type"], in_body.json["expires_in"]) == ("bearer", 1199)
    basic = ":".join(given.values())
    assert (await token(client, grant, basic=basic)).status == 200
    assert (await token(client, grant | given, basic=basic)).json == {"error": "invalid_request"}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, "invalid_client"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "password", "client_id": "x", "client_secret": "y"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "resource": "x"}, "invalid_request"),
    ],
)
async def test_refusals_of_the_token_endpoint(client: Client, form: dict[str, str], error: str) -> None:
    got = await token(client, form)
    assert (got.status, got.json) == (400, {"error": error})


async def test_json_is_no_grant_type(client: Client) -> None:
    got = await client.send("POST", "/t/token", json={"grant_type": "client_credentials"})
    assert (got.status, got.json) == (400, {"error": "unsupported_grant_type"})


async def test_tokens_belong_to_one_host(client: Client) -> None:
    standard, legacy = await client.log_in("standard"), await client.log_in("legacy")
    assert (await ping(client, "standard"), await ping(client, "legacy")) == (200, 200)
    assert (await ping(client, "standard", legacy), await ping(client, "legacy", standard)) == (401, 401)
    assert (await ping(client, "standard"), await ping(client, "legacy")) == (200, 200)


async def test_standard_tokens_end_and_legacy_ones_slide(client: Client, clock: Clock) -> None:
    await client.log_in("standard")
    await client.log_in("legacy")
    clock.advance(1198)
    assert (await ping(client, "standard"), await ping(client, "legacy")) == (200, 200)
    clock.advance(2)
    assert (await ping(client, "standard"), await ping(client, "legacy")) == (401, 200)
    clock.advance(1199)
    assert await ping(client, "legacy") == 200
    clock.advance(1200)
    assert await ping(client, "legacy") == 401


async def test_legacy_expiry_is_local_and_may_be_absent(sandbox: ErecruitSandbox, client: Client, clock: Clock) -> None:
    given = sandbox.credentials
    body = {
        "UserName": given["legacy_user_name"],
        "Password": given["legacy_password"],
        "EntityID": given["legacy_entity_id"].upper(),
    }
    clock.now = datetime(2026, 7, 1, 12, 0, 0, 999, tzinfo=UTC)
    assert (await client.send("POST", "/api/Authenticate", json=body)).json["Expires"] == "2026-07-01T08:20:00"
    sandbox.state.switches.legacy_expires = False
    assert "Expires" not in (await client.send("POST", "/api/Authenticate", json=body)).json
    refused = await client.send("POST", "/api/Authenticate", json=body | {"Password": "x"})
    assert (refused.status, refused.json) == (401, {"Message": "Invalid user name or password."})


async def test_single_session(sandbox: ErecruitSandbox, client: Client) -> None:
    first = await client.log_in("legacy")
    await client.log_in("legacy")
    assert await ping(client, "legacy", first) == 200
    sandbox.state.switches.single_session = True
    await client.log_in("standard")
    latest = await client.log_in("legacy")
    assert (await ping(client, "legacy", first), await ping(client, "legacy", latest)) == (401, 200)
    assert await ping(client, "standard") == 200


async def test_expiry_switches(sandbox: ErecruitSandbox, client: Client) -> None:
    switches = attrs.evolve(sandbox.state.switches, expires_in_is_text=True, token_seconds=60)
    sandbox.state.switches = switches
    form = {"grant_type": "client_credentials", "client_id": "sandbox-client"}
    got = await token(client, form | {"client_secret": sandbox.credentials["client_secret"]})
    assert got.json["expires_in"] == "60"


async def test_log_ins_are_counted(sandbox: ErecruitSandbox, client: Client) -> None:
    await client.log_in("standard")
    await client.log_in("legacy")
    await token(client, {"grant_type": "client_credentials"})
    assert dict(sandbox.journal.logins) == {"standard": 1, "legacy": 1}


async def test_missing_permission(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.state.switches.forbidden = "Position,Tag"
    got = await client.call("GET", "/webapi/position/90210")
    assert (got.status, got.json["Message"]) == (403, "The service account does not have permission to position.")
    assert (await client.call("GET", "/webapi/Submission/700123")).status == 200
