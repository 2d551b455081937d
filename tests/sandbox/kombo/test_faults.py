"""Each fault, the common ones and Kombo's own, on reads, on actions, and on what goes through to Avionté."""

from typing import Any

import aiohttp
import msgspec
import pytest

from entrypoints.sandbox.kombo import KomboSandbox, running
from entrypoints.sandbox.kombo.faults import KNOWN
from tests.sandbox.client import Got
from tests.sandbox.clock import Clock
from tests.sandbox.kombo import examples
from tests.sandbox.kombo.client import PASSTHROUGH, Client, Row, code, connected

LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
NOTE_PATH = f"/ats/applications/{examples.APPLICATION}/notes"
CARRIED: Row = {"method": "POST", "path": f"/candidate/{examples.TALENT}/note", "data": {"note": "ref 3f9c1a2b4d5e"}}
CARRIED_READ: Row = {"method": "GET", "path": f"/candidate/{examples.TALENT}"}
WAYS: dict[str, tuple[str, str, Row]] = {
    "action": ("POST", NOTE_PATH, examples.NOTE),
    "carried": ("POST", PASSTHROUGH, CARRIED),
}
each_way = pytest.mark.parametrize("way", WAYS)


async def write(client: Client, way: str = "action") -> Got:
    method, path, body = WAYS[way]
    return await client.call(method, path, json=body)


@each_way
@pytest.mark.parametrize(
    ("fault", "done"), [("done_reply_lost", 1), ("reset_after", 1), ("not_done_reply_lost", 0), ("reset", 0)]
)
async def test_lost_replies(sandbox: KomboSandbox, client: Client, way: str, fault: str, done: int) -> None:
    sandbox.faults.arm(fault)
    with pytest.raises(LOST):
        await write(client, way)
    assert len(sandbox.writes) == done
    assert (await write(client, way)).status == 200


@each_way
async def test_late_effects(sandbox: KomboSandbox, client: Client, clock: Clock, way: str) -> None:
    sandbox.faults.arm("late_effect", after_s=30)
    with pytest.raises(LOST):
        await write(client, way)
    clock.advance(29)
    assert sandbox.writes == []
    clock.advance(2)
    assert len(sandbox.writes) == 1


@each_way
@pytest.mark.parametrize(
    ("fault", "status", "done"),
    [
        ("done_then_500", 500, 1),
        ("done_then_503", 503, 1),
        ("done_then_504", 504, 1),
        ("drop_write", 200, 0),
        ("lagging_read", 200, 0),
        ("503_html", 503, 0),
        ("503_remote", 503, 0),
        ("502_html", 502, 0),
        ("html_200", 200, 0),
        ("500", 500, 0),
        ("403", 403, 0),
        ("401", 401, 0),
        ("429", 429, 0),
        ("429_bare", 429, 0),
        ("429_date", 429, 0),
        ("unknown_code", 400, 0),
        ("no_code", 400, 0),
        ("redirect", 302, 0),
    ],
)
async def test_failures_with_and_without_effect(
    sandbox: KomboSandbox, client: Client, way: str, fault: str, status: int, done: int
) -> None:
    sandbox.faults.arm(fault, after_s=7)
    got = await write(client, way)
    assert (got.status, len(sandbox.writes)) == (status, done)
    assert got.headers.get("Retry-After", "7") == "7" or fault == "429_date"
    assert ("Retry-After" in got.headers) == (fault in {"429", "429_date", "503_html"})
    assert (await write(client, way)).status == 200


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("500", (500, "PLATFORM.UNKNOWN_ERROR")),
        ("403", (403, "INTEGRATION.PERMISSION_MISSING")),
        ("401", (401, "PLATFORM.AUTHENTICATION_INVALID")),
        ("429_bare", (429, "PLATFORM.RATE_LIMIT_EXCEEDED")),
        ("503_remote", (503, "REMOTE.SERVICE_UNAVAILABLE")),
        ("done_then_504", (504, "PLATFORM.TASK_TIMED_OUT")),
        ("unknown_code", (400, "PLATFORM.NEVER_HEARD_OF")),
    ],
)
async def test_refusals_have_codes(
    sandbox: KomboSandbox, client: Client, fault: str, expected: tuple[int, str]
) -> None:
    sandbox.faults.arm(fault)
    assert code(await write(client)) == expected


