"""Messages and documents: what becomes of them, and of the person."""

import asyncio
import base64
import hashlib
import io
from typing import Any

import aiohttp
import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox
from tests.sandbox.client import Got
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client

PERSON, ORDER, ASSIGNMENT = 43760, 5997, 2443
MESSAGES = f"/Employees/{PERSON}/messages"
PDF = b"%PDF-1.4 %%EOF"


async def post(client: Client, text: str = "Screened.", *, person: int = PERSON, action: int = 462, **more: Any) -> Got:
    body = {"actionId": action, "message": text, **more}
    return await client.call("POST", f"/Employees/{person}/messages", json=body)


def origin(kind: int, number: int) -> dict[str, int]:
    return {"originTypeId": kind, "originId": number}


async def upload(client: Client, content: bytes = PDF, name: str = "écran 1.pdf", **fields: object) -> Got:
    form = aiohttp.FormData(quote_fields=False)
    for key, value in fields.items():
        form.add_field(key, str(value))
    form.add_field("file", io.BytesIO(content), filename=name, content_type="application/pdf")
    return await client.call("POST", f"/Employees/{PERSON}/documents", data=form)


async def test_messages_are_kept_as_sent_the_newest_first(
    sandbox: TempWorksSandbox, client: Client, clock: Clock
) -> None:
    text = "Zoé & co.\nScore <b>4</b>/5"
    first, second = await post(client, text), await post(client, "Again.")
    assert first.json == {
        "messageId": 1259,
        "failedToBeLinkedOrigins": [],
        "failedToBeLinkedDocuments": [],
        "numberOfSuccessfullyLinkedOrigins": 0,
    }
    rows = await client.rows(MESSAGES, startdate="01-01-2021")
    assert [row["id"] for row in rows] == [second.json["messageId"], first.json["messageId"]]
    assert (rows[1]["message"], rows[1]["date"]) == (text, "2026-11-21T09:00:00")
    assert set(rows[1]) == {"id", "message", "date", "action", "actionDescription", "authorSrIdent", "author"}
    assert await client.rows(MESSAGES, startdate="2026-11-22") == []
    [write, _] = sandbox.writes
    assert (write["kind"], write["target"], write["id"]) == ("note", {"type": "candidate", "id": str(PERSON)}, "1259")
    assert write["sha256"] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("person", "link", "target"),
    [
        (PERSON, (8, ORDER), "candidate:5997-700"),
        (43770, (14, ASSIGNMENT), f"assignment:{ASSIGNMENT}"),
        (PERSON, (1, PERSON), None),
    ],
)
async def test_a_linked_message_stands_on_the_application(
    sandbox: TempWorksSandbox, client: Client, person: int, link: tuple[int, int], target: str | None
) -> None:
    made = await post(client, person=person, linkedEntities=[origin(*link)])
    assert made.json["numberOfSuccessfullyLinkedOrigins"] == 1
    [write] = sandbox.writes
    wanted = {"type": "application", "id": target} if target else {"type": "candidate", "id": str(person)}
    assert write["target"] == wanted
    assert write["records"][-1] == {"type": "candidate", "id": str(person)}


async def test_what_cannot_be_linked_is_told_and_the_message_stands(sandbox: TempWorksSandbox, client: Client) -> None:
    links, strange = [origin(8, 1), origin(14, ASSIGNMENT), origin(99, 1)], [1, 9003]
    assert sandbox.state.documents[9003].employee != PERSON
    made = await post(client, linkedEntities=links, linkedDocumentIds=strange)
    assert (made.status, made.json["failedToBeLinkedOrigins"]) == (201, links)
    assert made.json["failedToBeLinkedDocuments"] == strange
    assert [write["target"]["type"] for write in sandbox.writes] == ["candidate"]


