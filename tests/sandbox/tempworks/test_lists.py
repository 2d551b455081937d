"""Pages, filters, and the many shapes in which the same thing is shown."""

import re
from typing import Any

import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox
from tests.sandbox.tempworks.client import Client

LISTS = {
    "/Search/Employees": "employeeId",
    "/Search/JobOrders": "orderId",
    "/Search/Assignments": "assignmentId",
    "/Search/Jobs": "orderId",
}


@pytest.mark.parametrize("path", LISTS)
async def test_pages_cover_the_list_once_in_order(client: Client, path: str) -> None:
    seen: list[int] = []
    total = (await client.get(path, skip=0, take=1))["totalCount"]
    for skip in range(0, 60, 9):
        seen += [row[LISTS[path]] for row in await client.rows(path, skip=skip, take=9)]
    assert seen == sorted(set(seen))
    assert len(seen) == total > 0


@pytest.mark.parametrize("query", [{"skip": -1, "take": 1}, {"skip": 0, "take": 0}])
async def test_pages_that_cannot_be(client: Client, query: dict[str, int]) -> None:
    assert (await client.call("GET", "/Search/Employees", params=query)).status == 400


async def test_who_leaves_the_size_out_gets_a_small_page(client: Client) -> None:
    got = await client.get("/Search/Employees")
    assert (len(got["data"]), got["totalCount"]) == (10, 50)


@pytest.mark.parametrize(("active", "count"), [("true", 45), ("false", 5), ("", 50)])
async def test_the_active_the_others_and_all(client: Client, active: str, count: int) -> None:
    rows = await client.rows("/Search/Employees", isActive=active)
    assert len(rows) == count
    assert {row["isActive"] for row in rows} == {"true": {True}, "false": {False}, "": {True, False}}[active]


async def test_people_can_be_sorted(client: Client) -> None:
    rows = await client.rows("/search/employees", orderBy="employeeId", orderByAscending="false")
    assert [row["employeeId"] for row in rows] == sorted((row["employeeId"] for row in rows), reverse=True)
    names = [row["lastName"] for row in await client.rows("/search/employees", orderBy="lastName")]
    assert names == sorted(names)
    assert (await client.call("GET", "/search/employees?orderBy=changed")).status == 400


async def test_branches_filter(client: Client) -> None:
    assert {row["branch"] for row in await client.rows("/Search/Employees", branchId=8)} == {"Raleigh"}
    assert {row["branchId"] for row in await client.rows("/Search/JobOrders", branchId=7)} == {7}


async def test_rows_may_move_between_two_pages(sandbox: TempWorksSandbox, client: Client) -> None:
    sandbox.state.switches.rows_move = True
    first = await client.get("/Search/Employees", skip=0, take=10, isActive="true")
    second = await client.get("/Search/Employees", skip=10, take=10, isActive="true")
    assert second["totalCount"] == first["totalCount"]
    seen = {row["employeeId"] for row in first["data"] + second["data"]}
    held = [one.number for one in sandbox.state.employees.values() if one.is_active]
    assert set(held[:18]) - seen, "somebody slipped by between two pages"


async def test_people_have_neither_a_date_of_change_nor_tidy_texts(client: Client) -> None:
    detail = await client.get("/Employees/43762")
    assert not [name for name in detail if re.search("modif|chang|updat", name, re.IGNORECASE)]
    assert detail["firstName"] == "François "
    assert (detail["address"]["region"], detail["address"]["postalCode"]) == ("NC   ", "27701     ")
    assert detail["driverLicenseExpire"] == "0001-01-01T00:00:00"
    assert (await client.get("/Employees/43770"))["address"] is None


async def test_dates_are_local_and_whole_minutes(client: Client) -> None:
    details = [await client.get(f"/Employees/{43760 + at}") for at in range(10)]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00", one["activationDate"]) for one in details)


