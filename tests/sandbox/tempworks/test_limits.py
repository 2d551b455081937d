"""Twenty-five requests of a token in each five seconds, by the sandbox's own clock."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from tests.sandbox.client import Got
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client, connected

PING = "/Branches"


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 21, 14, 0, 1, tzinfo=UTC))


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[TempWorksSandbox]:
    async with running(clock=clock) as started:
        yield started


@pytest.fixture
async def client(sandbox: TempWorksSandbox) -> AsyncIterator[Client]:
    async with connected(sandbox) as ready:
        yield ready


async def asked(client: Client, times: int, headers: dict[str, str] | None = None) -> list[Got]:
    return [await client.call("GET", PING, headers=headers or client.token) for _ in range(times)]


async def test_one_too_many_is_told_in_plain_text(client: Client) -> None:
    *allowed, refused = await asked(client, 26)
    assert {got.status for got in allowed} == {200}
    assert [got.headers["x-rate-limit-count"] for got in allowed] == [str(count) for count in range(1, 26)]
    assert (refused.status, refused.body) == (429, b"25 requests / 5 sec limit.")
    assert refused.headers["Content-Type"].startswith("text/plain")
    assert "Retry-After" not in refused.headers


async def test_windows_are_fixed(client: Client, clock: Clock) -> None:
    """A second before the end of a window and a second after it fifty requests go through."""
    clock.advance(3)
    before = await asked(client, 25)
    clock.advance(1)
    after = await asked(client, 26)
    assert {got.status for got in (*before, *after[:25])} == {200}
    assert after[25].status == 429


async def test_a_token_counts_in_whatever_way_it_comes(client: Client) -> None:
    await asked(client, 20)
    basic = await asked(client, 6, client.basic)
    assert [got.status for got in basic] == [200] * 5 + [429]


async def test_tokens_of_the_log_in_server_count_apart_and_tell_more(client: Client) -> None:
    await asked(client, 25)
    [got] = await asked(client, 1, await client.bearer())
    assert got.status == 200
    assert {name: got.headers[f"x-rate-limit-{name}"] for name in ("count", "remaining", "reset")} == {
        "count": "1",
        "remaining": "24",
        "reset": "2026-11-21T14:00:05+00:00",
    }


async def test_a_client_of_the_log_in_server_may_have_bought_more(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.state.switches.oauth_allowed = 50
    answers = await asked(client, 51, await client.bearer())
    assert [got.status for got in answers] == [200] * 50 + [429]
    assert {got.status for got in await asked(client, 25)} == {200}


async def test_the_log_in_server_and_webhooks_are_not_limited(client: Client) -> None:
    assert {(await client.log_in()).status for _ in range(30)} == {200}
    assert {(await client.call("GET", "/api/Subscriptions")).status for _ in range(30)} == {404}


async def test_refused_requests_do_nothing(sandbox: TempWorksSandbox, client: Client) -> None:
    await asked(client, 25)
    message = {"actionId": 462, "message": "x"}
    assert (await client.call("POST", "/Employees/43760/messages", json=message)).status == 429
    assert sandbox.writes == []


async def test_the_state_tells_how_much_of_the_rate_was_used(client: Client, clock: Clock) -> None:
    await asked(client, 26)
    clock.advance(5)
    await asked(client, 3)
    state = (await client.control("GET", "/state")).json
    assert state["limits"]["token"] == {"requests": 29, "refused": 1, "windows": 2, "most": 26}
    assert state["requests_by_route"]["GET (over the limit)"] == 1


async def test_without_a_limit_nothing_is_told_of_it(clock: Clock) -> None:
    async with running(clock=clock, rate_limit=None) as sandbox, connected(sandbox) as client:
        answers = await asked(client, 60)
        assert {got.status for got in answers} == {200}
        assert "x-rate-limit-count" not in answers[-1].headers
        assert sandbox.connection["settings"]["rate_limit"] == 1000
