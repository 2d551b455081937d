"""What the emulated TempWorks does with what it is told: messages, documents, custom data, candidates, assignments."""

import asyncio
import base64
import hashlib
import io
from typing import Any

import aiohttp
import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.properties import PROPERTIES, property_id
from tests.sandbox.client import Got
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client

PERSON, ORDER, CANDIDATE, ASSIGNMENT, ENDED = 43760, 5997, 700, 2443, 2438
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
    links = [origin(8, 1), origin(14, ASSIGNMENT), origin(99, 1)]
    made = await post(client, linkedEntities=links, linkedDocumentIds=[1])
    assert (made.status, made.json["failedToBeLinkedOrigins"]) == (201, links)
    assert made.json["failedToBeLinkedDocuments"] == [1]
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


KINDS = [
    ("employee", f"Employees/{PERSON}"),
    ("joborder", f"JobOrders/{ORDER}"),
    ("assignment", f"Assignments/{ENDED}"),
]


async def put(client: Client, place: str, number: str, value: object) -> Got:
    body = {"propertyValues": [{"propertyDefinitionId": number, "propertyValue": value}]}
    return await client.call("PUT", f"/{place}/CustomData", json=body)


async def values(client: Client, place: str) -> dict[str, Any]:
    return {row["propertyName"]: row["propertyValue"] for row in (await client.get(f"/{place}/CustomData"))["data"]}


@pytest.mark.parametrize(("kind", "place"), KINDS)
async def test_every_definition_comes_back_with_a_value_or_null(client: Client, kind: str, place: str) -> None:
    rows = (await client.get(f"/{place}/CustomData"))["data"]
    assert {row["propertyDefinitionId"] for row in rows} == set(PROPERTIES[kind])
    set_rows = {row["propertyName"]: row for row in rows if row["propertyValue"] is not None}
    assert {name: row["propertyValue"] for name, row in set_rows.items()} == {
        "Shift": "Night",
        "Years": "3",
        "Rank by system": "1",
    }
    assert all(row["propertyValueId"] is not None for row in set_rows.values())


@pytest.mark.parametrize(("kind", "place"), KINDS)
@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Is screened", True, True),
        ("Is screened", "false", False),
        ("Available from", "2026-12-01", "2026-12-01T00:00:00"),
        ("Screened at", "2026-12-01T09:30:00", "2026-12-01T09:30:00"),
        ("Score", "4.50", "4.50"),
        ("Years", "-7", "-7"),
        ("Wished pay", "28.5", "28.5"),
        ("Shift", "Day", "Day"),
        ("Languages", ["English", "Français"], ["English", "Français"]),
        ("Remark", "Six & <b>no</b>", "Six & <b>no</b>"),
        ("Best hour", "11:00:00", "11:00:00"),
        ("Shift", None, None),
    ],
)
async def test_values_of_every_type(
    sandbox: TempWorksSandbox, client: Client, kind: str, place: str, name: str, value: object, kept: object
) -> None:
    got = await put(client, place, property_id(kind, name), value)
    assert (got.status, got.body) == (204, b"")
    assert (await values(client, place))[name] == kept
    [write] = sandbox.writes
    assert (write["kind"], write["id"], write["name"]) == ("field", property_id(kind, name), name)
    assert write["target"]["id"] == {"assignment": f"assignment:{ENDED}"}.get(kind, place.partition("/")[2])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Is screened", "yes"),
        ("Available from", "soon"),
        ("Score", "NaN"),
        ("Years", "3.5"),
        ("Shift", "Dusk"),
        ("Languages", ["Klingon"]),
        ("Remark", {"not": "this"}),
        ("Best hour", "25:00"),
        ("Outside id", "x"),
        ("Shirt size", None),
        ("Rank by system", "2"),
        ("Old question", "x"),
        ("Nonsense", "x"),
    ],
)
async def test_values_that_are_refused(sandbox: TempWorksSandbox, client: Client, name: str, value: object) -> None:
    assert (await put(client, f"Employees/{PERSON}", property_id("employee", name), value)).status == 400
    assert sandbox.writes == []


async def test_options_of_a_property(client: Client) -> None:
    got = await client.get(f"/DataLists/customData/{property_id('employee', 'Shift')}")
    assert [row["value"] for row in got["data"]] == ["Day", "Night", "Weekend"]
    assert (await client.call("GET", f"/DataLists/customData/{property_id('employee', 'Remark')}")).status == 404
    assert (await put(client, "Employees/1", property_id("employee", "Remark"), "x")).status == 404


async def apply(client: Client, person: int = 43761, order: int = ORDER, status: int = 3) -> Got:
    body = {"employeeId": person, "candidateStatusId": status, "comment": None, "approveRestrictions": False}
    return await client.call("POST", f"/JobOrders/{order}/candidates", json=body)


