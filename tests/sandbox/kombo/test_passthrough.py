"""Avionté behind the passthrough: jobs in full, people in full, notes, custom fields, and errors inside successes."""

import hashlib
from typing import Any

import pytest

from entrypoints.sandbox.kombo import KomboSandbox, talents
from tests.sandbox.kombo import examples
from tests.sandbox.kombo.client import PASSTHROUGH, Client, Row, code

FIRST = int(examples.JOB_NUMBER)
KINDS = ("job", "candidate", "application")
PATHS = {
    "job": f"/job/{FIRST}",
    "candidate": f"/candidate/{examples.TALENT}",
    "application": f"/application/{examples.TALENT}%3A{FIRST}",
}
FIELDS = {"job": 500, "candidate": 600, "application": 700}
RECORDS = {"job": examples.JOB, "candidate": examples.CANDIDATE, "application": examples.APPLICATION}


async def test_bulk_jobs(client: Client) -> None:
    """Unknown ids are left out, the order is another one, and one of many comes twice."""
    ids = [FIRST, FIRST + 1, 7, FIRST + 2]
    said = await client.inner("POST", "/jobs/multi-query", ids)
    assert [job["id"] for job in said["data"]] == [FIRST + 2, FIRST + 1, FIRST, FIRST + 2]
    assert (await client.inner("POST", "/jobs/multi-query", []))["data"] == []
    assert (await client.inner("POST", "/jobs/multi-query", list(range(101))))["status"] == 400
    assert (await client.inner("POST", "/jobs/multi-query", [str(FIRST)]))["status"] == 400
    assert (await client.inner("POST", "/jobs/multi-query", {"jobIds": ids}))["status"] == 400


async def test_jobs_keep_their_oddities(client: Client) -> None:
    first, second = [(await client.inner("GET", f"/job/{FIRST + at}"))["data"] for at in range(2)]
    assert {"worksiteaddressId", "worksiteAddressId", "oT_Type"} <= set(first)
    assert (first["rateType"], first["startTimeLocal"], first["lastUpdatedDate"]) == (0, "", None)
    assert second["latestActivityDate"] == "2024-05-14T14:54:43.4290887Z"
    assert first["startDate"] == "2026-11-02T00:00:00"
    assert (await client.inner("GET", f"/job/{FIRST + 2}"))["data"]["customJobDetails"] == []
    removed, _, unheard = second["customJobDetails"]
    definitions = {field["id"]: field for field in (await client.inner("GET", "/job/customDetailDefinitions"))["data"]}
    assert removed["value"] not in definitions[removed["definitionId"]]["options"]
    assert definitions[unheard["definitionId"]]["type"] == "Hologram"


async def test_job_ids_by_the_page(client: Client) -> None:
    first, second = [(await client.inner("GET", f"/jobs/ids/{page}/30"))["data"] for page in (1, 2)]
    assert first + second == list(range(FIRST, FIRST + 50))
    assert (await client.inner("GET", "/jobs/ids/0/30"))["status"] == 400


async def test_people_with_what_nobody_should_keep(client: Client) -> None:
    for path in (f"/talent/{examples.TALENT}", f"/candidate/{examples.TALENT}"):
        person = (await client.inner("GET", path))["data"]
        assert {key: person[key] for key in talents.SENSITIVE} == talents.SENSITIVE
    assert (await client.inner("GET", f"/talent/{examples.TALENT}?includeResume=True"))["data"]["talentResume"]


@pytest.mark.parametrize("path", ["/talent/1", "/candidate/1", "/job/1", "/application/1%3A1", "/application/1", "/x"])
async def test_what_is_not_there_is_said_inside_a_success(client: Client, path: str) -> None:
    said = await client.inner("GET", path)
    assert (said["status"], list(said["data"])) == (404, ["message"])


@pytest.mark.parametrize("kind", ["string", "html", "absent"])
async def test_errors_may_have_any_body(client: Client, kind: str) -> None:
    await client.switch(inner_errors=kind)
    said = await client.inner("GET", "/talent/1")
    assert said["status"] == 404
    assert ("data" in said) == (kind != "absent")
    assert said.get("data", "").startswith("<html>") == (kind == "html")