async def test_an_error_may_have_a_message_and_nothing_else(sandbox: KomboSandbox, client: Client) -> None:
    sandbox.faults.arm("no_code")
    assert set((await write(client)).json["error"]) == {"message"}


@pytest.mark.parametrize(
    ("fault", "status", "done"),
    [("inner_500", 500, 0), ("inner_429", 429, 0), ("done_then_inner_500", 500, 1), ("done_then_inner_504", 504, 1)],
)
async def test_failures_inside_a_success(
    sandbox: KomboSandbox, client: Client, fault: str, status: int, done: int
) -> None:
    """They wait for what goes through to Avionté; what changes nothing is no effect."""
    sandbox.faults.arm(fault)
    assert (await write(client)).status == 200
    if done:
        assert (await client.call("POST", PASSTHROUGH, json=CARRIED_READ)).json["data"]["status"] == 200
    got = await write(client, "carried")
    assert (got.status, got.json["data"]["status"]) == (200, status)
    assert [one["target"]["type"] for one in sandbox.writes] == ["application", *["candidate"] * done]


async def test_effects_are_told_from_reads_inside_the_passthrough(sandbox: KomboSandbox, client: Client) -> None:
    sandbox.faults.arm("done_reply_lost")
    assert (await client.call("POST", PASSTHROUGH, json=CARRIED_READ)).status == 200
    with pytest.raises(LOST):
        await write(client, "carried")


async def test_faults_find_what_is_carried_by_its_name(sandbox: KomboSandbox, client: Client) -> None:
    sandbox.faults.arm("500", route="PATCH /candidate/{id}")
    assert (await write(client, "carried")).status == 200
    patch = {"customDetails": [{"definitionId": 601, "value": "Day"}]}
    body = {"method": "PATCH", "path": f"/candidate/{examples.TALENT}", "data": patch}
    assert (await client.call("POST", PASSTHROUGH, json=body)).status == 500


async def test_every_key_may_die(sandbox: KomboSandbox, client: Client) -> None:
    sandbox.faults.arm("expire_tokens")
    for _ in range(2):
        assert code(await write(client)) == (401, "PLATFORM.AUTHENTICATION_INVALID")
    await client.switch(key_revoked=False)
    assert (await write(client)).status == 200


@pytest.mark.parametrize("fault", ["hang", "slow_body"])
async def test_silence_holds_a_place(sandbox: KomboSandbox, client: Client, fault: str) -> None:
    """An action that never ends counts among those under way until its caller goes."""
    await client.switch(concurrency=1)
    sandbox.faults.arm(fault)
    with pytest.raises(TimeoutError):
        await client.call("POST", NOTE_PATH, json=examples.NOTE, timeout=aiohttp.ClientTimeout(total=0.05))
    assert len(sandbox.writes) == (1 if fault == "slow_body" else 0)


async def test_a_body_that_names_no_row(client: Client) -> None:
    for raw in (b'{"method": "\xff", "path": "/job/1"}', b'{"method": 1, "path": 2}', b"{"):
        headers = client.headers | {"Content-Type": "application/json"}
        assert code(await client.call("POST", PASSTHROUGH, headers=headers, data=raw)) == (
            400,
            "PLATFORM.INPUT_INVALID",
        )


async def test_truncated_json(sandbox: KomboSandbox, client: Client) -> None:
    sandbox.faults.arm("truncated_json")
    got = await client.call("GET", "/ats/jobs")
    with pytest.raises(msgspec.DecodeError):
        assert got.json


