"""The control server, the journal, the ready line, the ports."""

import hashlib
import json
from contextlib import suppress

import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from entrypoints.sandbox.faults import FAULTS
from entrypoints.sandbox.limits import RateLimit
from tests.sandbox.client import Client, connected
from tests.sandbox.clock import Clock

NOTE = {"Records": [{"Type": "Submission", "ID": 700123}], "NoteBody": "<p>é</p>", "NoteActionID": 496}


async def test_the_state_tells_every_effect(client: Client) -> None:
    await client.call("POST", "/webapi/Note", json=NOTE)
    await client.call("PUT", "/api/Submission/700123/Status", json={"StatusID": 101})
    state = (await client.control("GET", "/state")).json
    note, stage = state["writes"]
    assert note == {
        "seq": 1,
        "kind": "note",
        "target": {"type": "application", "id": "700123"},
        "id": "331200",
        "text": "<p>é</p>",
        "records": [{"type": "application", "id": "700123"}],
        "sha256": hashlib.sha256("<p>é</p>".encode()).hexdigest(),
    }
    assert (stage["seq"], stage["kind"], stage["value"]) == (2, "stage", "101")
    assert state["requests"] == 4
    assert state["requests_by_route"]["POST /webapi/Note"] == 1
    assert state["logins"] == {"standard": 1, "legacy": 1}
    assert state["limits"] == {name: {"requests": 2, "refused": 0} for name in ("standard", "legacy")}


async def test_refusals_are_listed(client: Client) -> None:
    await client.call("GET", "/webapi/Nonsense")
    state = (await client.control("GET", "/state")).json
    assert state["refusals"] == [{"host": "standard", "method": "GET", "path": "/webapi/Nonsense", "status": 404}]
    assert state["requests_by_route"]["GET (unknown)"] == 1


async def test_faults_over_http(sandbox: ErecruitSandbox, client: Client) -> None:
    given = {"fault": "done_then_500", "times": 2, "route": "*Note", "after_s": 1.5}
    assert (await client.control("POST", "/faults", json=given)).status == 201
    listed = (await client.control("GET", "/faults")).json
    assert (listed["faults"], listed["armed"]) == (sorted(FAULTS), [given])
    assert (await client.call("POST", "/webapi/Note", json=NOTE)).status == 500
    assert sandbox.faults.armed[0].left == 1


@pytest.mark.parametrize(
    "given",
    [
        {"fault": "rain"},
        {"times": 1},
        {"fault": "500", "times": 0},
        {"fault": "500", "times": "1"},
        {"fault": "500", "times": True},
        {"fault": "500", "more": 1},
        ["500"],
    ],
)
async def test_faults_that_are_refused(client: Client, given: object) -> None:
    got = await client.control("POST", "/faults", json=given)
    assert (got.status, got.json["faults"]) == (400, sorted(FAULTS))


async def test_switches_over_http(sandbox: ErecruitSandbox, client: Client) -> None:
    assert (await client.control("POST", "/switches", json={"bare_lists": True})).json["bare_lists"] is True
    assert sandbox.state.switches.bare_lists
    refused: list[object] = [{"bare_lists": 1}, {"nonsense": True}, []]
    for wrong in refused:
        assert (await client.control("POST", "/switches", json=wrong)).status == 400


async def test_reset_goes_back_to_the_beginning(sandbox: ErecruitSandbox, client: Client) -> None:
    await client.call("POST", "/webapi/Note", json=NOTE)
    sandbox.faults.arm("500")
    sandbox.state.switches.bare_lists = True
    assert (await client.control("POST", "/reset")).status == 200
    state = (await client.control("GET", "/state")).json
    assert (state["writes"], state["requests"], sandbox.faults.armed) == ([], 0, [])
    assert not sandbox.state.switches.bare_lists
    await client.log_in("standard")
    assert (await client.call("GET", "/webapi/Note/Submission/700123")).json == []


def test_the_ready_line_makes_a_connection(sandbox: ErecruitSandbox) -> None:
    line = sandbox.ready_line()
    ready = json.loads(line)
    assert "\n" not in line
    assert set(ready) == {"provider", "base_urls", "credentials", "control_url", "connection"}
    connection = ready["connection"]
    assert (connection["provider"], connection["name"], connection["policy"]) == ("erecruit", "sandbox", {})
    assert connection["credentials"] == ready["credentials"] == sandbox.credentials
    settings = connection["settings"]
    assert settings["base_url"] == ready["base_urls"]["standard"].rstrip("/")
    assert (settings["login_url"], settings["legacy_url"]) == (
        ready["base_urls"]["login"],
        ready["base_urls"]["legacy"],
    )


def test_secrets_stay_out_of_representations(sandbox: ErecruitSandbox) -> None:
    assert not [canary for canary in sandbox.canaries if canary in repr(sandbox)]
    assert sandbox.credentials["client_secret"] in sandbox.canaries


async def test_ports_follow_one_another() -> None:
    for port in range(20_000, 60_000, 97):
        # Somebody else may hold one of the three: then the next ones are as good.
        with suppress(OSError):
            async with running(port=port) as sandbox:
                urls = [sandbox.base_urls["standard"], sandbox.base_urls["legacy"], sandbox.control_url]
            break
    assert [int(url.split(":")[2].partition("/")[0]) for url in urls] == [port, port + 1, port + 2]


@pytest.mark.parametrize(
    ("limit", "unit"), [(RateLimit(per_second=3), "3 per Second"), (RateLimit(per_minute=3), "3 per Minute")]
)
async def test_rate_limits_run_on_the_clock(clock: Clock, limit: RateLimit, unit: str) -> None:
    async with running(clock=clock, rate_limit=limit) as sandbox, connected(sandbox) as client:
        statuses = [(await client.call("GET", "/webapi/Position/90210")).status for _ in range(3)]
        got = await client.call("GET", "/webapi/Position/90210")
        assert (statuses, got.status) == ([200, 200, 429], 429)
        assert got.json["Message"].endswith(f"maximum admitted {unit}.")
        assert (await client.call("GET", "/api/Submission/Status")).status == 200
        clock.advance(int(got.headers["Retry-After"]))
        assert (await client.call("GET", "/webapi/Position/90210")).status == 200


def test_the_connection_names_a_rate_that_holds() -> None:
    assert RateLimit().sustained == 4
    assert RateLimit(per_second=10, per_minute=10_000).sustained == 9