async def test_notes_on_candidates_in_both_dialects(sandbox: KomboSandbox, client: Client) -> None:
    note = await client.inner("POST", f"/candidate/{examples.TALENT}/note", {"note": "<p>one</p>"})
    body = {
        "typeId": 31,
        "talentId": int(examples.TALENT),
        "notes": "<p>two</p>",
        "activityDate": "2026-11-20T10:00:00Z",
    }
    activity = await client.inner("POST", f"/talent/{examples.TALENT}/activity", body)
    assert (note["status"], activity["status"], activity["data"]["name"]) == (201, 200, "Phone screen")
    assert [(write["kind"], write["target"]["id"], write["text"], write["id"]) for write in sandbox.writes] == [
        ("note", examples.CANDIDATE, "<p>one</p>", str(note["data"]["id"])),
        ("note", examples.CANDIDATE, "<p>two</p>", str(activity["data"]["id"])),
    ]
    rows = await client.rows("notes", candidate_ids=examples.CANDIDATE)
    assert [row["application_id"] for row in rows] == [examples.APPLICATION, None, None]


@pytest.mark.parametrize(
    "wrong", [{"typeId": 44}, {"typeId": 1}, {"talentId": 1}, {"activityDate": "today"}, {"id": 1}]
)
async def test_activities_that_are_refused(sandbox: KomboSandbox, client: Client, wrong: Row) -> None:
    said = await client.inner("POST", f"/talent/{examples.TALENT}/activity", {"typeId": 31, "notes": "x"} | wrong)
    assert (said["status"], sandbox.writes) == (400, [])


@pytest.mark.parametrize("kind", KINDS)
async def test_custom_fields_are_set_and_read_back(sandbox: KomboSandbox, client: Client, kind: str) -> None:
    field = FIELDS[kind] + 1
    said = await client.inner("PATCH", PATHS[kind], {"customDetails": [{"definitionId": field, "value": "Day"}]})
    name = "customJobDetails" if kind == "job" else "customDetails"
    assert said["data"][name][0] == {"definitionId": field, "name": "Shift preference", "value": "Day"}
    assert (await client.inner("GET", PATHS[kind]))["data"][name] == said["data"][name]
    assert sandbox.writes == [
        {
            "seq": 1,
            "kind": "field",
            "target": {"type": kind, "id": RECORDS[kind]},
            "id": str(field),
            "name": "Shift preference",
            "value": "Day",
            "sha256": hashlib.sha256(b"Day").hexdigest(),
        }
    ]


async def test_several_fields_are_set_together_or_not_at_all(sandbox: KomboSandbox, client: Client) -> None:
    good: list[Row] = [{"definitionId": 601, "value": None}, {"definitionId": 608, "value": ["French"]}]
    bad = {"customDetails": [*good, {"definitionId": 602, "value": "much"}]}
    assert (await client.inner("PATCH", PATHS["candidate"], bad))["status"] == 400
    assert sandbox.writes == []
    said = await client.inner("PATCH", PATHS["candidate"], {"customDetails": good})
    assert [one["definitionId"] for one in said["data"]["customDetails"]] == [602, 608]
    assert [write["value"] for write in sandbox.writes] == ["null", '["French"]']


async def test_success_may_have_no_body(sandbox: KomboSandbox, client: Client) -> None:
    await client.switch(empty_success=True)
    said = await client.inner("PATCH", PATHS["job"], {"customDetails": [{"definitionId": 501, "value": "Day"}]})
    assert (said["status"], "data" in said, len(sandbox.writes)) == (204, False, 1)


@pytest.mark.parametrize(
    ("at", "good", "bad"),
    [
        (1, ["Day", "Night"], ["Weekend", "", 1]),
        (2, [21.5, 7], ["21.5", True]),
        (3, ["", "x"], [1]),
        (4, ["2026-11-20", "2026-11-20T10:00:00"], ["20.11.2026", 1]),
        (5, [True, False], ["true", 1]),
        (6, [18.5], ["$18"]),
        (8, [[], ["English", "Spanish"]], [["Klingon"], "English"]),
        (9, ["****"], [4]),
        (10, [], ["555"]),
        (11, [], ["x"]),
    ],
)
async def test_values_fit_their_field(client: Client, at: int, good: list[Any], bad: list[Any]) -> None:
    for values, status in ((good, 200), (bad, 400)):
        for value in values:
            detail = {"definitionId": FIELDS["job"] + at, "value": value}
            said = await client.inner("PATCH", PATHS["job"], {"customDetails": [detail]})
            assert said["status"] == status, value


async def test_only_avionte_has_it(sandbox: KomboSandbox, client: Client, plain: Client) -> None:
    body = {"method": "GET", "path": f"/job/{FIRST}"}
    assert code(await plain.call("POST", PASSTHROUGH, json=body)) == (400, "PLATFORM.INPUT_INVALID")
    for other in ("/passthrough/avionte", "/passthrough/avionte/back-office", "/passthrough/bullhorn/front-office-v1"):
        assert code(await client.call("POST", other, json=body))[0] == 404
    sandbox.faults.arm("extra_keys")
    assert (await client.inner("GET", f"/job/{FIRST}"))["data"]["id"] == FIRST