async def test_spoiled_records(sandbox: KomboSandbox, client: Client) -> None:
    for fault in ("partial_row", "missing_keys", "null_fields", "unknown_enum"):
        sandbox.faults.arm(fault)
    partial, missing, null, unheard = [(await client.page("applications", page_size=9))[0] for _ in range(4)]
    assert [isinstance(row["outcome"], dict) for row in partial] == [at == 4 for at in range(9)]
    assert [set(row) == {"id"} for row in missing] == [at == 4 for at in range(9)]
    assert {(row["outcome"], row["changed_at"] is None) for row in null} == {(None, False)}
    assert {row["outcome"] for row in unheard} == {"NEVER_HEARD_OF"}
    assert len({row["id"] for row in (*partial, *missing, *null, *unheard)}) == 9


async def test_extra_keys_and_warnings(sandbox: KomboSandbox, client: Client) -> None:
    sandbox.faults.arm("extra_keys")
    sandbox.faults.arm("warnings")
    rows, _ = await client.page("jobs")
    assert all("x_never_heard_of" in row and "x_never_heard_of" in row["stages"][0] for row in rows)
    got = await write(client)
    assert (got.json["warnings"], len(sandbox.writes)) == ([{"message": "The text was shortened."}], 1)


async def test_a_cursor_that_repeats_itself(sandbox: KomboSandbox, client: Client) -> None:
    first, cursor = await client.page("jobs", page_size=10)
    sandbox.faults.arm("repeated_page")
    assert await client.page("jobs", page_size=10, cursor=cursor) == (first, cursor)


async def test_pages_without_an_end(sandbox: KomboSandbox, client: Client) -> None:
    sandbox.faults.arm("endless_page", times=9)
    cursors: set[str | None] = {None}
    query: dict[str, Any] = {}
    for _ in range(9):
        rows, cursor = await client.page("jobs", page_size=20, **query)
        assert len(rows) == 20
        cursors.add(cursor)
        query = {"cursor": cursor}
    assert len(cursors) == 10


@pytest.mark.parametrize("model", ["jobs", "applications", "candidates"])
async def test_a_record_that_changes_between_pages(
    sandbox: KomboSandbox, client: Client, clock: Clock, model: str
) -> None:
    """It comes once more before the end, changed, and nothing is left out for it."""
    whole = await client.rows(model)
    clock.advance(5)
    sandbox.faults.arm("changed_between_pages")
    rows = await client.rows(model, page_size=20)
    assert [row["id"] for row in rows] == [*(row["id"] for row in whole), whole[0]["id"]]
    assert rows[-1]["changed_at"] > rows[0]["changed_at"]


async def test_the_copy_is_late_for_one_write(sandbox: KomboSandbox, client: Client, clock: Clock) -> None:
    sandbox.faults.arm("stale_copy", after_s=60)
    await write(client)
    assert len(sandbox.writes) == 1
    before = len(await client.rows("notes"))
    clock.advance(60)
    assert len(await client.rows("notes")) == before + 1


def test_every_fault_says_what_it_means() -> None:
    assert all(fault.meaning and name == fault.name for name, fault in KNOWN.items())


async def test_hollow_sandboxes_do_nothing(clock: Clock) -> None:
    async with running(clock=clock, rate_limit=None, hollow=True) as sandbox, connected(sandbox) as client:
        for way in WAYS:
            assert (await write(client, way)).status == 200
        said = await client.inner(
            "PATCH", f"/job/{examples.JOB_NUMBER}", {"customDetails": [{"definitionId": 501, "value": "Day"}]}
        )
        assert said["data"]["customJobDetails"][0]["value"] == "Day"
        said = await client.inner("GET", f"/job/{examples.JOB_NUMBER}")
        assert said["data"]["customJobDetails"][0]["value"] == "Night"
        assert (sandbox.writes, len(await client.rows("notes"))) == ([], 1)
