"""The service itself, without a key."""

from pathlib import Path

from tests.web.bodies import a_call_result, a_screening
from tests.web.rig import Api, an_api


async def test_it_is_alive_and_ready(api: Api) -> None:
    nobody = api.with_key("")
    assert (await nobody("GET", "/healthz")).body == {"status": "ok"}
    assert (await nobody("GET", "/readyz")).body == {"status": "ready"}


async def test_while_the_database_does_not_take_a_receipt_it_is_not_ready(api: Api) -> None:
    api.container.receipts().in_hand += 1
    answer = await api("GET", "/readyz")
    assert "atsbridge_receipts_in_hand 1.0" in (await api("GET", "/metrics")).text
    assert (answer.status, answer.body["type"]) == (503, "urn:atsbridge:problem:not-ready")
    api.container.receipts().in_hand -= 1
    assert (await api("GET", "/readyz")).status == 200


async def test_without_its_database_it_is_not_ready(tmp_path: Path) -> None:
    async with an_api(tmp_path / "nowhere" / "web.db", admin=False) as api:
        answer = await api("GET", "/readyz")
        refused = await api("GET", "/v1/writebacks")

    assert answer.status == refused.status == 503
    assert answer.headers["Retry-After"]
    assert set(answer.body) == {"type", "title", "status", "detail"}


async def test_counts_bear_no_names_of_customers(api: Api, connection: str) -> None:
    await api("POST", f"/v1/connections/{connection}/call-results?dry_run=false", a_call_result())
    await api("GET", f"/v1/connections/{connection}/nothing/here")
    await api("PROPFIND", "/healthz")
    counted = (await api.with_key("")("GET", "/metrics")).text
    path = "/v1/connections/{connection}/call-results"

    assert f'atsbridge_http_requests_total{{method="POST",route="{path}",status="202"}} 1.0' in counted
    assert 'route="unknown",status="404"' in counted
    assert 'method="other"' in counted
    assert connection not in counted


async def test_unknown_paths_and_methods_are_problems(api: Api) -> None:
    nowhere = await api("GET", "/v1/nowhere")
    wrong = await api("PUT", "/v1/connections")

    assert (nowhere.status, nowhere.body["type"]) == (404, "urn:atsbridge:problem:not-found")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET,POST")
    assert wrong.headers["Content-Type"].startswith("application/problem+json")


async def test_every_answer_is_kept_by_nobody_and_says_little_of_us(api: Api) -> None:
    for path in ("/healthz", "/v1/connections", "/v1/nowhere"):
        headers = (await api("GET", path)).headers
        kept = (headers["Server"], headers["Cache-Control"], headers["X-Content-Type-Options"])
        assert kept == ("atsbridge", "no-store", "nosniff")


async def test_expectations_are_met_or_refused(api: Api, connection: str) -> None:
    url = f"/v1/connections/{connection}/screenings"
    met = await api("POST", url, a_screening(), expect100=True)
    odd = await api("GET", "/healthz", headers={"Expect": "miracles"})

    assert met.status == 202
    assert (odd.status, odd.body["status"]) == (417, 417)