async def test_what_nobody_who_screens_may_see_is_there_to_be_found(sandbox: TempWorksSandbox, client: Client) -> None:
    shown = str([await client.get("/Employees/43760"), await client.get("/Employees/43760/eeo")])
    sensitive = [one for one in sandbox.canaries if one in shown]
    assert {"987-65-4329", "Canary-Birthplace-5f1c", "Canary-Gender-77aa"} <= set(sensitive)


async def test_an_order_has_three_shapes(client: Client) -> None:
    detail = await client.get("/JobOrders/5997")
    [row] = [row for row in await client.rows("/Search/JobOrders") if row["orderId"] == 5997]
    [posted] = [row for row in await client.rows("/Search/Jobs") if row["orderId"] == 5997]
    assert (detail["jobOrderType"], row["orderType"], posted["orderType"]) == ("Temp", "TE", "Temp")
    assert (detail["jobTitle"], row["jobTitle"]) == ("Default", "Default")
    assert detail["publicJobTitle"] == posted["jobTitle"] == "Payroll Clerk"
    assert detail["publicJobDescription"].startswith('<p style="font-size:12pt">')
    assert "<" not in posted["jobDescription"]
    assert detail["publicPostingDate"].endswith("+00:00")


async def test_rates_have_four_digits_behind_the_point(client: Client) -> None:
    got = await client.call("GET", "/JobOrders/5997")
    assert b'"payRate":24.0000,"billRate":0.0000' in got.body


async def test_the_boards_times_are_those_of_the_vendors_servers(client: Client) -> None:
    detail = await client.get("/JobOrders/5998")
    [posted] = [row for row in await client.rows("/Search/Jobs") if row["orderId"] == 5998]
    assert (detail["dateOrderTaken"][11:13], posted["dateOrderTaken"][11:13]) == ("00", "21")


async def test_round_an_order(client: Client) -> None:
    [row] = [row for row in await client.rows("/Search/JobOrders") if row["orderId"] == 5997]
    site = await client.get("/JobOrders/5997/Worksite")
    assert (site["worksiteId"], site["worksiteName"]) == (row["workSiteId"], row["worksite"])
    assert (await client.call("GET", "/JobOrders/1")).status == 404


def people(found: dict[str, Any]) -> list[dict[str, Any]]:
    assert found["customers"] == found["contacts"] == {"results": {"result": []}}
    return list(found["employees"]["results"]["result"])


@pytest.mark.parametrize("phone", ["4165550100", "14165550100"])
async def test_people_by_phone(client: Client, phone: str) -> None:
    [found] = people(await client.get("/Search/UniversalPhone/", phone=phone))
    assert (found["employeeId"], found["phoneNumber"], found["phoneType"]) == ("43760", "+14165550100", "Phone")


@pytest.mark.parametrize("phone", ["+14165550100", "416 555 0100", ""])
async def test_phones_are_digits(client: Client, phone: str) -> None:
    assert (await client.call("GET", "/Search/UniversalPhone/", params={"phone": phone})).status == 400


async def test_people_by_mail(client: Client) -> None:
    [found] = people(await client.get("/Search/UniversalEmail", emailAddress="huong.nguyen@CANARY.example.test"))
    assert (found["employeeId"], "phoneType" in found) == ("43767", False)
    assert people(await client.get("/Search/UniversalEmail", emailAddress="nobody+1@nowhere.invalid")) == []


async def test_lists_for_ids(client: Client) -> None:
    active = await client.rows("/DataLists/messageActions", active="true")
    assert len(active) == len(await client.rows("/DataLists/messageActions")) - 1
    refused = {
        row["candidateStatusId"] for row in await client.rows("/DataLists/candidateStatuses") if row["isRefused"]
    }
    assert refused == {9, 10, 11}
    for name in ("documentTypes", "jobOrderStatuses", "assignmentStatuses", "employeeStatuses", "branches"):
        assert await client.rows(f"/DataLists/{name}")
    [rep] = await client.rows("/DataLists/ServiceReps")
    assert (await client.get(f"/users/{rep['srIdent']}"))["ianaTimeZone"] == "America/New_York"
