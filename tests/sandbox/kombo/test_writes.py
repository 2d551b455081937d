"""What the emulated Kombo does with what it is told: moves, rejections, applications, notes, files, tags, links."""

import base64
import hashlib
import io
import json
from typing import Any

import pytest

from entrypoints.sandbox import people
from entrypoints.sandbox.kombo import KomboSandbox
from tests.sandbox.client import Got
from tests.sandbox.kombo import examples
from tests.sandbox.kombo.client import Client, Row, code

PIPELINED, DECLINED, HIRED = (examples.IDS.of("application", number) for number in (1, 2, 10))
REFUSED = (400, "REMOTE.INPUT_INVALID")
INVALID = (400, "PLATFORM.INPUT_INVALID")


async def move(client: Client, application: str, stage: str) -> Got:
    return await client.call("PUT", f"/ats/applications/{application}/stage", json={"stage_id": stage})


async def reject(client: Client, application: str, reason: str, **more: str) -> Got:
    body = {"rejection_reason_id": reason, **more}
    return await client.call("POST", f"/ats/applications/{application}/reject", json=body)


async def one(client: Client, model: str, record: str) -> Row:
    [row] = await client.rows(model, ids=record)
    return row


async def test_a_move(sandbox: KomboSandbox, client: Client) -> None:
    got = await move(client, examples.APPLICATION, examples.STAGE)
    assert got.json == {"status": "success", "data": {}, "warnings": []}
    row = await one(client, "applications", examples.APPLICATION)
    assert (row["current_stage_id"], row["current_stage"]["remote_id"]) == (examples.STAGE, "NOMINATION")
    assert sandbox.writes == [
        {
            "seq": 1,
            "kind": "stage",
            "target": {"type": "application", "id": examples.APPLICATION},
            "id": examples.APPLICATION,
            "value": examples.STAGE,
            "sha256": hashlib.sha256(examples.STAGE.encode()).hexdigest(),
        }
    ]


async def test_avionte_bars_its_two_general_stages(sandbox: KomboSandbox, client: Client, plain: Client) -> None:
    for stage in examples.BARRED:
        assert code(await move(client, examples.APPLICATION, stage)) == REFUSED
    assert code(await move(client, examples.APPLICATION, examples.NOBODY)) == INVALID
    assert sandbox.writes == []
    [application, *_] = await plain.rows("applications")
    [job] = await plain.rows("jobs", ids=application["job_id"])
    for stage in job["stages"]:
        assert (await move(plain, application["id"], stage["id"])).status == 200
    assert len(sandbox.writes) == 4


async def test_a_pipeline_has_one_face(sandbox: KomboSandbox, client: Client) -> None:
    """Where it truly went stands in the journal, and nowhere else."""
    assert (await move(client, PIPELINED, examples.IDS.of("stage", 4))).status == 200
    row = await one(client, "applications", PIPELINED)
    assert row["current_stage"]["name"] == "Pipeline"
    assert sandbox.writes[0]["value"] == examples.IDS.of("stage", 4)


async def test_what_has_ended_is_not_moved(sandbox: KomboSandbox, client: Client) -> None:
    for application in (HIRED, DECLINED):
        assert code(await move(client, application, examples.STAGE)) == REFUSED
    assert code(await reject(client, HIRED, examples.REASON)) == REFUSED
    assert sandbox.writes == []


async def test_a_rejection_and_a_second_one(sandbox: KomboSandbox, client: Client) -> None:
    for _ in range(2):
        assert (await reject(client, examples.APPLICATION, examples.REASON, note="Filled")).status == 200
    row = await one(client, "applications", examples.APPLICATION)
    assert (row["outcome"], row["rejection_reason_name"], row["rejected_at"]) == (
        *("DECLINED", "Not a fit"),
        row["changed_at"],
    )
    assert [(write["value"], write["text"]) for write in sandbox.writes] == [(examples.REASON, "Filled")] * 2


@pytest.mark.parametrize("reason", [examples.OLD_REASON, examples.NOBODY, "6"])
async def test_reasons_that_are_none(sandbox: KomboSandbox, client: Client, reason: str) -> None:
    assert code(await reject(client, examples.APPLICATION, reason)) == INVALID
    assert sandbox.writes == []


async def test_tags_go_by_name(sandbox: KomboSandbox, client: Client) -> None:
    path = f"/ats/candidates/{examples.CANDIDATE}/tags"
    for method in ("POST", "POST", "DELETE", "DELETE"):
        assert (await client.call(method, path, json={"tag": {"name": "Excellent fit"}})).status == 200
    assert [(write["kind"], write["value"]) for write in sandbox.writes] == [
        ("tag", "Excellent fit"),
        ("tag_removed", "Excellent fit"),
    ]
    assert "Excellent fit" in {tag["name"] for tag in await client.rows("tags")}
    assert (await client.call("POST", path, json={"tag": {"name": ""}})).status == 400


