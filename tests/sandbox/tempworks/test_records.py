"""What the emulated TempWorks does with what it is told: custom data, candidates, assignments, orders, people."""

from typing import Any

import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.properties import PROPERTIES, property_id
from tests.sandbox.client import Got
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client

PERSON, ORDER, CANDIDATE, ASSIGNMENT, ENDED = 43760, 5997, 700, 2443, 2438
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


async def test_several_values_are_set_all_or_none(sandbox: TempWorksSandbox, client: Client) -> None:
    place, remark, years = f"Employees/{PERSON}", property_id("employee", "Remark"), property_id("employee", "Years")
    for value, status, kept in (("many", 400, (None, "3")), ("4", 204, ("Sharp.", "4"))):
        given = [
            {"propertyDefinitionId": remark, "propertyValue": "Sharp."},
            {"propertyDefinitionId": years, "propertyValue": value},
        ]
        got = await client.call("PUT", f"/{place}/CustomData", json={"propertyValues": given})
        found = await values(client, place)
        assert (got.status, (found["Remark"], found["Years"])) == (status, kept)
    assert [(write["seq"], write["id"]) for write in sandbox.writes] == [(1, remark), (2, years)]


async def test_some_numbers_are_texts_and_some_are_not(client: Client) -> None:
    assert (await values(client, "Employees/43761"))["Score"] == 0.1
    assert (await values(client, "Employees/43760"))["Years"] == "3"


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
