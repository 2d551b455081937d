"""Pages, filters and local times, on the nights when clocks change too."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from tests.sandbox.client import Client, connected
from tests.sandbox.clock import Clock

LISTS = ["Position", "Submission", "Contact", "Candidate"]


async def items(client: Client, name: str, **query: Any) -> list[dict[str, Any]]:
    return list((await client.call("GET", f"/webapi/{name}", params=query)).json["Items"])


@pytest.mark.parametrize("name", LISTS)
async def test_pages_cover_the_list_once_in_order(client: Client, name: str) -> None:
    seen: list[tuple[str, int]] = []
    for page in range(1, 8):
        seen += [(row["ModifiedOn"], row["ID"]) for row in await items(client, name, Page=page, PageSize=9)]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) >= 50


async def test_the_envelope_and_the_end(client: Client) -> None:
    got = (await client.call("GET", "/webapi/Position", params={"Page": 2, "PageSize": 20})).json
    assert {key: got[key] for key in ("Page", "PageSize", "TotalCount", "TotalPages")} == {
        "Page": 2,
        "PageSize": 20,
        "TotalCount": 50,
        "TotalPages": 3,
    }
    past = await client.call("GET", "/webapi/Position", params={"Page": 9})
    assert (past.status, past.json["Items"]) == (200, [])


async def test_page_sizes() -> None:
    async with running(records=600, rate_limit=None) as sandbox, connected(sandbox) as client:
        assert len(await items(client, "Position")) == 100
        assert len(await items(client, "Position", PageSize=5000)) == 500


@pytest.mark.parametrize("query", [{"Page": 0}, {"PageSize": 0}, {"Page": -1}])
async def test_pages_that_cannot_be(client: Client, query: dict[str, int]) -> None:
    assert (await client.call("GET", "/webapi/Position", params=query)).status == 400


async def test_bare_lists(sandbox: ErecruitSandbox, client: Client) -> None:
    sandbox.state.switches.bare_lists = True
    got = (await client.call("GET", "/webapi/Position", params={"PageSize": 3})).json
    assert [row["ID"] for row in got] == [90210, 90211, 90212]


async def test_filters_by_ids(client: Client) -> None:
    rows = await items(client, "Submission", StatusIDs="120,150")
    assert {row["StatusID"] for row in rows} == {120, 150}
    jobs = sorted({row["PositionID"] for row in rows})[:2]
    chosen = await items(client, "Submission", PositionIDs=",".join(map(str, jobs)), StatusIDs="120,150")
    assert {row["PositionID"] for row in chosen} == set(jobs)
    assert {row["Status"] for row in await items(client, "Position", StatusIDs="3")} == {"Open"}


async def test_no_more_than_fifty_positions(client: Client) -> None:
    many = {"PositionIDs": ",".join(map(str, range(51)))}
    got = await client.call("GET", "/webapi/Submission", params=many)
    assert (got.status, list(got.json["ModelState"])) == (400, ["PositionIDs"])


async def test_modified_after_is_inclusive_and_local(client: Client) -> None:
    rows = await items(client, "Submission")
    moment = rows[20]["ModifiedOn"]
    later = await items(client, "Submission", ModifiedAfter=moment)
    assert [row["ID"] for row in later] == [row["ID"] for row in rows if row["ModifiedOn"] >= moment]
    padded = moment + ("" if "." in moment else ".") + "0"
    assert await items(client, "Submission", ModifiedAfter=padded) == later


@pytest.mark.parametrize("text", ["2026-11-21T05:00:00Z", "2026-11-21T05:00:00-05:00", "2026-13-01T00:00:00", "now"])
async def test_modified_after_takes_no_offset(client: Client, text: str) -> None:
    got = await client.call("GET", "/webapi/Submission", params={"ModifiedAfter": text})
    assert got.status == 400


async def test_fractions_have_up_to_seven_digits_and_no_trailing_zeros(client: Client) -> None:
    texts = [row["ModifiedOn"] for name in LISTS for row in await items(client, name)]
    fractions = {text.partition(".")[2] for text in texts}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?", text) for text in texts)
    assert {len(fraction) for fraction in fractions} >= {0, 1, 2, 3, 7}


async def test_the_fold_shows_one_time_twice(client: Client) -> None:
    folded = [row["ID"] for row in await items(client, "Candidate") if row["ModifiedOn"].startswith("2026-11-01T01:30")]
    assert folded == [5145608, 5145609]


async def test_the_gap_shows_a_time_that_never_was(client: Client) -> None:
    assert (await client.call("GET", "/webapi/Candidate/5145607")).json["CreatedOn"] == "2026-03-08T02:30:00"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 1, 5, 45, tzinfo=UTC), "2026-11-01T01:45:00"),
        (datetime(2026, 11, 1, 6, 45, tzinfo=UTC), "2026-11-01T01:45:00"),
        (datetime(2026, 3, 8, 6, 59, 59, 900_000, tzinfo=UTC), "2026-03-08T01:59:59.9"),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "2026-03-08T03:00:00"),
    ],
)
async def test_writes_bear_local_times(client: Client, clock: Clock, moment: datetime, text: str) -> None:
    clock.now = moment
    got = await client.call("PUT", "/api/Submission/700123/Status", json={"StatusID": 101})
    assert got.json["ModifiedOn"] == text
    assert (await client.call("GET", "/webapi/Submission/700123")).json["ModifiedOn"] == text


async def test_a_later_change_in_the_fold_sorts_before_an_earlier_one(client: Client, clock: Clock) -> None:
    for hour, minute, number in ((5, 50, 700123), (6, 10, 700124)):
        clock.now = datetime(2026, 11, 1, hour, minute, tzinfo=UTC)
        client.tokens.clear()
        await client.call("PUT", f"/api/Submission/{number}/Status", json={"StatusID": 101})
    rows = await items(client, "Submission", ModifiedAfter="2026-11-01T01:00:00", StatusIDs="101")
    assert [row["ID"] for row in rows] == [700124, 700123]


async def test_the_zone_is_a_setting_by_rules_of_today() -> None:
    """Vancouver no longer puts its clocks back, which older databases do not know."""
    clock = Clock(datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    async with (
        running(clock=clock, rate_limit=None, time_zone="America/Vancouver") as sandbox,
        connected(sandbox) as client,
    ):
        got = await client.call("PUT", "/api/Submission/700123/Status", json={"StatusID": 101})
        assert got.json["ModifiedOn"] == "2026-12-01T05:00:00"
        assert sandbox.connection["settings"]["time_zone"] == "America/Vancouver"


async def test_contacts_hold_client_people_and_candidates_do_not(client: Client) -> None:
    contacts, candidates = await items(client, "Contact"), await items(client, "Candidate")
    assert {row["ID"] for row in contacts if "CompanyID" in row} == {55120, 55121, 55122}
    assert len(contacts) == len(candidates) + 3


async def test_communications_may_be_missing_from_lists(sandbox: ErecruitSandbox, client: Client) -> None:
    inline = {row["ID"]: row["Communications"] for row in await items(client, "Contact")}
    sandbox.state.switches.communications_in_lists = False
    assert not any("Communications" in row for row in await items(client, "Contact"))
    apart = await client.call("GET", "/webapi/Communication/ByAboutId/Candidate/5145607")
    assert apart.json == inline[5145607]
    assert [row["IsPrimary"] for row in apart.json] == [False] * 4
