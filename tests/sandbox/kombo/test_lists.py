"""Pages, cursors, filters, and a copy that may be late."""

import re
from typing import Any

import pytest

from entrypoints.sandbox.kombo import KomboSandbox, running
from tests.sandbox.clock import Clock
from tests.sandbox.kombo import examples
from tests.sandbox.kombo.client import Client, Row, code, connected

every_list = pytest.mark.parametrize("model", examples.LISTS)
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def ids(rows: list[Row]) -> list[str]:
    return [row["id"] for row in rows]


@every_list
async def test_pages_cover_the_list_once(client: Client, model: str) -> None:
    whole = await client.rows(model, page_size=250)
    assert ids(await client.rows(model, page_size=3)) == ids(whole)
    assert len(set(ids(whole))) == len(whole) > 0
    assert all(re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{24}", one) for one in ids(whole))
    assert all(STAMP.fullmatch(row["changed_at"]) and row["remote_deleted_at"] is None for row in whole)


async def test_a_hundred_a_page_unless_asked() -> None:
    async with running(records=300, rate_limit=None) as sandbox, connected(sandbox) as client:
        first, cursor = await client.page("candidates")
        assert (len(first), cursor is None) == (100, False)
        assert len((await client.page("candidates", page_size=250))[0]) == 250


@every_list
@pytest.mark.parametrize("size", [0, 251, -1, "ten"])
async def test_page_sizes_that_cannot_be(client: Client, model: str, size: Any) -> None:
    got = await client.call("GET", f"/ats/{model}", params={"page_size": size})
    assert code(got) == (400, "PLATFORM.INPUT_INVALID")


@every_list
async def test_cursors_die_when_mangled_and_hold_for_their_filters(client: Client, model: str) -> None:
    _, cursor = await client.page(model, page_size=1)
    if cursor is None:
        return
    swapped = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    for query in (
        {"cursor": swapped},
        {"cursor": cursor[:-4]},
        {"cursor": "nonsense"},
        {"cursor": ""},
        {"cursor": cursor, "include_deleted": "true"},
        {"cursor": cursor, "updated_after": "2026-01-01T00:00:00Z"},
    ):
        got = await client.call("GET", f"/ats/{model}", params={"page_size": 1} | query)
        assert code(got) == (400, "PLATFORM.INPUT_INVALID"), query
    other = "jobs" if model != "jobs" else "candidates"
    assert code(await client.call("GET", f"/ats/{other}", params={"cursor": cursor}))[0] == 400


async def test_a_cursor_is_of_its_integration(client: Client, plain: Client) -> None:
    _, cursor = await client.page("jobs", page_size=1)
    assert code(await plain.call("GET", "/ats/jobs", params={"page_size": 1, "cursor": cursor}))[0] == 400


@every_list
@pytest.mark.parametrize(
    "text",
    ["2026-11-21T05:00:00+00:00", "2026-11-21T05:00:00-05:00", "2026-13-01T00:00:00Z", "now", "2026-11-21 05:00"],
)
async def test_updated_after_takes_no_offset(client: Client, model: str, text: str) -> None:
    assert code(await client.call("GET", f"/ats/{model}", params={"updated_after": text}))[0] == 400


async def test_updated_after_sees_what_hangs_on_a_record(client: Client, clock: Clock) -> None:
    """A candidate for its applications and tags, an application for its candidate but not for that one's tags."""
    clock.advance(60)
    now = clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    await client.call("PUT", f"/ats/applications/{examples.APPLICATION}/stage", json={"stage_id": examples.STAGE})
    assert ids(await client.rows("applications", updated_after=now)) == [examples.APPLICATION]
    [candidate] = await client.rows("candidates", updated_after=now)
    assert (candidate["id"], candidate["changed_at"] < now) == (examples.CANDIDATE, True)
    clock.advance(60)
    now = clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    await client.call("POST", f"/ats/candidates/{examples.CANDIDATE}/tags", json={"tag": {"name": "Reliable"}})
    assert ids(await client.rows("candidates", updated_after=now)) == [examples.CANDIDATE]
    assert await client.rows("applications", updated_after=now) == []


async def test_filters_are_met_all_together(client: Client) -> None:
    jobs = await client.rows("jobs", statuses="OPEN,DRAFT")
    assert {job["status"] for job in jobs} == {"OPEN", "DRAFT"}
    first, second = jobs[0], jobs[1]
    assert ids(await client.rows("jobs", ids=f"{first['id']},{second['id']}", remote_ids=first["remote_id"])) == [
        first["id"]
    ]
    assert await client.rows("jobs", ids=first["id"], statuses="CLOSED") == []
    named = await client.rows("jobs", name_contains="WELD")
    assert {job["name"] for job in named} == {"Welder"}
    applications = await client.rows("applications", job_ids=first["id"], outcomes="PENDING")
    assert {one["job_id"] for one in applications} == {first["id"]}
    assert ids(await client.rows("applications", job_remote_ids=first["remote_id"], outcomes="PENDING")) == ids(
        applications
    )
    stage = applications[0]["current_stage_id"]
    assert {one["current_stage_id"] for one in await client.rows("applications", current_stage_ids=stage)} == {stage}
    applicants = await client.rows("candidates", job_ids=first["id"])
    assert {one["candidate_id"] for one in applications} <= set(ids(applicants))


async def test_candidates_are_found_by_address_and_name(client: Client) -> None:
    assert len(await client.rows("candidates", email="ONE@canary.example.test")) == 1
    [found] = await client.rows("candidates", first_name="JEAN-LUC", last_name="st. john")
    assert len(found["email_addresses"]) == 3
    assert await client.rows("candidates", first_name="Jean") == []
    assert await client.rows("candidates", ids=examples.NOBODY) == []
    assert await client.rows("candidates", remote_ids="71000456,x") == [
        one for one in await client.rows("candidates") if one["remote_id"] == "71000456"
    ]
    refused = await client.call("GET", "/ats/candidates", params={"phone": "1"})
    assert code(refused) == (400, "PLATFORM.INPUT_INVALID")


async def test_a_filter_that_cannot_be_applied_leaves_nothing(client: Client) -> None:
    every = await client.rows("jobs")
    assert await client.rows("jobs", job_codes="J-1") == []
    assert await client.rows("jobs", job_codes="J-1", ignore_unsupported_filters="true") == every
    await client.switch(unsupported_filters="statuses")
    assert await client.rows("jobs", statuses="OPEN") == []


async def test_deleted_records_are_shown_when_asked_for(client: Client, clock: Clock) -> None:
    clock.advance(60)
    now = clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    edit = {"edit": "delete", "type": "job", "id": examples.JOB}
    assert (await client.control("POST", "/edits", json=edit)).status == 201
    assert examples.JOB not in ids(await client.rows("jobs"))
    [gone] = await client.rows("jobs", include_deleted="true", updated_after=now)
    assert (gone["id"], gone["remote_deleted_at"]) == (examples.JOB, gone["changed_at"])


async def test_the_copy_may_be_late(sandbox: KomboSandbox, client: Client, clock: Clock) -> None:
    """What was written is done at once, is read live at once, and is listed when the copy is."""
    await client.switch(lag_seconds=90)
    tag = {"tag": {"name": "Reliable"}}
    await client.call("POST", f"/ats/candidates/{examples.CANDIDATE}/tags", json=tag)
    await client.call("POST", f"/ats/applications/{examples.APPLICATION}/notes", json=examples.NOTE)
    await client.call(
        "POST", f"/ats/applications/{examples.APPLICATION}/attachments", json={"attachment": examples.FILE}
    )
    assert [write["kind"] for write in sandbox.writes] == ["tag", "note", "file"]
    files = await client.call("GET", f"/ats/applications/{examples.APPLICATION}/attachments")
    assert len(files.json["data"]["results"]) == 1
    for seconds, notes, tags in ((0, 0, ["Forklift"]), (89, 0, ["Forklift"]), (1, 1, ["Forklift", "Reliable"])):
        clock.advance(seconds)
        assert len(await client.rows("notes", application_ids=examples.APPLICATION)) == notes + 1
        [candidate] = await client.rows("candidates", ids=examples.CANDIDATE)
        assert [one["name"] for one in candidate["tags"]] == tags


async def test_notes_may_not_be_synced(client: Client) -> None:
    await client.switch(notes_synced=False)
    assert code(await client.call("GET", "/ats/notes")) == (400, "INTEGRATION.MODEL_NOT_AVAILABLE")


async def test_ids_differ_by_integration_and_are_unique_within_a_model(client: Client, plain: Client) -> None:
    assert not set(ids(await client.rows("candidates"))) & set(ids(await plain.rows("candidates")))
    assert (await client.rows("candidates"))[0]["id"] == (await client.rows("tags"))[0]["id"]
    [application] = await client.rows("applications", ids=examples.APPLICATION)
    assert application["remote_id"] == f"{application['candidate']['remote_id']}:{application['job']['remote_id']}"


@every_list
async def test_what_the_sdk_drops_is_there(client: Client, model: str) -> None:
    [row, *_] = await client.rows(model)
    assert model in {"notes", "tags"} or "remote_data" in row
    assert model in {"notes", "tags", "rejection-reasons", "application-stages"} or row["integration_fields"] == []


async def test_fifty_thousand_are_as_quick_as_fifty() -> None:
    """Nothing is made before it is asked for; the same number gives the same people."""
    async with running(records=50_000, rate_limit=None) as sandbox, connected(sandbox) as client:
        rows, cursor = await client.page("candidates", page_size=250)
        assert (len(rows), rows[0]["id"], cursor is None) == (250, examples.CANDIDATE, False)
        assert sandbox.state.integrations[client.integration].candidates.kept == {}
