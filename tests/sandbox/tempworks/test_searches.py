"""Advanced search: columns, rules in groups, times, and results that are kept for a while."""

from datetime import timedelta
from typing import Any

import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox
from tests.sandbox.clock import Clock
from tests.sandbox.tempworks.client import Client
from tests.sandbox.tempworks.examples import ACTIVATED, ACTIVE, EMPLOYEE_COLUMN, LAST_NAME, rule, searching

DOCUMENT_DATE, LAST_MESSAGE = "d46e527b-5028-4674-b032-2d6b5021827d", "157628db-57bc-463c-8397-b0daea09135c"
STATUS_CHANGED = "86d200f7-4d89-45c5-ba00-c1bcc3f59f2b"


async def found(client: Client, body: dict[str, Any], origin: int = 1) -> list[int]:
    got = await client.call("POST", f"/search/{origin}", json=body)
    assert got.status == 200, got.body
    return [row["Id"]["value"] for row in got.json["data"]]


async def columns(client: Client, origin: int) -> dict[str, dict[str, Any]]:
    return {row["columnName"]: row for row in (await client.get(f"/search/{origin}/columns"))["data"]}


async def test_columns_tell_what_can_be_asked_and_shown(client: Client) -> None:
    people = await columns(client, 1)
    assert (people["aident"]["columnId"], people["aident"]["columnType"]) == (EMPLOYEE_COLUMN, "integer")
    assert [people[name]["canBeIncludedInResults"] for name in ("ActivationDate", "docdate")] == [True, False]
    assert "LastModified" not in people
    assert (await columns(client, 14))["LastModified"]["columnId"] == "821b7608-71c8-44cb-9c0d-a51757b267fb"
    assert people["Shift"]["isCustomData"]
    assert (await client.call("GET", "/search/2/columns")).status == 404


async def test_cells_name_their_record(client: Client) -> None:
    body = searching(rule(EMPLOYEE_COLUMN, 7, "43760"), shown=[EMPLOYEE_COLUMN, ACTIVE])
    got = (await client.call("POST", "/search/1", json=body)).json
    assert (got["totalCount"], [column["displayName"] for column in got["columns"]]) == (
        1,
        ["Employee Id", "Is Active"],
    )
    about = {"originId": 43760, "originTypeId": 1}
    assert got["data"] == [
        {"Id": about | {"value": 43760}, EMPLOYEE_COLUMN: about | {"value": 43760}, ACTIVE: about | {"value": True}}
    ]


async def test_assignments_show_booleans_as_numbers(client: Client) -> None:
    known = await columns(client, 14)
    active = known["ActiveStatus"]["columnId"]
    body = searching(rule(active, 20), shown=[active])
    got = (await client.call("POST", "/search/14", json=body)).json
    assert {row[active]["value"] for row in got["data"]} == {1}
    assert 0 < got["totalCount"] < len(await client.rows("/Search/Assignments"))


async def test_rules_in_groups(client: Client, sandbox: TempWorksSandbox) -> None:
    active, whole = rule(ACTIVE, 20), set(sandbox.state.employees)
    inside = {one.number for one in sandbox.state.employees.values() if one.is_active}
    first = rule(EMPLOYEE_COLUMN, 7, "43760", "43768")
    assert set(await found(client, searching(active))) == inside
    assert set(await found(client, searching(active, negated=True))) == whole - inside
    assert set(await found(client, searching(active, first))) == {43760}
    assert set(await found(client, searching(active, first, condition=1))) == inside | {43768}
    nested = {"condition": 0, "not": True, "rules": [active]}
    assert set(await found(client, searching(first, nested))) == {43768}
    assert set(await found(client, searching())) == whole


async def test_texts_are_compared_without_case_and_padding(client: Client) -> None:
    assert await found(client, searching(rule(LAST_NAME, 7, "O'NEIL"))) == [43760]
    assert await found(client, searching(rule("2a9ab5d8-a9d8-49c8-ae1c-17737471f860", 7, "françois"))) == [43762]