async def test_links_may_fail_on_demand(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.state.switches.unlinked_origins = sandbox.state.switches.unlinked_documents = True
    document = (await upload(client)).json["documentId"]
    made = await post(client, linkedEntities=[origin(8, ORDER)], linkedDocumentIds=[document])
    assert made.json["failedToBeLinkedOrigins"] == [origin(8, ORDER)]
    assert made.json["failedToBeLinkedDocuments"] == [document]
    assert [(one["kind"], one["target"]["type"]) for one in sandbox.writes] == [
        ("file", "candidate"),
        ("note", "candidate"),
    ]


async def test_a_document_that_a_message_links_to_an_application_stands_there(
    sandbox: TempWorksSandbox, client: Client
) -> None:
    document = (await upload(client)).json["documentId"]
    await post(client, "Report.", linkedEntities=[origin(8, ORDER)], linkedDocumentIds=[document])
    [write] = sandbox.writes
    assert (write["kind"], write["seq"], write["id"]) == ("file", 1, str(document))
    assert write["target"] == {"type": "application", "id": "candidate:5997-700"}


async def test_some_actions_change_what_becomes_of_a_person(sandbox: TempWorksSandbox, client: Client) -> None:
    await post(client, action=501)
    gone = await client.get(f"/Employees/{PERSON}")
    assert (gone["isActive"], gone["deactivationDate"]) == (False, "2026-11-21T09:00:00")
    assert PERSON not in {row["employeeId"] for row in await client.rows("/Search/Employees", isActive="true")}
    await post(client, action=502)
    back = await client.get(f"/Employees/{PERSON}")
    assert (back["isActive"], back["deactivationDate"]) == (True, None)
    await post(client, action=503)
    assert sandbox.state.employees[PERSON].do_not_assign


@pytest.mark.parametrize("action", [1, 505, 506, 507])
async def test_actions_that_are_refused(sandbox: TempWorksSandbox, client: Client, action: int) -> None:
    got = await post(client, action=action)
    assert (got.status, list(got.json["errors"])) == (400, ["actionId"])
    assert sandbox.writes == []


async def test_messages_that_are_refused(client: Client) -> None:
    assert (await post(client, " ")).status == 400
    assert (await post(client, person=1)).status == 404
    assert (await post(client, linkedEntities=[{"originTypeId": 8}])).status == 400
    assert (await post(client, linkedDocumentIds=["1"])).status == 400


async def test_documents_are_listed_and_come_back_byte_for_byte(sandbox: TempWorksSandbox, client: Client) -> None:
    made = await upload(client, documentTypeId=21, documentName="Report", description="From the call")
    rows = await client.rows(f"/Employees/{PERSON}/documents")
    assert rows[-1] == {
        "documentId": made.json["documentId"],
        "documentDate": "2026-11-21T09:00:00",
        "description": "From the call",
        "fileType": "pdf",
        "documentTypeId": 21,
        "documentType": "Interview Report",
        "documentName": "Report",
        "fileName": "écran 1.pdf",
        "canBeDeleted": True,
        "canBeEdited": True,
    }
    got = await client.call("GET", f"/Employees/{PERSON}/documents/{made.json['documentId']}/file")
    assert (got.status, got.body, got.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert got.headers["Content-Disposition"].endswith("filename*=UTF-8''%C3%A9cran%201.pdf")
    [write] = sandbox.writes
    assert (write["kind"], write["name"]) == ("file", "Report")


async def test_the_employee_names_the_newest_resume(client: Client) -> None:
    before = await client.get(f"/Employees/{PERSON}")
    assert (before["resumeDocumentId"], before["resumeFileName"]) == (9002, "Zoé O'Neil CV.pdf")
    made = await upload(client, isResume="true", name="new.pdf")
    after = await client.get(f"/Employees/{PERSON}")
    assert (after["resumeDocumentId"], after["resumeFileName"]) == (made.json["documentId"], "new.pdf")
    assert (await client.get("/Employees/43761"))["resumeDocumentId"] is None


async def test_downloads_may_lead_elsewhere(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.state.switches.files_elsewhere = True
    got = await client.call("GET", f"/Employees/{PERSON}/documents/9001/file")
    assert (got.status, got.body) == (302, b"")
    place = got.headers["Location"]
    assert place.startswith(sandbox.control_url)
    assert (await client.fetch("GET", place)).body.startswith(b"%PDF-")
    assert (await client.fetch("GET", place, headers=client.token)).status == 418


async def test_documents_may_be_taken_as_base64_instead(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.state.switches.upload_mode = "base64_json"
    path, body = f"/Employees/{PERSON}/documents", {"fileName": "cv.pdf", "fileType": "pdf", "documentTypeId": 7}
    good = body | {"base64Content": base64.b64encode(PDF).decode()}
    assert (await client.call("POST", path, json=good)).status == 201
    assert (await client.call("POST", path, json=body | {"base64Content": "%%%"})).status == 400
    assert (await upload(client)).status == 415
    assert [write["sha256"] for write in sandbox.writes] == [hashlib.sha256(PDF).hexdigest()]


@pytest.mark.parametrize(("size", "status"), [(26_214_400, 201), (26_214_401, 413)])
async def test_documents_have_a_most(sandbox: TempWorksSandbox, client: Client, size: int, status: int) -> None:
    assert (await upload(client, bytes(size))).status == status
    assert len(sandbox.writes) == (1 if status == 201 else 0)


async def test_bodies_that_are_far_too_large_are_refused_by_their_length(sandbox: TempWorksSandbox) -> None:
    port = int(sandbox.base_urls["api"].rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /Employees/1/documents HTTP/1.1\r\nHost: x\r\nContent-Length: 40000001\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    await writer.wait_closed()


async def test_documents_that_are_refused(client: Client) -> None:
    assert (await upload(client, b"")).status == 400
    assert (await upload(client, name="bare")).status == 400
    assert (await upload(client, documentTypeId=1)).status == 400
    assert (await client.call("GET", f"/Employees/{PERSON}/documents/1/file")).status == 404
    assert (await client.call("GET", "/Employees/43761/documents/9001/file")).status == 404
