"""Records of the ATS, live; what goes wrong there is told by whose move is next."""

import attrs
import pytest

from domain.ids import CandidateId, ConnectionId, JobId
from domain.job import Job
from ports.candidates import CandidateLookup
from ports.errors import (
    AccessError,
    MalformedReplyError,
    PortError,
    ThrottledError,
    TimedOutError,
    UnavailableError,
)
from ports.jobs import JobLookup
from tests import builders as b
from tests.memory_gateway import memory_gateway, without
from tests.web.rig import Api


async def test_a_job_and_its_detail(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/jobs/{b.JOB}"
    job, detail = await api("GET", path), await api("GET", f"{path}?detail=true")

    assert (job.body["title"], job.body["status"]) == ("Night Welder", "open")
    assert detail.body["job"] == job.body
    assert detail.body["address"] == "1 Foundry Lane"


async def test_jobs_in_detail_come_in_batches(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/jobs?detail=true&limit=2"
    first = await api("GET", path)
    second = await api("GET", f"{path}&cursor={first.body['next']}")

    assert [one["job"]["id"] for one in first.body["items"] + second.body["items"]] == ["job-1", "job-2", "job-3"]
    assert second.body["next"] is None


async def test_a_candidate_is_looked_up_and_searched_for(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/candidates"
    found = await api("GET", f"{path}/{b.CANDIDATE}")
    searched = await api("GET", f"{path}/search", params={"phone": b.PHONE, "last_name": b.LAST_NAME.upper()})
    nobody = await api("GET", f"{path}/search", params={"email": "nobody@canary.invalid"})

    assert found.body["emails"] == [b.EMAIL]
    assert searched.body["items"] == [found.body]
    assert nobody.body["items"] == []


async def test_a_candidate_in_detail_is_the_candidate_and_more(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}"
    record, detail = await api("GET", path), await api("GET", f"{path}?detail=true")

    assert {**detail.body, **record.body} == detail.body
    assert (detail.body["status"], detail.body["address"], detail.body["missing"]) == ("Active", "Leeds", [])
    assert "status" not in record.body


async def test_a_resume_is_a_file_that_no_browser_opens(api: Api, connection: str) -> None:
    state = api.offices.of(connection).state
    state.resumes[b.CANDIDATE] = attrs.evolve(
        state.resumes[b.CANDIDATE], filename='r\u00e9sum\u00e9"\r\n.pdf', media_type="text/html\r\nX-Evil: 1"
    )
    answer = await api("GET", f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/resume")

    assert answer.status == 200
    assert answer.text.startswith("%PDF-1.7")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    shown = answer.headers["Content-Disposition"]
    assert shown == "attachment; filename=\"r_sum__.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9%22.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Evil" not in answer.headers


async def test_where_an_application_stands(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/applications/{b.APPLICATION}/standing"
    standing = await api("GET", path)
    api.offices.of(connection).blind = "the log is off"
    blind = await api("GET", path)

    assert standing.body == {"stage": b.APPLIED, "outcome": "open", "candidate": b.CANDIDATE}
    assert blind.body == {"cannot_tell": "the log is off"}


async def test_barred_stages_are_shown_on_request(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/stages"
    usual, every = await api("GET", path), await api("GET", f"{path}?barred=include")

    assert b.PIPELINE not in {one["id"] for one in usual.body["items"]}
    assert {one["id"]: one["barred"] for one in every.body["items"]}[b.PIPELINE] == b.PIPELINE_BARRED


async def test_reasons_and_fields(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    reasons = await api("GET", f"{path}/disposition-reasons")
    definitions = await api("GET", f"{path}/custom-fields/candidate")
    await api(
        "PATCH", f"{path}/candidates/{b.CANDIDATE}/custom-fields", {"updates": [{"field": b.SHIFT, "value": "day"}]}
    )
    await api.carry_out()
    values = await api("GET", f"{path}/candidates/{b.CANDIDATE}/custom-fields")

    assert {one["id"]: one["active"] for one in reasons.body["items"]} == {
        b.NOT_QUALIFIED: True,
        b.RETIRED_REASON: False,
    }
    assert [one["id"] for one in definitions.body["items"]] == [b.SALARY, b.START, b.SHIFT, b.FORKLIFT, b.SHARE]
    assert {one["id"]: one.get("value") for one in values.body["items"]}[b.SHIFT] == "Day"
    for record, name in (("job", b.JOB), ("application", b.APPLICATION)):
        assert (await api("GET", f"{path}/{record}s/{name}/custom-fields")).status == 200
    assert (await api("GET", f"{path}/custom-fields/company")).status == 404
    api.offices.of(connection).blind = "the log is off"
    assert (await api("GET", f"{path}/jobs/{b.JOB}/custom-fields")).body["cannot_tell"] == "the log is off"


@pytest.mark.parametrize(
    "path",
    [
        "jobs/none",
        "jobs/none?detail=true",
        "candidates/none",
        f"candidates/{b.OTHER_CANDIDATE}/resume",
        "applications/none/standing",
        "jobs/none/custom-fields",
    ],
)
async def test_what_the_ats_does_not_have_is_not_found(api: Api, connection: str, path: str) -> None:
    assert (await api("GET", f"/v1/connections/{connection}/{path}")).status == 404


async def test_what_a_provider_cannot_do_is_said_with_its_reason(api: Api, connection: str) -> None:
    lacking = ("job_lookup", "candidate_search", "stages", "resumes", "stage_moves", "job_fields", "job_detail_feed")
    gateway = without(memory_gateway(), *lacking, why="no such thing here")
    api.offices.gateways[ConnectionId(connection)] = gateway
    paths = (
        f"jobs/{b.JOB}",
        "candidates/search?first_name=Z",
        "stages",
        f"candidates/{b.CANDIDATE}/resume",
        f"applications/{b.APPLICATION}/standing",
        "custom-fields/job",
        "jobs?detail=true",
    )
    for path in paths:
        answer = await api("GET", f"/v1/connections/{connection}/{path}")
        assert (answer.status, answer.body["detail"]) == (501, "no such thing here"), path


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (AccessError("the log-in was refused"), 424, None),
        (UnavailableError("down"), 503, "5"),
        (ThrottledError("slow down", retry_after=0.2), 503, "1"),
        (TimedOutError("too slow", retry_after=61.5), 503, "62"),
        (MalformedReplyError("does not fit", path="/id"), 502, None),
    ],
)
async def test_failures_of_the_ats_are_told_apart(
    api: Api, connection: str, error: PortError, status: int, retry_after: str | None
) -> None:
    api.offices.of(connection).fail_next(error, on="job_lookup.job")
    answer = await api("GET", f"/v1/connections/{connection}/jobs/{b.JOB}")

    assert (answer.status, answer.headers.get("Retry-After")) == (status, retry_after)
    assert answer.body["detail"] == error.message


class Broken(JobLookup, CandidateLookup):
    """Fails in a way that nobody foresaw, with what it was working on in the message."""

    async def job(self, job_id: JobId) -> Job:
        raise RuntimeError(f"{b.EMAIL} broke {job_id}")

    async def candidate(self, candidate_id: CandidateId) -> None:  # type: ignore[override]
        secret = b.API_SECRET
        raise KeyError(secret)


async def test_what_nobody_foresaw_tells_nothing(api: Api, connection: str) -> None:
    gateway = attrs.evolve(memory_gateway(), job_lookup=Broken(), candidate_lookup=Broken())
    api.offices.gateways[ConnectionId(connection)] = gateway
    for path in (f"jobs/{b.JOB}", f"candidates/{b.CANDIDATE}"):
        answer = await api("GET", f"/v1/connections/{connection}/{path}")
        assert answer.status == 500
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert not any(canary in answer.text for canary in b.CANARIES)
