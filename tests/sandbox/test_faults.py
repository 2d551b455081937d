"""Each fault does what its name says, to the requests it is meant for, as often as asked."""

from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import msgspec
import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from entrypoints.sandbox.faults import FAULTS, UnknownFaultError
from tests.sandbox.client import Client, Got, connected
from tests.sandbox.clock import Clock

NOTE = {"Records": [{"Type": "Submission", "ID": 700123}], "NoteBody": "<p>ref 3f9c1a2b4d5e</p>", "NoteActionID": 496}
LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


async def note(client: Client) -> Got:
    return await client.call("POST", "/webapi/Note", json=NOTE)


async def notes_there(client: Client) -> int:
    return len((await client.call("GET", "/webapi/Note/Submission/700123")).json)


@pytest.mark.parametrize(
    ("fault", "done"), [("done_reply_lost", 1), ("reset_after", 1), ("not_done_reply_lost", 0), ("reset", 0)]
)
async def test_lost_replies(sandbox: ErecruitSandbox, client: Client, fault: str, done: int) -> None:
    await client.log_in("standard")
    sandbox.faults.arm(fault)
    with pytest.raises(LOST):
        await note(client)
    assert len(sandbox.writes) == done
    assert await notes_there(client) == done
    assert (await note(client)).status == 201


@pytest.mark.parametrize("fault", ["reset", "reset_after"])
async def test_resets_are_resets(sandbox: ErecruitSandbox, client: Client, fault: str) -> None:
    """On the TLS host too, the peer sees a reset and not a polite end."""
    await client.log_in("legacy")
    sandbox.faults.arm(fault)
    with pytest.raises(aiohttp.ClientOSError):
        await client.call("POST", "/api/Tag/Candidate/5145605", json={"TagID": 65880})
    assert len(sandbox.writes) == (1 if fault == "reset_after" else 0)


async def test_late_effect(sandbox: ErecruitSandbox, client: Client, clock: Clock) -> None:
    await client.log_in("standard")
    sandbox.faults.arm("late_effect", after_s=30)
    with pytest.raises(LOST):
        await note(client)
    clock.advance(29)
    assert await notes_there(client) == 0
    clock.advance(2)
    assert await notes_there(client) == 1
    [kept] = (await client.call("GET", "/webapi/Note/Submission/700123")).json
    assert kept["CreatedOn"] == "2026-11-21T09:00:30.12"
    assert len((await client.control("GET", "/state")).json["writes"]) == 1


async def test_late_effect_that_came_too_late(sandbox: ErecruitSandbox, client: Client, clock: Clock) -> None:
    await client.log_in("legacy")
    # Twice, for the client library repeats a PUT on its own when the reply is lost.
    sandbox.faults.arm("late_effect", times=2, after_s=30, route="*/Reject")
    with pytest.raises(LOST):
        await client.call("PUT", "/api/Submission/700123/Reject", json={"DispositionReasonID": 14})
    moved = await client.call("PUT", "/api/Submission/700123/Status", json={"StatusID": 150})
    assert moved.status == 200
    clock.advance(31)
    assert [write["kind"] for write in sandbox.writes] == ["stage"]


async def test_lagging_read(sandbox: ErecruitSandbox, client: Client, clock: Clock) -> None:
    sandbox.faults.arm("lagging_read", after_s=5)
    made = await note(client)
    assert (made.status, await notes_there(client)) == (201, 0)
    clock.advance(5)
    [kept] = (await client.call("GET", "/webapi/Note/Submission/700123")).json
    assert kept["ID"] == made.json["ID"]


