"""What the emulated system does with what it is told: applications, notes, files, fields, stages, tags."""

import asyncio
from typing import Any

import aiohttp
import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox
from tests.sandbox.client import Client, Got

CANDIDATE, SUBMISSION, POSITION = 5145605, 700123, 90210


async def get(client: Client, path: str, **query: str) -> Any:
    got = await client.call("GET", path, params=query)
    assert got.status == 200, got.body
    return got.json


async def upload(client: Client, fields: dict[str, object], content: bytes = b"%PDF-1.4 %%EOF") -> Got:
    form = aiohttp.FormData()
    usual = {"ReferenceID": CANDIDATE, "AboutType": "Candidate", "AttachmentTypeID": 1000, "Name": "écran 1.pdf"}
    for name, value in (usual | fields).items():
        form.add_field(name, str(value))
    form.add_field("file", content, filename="screen.pdf", content_type="application/pdf")
    return await client.call("POST", "/api/Attachment", data=form)


def message(got: Got) -> tuple[int, str]:
    return got.status, str(got.json["Message"])


async def test_missing_records_and_missing_routes_differ(client: Client) -> None:
    missing = await client.call("GET", "/webapi/Position/999")
    assert (missing.status, missing.json) == (404, {"Message": "Position 999 was not found."})
    nowhere = await client.call("GET", "/webapi/Positions/999")
    assert nowhere.json["MessageDetail"].endswith("named 'Positions'.")
    assert nowhere.json["Message"].startswith("No HTTP resource was found that matches the request URI 'http://")


async def test_titles_have_two_names(client: Client) -> None:
    [posted] = [row for row in await get(client, "/webapi/Position/InternallyPosted") if row["ID"] == POSITION]
    one = await get(client, f"/webapi/Position/{POSITION}")
    assert (one["Title"], "PositionTitle" in one) == (posted["PositionTitle"], False)
    assert "Title" not in posted


async def test_candidates_answer_to_both_names_and_client_people_to_one(client: Client) -> None:
    candidate = await get(client, f"/webapi/Candidate/{CANDIDATE}")
    assert await get(client, f"/webapi/Contact/{CANDIDATE}") == candidate
    assert (candidate["Last"], "Communications" in candidate) == ("O'Neil", False)
    assert (await get(client, "/webapi/Contact/55120"))["CompanyID"] == 4410
    assert (await client.call("GET", "/webapi/Candidate/55120")).status == 404


async def test_round_a_position(client: Client) -> None:
    one = await get(client, f"/webapi/Position/{POSITION}")
    assert (await get(client, f"/webapi/Company/{one['CompanyID']}"))["Name"] == one["CompanyName"]
    assert (await get(client, f"/webapi/Contact/{one['ContactID']}"))["CompanyID"] == one["CompanyID"]
    owners = await get(client, f"/webapi/Owner/Position/{POSITION}")
    assert [owner["RecruiterID"] for owner in owners if owner["IsPrimary"]] == [one["PrimaryOwnerID"]]
    assert (await get(client, f"/webapi/Recruiter/{one['PrimaryOwnerID']}"))["ID"] == one["PrimaryOwnerID"]
    assert "AddressID" in await get(client, f"/webapi/Address/Position/{POSITION}/Default")
    assert (await client.call("GET", "/webapi/Owner/Creature/1")).status == 400


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"First": "Zoé", "Last": "O'Neil"}, {5145605, 5145606}),
        ({"Emails": ["ZOE.ONEIL@canary.example.test"]}, {5145605, 5145606}),
        ({"Phones": ["+1 416 555 0100"]}, {5145605}),
        ({"Last": "李"}, {5145608}),
        ({"Last": "Nobody At All"}, set()),
    ],
)
async def test_duplicates_are_near(client: Client, given: dict[str, Any], expected: set[int]) -> None:
    got = await client.call("POST", "/webapi/Candidate/Duplicate", json=given)
    assert {row["ID"] for row in got.json} == expected
    assert (await client.call("POST", "/webapi/Candidate/Duplicate", data=given)).json == got.json


@pytest.mark.parametrize("given", [{}, {"First": ""}, {"First": "Zoé", "Emails": []}])
async def test_duplicates_want_arguments(client: Client, given: dict[str, Any]) -> None:
    assert (await client.call("POST", "/webapi/Candidate/Duplicate", json=given)).status == 400


async def test_applications_may_be_made_twice(sandbox: ErecruitSandbox, client: Client) -> None:
    body = {"CandidateID": CANDIDATE, "PositionID": POSITION, "ApplicationSourceID": 228, "ApplicationNote": "Sourced"}
    made = await client.call("POST", "/webapi/CandidateApplication/", json=body)
    form = {name: str(value) for name, value in body.items()}
    again = await client.call("POST", "/webapi/CandidateApplication/", data=form)
    assert (made.status, again.status, again.json["ID"] - made.json["ID"]) == (201, 201, 1)
    of_candidate = await get(client, f"/webapi/CandidateApplication/Candidate/{CANDIDATE}")
    assert [row["ID"] for row in of_candidate] == [700123, 700124, made.json["ID"], again.json["ID"]]
    assert (await get(client, f"/webapi/Submission/{made.json['ID']}"))["StatusID"] == 90
    assert [write["target"]["id"] for write in sandbox.writes] == [str(CANDIDATE)] * 2
    for wrong, status in (({"CandidateID": 1}, 404), ({"PositionID": 1}, 404), ({"ApplicationSourceID": 1}, 400)):
        assert (await client.call("POST", "/webapi/CandidateApplication", json=body | wrong)).status == status


