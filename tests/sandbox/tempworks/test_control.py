"""The state, the truth, what recruiters do meanwhile, webhooks, the ready line, the ports, the command."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import web

from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client

NOTE = {"actionId": 462, "message": "x", "linkedEntities": [{"originTypeId": 8, "originId": 5997}]}


async def test_the_state_tells_every_effect(client: Client) -> None:
    await client.call("POST", "/Employees/43760/messages", json=NOTE)
    state = (await client.control("GET", "/state")).json
    [note] = state["writes"]
    assert note == {
        "seq": 1,
        "kind": "note",
        "target": {"type": "application", "id": "candidate:5997-700"},
        "id": "1259",
        "text": "x",
        "records": [{"type": "application", "id": "candidate:5997-700"}, {"type": "candidate", "id": "43760"}],
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    }
    assert state["requests_by_route"] == {"POST /Employees/{id}/messages": 1}


async def test_the_truth_knows_every_record_and_its_last_change(
    sandbox: TempWorksSandbox, client: Client, clock: Clock
) -> None:
    before = (await client.control("GET", "/truth")).json
    assert {kind: len(records) for kind, records in before.items()} == {"candidate": 50, "job": 50, "application": 59}
    clock.advance(10)
    await client.call("PUT", "/JobOrders/5997/candidates/700", json={"candidateStatusId": 5})
    after = (await client.control("GET", "/truth")).json["application"]
    changed = {number for number, moment in after.items() if moment != before["application"][number]}
    assert changed == {"candidate:5997-700"}
    assert after["candidate:5997-700"] == clock.now.isoformat()


@pytest.mark.parametrize(
    ("edit", "kind", "record"),
    [
        ("job_title", "job", "5997"),
        ("job_close", "job", "5998"),
        ("move", "application", "candidate:5997-700"),
        ("end", "application", "assignment:2443"),
    ],
)
async def test_recruiters_change_orders_and_applications_too(
    client: Client, clock: Clock, edit: str, kind: str, record: str
) -> None:
    before = (await client.control("GET", "/truth")).json[kind]
    clock.advance(10)
    assert (await client.control("POST", "/edits", json={"edit": edit, "id": record})).status == 201
    after = (await client.control("GET", "/truth")).json[kind]
    assert {number for number in after if after[number] != before[number]} == {record}


async def test_every_row_tells_over_http_where_it_comes_from(client: Client) -> None:
    rows = (await client.control("GET", "/routes")).json["routes"]
    known = {(row["host"], row["method"], row["path"]): row["source"] for row in rows}
    assert known["api", "GET", "/JobOrders/{id}"] == "sourced (recorded) N"
    assert known["api", "POST", "/Employees/{id}/documents"] == "assumed"
    assert known["login", "POST", "/connect/token"].startswith("sourced")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"edit": "nonsense", "id": "43760"},
        {"edit": "name", "id": "1"},
        {"edit": "name", "id": 1},
        {"edit": "name", "id": "x"},
        ["x"],
    ],
)
async def test_edits_that_are_refused(client: Client, given: object) -> None:
    assert (await client.control("POST", "/edits", json=given)).status == 400


async def test_switches_over_http(sandbox: TempWorksSandbox, client: Client) -> None:
    assert (await client.control("POST", "/switches", json={"error_bodies": "html"})).status == 200
    assert sandbox.state.switches.error_bodies == "html"
    assert (await client.control("POST", "/reset")).status == 200
    assert sandbox.state.switches.error_bodies == "problem"


@asynccontextmanager
async def listener() -> AsyncIterator[tuple[str, asyncio.Queue[tuple[dict[str, Any], str | None]]]]:
    """Somebody who wants to be told; what arrives, with the header that was asked for."""
    arrived: asyncio.Queue[tuple[dict[str, Any], str | None]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        arrived.put_nowait((await request.json(), request.headers.get("X-Secret")))
        return web.Response(status=500)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", arrived
    finally:
        await runner.cleanup()


async def test_subscribers_are_told_with_the_header_that_they_chose(client: Client) -> None:
    async with listener() as (url, arrived):
        body = {
            "topicName": "employee.addressupdated",
            "callbackUrl": url,
            "callbackUrlIsSensitive": True,
            "httpMethod": "POST",
            "httpHeaderName": "X-Secret",
            "httpHeaderValue": "chosen",
            "httpHeaderValueIsSensitive": True,
        }
        assert (await client.call("GET", "/api/Subscriptions")).status == 404
        made = await client.call("POST", "/api/Subscriptions", json=body)
        for edit, person in (("name", "43761"), ("address", "43760"), ("address", "43762")):
            await client.control("POST", "/edits", json={"edit": edit, "id": person})
        async with asyncio.timeout(10):
            (told, secret), (next_one, _) = await arrived.get(), await arrived.get()
    assert next_one["payload"]["employeeId"] == 43762
    assert (secret, told["eventName"], told["subscriptionId"]) == (
        "chosen",
        body["topicName"],
        made.json["subscriptionId"],
    )
    assert (told["timestamp"], told["payload"]["employeeId"]) == ("2026-11-21T14:00:00.1200004+00:00", 43760)
    [shown] = (await client.get("/api/Subscriptions"))["subscriptions"]
    assert (shown["callbackUrl"], shown["httpHeaderValue"], shown["httpHeaderName"]) == ("", "", "X-Secret")


@pytest.mark.parametrize(
    "wrong", [{"topicName": "document.created"}, {"httpMethod": "GET"}, {"callbackUrl": "ftp://x"}]
)
async def test_subscriptions_that_are_refused(client: Client, wrong: dict[str, str]) -> None:
    body = {"topicName": "employee.updated", "callbackUrl": "http://127.0.0.1:9/", "httpMethod": "POST"}
    assert (await client.call("POST", "/api/Subscriptions", json=body | wrong)).status == 400


def test_the_ready_line_makes_a_connection(sandbox: TempWorksSandbox) -> None:
    line = sandbox.ready_line()
    ready = json.loads(line)
    assert "\n" not in line
    assert set(ready) == {"provider", "base_urls", "credentials", "control_url", "connection"}
    connection = ready["connection"]
    assert (connection["provider"], connection["name"], connection["policy"]) == ("tempworks", "sandbox", {})
    assert connection["credentials"] == {"token": ready["credentials"]["token"]}
    urls, settings = ready["base_urls"], connection["settings"]
    assert [settings[name] for name in ("base_url", "login_url", "webhooks_url")] == [
        urls["api"],
        urls["login"],
        urls["webhooks"],
    ]
    assert (settings["auth"], settings["message_action_id"]) == ("token", "462")


def test_secrets_stay_out_of_representations(sandbox: TempWorksSandbox) -> None:
    assert not [canary for canary in sandbox.canaries if canary in repr(sandbox)]


async def test_ports_follow_one_another() -> None:
    for port in range(20_000, 60_000, 97):
        # Somebody else may hold one of the four: then the next ones are as good.
        with suppress(OSError):
            async with running(port=port) as sandbox:
                urls = (*sandbox.base_urls.values(), sandbox.control_url)
            break
    assert [int(url.split(":")[2].partition("/")[0]) for url in urls] == [port, port + 1, port + 2, port + 3]
