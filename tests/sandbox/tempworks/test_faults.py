"""Each fault does what its name says here too; what the faults of every sandbox do is tested beside."""

from typing import Any

import aiohttp
import msgspec
import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from tests.sandbox.client import Got
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client, connected

LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


async def note(client: Client, **other: Any) -> Got:
    body = {"actionId": 462, "message": "ref 3f9c1a2b4d5e"} | other
    return await client.call("POST", "/Employees/43760/messages", json=body)


async def notes_there(client: Client) -> int:
    return len(await client.rows("/Employees/43760/messages"))


@pytest.mark.parametrize(
    ("fault", "done"), [("done_reply_lost", 1), ("reset_after", 1), ("not_done_reply_lost", 0), ("reset", 0)]
)
async def test_lost_replies(sandbox: TempWorksSandbox, client: Client, fault: str, done: int) -> None:
    sandbox.faults.arm(fault)
    with pytest.raises(LOST):
        await note(client)
    assert len(sandbox.writes) == await notes_there(client) == done


@pytest.mark.parametrize(("fault", "status", "done"), [("done_then_500", 500, 1), ("done_then_503", 503, 1)])
async def test_done_and_yet_an_error(
    sandbox: TempWorksSandbox, client: Client, fault: str, status: int, done: int
) -> None:
    sandbox.faults.arm(fault)
    assert (await note(client)).status == status
    assert len(sandbox.writes) == done


async def test_late_effect(sandbox: TempWorksSandbox, client: Client, clock: Clock) -> None:
    sandbox.faults.arm("late_effect", after_s=30)
    with pytest.raises(LOST):
        await note(client)
    assert await notes_there(client) == 0
    clock.advance(31)
    assert await notes_there(client) == len(sandbox.writes) == 1


async def test_drop_write_and_lagging_read(sandbox: TempWorksSandbox, client: Client, clock: Clock) -> None:
    sandbox.faults.arm("drop_write")
    sandbox.faults.arm("lagging_read", after_s=5)
    assert [(await note(client)).status for _ in range(2)] == [201, 201]
    assert await notes_there(client) == 0
    clock.advance(5)
    assert await notes_there(client) == 1


@pytest.mark.parametrize("fault", ["429", "429_date"])
async def test_429_says_nothing_of_when(sandbox: TempWorksSandbox, client: Client, fault: str) -> None:
    sandbox.faults.arm(fault, after_s=7)
    got = await note(client)
    assert (got.status, got.body, "Retry-After" in got.headers) == (429, b"25 requests / 5 sec limit.", False)


@pytest.mark.parametrize(
    ("fault", "status", "media"),
    [
        ("500", 500, "text/plain"),
        ("520", 520, "text/plain"),
        ("521", 521, "text/plain"),
        ("502_html", 502, "text/html"),
        ("503_html", 503, "text/html"),
        ("html_200", 200, "text/html"),
        ("403", 403, "application/problem+json"),
    ],
)
async def test_failures_in_their_words(
    sandbox: TempWorksSandbox, client: Client, fault: str, status: int, media: str
) -> None:
    sandbox.faults.arm(fault)
    got = await note(client)
    assert (got.status, got.headers["Content-Type"].partition(";")[0]) == (status, media)
    assert sandbox.writes == []


@pytest.mark.parametrize(
    ("kind", "media", "body"),
    [
        ("problem", "application/problem+json", b"{"),
        ("empty", "text/plain", b""),
        ("text", "text/plain", b"The request failed."),
        ("html", "text/html", b"<!DOCTYPE html>"),
    ],
)
@pytest.mark.parametrize(("more", "status"), [({"actionId": 1}, 400), ({"nonsense": 1}, 400)])
async def test_an_installation_words_its_refusals(
    sandbox: TempWorksSandbox, client: Client, kind: str, media: str, body: bytes, more: dict[str, int], status: int
) -> None:
    sandbox.state.switches.error_bodies = kind
    got = await note(client, **more)
    assert (got.status, got.headers["Content-Type"].partition(";")[0]) == (status, media)
    assert got.body.startswith(body)
    assert bool(got.body) is bool(body)
    assert (await client.call("GET", "/Employees/1")).status == 404


@pytest.mark.parametrize("fault", ["hang", "slow_body"])
async def test_silence_ends_with_the_caller(client: Client, sandbox: TempWorksSandbox, fault: str) -> None:
    sandbox.faults.arm(fault)
    body, patience = {"actionId": 462, "message": "x"}, aiohttp.ClientTimeout(total=0.05)
    with pytest.raises(TimeoutError):
        await client.call("POST", "/Employees/43760/messages", json=body, timeout=patience)
    assert len(sandbox.writes) == (1 if fault == "slow_body" else 0)


async def test_a_slow_reply_comes_in_the_end(client: Client, sandbox: TempWorksSandbox) -> None:
    body, patience = {"actionId": 462, "message": "x"}, aiohttp.ClientTimeout(total=0.05)
    sandbox.faults.arm("slow", after_s=60)
    with pytest.raises(TimeoutError):
        await client.call("POST", "/Employees/43760/messages", json=body, timeout=patience)
    sandbox.faults.arm("slow", after_s=0.01)
    assert (await note(client)).status == 201
    assert await notes_there(client) == len(sandbox.writes) == 2


async def test_truncated_json(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.faults.arm("truncated_json")
    got = await note(client)
    with pytest.raises(msgspec.DecodeError):
        assert got.json
    assert (got.status, len(sandbox.writes)) == (201, 1)


async def test_odd_rows(sandbox: TempWorksSandbox, client: Client) -> None:
    for fault in ("null_fields", "unknown_enum", "partial_row"):
        sandbox.faults.arm(fault)
    nulls, odd, spoiled = [await client.rows("/Search/JobOrders") for _ in range(3)]
    assert {row["orderStatus"] for row in nulls} == {None}
    assert {row["orderStatus"] for row in odd} == {"Never Heard Of"}
    assert [isinstance(row["orderStatus"], dict) for row in spoiled].count(True) == 1
    assert all(isinstance(row["orderId"], int) for row in (*nulls, *odd, *spoiled))


async def test_pages_that_lie(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.faults.arm("repeated_page", route="GET /search/employees")
    repeated = await client.rows("/Search/Employees", skip=20, take=10)
    assert repeated == await client.rows("/Search/Employees", skip=0, take=10)
    sandbox.faults.arm("endless_page")
    assert len(await client.rows("/Search/Employees", skip=500, take=10)) == 10


async def test_redirects_lead_to_another_origin(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.faults.arm("redirect")
    got = await client.call("GET", "/Employees/43760")
    assert (got.status, got.headers["Location"].startswith(sandbox.control_url)) == (302, True)


async def test_hollow_sandboxes_do_nothing(clock: Clock) -> None:
    async with running(clock=clock, rate_limit=None, hollow=True) as sandbox, connected(sandbox) as client:
        assert (await note(client)).status == 201
        path = "/JobOrders/5997/candidates/700"
        moved = await client.call("PUT", path, json={"candidateStatusId": 5, "comment": None})
        assert (moved.status, sandbox.writes, await notes_there(client)) == (204, [], 0)