@pytest.mark.parametrize(("misspelled", "there"), [(False, "CandidateApplication"), (True, "CandidateAplication")])
async def test_the_misspelled_route(sandbox: ErecruitSandbox, client: Client, misspelled: bool, there: str) -> None:
    sandbox.state.switches.misspelled_application_route = misspelled
    for name in ("CandidateApplication", "CandidateAplication"):
        got = await client.call("GET", f"/webapi/{name}/{SUBMISSION}")
        assert got.status == (200 if name == there else 404)
        assert ("MessageDetail" in got.json) is (name != there)


async def test_notes_are_kept_as_sent_on_all_their_records(sandbox: ErecruitSandbox, client: Client) -> None:
    text = "<p>Zoé &amp; co.<br/>Score&nbsp;4/5</p>"
    about = [{"Type": "Submission", "ID": SUBMISSION}, {"Type": "Contact", "ID": CANDIDATE}]
    body = {"Records": about, "NoteBody": text, "NoteActionID": 496}
    made = await client.call("POST", "/webapi/Note", json=body)
    for place in (f"Submission/{SUBMISSION}", f"Candidate/{CANDIDATE}", f"Contact/{CANDIDATE}"):
        [note] = await get(client, f"/webapi/Note/{place}")
        assert (note["ID"], note["NoteBody"], note["Records"]) == (made.json["ID"], text, about)
    [write] = sandbox.writes
    assert write["target"] == {"type": "application", "id": str(SUBMISSION)}
    assert write["records"] == [write["target"], {"type": "candidate", "id": str(CANDIDATE)}]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"Records": []}, 400),
        ({"Records": [{"Type": "NOTHING", "ID": 0}]}, 400),
        ({"Records": [{"Type": "Submission", "ID": 1}]}, 404),
        ({"Records": [{"Type": "Submission", "ID": SUBMISSION, "More": 1}]}, 400),
        ({"NoteActionID": 1}, 400),
        ({"NoteBody": ""}, 400),
    ],
)
async def test_notes_that_are_refused(client: Client, wrong: dict[str, Any], status: int) -> None:
    body = {"Records": [{"Type": "Submission", "ID": SUBMISSION}], "NoteBody": "x", "NoteActionID": 496}
    assert (await client.call("POST", "/webapi/Note", json=body | wrong)).status == status


async def test_the_resume_is_the_newest_of_its_type(client: Client) -> None:
    kept = await get(client, f"/webapi/Attachment/Candidate/{CANDIDATE}")
    [resume] = [row for row in kept if row["TypeID"] == 1 and row["IsNewestVersion"]]
    assert (resume["Type"], resume["Version"], len(kept)) == ("Resumé", 2, 3)
    content = await client.call("GET", f"/webapi/Attachment/Content/{resume['ID']}/")
    assert content.headers["Content-Type"] == "application/octet-stream"
    assert content.body.startswith(b"%PDF-")
    assert await get(client, "/webapi/Attachment/Candidate/5145606") == []


async def test_uploads_make_versions(sandbox: ErecruitSandbox, client: Client) -> None:
    about: dict[str, object] = {"AboutType": "Submission", "ReferenceID": SUBMISSION}
    first, second = await upload(client, about, b"%PDF one"), await upload(client, about, b"%PDF two")
    assert (first.status, first.json["Version"], second.json["Version"]) == (201, 1, 2)
    kept = await get(client, f"/webapi/Attachment/Submission/{SUBMISSION}")
    assert [row["IsNewestVersion"] for row in kept] == [False, True]
    assert (await client.call("GET", f"/webapi/Attachment/Content/{second.json['ID']}")).body == b"%PDF two"
    assert (await get(client, f"/webapi/Attachment/{second.json['ID']}"))["Name"] == "écran 1.pdf"
    assert {write["name"] for write in sandbox.writes} == {"écran 1.pdf"}


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"AttachmentTypeID": 1075}, 400),
        ({"AttachmentTypeID": 7}, 400),
        ({"AboutType": "Creature"}, 400),
        ({"ReferenceID": 1}, 404),
        ({"Name": "bare"}, 400),
        ({"Nonsense": "1"}, 400),
    ],
)
async def test_uploads_that_are_refused(client: Client, wrong: dict[str, object], status: int) -> None:
    assert (await upload(client, wrong)).status == status


