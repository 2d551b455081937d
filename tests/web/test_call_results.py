"""Call results: handed in once, carried out, looked at."""

from tests import builders as b
from tests.web.bodies import a_call_result, a_screening
from tests.web.rig import Api


async def test_a_call_result_is_accepted_and_lands_in_the_ats(api: Api, connection: str) -> None:
    accepted = await api("POST", f"/v1/connections/{connection}/call-results", a_call_result())

    assert accepted.status == 202
    assert accepted.headers["Location"] == accepted.body["href"] == f"/v1/writebacks/{accepted.body['writeback_id']}"
    waiting = await api("GET", accepted.body["href"])
    assert (waiting.status, waiting.body["state"], waiting.body["effects"]) == (200, "waiting", [])

    await api.carry_out()

    done = await api("GET", f"/v1/connections/{connection}/results/call-1")
    assert done.body["state"] == "done"
    assert [one["slot"] for one in done.body["effects"]] == [
        "note@application",
        "file@application",
        "tag@candidate",
        "status@application",
    ]
    assert {one["kind"] for one in api.offices.of(connection).writes} == {"note", "file", "tag", "stage"}
    note = done.body["effects"][0]
    assert note["target"] == {"type": "application", "id": b.APPLICATION}
    assert note["receipt"]["id"].startswith("note-")


async def test_the_same_result_again_is_the_same_write_back(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    first = await api("POST", path, a_call_result())
    again = await api("POST", path, a_call_result())

    assert (again.status, again.body) == (202, first.body)


async def test_another_result_under_the_same_call_is_refused(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    await api("POST", path, a_call_result())
    other = await api("POST", path, a_call_result(summary="Another call altogether"))

    assert other.status == 409
    assert other.body["type"] == "urn:atsbridge:problem:conflict"


async def test_a_dry_run_writes_nothing_and_shows_what_would_be(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    shown = await api("POST", f"{path}?dry_run=true", a_call_result())

    assert shown.status == 200
    note, file, tag, status = shown.body["effects"]
    assert f"ref {note['marker']}" in note["preview"]
    assert (file["file"]["filename"], file["preview"]) == ("report.pdf", f"report-{file['marker']}.pdf")
    assert (tag["value"], tag["before"], tag["wanted"]) == (b.SCREENED_TAG, ["untagged"], "tagged")
    assert (status["state"], status["n"], "reason" in status) == ("planned", 4, False)
    assert (status["value"], status["before"], status["wanted"]) == (b.SCREENED, ["stage:applied"], "stage:screened")
    assert (await api("GET", "/v1/writebacks")).body["items"] == []
    assert api.offices.of(connection).writes == []


async def test_a_plan_that_was_agreed_to_is_the_one_carried_out(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/screenings"
    shown = await api("POST", f"{path}?dry_run=true", a_screening())
    accepted = await api("POST", path, a_screening(), headers={"If-Match": shown.headers["ETag"]})
    found = await api("GET", accepted.body["href"])

    assert accepted.status == 202
    kept = [(one["n"], one["slot"], one["marker"], one["state"]) for one in found.body["effects"]]
    assert kept == [(one["n"], one["slot"], one["marker"], one["state"]) for one in shown.body["effects"]]


async def test_a_plan_that_moved_is_not_accepted(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/screenings"
    shown = await api("POST", f"{path}?dry_run=true", a_screening())
    state = api.offices.of(connection).state
    state.move(b.APPLICATION, b.INTERVIEW, api.clock.now())
    moved = await api("POST", path, a_screening(), headers={"If-Match": shown.headers["ETag"]})

    assert moved.status == 412
    assert (await api("GET", "/v1/writebacks")).body["items"] == []


async def test_an_agreed_request_sent_again_is_the_same_write_back(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/screenings"
    shown = await api("POST", f"{path}?dry_run=true", a_screening())
    agreed = {"If-Match": shown.headers["ETag"]}
    first = await api("POST", path, a_screening(), headers=agreed)
    await api.carry_out()
    again = await api("POST", path, a_screening(), headers=agreed)
    other = await api("POST", path, a_screening(score=1), headers=agreed)

    assert (again.status, again.body) == (202, first.body)
    assert other.status == 409


async def test_a_sourcing_call_without_an_application_skips_what_needs_one(api: Api, connection: str) -> None:
    body = a_call_result(application_id=None, job_id=None, report=None)
    await api("POST", f"/v1/connections/{connection}/call-results", body)
    await api.carry_out()
    found = await api("GET", f"/v1/connections/{connection}/results/call-1")

    effects = {one["slot"]: one for one in found.body["effects"]}
    assert effects["note@candidate"]["state"] == "confirmed"
    assert effects["status@application"]["state"] == "skipped"
    assert effects["status@application"]["target"] == {"type": "application", "id": ""}
    assert "sourcing call" in effects["status@application"]["reason"]


async def test_the_report_of_a_result_is_a_file(api: Api, connection: str) -> None:
    await api("POST", f"/v1/connections/{connection}/call-results", a_call_result())
    reader = await api.add_key("read", connection=connection)
    path = f"/v1/connections/{connection}/results/call-1"
    named = (await reader("GET", path)).body["result"]["report"]
    report = await reader("GET", f"{path}/report")

    assert (report.status, report.text.encode()) == (200, b.a_pdf())
    assert (named["filename"], named["size"]) == ("report.pdf", len(b.a_pdf()))
    assert report.headers["Content-Type"] == "application/pdf"
    assert report.headers["Content-Disposition"].startswith('attachment; filename="report.pdf"')
    assert "sandbox" in report.headers["Content-Security-Policy"]


async def test_where_there_is_no_report_there_is_none(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    await api("POST", f"{path}/call-results", a_call_result(report=None))

    assert (await api("GET", f"{path}/results/call-1/report")).status == 404
    assert (await api("GET", f"{path}/results/call-2/report")).status == 404


async def test_a_report_is_of_its_own_call_alone(api: Api, connection: str) -> None:
    """Another connection has a call of the same name."""
    other = await api.add_connection(name="Other")
    await api("POST", f"/v1/connections/{other}/call-results", a_call_result())
    await api("POST", f"/v1/connections/{connection}/call-results", a_call_result(report=None))
    reader = await api.add_key("read", connection=connection)

    for of in (connection, other):
        assert (await reader("GET", f"/v1/connections/{of}/results/call-1/report")).status == 404