async def test_done_then_500(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("done_then_500")
    got = await note(client)
    assert (got.status, got.json) == (500, {"Message": "An error has occurred."})
    assert len(sandbox.writes) == 1


async def test_done_then_503(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("done_then_503")
    assert (await note(client)).status == 503
    assert len(sandbox.writes) == 1


async def test_drop_write(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("drop_write")
    assert (await note(client)).status == 201
    assert sandbox.writes == []
    assert await notes_there(client) == 0


async def test_a_refused_request_uses_no_effect_fault_up(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("done_reply_lost")
    sandbox.faults.arm("drop_write")
    got = await client.call("POST", "/webapi/Note", json=NOTE | {"NoteActionID": 7})
    assert got.status == 400
    assert len(sandbox.faults.armed) == 2


async def test_429(sandbox: ErecruitSandbox, client: Client, clock: Clock) -> None:
    sandbox.faults.arm("429", after_s=7)
    sandbox.faults.arm("429_date", after_s=7)
    first, second = await note(client), await note(client)
    assert (first.status, first.headers["Retry-After"]) == (429, "7")
    assert second.status == 429
    assert (parsedate_to_datetime(second.headers["Retry-After"]) - clock()).total_seconds() == pytest.approx(7, abs=1)
    assert sandbox.writes == []


@pytest.mark.parametrize(("fault", "status"), [("502_html", 502), ("503_html", 503), ("html_200", 200)])
async def test_pages_instead_of_json(sandbox: ErecruitSandbox, client: Client, fault: str, status: int) -> None:
    sandbox.faults.arm(fault, after_s=3)
    got = await note(client)
    assert got.status == status
    assert got.headers["Content-Type"].startswith("text/html")
    assert got.headers.get("Retry-After") == ("3" if status == 503 else None)
    assert sandbox.writes == []


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("403", 403)])
async def test_plain_failures(sandbox: ErecruitSandbox, client: Client, fault: str, status: int) -> None:
    sandbox.faults.arm(fault)
    got = await note(client)
    assert got.status == status
    assert "Message" in got.json
    assert sandbox.writes == []


async def test_401_ends_the_one_token(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("401")
    assert (await note(client)).status == 401
    assert (await note(client)).status == 401
    await client.log_in("standard")
    assert (await note(client)).status == 201


async def test_expire_tokens_ends_them_all(sandbox: ErecruitSandbox, client: Client) -> None:
    await client.log_in("legacy")
    sandbox.faults.arm("expire_tokens")
    assert (await note(client)).status == 401
    assert (await client.call("GET", "/api/Submission/Status")).status == 401


async def test_redirect_leads_to_another_origin_that_counts(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("redirect", times=2)
    got = await client.call("GET", "/webapi/Position/90210")
    assert got.status == 302
    assert got.headers["Location"].startswith(sandbox.control_url)
    assert sandbox.journal.redirects_followed == 0
    await client.call("GET", "/webapi/Position/90210", allow_redirects=True)
    assert sandbox.journal.redirects_followed == 1


@pytest.mark.parametrize("fault", ["hang", "slow_body"])
async def test_silence_ends_with_the_caller(client: Client, sandbox: ErecruitSandbox, fault: str) -> None:
    await client.log_in("standard")
    sandbox.faults.arm(fault, route="POST /webapi/Note")
    with pytest.raises(TimeoutError):
        await client.call("POST", "/webapi/Note", json=NOTE, timeout=aiohttp.ClientTimeout(total=0.05))
    assert len(sandbox.writes) == (1 if fault == "slow_body" else 0)


async def test_silence_ends_with_the_sandbox() -> None:
    async with running(rate_limit=None) as sandbox, connected(sandbox) as client:
        await client.log_in("standard")
        sandbox.faults.arm("hang")
        with pytest.raises(TimeoutError):
            await client.call("GET", "/webapi/Position/90210", timeout=aiohttp.ClientTimeout(total=0.05))


async def test_truncated_json(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("truncated_json")
    got = await note(client)
    assert got.status == 201
    with pytest.raises(msgspec.DecodeError):
        assert got.json
    assert len(sandbox.writes) == 1


async def rows(client: Client, **query: Any) -> list[dict[str, Any]]:
    return list((await client.call("GET", "/webapi/Contact", params=query)).json["Items"])


async def test_null_fields(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("null_fields", times=2)
    one = (await client.call("GET", "/webapi/Position/90210")).json
    assert (one["ID"], one["Title"], one["PrimaryAddress"]) == (90210, None, None)
    assert {row["Communications"] for row in await rows(client)} == {None}


async def test_unknown_enum(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("unknown_enum")
    one = (await client.call("GET", "/webapi/Position/90210")).json
    assert (one["StatusID"], one["PositionType"]) == (9999, "Never Heard Of")


async def test_partial_row(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("partial_row")
    got = await rows(client, PageSize=10)
    assert [isinstance(row["ModifiedOn"], dict) for row in got].count(True) == 1
    assert all(isinstance(row["ID"], int) for row in got)


async def test_repeated_page(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("repeated_page")
    first, second = await rows(client, PageSize=10, Page=3), await rows(client, PageSize=10)
    assert first == second


async def test_endless_page(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("endless_page", times=2)
    for page in (6, 60):
        assert len(await rows(client, PageSize=10, Page=page)) == 10


async def test_faults_choose_their_requests(sandbox: ErecruitSandbox, client: Client) -> None:
    """Effects unless a route is named, log-ins only by name."""
    sandbox.faults.arm("not_done_reply_lost")
    sandbox.faults.arm("500", route="POST /webapi/candidateapplication")
    assert (await client.call("GET", "/webapi/Position/90210")).status == 200
    application = {"CandidateID": 5145605, "PositionID": 90210, "ApplicationSourceID": 228}
    with pytest.raises(LOST):
        await client.call("POST", "/webapi/CandidateApplication", json=application)
    assert (await client.call("POST", "/webapi/CandidateApplication", json=application)).status == 500
    sandbox.faults.arm("503_html", route="/t/token")
    with pytest.raises(msgspec.DecodeError):
        await client.log_in("standard")


async def test_faults_last_as_often_as_asked(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.faults.arm("500", times=2)
    assert [(await note(client)).status for _ in range(3)] == [500, 500, 201]


def test_unknown_faults_are_refused(sandbox: ErecruitSandbox) -> None:
    with pytest.raises(UnknownFaultError):
        sandbox.faults.arm("rain")
    with pytest.raises(ValueError, match="times"):
        sandbox.faults.arm("500", times=0)


def test_every_fault_says_what_it_means() -> None:
    assert all(fault.meaning for fault in FAULTS.values())


async def test_hollow_sandboxes_do_nothing(clock: Clock) -> None:
    async with running(clock=clock, rate_limit=None, hollow=True) as sandbox, connected(sandbox) as client:
        assert (await note(client)).status == 201
        moved = await client.call("PUT", "/api/Submission/700123/Status", json={"StatusID": 101})
        assert (moved.status, moved.json["StatusID"]) == (200, 101)
        sandbox.faults.arm("late_effect")
        with pytest.raises(LOST):
            await note(client)
        assert sandbox.writes == []
        assert await notes_there(client) == 0