async def test_notes_are_kept_as_they_came_and_twice_if_sent_twice(sandbox: KomboSandbox, client: Client) -> None:
    content = "<p>Reached &amp; willing</p>\n高所 ref 3f9c1a2b4d5e"
    for _ in range(2):
        got = await client.call(
            "POST",
            f"/ats/applications/{examples.APPLICATION}/notes",
            json={"content": content, "content_type": "PLAIN_TEXT"},
        )
        assert got.json["data"] == {}
    notes = await client.rows("notes", candidate_ids=examples.CANDIDATE)
    assert [note["content_html"] for note in notes].count(content) == 2
    first, second = sandbox.writes
    assert first["sha256"] == second["sha256"] == hashlib.sha256(content.encode()).hexdigest()
    assert first["id"] != second["id"]


@pytest.mark.parametrize("wrong", [{"content_type": "HTML"}, {"content": ""}, {"content": None}])
async def test_notes_that_are_refused(client: Client, wrong: Row) -> None:
    path = f"/ats/applications/{examples.APPLICATION}/notes"
    assert code(await client.call("POST", path, json=examples.NOTE | wrong)) == INVALID


async def files(client: Client, kind: str, record: str) -> list[Row]:
    got = await client.call("GET", f"/ats/{kind}s/{record}/attachments")
    assert got.status == 200
    rows: list[Row] = got.json["data"]["results"]
    return rows


async def test_files_where_they_were_put(sandbox: KomboSandbox, client: Client) -> None:
    upload = {"attachment": examples.FILE}
    await client.call("POST", f"/ats/applications/{examples.APPLICATION}/attachments", json=upload)
    await client.call("POST", f"/ats/candidates/{examples.CANDIDATE}/attachments", json=upload)
    of_candidate = await files(client, "candidate", examples.CANDIDATE)
    [of_application] = await files(client, "application", examples.APPLICATION)
    assert [row["application_id"] for row in of_candidate] == [None, None, None, examples.APPLICATION, None]
    assert {"application_id", "candidate_id"} & set(of_application) == set()
    assert [(write["target"]["type"], write["id"]) for write in sandbox.writes] == [
        ("application", of_application["id"]),
        ("candidate", of_candidate[-1]["id"]),
    ]
    assert {write["sha256"] for write in sandbox.writes} == {hashlib.sha256(b"%PDF-1.4 %%EOF").hexdigest()}


async def test_files_may_end_on_the_candidate(sandbox: KomboSandbox, client: Client) -> None:
    await client.switch(files_on_candidate=True)
    path = f"/ats/applications/{examples.APPLICATION}/attachments"
    await client.call("POST", path, json={"attachment": examples.FILE})
    assert sandbox.writes[0]["target"] == {"type": "candidate", "id": examples.CANDIDATE}
    assert [row["file_name"] for row in await files(client, "application", examples.APPLICATION)][-1] == (
        examples.FILE["name"]
    )


async def test_downloads_want_no_key_and_remember_one(client: Client) -> None:
    *_, newest, _reference = await files(client, "candidate", examples.CANDIDATE)
    got = await client.fetch("GET", newest["data_url"])
    first = people.person(0, 50)
    assert got.body == people.pdf(f"{first.first} {first.last}, version 2")
    assert (await client.state())["keys_at_resources"] == 0
    await client.fetch("GET", newest["data_url"], headers=client.headers)
    assert (await client.state())["keys_at_resources"] == 1
    nobody = newest["data_url"].replace(newest["id"], examples.NOBODY)
    assert (await client.fetch("GET", nobody)).status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "RESUME"},
        {"content_type": "pdf"},
        {"data": "not base64!"},
        {"data": ""},
        {"data_url": "https://files.example.test/1"},
        {"name": ""},
        {"data": base64.b64encode(bytes(10_000_001)).decode()},
    ],
    ids=["type", "content_type", "data", "empty", "data_url", "name", "too large"],
)
async def test_files_that_are_refused(sandbox: KomboSandbox, client: Client, wrong: Row) -> None:
    path = f"/ats/candidates/{examples.CANDIDATE}/attachments"
    # As a stream, for a large body in one piece is no good manners towards the loop.
    body = io.BytesIO(json.dumps({"attachment": examples.FILE | wrong}).encode())
    got = await client.call("POST", path, headers=client.headers | {"Content-Type": "application/json"}, data=body)
    assert code(got) == INVALID
    assert sandbox.writes == []


