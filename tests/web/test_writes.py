"""Single writes: once under a key, looked at at once by whoever waits."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import builders as b
from tests.clocks import HandClock
from tests.web.bodies import a_file
from tests.web.rig import Api, an_api

KEY = {"Idempotency-Key": "key-1"}
WRITES: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "/applications", {"candidate_id": b.OTHER_CANDIDATE, "job_id": b.JOB}, "application"),
    ("POST", f"/applications/{b.APPLICATION}/stage", {"stage_id": b.INTERVIEW}, "stage"),
    ("POST", f"/applications/{b.APPLICATION}/rejection", {"reason_id": b.NOT_QUALIFIED}, "rejection"),
    ("POST", f"/applications/{b.APPLICATION}/notes", {"text": "Will call again."}, "note"),
    ("POST", f"/candidates/{b.CANDIDATE}/notes", {"text": "Will call again.", "action_type": "7"}, "note"),
    ("POST", f"/applications/{b.APPLICATION}/attachments", a_file(), "file"),
    ("POST", f"/candidates/{b.CANDIDATE}/attachments", a_file(), "file"),
    ("POST", f"/candidates/{b.CANDIDATE}/tags", {"tag": "vip"}, "tag"),
    ("PATCH", f"/jobs/{b.JOB}/custom-fields", {"updates": [{"field": b.SHARE, "value": 3}]}, "field"),
    ("PATCH", f"/candidates/{b.CANDIDATE}/custom-fields", {"updates": [{"field": b.FORKLIFT, "value": True}]}, "field"),
    (
        "PATCH",
        f"/applications/{b.APPLICATION}/custom-fields",
        {"updates": [{"field": b.SALARY, "value": 52.5}]},
        "field",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "kind"), WRITES)
async def test_each_write_makes_one_effect(
    api: Api, connection: str, method: str, path: str, body: dict[str, Any], kind: str
) -> None:
    accepted = await api(method, f"/v1/connections/{connection}{path}", body, headers=KEY)
    assert accepted.status == 202, accepted.text
    await api.carry_out()
    done = await api("GET", accepted.body["href"])

    assert (done.body["kind"], done.body["state"]) == ("write", "done")
    assert [one["kind"] for one in done.body["effects"]] == [kind]
    assert [one["kind"] for one in api.offices.of(connection).writes] == [kind]


@pytest.mark.parametrize(("method", "path", "body", "kind"), WRITES)
async def test_the_same_key_and_body_are_the_same_write_back(
    api: Api, connection: str, method: str, path: str, body: dict[str, Any], kind: str
) -> None:
    url = f"/v1/connections/{connection}{path}"
    first = await api(method, url, body, headers=KEY)
    again = await api(method, url, body, headers=KEY)
    await api.carry_out()
    late = await api(method, url, body, headers=KEY)
    await api.carry_out()

    assert first.body == again.body == late.body
    assert len(api.offices.of(connection).writes) == 1, kind


async def test_the_same_key_with_another_body_is_refused(api: Api, connection: str) -> None:
    url = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/notes"
    await api("POST", url, {"text": "One"}, headers=KEY)
    other = await api("POST", url, {"text": "Two"}, headers=KEY)

    assert (other.status, other.body["type"]) == (422, "urn:atsbridge:problem:key-reused")


async def test_a_key_belongs_to_its_caller_route_and_record(api: Api, connection: str) -> None:
    url = f"/v1/connections/{connection}"
    somebody = await api.add_key("write", "read")
    body = {"text": "One"}
    answers = [
        await api("POST", f"{url}/candidates/{b.CANDIDATE}/notes", body, headers=KEY),
        await somebody("POST", f"{url}/candidates/{b.CANDIDATE}/notes", body, headers=KEY),
        await api("POST", f"{url}/candidates/{b.OTHER_CANDIDATE}/notes", body, headers=KEY),
        await api("POST", f"{url}/applications/{b.APPLICATION}/notes", body, headers=KEY),
    ]
    assert len({answer.body["writeback_id"] for answer in answers}) == 4


async def test_the_name_that_is_kept_for_ever_holds_no_record(api: Api, connection: str) -> None:
    made = await api(
        "POST", f"/v1/connections/{connection}/applications/{b.APPLICATION}/notes", {"text": "x"}, headers=KEY
    )
    shown = await api("GET", made.body["href"])
    assert b.APPLICATION not in shown.body["key"]
    assert shown.body["key"].endswith(":key-1")


@pytest.mark.parametrize(
    "path", ["/applications", "/candidates/c/notes", "/applications/a/notes", "/candidates/c/attachments"]
)
async def test_what_is_appended_needs_a_key(api: Api, connection: str, path: str) -> None:
    answer = await api("POST", f"/v1/connections/{connection}{path}", {})
    assert answer.status == 400
    assert set(answer.faults) == {"/header/Idempotency-Key"}


@pytest.mark.parametrize("key", ["", "with blank", "é", "x" * 256])
async def test_a_key_is_visible_ascii(api: Api, connection: str, key: str) -> None:
    url = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/tags"
    answer = await api("POST", url, {"tag": "vip"}, headers={"Idempotency-Key": key})
    assert (answer.status, set(answer.faults)) == (400, {"/header/Idempotency-Key"})


async def test_without_a_key_each_request_is_its_own(api: Api, connection: str) -> None:
    url = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/tags"
    first, second = await api("POST", url, {"tag": "vip"}), await api("POST", url, {"tag": "vip"})
    assert first.body["writeback_id"] != second.body["writeback_id"]


async def test_many_rejections_are_one_effect_each(api: Api, connection: str) -> None:
    api.offices.of(connection).state.reject(b.OTHER_APPLICATION, b.NOT_QUALIFIED, api.clock.now())
    body = {"application_ids": [b.APPLICATION, b.OTHER_APPLICATION, "app-none"], "reason_id": b.NOT_QUALIFIED}
    accepted = await api("POST", f"/v1/connections/{connection}/applications/rejections", body)
    await api.carry_out()
    found = await api("GET", accepted.body["href"])

    assert [(one["target"]["id"], one["state"]) for one in found.body["effects"]] == [
        (b.APPLICATION, "confirmed"),
        (b.OTHER_APPLICATION, "skipped"),
        ("app-none", "refused"),
    ]
    assert found.body["effects"][1]["reason"] == "is so already"
    assert "app-none" in found.body["effects"][2]["reason"]
    assert len(api.offices.of(connection).writes) == 1


async def test_whoever_waits_gets_the_finished_write_back(migrated: Path, tmp_path: Path) -> None:
    async with an_api(Path(shutil.copy(migrated, tmp_path / "web.db")), clock=HandClock()) as api:
        url = f"/v1/connections/{await api.add_connection()}/candidates/{b.CANDIDATE}/tags"
        waiting = asyncio.create_task(api("POST", url, {"tag": "vip"}, headers={"Prefer": "respond-async, wait=30"}))
        while not await api.carry_out():
            pass
        while not waiting.done():
            api.clock.advance(0.1)
            await api.stores.commands.renew([])
        answer = await waiting

    assert (answer.status, answer.body["state"]) == (200, "done")
    assert answer.headers["Preference-Applied"] == "wait=30"


@pytest.mark.parametrize("prefer", ["wait=0", "wait=2", "wait=99", "wait=soon", "respond-async"])
async def test_who_waited_too_short_looks_later(api: Api, connection: str, prefer: str) -> None:
    url = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/tags"
    answer = await api("POST", url, {"tag": "vip"}, headers={"Prefer": prefer})
    assert (answer.status, set(answer.body)) == (202, {"writeback_id", "href"})
    assert api.clock.monotonic() < 31


@pytest.mark.parametrize(
    ("path", "body", "pointers"),
    [
        ("/candidates/c/notes", {}, {""}),
        ("/candidates/c/notes", {"text": "a", "blocks": [{"kind": "heading", "text": "b"}]}, {""}),
        ("/candidates/c/notes", {"text": ""}, {"/text"}),
        (
            "/candidates/c/notes",
            {"blocks": [{"kind": "bullets", "text": "x"}, {"kind": "heading"}, {"kind": "poem"}]},
            {"/blocks/2/kind"},
        ),
        (
            "/candidates/c/notes",
            {"blocks": [{"kind": "bullets", "text": "x"}, {"kind": "heading", "items": ["y"]}]},
            {"/blocks/0/items", "/blocks/0/text", "/blocks/1/text", "/blocks/1/items"},
        ),
        ("/candidates/c/notes", {"blocks": [{"kind": "heading", "text": "t", "x": 1}]}, {"/blocks/0/x"}),
        ("/candidates/c/tags", {"tag": "a\u0000b"}, {"/tag"}),
        ("/applications/rejections", {"application_ids": [], "reason_id": ""}, {"/application_ids", "/reason_id"}),
        (
            "/applications/rejections",
            {"application_ids": ["a", "b", "a"], "reason_id": "r"},
            {"/application_ids/2"},
        ),
        ("/candidates/c/attachments", {"filename": "a/b.pdf"}, {"/filename", "/content_base64"}),
        ("/applications", {"candidate_id": 1, "job": "x"}, {"/candidate_id", "/job_id", "/job"}),
    ],
)
async def test_a_bad_write_names_all_that_is_wrong(
    api: Api, connection: str, path: str, body: dict[str, Any], pointers: set[str]
) -> None:
    answer = await api("POST", f"/v1/connections/{connection}{path}", body, headers=KEY)
    assert (answer.status, set(answer.faults)) == (422, pointers)
    assert (await api("GET", "/v1/writebacks")).body["items"] == []


@pytest.mark.parametrize("value", [None, [], {}, "", 10**30, 1e300, "x" * 20_001, "\u0000"])
async def test_a_value_of_a_field_is_a_text_a_number_or_a_boolean(api: Api, connection: str, value: Any) -> None:
    body = {"updates": [{"field": "a", "value": value}, {"field": "a", "value": 1, "more": 2}]}
    answer = await api("PATCH", f"/v1/connections/{connection}/jobs/{b.JOB}/custom-fields", body)
    assert (answer.status, set(answer.faults)) == (422, {"/updates/0/value", "/updates/1/more"})


async def test_the_same_field_twice_is_refused(api: Api, connection: str) -> None:
    body = {"updates": [{"field": "a", "value": "1"}, {"field": "a", "value": "2"}]}
    answer = await api("PATCH", f"/v1/connections/{connection}/jobs/{b.JOB}/custom-fields", body)
    assert (answer.status, set(answer.faults)) == (422, {"/updates/1/field"})