async def test_bodies_that_are_too_large(sandbox: ErecruitSandbox) -> None:
    """Refused by the announced length: nothing of the body needs to be sent."""
    port = int(sandbox.base_urls["standard"].split(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /webapi/Note HTTP/1.1\r\nHost: x\r\nContent-Length: 30000001\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    await writer.wait_closed()


async def set_field(client: Client, about: str, number: int, name: str, value: str) -> Got:
    body = {"ID": number, "Name": name, "Value": value}
    return await client.call("PUT", f"/webapi/CustomField/{about}/{number}", json=body)


async def test_field_values_are_absent_until_set_and_echoed(sandbox: ErecruitSandbox, client: Client) -> None:
    place = f"Contact/{CANDIDATE + 1}"
    assert await get(client, f"/webapi/CustomField/{place}") == []
    got = await set_field(client, place, 42, "Shift", "Day")
    assert got.json == {"ID": 42, "Name": "Shift", "Value": "Day"}
    assert await get(client, f"/webapi/CustomField/Candidate/{CANDIDATE + 1}") == [got.json]
    assert [(write["kind"], write["id"], write["value"]) for write in sandbox.writes] == [("field", "42", "Day")]


@pytest.mark.parametrize(
    ("about", "first"), [(f"Candidate/{CANDIDATE}", 41), (f"Position/{POSITION}", 51), (f"Submission/{SUBMISSION}", 61)]
)
async def test_field_types(client: Client, about: str, first: int) -> None:
    definitions = await get(client, f"/webapi/CustomField/{about.partition('/')[0]}")
    assert [row["ID"] for row in definitions] == list(range(first, first + 5))
    good = ["True", definitions[1]["PossibleValues"][0], "-3", "24.50", "Ça va"]
    bad = ["true", "Dusk", "3.5", "NaN", ""]
    for row, yes, no in zip(definitions, good, bad, strict=True):
        assert (await set_field(client, about, row["ID"], row["Name"], yes)).json["Value"] == yes
        refused = await set_field(client, about, row["ID"], row["Name"], no)
        assert (refused.status, list(refused.json["ModelState"])) == (400, ["model.Value"])


async def test_fields_that_are_not_there(client: Client) -> None:
    assert message(await set_field(client, f"Candidate/{CANDIDATE}", 99, "x", "x")) == (
        404,
        "CustomField 99 was not found.",
    )
    assert (await set_field(client, f"Candidate/{CANDIDATE}", 42, "Other", "Day")).status == 400
    assert (await set_field(client, "Candidate/1", 42, "Shift", "Day")).status == 404


async def move(client: Client, status: int, number: int = SUBMISSION) -> Got:
    return await client.call("PUT", f"/api/Submission/{number}/Status", json={"StatusID": status, "Comment": None})


async def reject(client: Client, reason: int, number: int = SUBMISSION) -> Got:
    return await client.call("PUT", f"/api/Submission/{number}/Reject", json={"DispositionReasonID": reason})


async def test_moves(sandbox: ErecruitSandbox, client: Client) -> None:
    assert (await move(client, 101)).json["StatusID"] == 101
    assert (await move(client, 101)).status == 200
    assert [(write["kind"], write["value"]) for write in sandbox.writes] == [("stage", "101")]
    assert (await move(client, 999)).status == 400
    assert (await move(client, 190)).status == 400
    assert message(await move(client, 101, 1)) == (404, "Submission 1 was not found.")


async def test_terminal_statuses_are_left_by_nobody(client: Client) -> None:
    rejected = await reject(client, 14)
    assert (rejected.json["StatusID"], rejected.json["DispositionReasonID"]) == (190, 14)
    terminal = (409, f"Submission {SUBMISSION} is in a terminal status.")
    assert message(await reject(client, 14)) == terminal
    assert message(await move(client, 101)) == terminal
    assert (await move(client, 190)).status == 200


@pytest.mark.parametrize(("reason", "why"), [(999, "Unknown reason 999."), (16, "Reason 16 is not active.")])
async def test_reasons_that_are_refused(client: Client, reason: int, why: str) -> None:
    got = await reject(client, reason)
    assert (got.status, got.json["ModelState"]) == (400, {"model.DispositionReasonID": [why]})


async def test_tags_are_added_once(sandbox: ErecruitSandbox, client: Client) -> None:
    path = f"/api/Tag/Candidate/{CANDIDATE}"
    answers = [await client.call("POST", path, json={"TagID": 65880}) for _ in range(2)]
    assert [got.status for got in answers] == [201, 200]
    assert await get(client, path) == [answers[0].json]
    assert [write["kind"] for write in sandbox.writes] == ["tag"]
    assert (await client.call("POST", path, json={"TagID": 1})).status == 400
    assert 65880 in {tag["ID"] for tag in await get(client, "/api/Tag", AboutType="Candidate")}


async def test_the_legacy_host_has_three_methods(client: Client) -> None:
    for path in ("/api/Tag", "/api/Nonsense"):
        got = await client.call("PATCH", path)
        assert message(got) == (405, "The requested resource does not support http method 'PATCH'.")


async def test_the_same_number_gives_the_same_people(sandbox: ErecruitSandbox) -> None:
    before = (dict(sandbox.state.contacts.rows), dict(sandbox.state.submissions.rows), sandbox.state.communications)
    sandbox.reset()
    after = (dict(sandbox.state.contacts.rows), dict(sandbox.state.submissions.rows), sandbox.state.communications)
    assert before == after