async def test_a_person_is_a_candidate_on_an_order_once(sandbox: TempWorksSandbox, client: Client) -> None:
    made = await apply(client)
    number = made.json["orderCandidateId"]
    assert (made.status, (await apply(client)).status) == (201, 409)
    assert [row["orderCandidateId"] for row in await client.rows(f"/JobOrders/{ORDER}/candidates")] == [700, number]
    [mine] = await client.rows("/Employees/43761/candidacies")
    assert (mine["jobOrderId"], mine["jobTitle"], mine["candidateStatus"]) == (ORDER, "Payroll Clerk", "WCandidate")
    [write] = sandbox.writes
    assert (write["kind"], write["target"]) == ("application", {"type": "candidate", "id": "43761"})
    assert (write["id"], write["value"]) == (f"candidate:{ORDER}-{number}", str(ORDER))


async def test_applications_that_are_refused(sandbox: TempWorksSandbox, client: Client) -> None:
    assert (await apply(client, order=1)).status == 404
    assert (await apply(client, person=1)).status == 400
    assert (await apply(client, status=99)).status == 400
    assert (await apply(client, status=11)).status == 400
    assert (await apply(client, person=43768)).status == 400, "an inactive person is a hard stop"
    assert sandbox.writes == []


async def move(client: Client, status: int, number: int = CANDIDATE, order: int = ORDER) -> int:
    path = f"/JobOrders/{order}/candidates/{number}"
    return (await client.call("PUT", path, json={"candidateStatusId": status, "comment": "By phone"})).status


async def test_statuses_change_and_every_change_is_logged(
    sandbox: TempWorksSandbox, client: Client, clock: Clock
) -> None:
    assert await move(client, 5) == 204
    clock.advance(60)
    assert await move(client, 5) == 204
    assert await move(client, 9) == 204
    assert [(one["kind"], one["value"]) for one in sandbox.writes] == [
        ("stage", "candidate:5"),
        ("rejection", "candidate:9"),
    ]
    log = await client.rows(f"/JobOrders/{ORDER}/candidates/log")
    assert [row["candidateStatus"] for row in log] == ["Refused: Not Qualified", "Phone Screened", "WCandidate"]
    assert (log[0]["entryDate"], log[0]["comment"]) == ("2026-11-21T09:01:00", "By phone")


async def test_moves_that_are_refused(sandbox: TempWorksSandbox, client: Client) -> None:
    assert await move(client, 99) == 400
    assert await move(client, 12) == 400
    assert await move(client, 5, number=1) == 404
    assert await move(client, 5, order=5998) == 404
    assigned = next(one for one in sandbox.state.candidates.values() if one.status == 8)
    assert await move(client, 5, number=assigned.number, order=assigned.job) == 409
    assert sandbox.writes == []


async def end(client: Client, number: int, status: int = 1) -> int:
    body = {"endDate": "2026-11-20T00:00:00", "assignmentStatusId": status}
    return (await client.call("PUT", f"/Assignments/{number}/end", json=body)).status


async def test_assignments_end_once(sandbox: TempWorksSandbox, client: Client) -> None:
    assert (await end(client, ASSIGNMENT, 26), await end(client, ASSIGNMENT, 4)) == (400, 400)
    assert (await end(client, ASSIGNMENT, 2), await end(client, ASSIGNMENT), await end(client, 1)) == (204, 409, 404)
    [row] = [row for row in await client.rows("/Search/Assignments") if row["assignmentId"] == ASSIGNMENT]
    assert (row["isActive"], row["endDate"], row["assignmentStatus"]) == (False, "2026-11-20T00:00:00", "No Show")
    [write] = sandbox.writes
    assert (write["kind"], write["value"]) == ("rejection", "assignment:2")
    person = row["employeeId"]
    assert await client.rows(f"/Employees/{person}/assignments", isActive="true") == []
    assert [one["assignmentId"] for one in await client.rows(f"/Employees/{person}/assignments")] == [ASSIGNMENT]


async def test_orders_are_closed_by_their_status(client: Client) -> None:
    for status, expected in ((5, 204), (5, 204), (99, 400)):
        got = await client.call("PUT", f"/JobOrders/{ORDER}/status", json={"jobOrderStatusId": status})
        assert got.status == expected
    order = await client.get(f"/JobOrders/{ORDER}")
    assert (order["jobOrderStatus"], order["isActive"]) == ("Closed", False)


async def test_employees_are_taken_in(client: Client) -> None:
    body = {"firstName": "Ada", "lastName": "Byron", "primaryPhoneNumber": "9195550101"}
    made = await client.call("POST", "/Employees", json=body)
    assert made.status == 201
    person = await client.get(f"/Employees/{made.json['employeeId']}")
    assert (person["firstName"], person["activationDate"]) == ("Ada", "2026-11-21T09:00:00")
    assert (await client.get(f"/Employees/{made.json['employeeId']}/status"))["employeeStatusId"] == "A"
    assert (await client.call("POST", "/Employees", json=body | {"lastName": " "})).status == 400
    assert (await client.call("POST", "/Employees", json=body | {"branchId": 1})).status == 400


async def test_the_same_number_gives_the_same_people(sandbox: TempWorksSandbox) -> None:
    before = (sandbox.state.employees, sandbox.state.candidates, sandbox.state.documents)
    sandbox.reset()
    assert (sandbox.state.employees, sandbox.state.candidates, sandbox.state.documents) == before
