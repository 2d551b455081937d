"""Records as they were pulled: in pages, by when they were kept so, by status, and a line each."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from aiohttp import ClientPayloadError
from structlog.testing import capture_logs

from domain.ids import ApplicationId, CandidateId, ConnectionId, JobId, StageId
from domain.job import JobStatus
from domain.policy import RecordType
from domain.pull import PullMode, Record
from ports.pulls import PulledPage, SeenRecord
from ports.scope import EVERYTHING
from tests import builders as b
from tests.web.rig import Api

LINES = {"Accept": "application/x-ndjson"}


async def keep(api: Api, connection: str, kind: RecordType, records: dict[str, Record | None]) -> None:
    """A pull that gives these; None was deleted."""
    await api.stores.pulls.ask(EVERYTHING, ConnectionId(connection), [kind], PullMode.CHANGES)
    (claim,) = await api.stores.pulls.claim(1)
    digest = repr(sorted(records.items())).encode()[-32:].rjust(32)
    seen = tuple(SeenRecord(id=name, digest=digest, record=record) for name, record in records.items())
    await api.stores.pulls.keep(claim, PulledPage(read=len(seen), seen=seen))
    await api.stores.pulls.finish(claim, next_in=None, full_in=None)


def jobs(*names: str, status: JobStatus = JobStatus.OPEN) -> dict[str, Record | None]:
    return {name: b.a_job(id=JobId(name), status=status) for name in names}


async def listed(api: Api, path: str, **params: str) -> list[Any]:
    answer = await api("GET", path, params=params)
    assert answer.status == 200, answer.text
    items: list[Any] = answer.body["items"]
    return items


async def test_records_are_as_they_are_read_live_and_say_since_when(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    assert await listed(api, f"{path}/jobs") == []
    await api("POST", f"{path}/pulls", {})
    await api.pull()

    for kind, name in (("jobs", b.JOB), ("candidates", b.CANDIDATE)):
        live = (await api("GET", f"{path}/{kind}/{name}")).body
        (kept,) = [one for one in await listed(api, f"{path}/{kind}") if one["id"] == name]
        assert kept == {**live, "updated_at": "2026-11-21T09:30:00Z"}
    assert b.APPLICATION in {one["id"] for one in await listed(api, f"{path}/applications")}


async def test_they_come_in_pages_and_whoever_goes_on_misses_nothing(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/jobs"
    await keep(api, connection, RecordType.JOB, jobs("a", "b", "c"))
    first = await api("GET", path, params={"limit": "2"})
    api.clock.advance(1)
    await keep(api, connection, RecordType.JOB, jobs("a", status=JobStatus.CLOSED))
    second = await api("GET", path, params={"limit": "2", "cursor": first.body["next"]})

    assert [one["id"] for one in first.body["items"]] == ["a", "b"]
    assert [(one["id"], one["status"]) for one in second.body["items"]] == [("c", "open"), ("a", "closed")]
    assert second.body["next"] is None


async def test_what_was_kept_since_is_found_deleted_ones_too(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/candidates"
    people: dict[str, Record | None] = {name: b.a_candidate(id=CandidateId(name)) for name in ("a", "b", "c")}
    await keep(api, connection, RecordType.CANDIDATE, people)
    before = api.clock.now().isoformat()
    api.clock.advance(60)
    await keep(api, connection, RecordType.CANDIDATE, {"b": None, "d": b.a_candidate(id=CandidateId("d"))})

    since = await listed(api, path, updated_after=before)
    assert [one["id"] for one in since] == ["b", "d"]
    assert since[0] == {"id": "b", "deleted": True, "updated_at": "2026-11-21T09:31:00Z"}
    assert [one["id"] for one in await listed(api, path)] == ["a", "c", "d"]


async def test_they_are_found_by_status(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}"
    await keep(api, connection, RecordType.JOB, jobs("a") | jobs("b", status=JobStatus.FILLED))
    await keep(
        api,
        connection,
        RecordType.APPLICATION,
        {name: b.an_application(id=ApplicationId(name), stage_id=StageId(f"stage {name}")) for name in ("x", "y")},
    )
    assert [one["id"] for one in await listed(api, f"{path}/jobs", status="filled")] == ["b"]
    assert [one["id"] for one in await listed(api, f"{path}/applications", status="stage y")] == ["y"]
    assert await listed(api, f"{path}/applications", status="nowhere") == []


@pytest.mark.parametrize(
    ("path", "pointers"),
    [
        ("jobs?status=ready&updated_after=2026-11-21T09:00:00&limit=0", {"status", "updated_after", "limit"}),
        ("jobs?updated_after=yesterday", {"updated_after"}),
        ("jobs?updated_after=1700000000", {"updated_after"}),
        ("candidates?status=open", {"status"}),
        ("candidates?cursor=nonsense", {"cursor"}),
        ("applications?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OmE", {"cursor"}),
        ("applications?status=", {"status"}),
        ("jobs?detail=true&status=open&updated_after=2026-11-21T09:00:00Z", {"status", "updated_after"}),
    ],
)
@pytest.mark.parametrize("headers", [{}, LINES])
async def test_a_query_that_cannot_be_is_said_before_anything_is_sent(
    api: Api, connection: str, path: str, pointers: set[str], headers: dict[str, str]
) -> None:
    answer = await api("GET", f"/v1/connections/{connection}/{path}", headers=headers)
    assert (answer.status, set(answer.faults)) == (400, {f"/query/{one}" for one in pointers})


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_any_moment_will_do(api: Api, connection: str, moment: str) -> None:
    await listed(api, f"/v1/connections/{connection}/jobs", updated_after=moment)


async def test_a_whole_list_comes_a_record_a_line(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/jobs"
    names = [f"job-{n:03}" for n in range(450)]
    await keep(api, connection, RecordType.JOB, jobs(*names))
    whole = await api("GET", f"{path}?limit=1", headers=LINES)
    first = await api("GET", f"{path}?limit=200")
    rest = await api("GET", f"{path}?cursor={quote(first.body['next'])}", headers=LINES)

    assert (whole.status, whole.headers["Content-Type"]) == (200, "application/x-ndjson")
    assert [json.loads(line)["id"] for line in whole.text.splitlines()] == names
    assert [json.loads(line) for line in whole.text.splitlines()[:200]] == first.body["items"]
    assert [json.loads(line)["id"] for line in rest.text.splitlines()] == names[200:]
    assert whole.text.endswith("}\n")


async def test_a_list_of_nothing_has_no_lines(api: Api, connection: str) -> None:
    answer = await api("GET", f"/v1/connections/{connection}/jobs", headers=LINES)
    assert (answer.status, answer.text) == (200, "")


@pytest.mark.parametrize("headers", [{}, LINES])
async def test_what_the_provider_does_not_give_is_no_empty_list(api: Api, headers: dict[str, str]) -> None:
    nobody = await api.add_connection(provider="public_api", settings={}, credentials={})
    answer = await api("GET", f"/v1/connections/{nobody}/jobs", headers=headers)
    assert (answer.status, answer.body["type"]) == (501, "urn:atsbridge:problem:unsupported")


async def test_lines_that_the_database_cannot_go_on_with_have_no_end(api: Api, connection: str) -> None:
    def gone(c: sa.Connection, _: Sequence[object]) -> list[None]:
        c.exec_driver_sql("DROP TABLE records").close()
        return [None]

    path, text = f"/v1/connections/{connection}/jobs", "x" * 20_000
    many: dict[str, Record | None] = {str(n): b.a_job(id=JobId(str(n)), description=text) for n in range(1_000)}
    await keep(api, connection, RecordType.JOB, many)
    with capture_logs() as lines:
        async with api.client.get(path, headers={**LINES, "Authorization": f"Bearer {api.key}"}) as answer:
            await answer.content.readexactly(1_000)
            await api.stores.database.write(gone, None)
            with pytest.raises(ClientPayloadError):
                await answer.content.read()
    assert [one["event"] for one in lines if one["log_level"] == "warning"] == ["an answer was cut off"]
    assert text not in str(lines)


async def test_lines_of_a_connection_that_is_not_there_are_a_problem(api: Api) -> None:
    answer = await api("GET", "/v1/connections/con_none/jobs", headers=LINES)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