async def create(client: Client, job: str, **person: Any) -> Got:
    body = {"candidate": examples.PERSON | person}
    return await client.call("POST", f"/ats/jobs/{job}/applications", json=body)


async def test_a_new_application_is_the_known_persons(sandbox: KomboSandbox, client: Client) -> None:
    known = (await one(client, "candidates", examples.CANDIDATE))["email_addresses"][0]["email_address"]
    job = examples.IDS.of("job", 1)
    got = await create(client, job, email_address=known.upper())
    made = got.json["data"]
    assert (made["candidate_id"], made["job_id"], made["remote_id"]) == (
        *(examples.CANDIDATE, job),
        f"{examples.TALENT}:51000124",
    )
    assert sandbox.writes[0] == {
        "seq": 1,
        "kind": "application",
        "target": {"type": "candidate", "id": examples.CANDIDATE},
        "id": made["id"],
        "value": job,
        "sha256": hashlib.sha256(f"{examples.CANDIDATE} {job}".encode()).hexdigest(),
    }
    listed = await one(client, "applications", made["id"])
    assert {key: listed[key] for key in ("outcome", "remote_id")} == {
        "outcome": "PENDING",
        "remote_id": made["remote_id"],
    }


async def test_a_second_one_for_the_same_job_makes_a_second_person_unless_it_is_refused(client: Client) -> None:
    made = [(await create(client, examples.JOB)).json["data"]["candidate_id"] for _ in range(2)]
    assert len(set(made)) == 2
    await client.switch(refuses_existing=True)
    assert code(await create(client, examples.JOB)) == (400, "ATS.APPLICATION_ALREADY_EXISTS")


async def test_addresses_may_not_be_matched(client: Client) -> None:
    await client.switch(matches_email=False)
    jobs = (examples.JOB, examples.IDS.of("job", 1))
    assert len({(await create(client, job)).json["data"]["candidate_id"] for job in jobs}) == 2


async def test_applications_that_are_refused(sandbox: KomboSandbox, client: Client) -> None:
    [closed, *_] = await client.rows("jobs", statuses="CLOSED")
    assert code(await create(client, closed["id"])) == (400, "ATS.JOB_CLOSED")
    assert code(await create(client, f"remote:{closed['remote_id']}")) == (400, "ATS.JOB_CLOSED")
    for wrong in ({"email_address": None}, {"email_address": "x"}, {"location": {"country": "us"}}, {"id": "1"}):
        assert code(await create(client, examples.JOB, **wrong)) == INVALID
    assert sandbox.writes == []


@pytest.mark.parametrize(
    ("action", "method", "path", "body"),
    [
        ("stage", "PUT", f"/applications/{examples.APPLICATION}/stage", {"stage_id": examples.STAGE}),
        ("reject", "POST", f"/applications/{examples.APPLICATION}/reject", {"rejection_reason_id": examples.REASON}),
        ("note", "POST", f"/applications/{examples.APPLICATION}/notes", examples.NOTE),
        ("file", "POST", f"/candidates/{examples.CANDIDATE}/attachments", {"attachment": examples.FILE}),
        ("tag", "POST", f"/candidates/{examples.CANDIDATE}/tags", {"tag": {"name": "x"}}),
        (
            "result_link",
            "POST",
            f"/candidates/{examples.CANDIDATE}/result-links",
            {"label": "x", "url": "https://x.test"},
        ),
        ("application", "POST", f"/jobs/{examples.JOB}/applications", {"candidate": examples.PERSON}),
    ],
)
async def test_permissions(
    sandbox: KomboSandbox, client: Client, action: str, method: str, path: str, body: Row
) -> None:
    await client.switch(forbidden=f"nothing,{action}")
    assert code(await client.call(method, f"/ats{path}", json=body)) == (403, "INTEGRATION.PERMISSION_MISSING")
    assert sandbox.writes == []
    await client.switch(forbidden="")
    assert (await client.call(method, f"/ats{path}", json=body)).status == 200


@pytest.mark.parametrize("setup", ["SETUP_SYNC_PENDING", "SETUP_INCOMPLETE", "QA_FAILED"])
async def test_an_integration_that_cannot_be_used_yet(client: Client, setup: str) -> None:
    await client.switch(setup=setup)
    assert code(await client.call("GET", "/ats/jobs")) == (409, f"INTEGRATION.{setup}")
    assert code(await move(client, examples.APPLICATION, examples.STAGE)) == (409, f"INTEGRATION.{setup}")
    assert (await client.call("GET", "/check-api-key")).status == 200
