"""The control server of the emulated Kombo: what others do in the ATS, webhooks, the ready line, the ports."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from entrypoints.sandbox.kombo import KomboSandbox, running
from entrypoints.sandbox.kombo.faults import KNOWN
from tests.sandbox.clock import Clock
from tests.sandbox.kombo import examples
from tests.sandbox.kombo.client import Client, Row, code

Seen = list[tuple[str, bytes]]


async def test_a_retired_candidate_lives_on_under_another_id(
    sandbox: KomboSandbox, client: Client, clock: Clock
) -> None:
    before = await client.rows("candidates", ids=examples.CANDIDATE)
    edit = {"edit": "retire", "type": "candidate", "id": examples.CANDIDATE}
    new = (await client.control("POST", "/edits", json=edit)).json["id"]
    assert (await client.inner("GET", f"/talent/{examples.TALENT}"))["status"] == 404
    assert code(await client.call("GET", f"/ats/candidates/{examples.CANDIDATE}/attachments"))[0] == 404
    [dead] = await client.rows("candidates", ids=examples.CANDIDATE, include_deleted="true")
    assert dead["remote_deleted_at"]
    email = before[0]["email_addresses"][0]["email_address"]
    [alive] = await client.rows("candidates", email=email)
    assert (alive["id"], len(alive["applications"])) == (new, len(before[0]["applications"]))
    assert (
        code(await client.call("PUT", f"/ats/applications/{examples.APPLICATION}/stage", json={"stage_id": "x"}))[0]
        == 404
    )
    assert (await client.inner("GET", f"/talent/{alive['remote_id']}"))["status"] == 200


async def test_a_recruiter_moves_and_changes(client: Client, clock: Clock) -> None:
    clock.advance(60)
    stage = examples.IDS.of("stage", 5)
    for edit in (
        {"edit": "move", "type": "application", "id": examples.APPLICATION, "stage_id": stage},
        {"edit": "change", "type": "candidate", "id": examples.CANDIDATE},
        {"edit": "change", "type": "job", "id": examples.JOB},
    ):
        assert (await client.control("POST", "/edits", json=edit)).status == 201
    [application] = await client.rows("applications", ids=examples.APPLICATION)
    assert application["current_stage_id"] == stage
    after = clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert [row["name"] for row in await client.rows("jobs", updated_after=after)] == ["Edited by a recruiter"]
    assert (await client.state())["writes"] == []


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/edits", {"edit": "rain", "type": "job", "id": examples.JOB}),
        ("/edits", {"edit": "change", "type": "job", "id": examples.NOBODY}),
        ("/edits", {"edit": "retire", "type": "candidate", "id": examples.NOBODY}),
        ("/edits", {"edit": "move", "type": "application", "id": examples.APPLICATION}),
        ("/edits", {"edit": "change", "type": "job", "id": examples.JOB, "integration": "x"}),
        ("/definitions", {"type": "job", "id": 1}),
        ("/definitions", {"type": "job"}),
        ("/webhooks", {"url": "http://127.0.0.1:1"}),
        ("/webhooks", {"url": "http://127.0.0.1:1", "events": [{"type": "rain"}]}),
    ],
)
async def test_acts_that_are_refused(client: Client, path: str, given: Row) -> None:
    got = await client.control("POST", path, json=given)
    assert (got.status, got.json["faults"]) == (400, sorted(KNOWN))


async def test_definitions_change_and_go(client: Client) -> None:
    detail = {"customDetails": [{"definitionId": 501, "value": "Day"}]}
    await client.control("POST", "/definitions", json={"type": "job", "id": 501, "options": ["Night"]})
    assert (await client.inner("PATCH", f"/job/{examples.JOB_NUMBER}", detail))["status"] == 400
    await client.control("POST", "/definitions", json={"type": "job", "id": 501, "kind": "Text"})
    assert (await client.inner("PATCH", f"/job/{examples.JOB_NUMBER}", detail))["status"] == 200
    await client.control("POST", "/definitions", json={"type": "job", "id": 501, "removed": True})
    assert (await client.inner("PATCH", f"/job/{examples.JOB_NUMBER}", detail))["status"] == 400
    job = (await client.inner("GET", f"/job/{examples.JOB_NUMBER}"))["data"]
    assert job["customJobDetails"][0] == {"definitionId": 501, "name": None, "value": "Day"}


@pytest.fixture
def seen() -> Seen:
    return []


@pytest.fixture
async def listener(seen: Seen) -> AsyncIterator[str]:
    async def take(request: web.Request) -> web.Response:
        seen.append((request.headers["X-Kombo-Signature"], await request.read()))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/hook", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/hook"))


async def test_webhooks_are_signed_and_come_twice_in_the_order_given(
    sandbox: KomboSandbox, client: Client, listener: str, seen: Seen
) -> None:
    events = [{"type": "sync-finished"}, {"type": "data-changed", "models": ["ats_jobs"]}]
    got = await client.control("POST", "/webhooks", json={"url": listener, "events": events, "times": 2})
    sent = got.json["sent"]
    assert [(one["type"], one["status"]) for one in sent] == [("sync-finished", 204), ("data-changed", 204)] * 2
    assert [one["id"] for one in sent] == [json.loads(raw)["id"] for _, raw in seen]
    assert seen[:2] == seen[2:]
    secret = sandbox.credentials["webhook_secret"].encode()
    for signature, raw in seen:
        digest = hmac.new(secret, raw, hashlib.sha256).digest()
        assert signature == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    changed = json.loads(seen[1][1])["data"]
    assert (changed["integration_id"], changed["changed_models"]) == (client.integration, [{"name": "ats_jobs"}])


async def test_webhooks_of_another_secret_and_another_integration(
    client: Client, plain: Client, listener: str, seen: Seen
) -> None:
    asked = {"url": listener, "events": [{"type": "data-changed", "id": "same"}]}
    await client.control("POST", "/webhooks", json=asked)
    await client.control("POST", "/webhooks", json=asked | {"secret": "another"})
    await client.control("POST", "/webhooks", json=asked | {"integration": plain.integration})
    assert {json.loads(raw)["id"] for _, raw in seen} == {"same"}
    assert seen[0][1] == seen[1][1]
    assert seen[0][0] != seen[1][0]
    assert json.loads(seen[2][1])["data"]["integration_tool"] == "greenhouse"


async def test_nobody_there_to_be_told(client: Client) -> None:
    asked = {"url": "http://127.0.0.1:9/hook", "events": [{"type": "data-changed"}]}
    assert (await client.control("POST", "/webhooks", json=asked)).json["sent"][0]["status"] is None


def test_the_ready_line_makes_two_connections(sandbox: KomboSandbox) -> None:
    ready = json.loads(sandbox.ready_line())
    assert set(ready) == {"provider", "base_urls", "credentials", "control_url", "connection", "connection_kombo"}
    for name, provider in (("connection", "avionte"), ("connection_kombo", "kombo")):
        connection = ready[name]
        assert (connection["provider"], connection["policy"]) == (provider, {})
        assert connection["settings"]["base_url"] == ready["base_urls"]["api"]
        assert set(connection["credentials"]) == {"api_key", "integration_id", "webhook_secret"}
    assert ready["connection"]["credentials"] == ready["credentials"] == sandbox.credentials


async def test_a_limit_is_the_readers_own_business_until_it_is_off() -> None:
    async with running() as limited, running(rate_limit=None) as unlimited:
        assert "rate_limit" not in limited.connection["settings"]
        assert unlimited.connection["settings"]["rate_limit"] == 1000


def test_secrets_stay_out_of_representations(sandbox: KomboSandbox) -> None:
    assert not [canary for canary in sandbox.canaries if canary in repr(sandbox)]
    assert sandbox.credentials["api_key"] in sandbox.canaries


async def test_ports_follow_one_another() -> None:
    for port in range(20_000, 60_000, 97):
        with suppress(OSError):
            async with running(port=port) as sandbox:
                urls = [sandbox.base_urls["api"], sandbox.control_url]
            break
    assert [int(url.split(":")[2].partition("/")[0]) for url in urls] == [port, port + 1]


async def test_reset_goes_back_to_the_beginning(sandbox: KomboSandbox, client: Client) -> None:
    await client.switch(setup="QA_FAILED")
    sandbox.faults.arm("500")
    edit = {"edit": "delete", "type": "job", "id": examples.JOB}
    await client.control("POST", "/edits", json=edit)
    assert (await client.control("POST", "/reset")).status == 200
    assert (len(await client.rows("jobs")), sandbox.faults.armed) == (50, [])
    assert (await client.state())["in_flight"] == {}


async def test_the_sources_of_all_rows_are_told(client: Client) -> None:
    rows = (await client.control("GET", "/routes")).json["routes"]
    assert len(rows) == len(examples.ROUTES) + len(examples.INNER)
    [note] = [row for row in rows if row["path"].endswith("POST /candidate/{id}/note")]
    assert (note["host"], note["source"]) == ("avionte", "assumed (path from the page)")


async def test_faults_of_kombo_over_http(sandbox: KomboSandbox, client: Client) -> None:
    given = {"fault": "stale_copy", "times": 2, "route": "*notes", "after_s": 90}
    assert (await client.control("POST", "/faults", json=given)).status == 201
    listed = (await client.control("GET", "/faults")).json
    assert (listed["faults"], listed["armed"]) == (sorted(KNOWN), [given])