async def test_times_are_local_unless_they_say_otherwise(client: Client, sandbox: TempWorksSandbox) -> None:
    one = sandbox.state.employees[43770]
    local = sandbox.state.minute(one.activated)
    assert local is not None
    earlier = await found(client, searching(rule(ACTIVATED, 4, local)))
    later = await found(client, searching(rule(ACTIVATED, 3, local)))
    assert (43770 in earlier, 43770 in later, len(earlier) + len(later)) == (False, False, 49)
    whole = one.activated.replace(second=0, microsecond=0)
    assert await found(client, searching(rule(ACTIVATED, 3, whole.isoformat()))) == later
    before = (whole - timedelta(minutes=1)).isoformat()
    assert await found(client, searching(rule(ACTIVATED, 3, before))) == sorted([43770, *later])


async def test_a_rule_on_many_values_holds_for_one_of_them(client: Client) -> None:
    assert 43760 in await found(client, searching(rule(DOCUMENT_DATE, 3, "2026-05-01T00:00:00")))
    assert 43761 not in await found(client, searching(rule(DOCUMENT_DATE, 3, "2026-05-01T00:00:00")))
    orders = rule("8bd17587-5512-46f9-93d5-3a4028c8dc6a", 7, "5997")
    assert await found(client, searching(orders)) == [43760]


async def test_results_are_sorted_and_cut(client: Client) -> None:
    backwards = [{"columnId": EMPLOYEE_COLUMN, "isDescending": True}]
    rows = await found(client, searching(rule(ACTIVE, 20), sortByColumns=backwards, skip=1, take=2))
    assert rows == [43807, 43806]


async def test_results_are_kept_for_a_while(client: Client, clock: Clock) -> None:
    body = searching(rule(LAST_MESSAGE, 3, "2026-11-21T00:00:00"), ignoreCachedResults=False)
    assert await found(client, body) == []
    await client.call("POST", "/Employees/43760/messages", json={"actionId": 462, "message": "x"})
    clock.advance(60)
    assert await found(client, body) == []
    assert await found(client, body | {"ignoreCachedResults": True}) == [43760]
    await client.call("POST", "/Employees/43761/messages", json={"actionId": 462, "message": "x"})
    clock.advance(360)
    assert await found(client, body) == [43760, 43761]


@pytest.mark.parametrize(
    "body",
    [
        searching(rule("00000000-0000-4000-8000-000000000000", 20)),
        searching(rule(ACTIVE, 7, "1")),
        searching(rule(ACTIVE, 3, "2026-01-01")),
        searching(rule(ACTIVE, 20, "true")),
        searching(rule(ACTIVATED, 3, "yesterday")),
        searching(rule(ACTIVATED, 3)),
        searching(rule(ACTIVATED, 99, "2026-01-01")),
        searching(rule(ACTIVE, 20), shown=[DOCUMENT_DATE]),
        searching(rule(ACTIVE, 20), take=0),
        searching(rule(ACTIVE, 20), condition=2),
    ],
)
async def test_searches_that_are_refused(client: Client, body: dict[str, Any]) -> None:
    assert (await client.call("POST", "/search/1", json=body)).status == 400


@pytest.mark.parametrize(
    ("edit", "seen"),
    [
        ("message", True),
        ("document", True),
        ("deactivate", True),
        ("reactivate", True),
        ("address", False),
        ("name", False),
        ("phone", False),
        ("custom_data", False),
    ],
)
async def test_what_a_search_by_dates_sees_and_what_it_misses(
    client: Client, clock: Clock, edit: str, seen: bool
) -> None:
    """The truth knows of every change; the columns that can be asked for know of some."""
    since = "2026-11-21T08:50:00"
    dated = [rule(column, 3, since) for column in (ACTIVATED, STATUS_CHANGED, LAST_MESSAGE, DOCUMENT_DATE)]
    assert (await client.control("POST", "/edits", json={"edit": edit, "id": "43764"})).status == 201
    assert (await found(client, searching(*dated, condition=1))) == ([43764] if seen else [])
    changed = (await client.control("GET", "/truth")).json["candidate"]["43764"]
    assert changed == clock.now.isoformat()
