"""How many actions may be under way for one integration, and how many were."""

import asyncio

import pytest

from entrypoints.sandbox.kombo import KomboSandbox, running
from entrypoints.sandbox.limits import RateLimit
from tests.sandbox.clock import Clock
from tests.sandbox.kombo import examples
from tests.sandbox.kombo.client import Client, code, connected

NOTE_PATH = f"/ats/applications/{examples.APPLICATION}/notes"
LIVE_PATH = f"/ats/candidates/{examples.CANDIDATE}/attachments"


async def test_the_thirty_first_is_refused(sandbox: KomboSandbox, client: Client) -> None:
    await client.switch(action_seconds=0.3)
    answers = await asyncio.gather(*(client.call("POST", NOTE_PATH, json=examples.NOTE) for _ in range(33)))
    refused = [answer for answer in answers if answer.status != 200]
    assert {code(answer) for answer in refused} == {(429, "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED")}
    assert (len(refused), len(sandbox.writes)) == (3, 30)
    assert not any("Retry-After" in answer.headers for answer in refused)
    done = [answer.headers for answer in answers if answer.status == 200]
    assert {headers["Concurrency-Limit"] for headers in done} == {"30"}
    assert {int(headers["Concurrency-Remaining"]) for headers in done} == set(range(30))
    assert (await client.state())["in_flight"] == {client.integration: {"now": 0, "most": 30, "refused": 3}}


async def test_each_integration_has_its_own(client: Client, plain: Client) -> None:
    await client.switch(action_seconds=0.2, concurrency=1)
    [application, *_] = await plain.rows("applications")
    mine, theirs = await asyncio.gather(
        client.call("POST", NOTE_PATH, json=examples.NOTE),
        plain.call("POST", f"/ats/applications/{application['id']}/notes", json=examples.NOTE),
    )
    assert (mine.status, theirs.status) == (200, 200)


async def test_synced_reads_do_not_count_and_live_ones_do(client: Client) -> None:
    for path in ("/ats/jobs", "/ats/candidates", "/check-api-key"):
        assert "Concurrency-Limit" not in (await client.call("GET", path)).headers
    assert (await client.call("GET", LIVE_PATH)).headers["Concurrency-Remaining"] == "29"


@pytest.mark.parametrize("counts", [True, False])
async def test_whether_the_passthrough_counts_is_a_switch(client: Client, counts: bool) -> None:
    await client.switch(passthrough_counts=counts)
    await client.inner("GET", f"/job/{examples.JOB_NUMBER}")
    most = (await client.state())["in_flight"].get(client.integration, {"most": 0})["most"]
    assert most == int(counts)


async def test_bulk_calls_bear_five_a_second(clock: Clock) -> None:
    async with running(clock=clock, rate_limit=RateLimit(per_second=5)) as sandbox, connected(sandbox) as client:
        for _ in range(2):
            said = [await client.inner("POST", "/jobs/multi-query", [int(examples.JOB_NUMBER)]) for _ in range(6)]
            assert [one["status"] for one in said] == [200] * 5 + [429]
            assert set(said[-1]["headers"]) == {"content-type"}
            assert (await client.inner("GET", f"/job/{examples.JOB_NUMBER}"))["status"] == 200
            clock.advance(1)
