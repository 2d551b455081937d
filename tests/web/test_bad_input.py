"""Bad input: every fault is named with its pointer, nothing is half written, and nothing is lost."""

import asyncio
import io
import json
from typing import Any

import pytest

from domain.attachment import LARGEST_FILE
from domain.job_application import Outcome
from entrypoints.web.reading import LARGEST_BODY
from ports.errors import UnavailableError
from tests import builders as b
from tests.web.bodies import a_call_result, a_file, a_screening, in_base64
from tests.web.rig import Api

BAD_RESULTS: list[tuple[dict[str, Any], set[str]]] = [
    ({"call_id": ""}, {"/call_id"}),
    (
        {"call_id": "a\u0000b", "candidate_id": " c", "application_id": "a\n"},
        {"/call_id", "/candidate_id", "/application_id"},
    ),
    ({"call_id": 7, "candidate_id": ["c"], "job_id": {}}, {"/call_id", "/candidate_id", "/job_id"}),
    ({"call_id": "x" * 256, "summary": "x" * 20_001}, {"/call_id", "/summary"}),
    ({"summary": "bell\u0007", "outcome": "answered", "verdict": "yes"}, {"/summary", "/outcome", "/verdict"}),
    ({"started_at": "2026-11-21T09:00:00", "ended_at": "yesterday"}, {"/started_at", "/ended_at"}),
    ({"started_at": "2026-11-21T09:12:01Z"}, {"/ended_at"}),
    ({"started_at": "2026-11-21T09:12:01Z", "score": 101, "surprise": 1}, {"/ended_at", "/score", "/surprise"}),
    ({"surprise": 1}, {"/surprise"}),
    ({"answers": [{"question": "q", "answer": "a"}, {"question": "q", "answer": "a", "x": 1}]}, {"/answers/1/x"}),
    ({"transcript": [{"speaker": "s", "at_s": 1, "text": "t", "x": 1}]}, {"/transcript/0/x"}),
    ({"report": a_file(x=1)}, {"/report/x"}),
    ({"score": -0.5}, {"/score"}),
    ({"score": "80"}, {"/score"}),
    ({"score": True}, {"/score"}),
    ({"answers": {}}, {"/answers"}),
    ({"answers": "Yes"}, {"/answers"}),
    (
        {"answers": [{"question": "q", "answer": 1}, 5, {"answer": "a", "x/y~z": 1}]},
        {"/answers/0/answer", "/answers/1", "/answers/2/question", "/answers/2/x~1y~0z"},
    ),
    ({"answers": [{"question": "q", "answer": "a"}] * 501}, {"/answers"}),
    (
        {"transcript": [{"speaker": "", "at_s": -1, "text": 5}]},
        {"/transcript/0/speaker", "/transcript/0/at_s", "/transcript/0/text"},
    ),
    ({"report": []}, {"/report"}),
    ({"report": a_file(filename="report.exe", content_base64="!")}, {"/report/filename", "/report/content_base64"}),
    ({"report": a_file(filename="../report.pdf")}, {"/report/filename"}),
    ({"report": a_file(content_base64=in_base64(b.a_pdf())[:-3])}, {"/report/content_base64"}),
    ({"report": a_file(content_base64=in_base64(b.a_pdf()) + "\n")}, {"/report/content_base64"}),
    ({"report": a_file(content_base64=in_base64(b"MZ\x90 not a PDF"))}, {"/report/content_base64"}),
    ({"report": a_file(content_base64=in_base64(b"%PDF-1.7 cut off"))}, {"/report/content_base64"}),
    ({"report": a_file(content_base64="")}, {"/report/content_base64"}),
    ({"report": {}}, {"/report/filename", "/report/content_base64"}),
]


@pytest.mark.parametrize(("changes", "pointers"), BAD_RESULTS)
async def test_every_fault_of_a_call_result_is_named(
    api: Api, connection: str, changes: dict[str, Any], pointers: set[str]
) -> None:
    for query in ("", "?dry_run=true"):
        answer = await api("POST", f"/v1/connections/{connection}/call-results{query}", a_call_result(**changes))
        assert (answer.status, set(answer.faults)) == (422, pointers)
    assert (await api("GET", "/v1/writebacks")).body["items"] == []


async def test_what_is_missing_is_named(api: Api, connection: str) -> None:
    result = await api("POST", f"/v1/connections/{connection}/call-results", {})
    screening = await api("POST", f"/v1/connections/{connection}/screenings", {})
    assert result.faults == dict.fromkeys(
        ("/call_id", "/candidate_id", "/started_at", "/ended_at", "/outcome", "/summary"), "is required"
    )
    assert set(screening.faults) == {"/screening_id", "/application_id", "/candidate_id", "/answers"}


@pytest.mark.parametrize("raw", ["[]", "5", "null", '"text"', "[{}]"])
async def test_anything_but_an_object_is_named_at_the_root(api: Api, connection: str, raw: str) -> None:
    for path in ("call-results", "screenings"):
        answer = await _posted(api, f"/v1/connections/{connection}/{path}", raw.encode())
        assert (answer.status, answer.faults) == (422, {"": "must be an object"})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"a": "\xff"}',
        b'{"a": 1, "a": 2}',
        b'{"a" : 1, "b": {"c": ": ", "c"\n: 2}}',
        b"[" * 100_000,
        b"[" * 200 + b"]" * 200,
        b'{"a":' * 70 + b"1" + b"}" * 70,
        b"1" + b"0" * 5_000,
    ],
)
async def test_what_is_not_json_is_said_to_be_malformed(api: Api, connection: str, raw: bytes) -> None:
    answer = await _posted(api, f"/v1/connections/{connection}/call-results", raw)
    assert (answer.status, answer.body["type"]) == (400, "urn:atsbridge:problem:malformed-json")


async def test_texts_that_look_like_members_are_not_taken_for_repeats(api: Api, connection: str) -> None:
    body = a_call_result(summary=': "summary": "x" : ', answers=[{"question": "q", "answer": '": "'}])
    answer = await api("POST", f"/v1/connections/{connection}/call-results", body)
    assert answer.status == 202


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "application/json; charset=utf-16",
        "",
        "application/merge-patch+json",
    ],
)
async def test_only_json_is_taken(api: Api, connection: str, media_type: str) -> None:
    answer = await _posted(api, f"/v1/connections/{connection}/call-results", b"{}", media_type)
    assert answer.status == 415


async def test_json_is_taken_with_its_usual_charset(api: Api, connection: str) -> None:
    raw = json.dumps(a_call_result()).encode()
    answer = await _posted(api, f"/v1/connections/{connection}/call-results", raw, "application/json; charset=UTF-8")
    assert answer.status == 202


@pytest.mark.slow
async def test_a_file_of_25_mib_is_taken_and_one_byte_more_is_not(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    end = b"%%EOF"
    largest = b"%PDF-1.7\n".ljust(LARGEST_FILE - len(end), b" ") + end
    taken = await _posted(api, path, _with_report(largest))
    refused = await _posted(api, path, _with_report(largest + b"\n"))

    assert taken.status == 202
    assert (refused.status, set(refused.faults)) == (422, {"/report/content_base64"})


def _with_report(content: bytes) -> io.BytesIO:
    return io.BytesIO(json.dumps(a_call_result(report=a_file(content_base64=in_base64(content)))).encode())


async def test_a_body_that_is_too_large_is_not_read(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    headers = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json"}
    told = {**headers, "Content-Length": str(LARGEST_BODY + 1)}
    async with api.client.request("POST", path, headers=told, data=_never_ending()) as response:
        assert response.status == 413
        assert (await response.json(content_type=None))["type"] == "urn:atsbridge:problem:too-large"


async def _never_ending() -> Any:
    yield b"{"
    await asyncio.Event().wait()


@pytest.mark.slow
async def test_a_body_of_unknown_length_is_cut_off(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    answer = await _posted(api, path, _pieces(LARGEST_BODY + 1))
    assert (answer.status, answer.body["type"]) == (413, "urn:atsbridge:problem:too-large")


async def _pieces(size: int) -> Any:
    piece = b" " * (1024 * 1024)
    while size > 0:
        yield piece[:size]
        size -= len(piece)


async def test_a_body_that_is_not_compressed_as_it_says(api: Api, connection: str) -> None:
    headers = {"Content-Encoding": "gzip"}
    answer = await _posted(api, f"/v1/connections/{connection}/call-results", b"not gzip", headers=headers)
    assert answer.status == 400


async def _posted(
    api: Api, path: str, raw: Any, media_type: str = "application/json", headers: dict[str, str] | None = None
) -> Any:
    return await api("POST", path, data=raw, headers={"Content-Type": media_type, **(headers or {})})


@pytest.mark.parametrize(
    ("path", "pointers"),
    [
        ("/v1/writebacks?limit=0", {"/query/limit"}),
        ("/v1/writebacks?limit=201&state=lost&colour=red", {"/query/limit", "/query/state", "/query/colour"}),
        ("/v1/writebacks?limit=many&cursor=", {"/query/limit", "/query/cursor"}),
        ("/v1/writebacks?limit=1&limit=2", {"/query/limit"}),
        ("/v1/writebacks?cursor=%00", {"/query/cursor"}),
        ("/v1/connections/{c}/jobs?detail=perhaps", {"/query/detail"}),
        ("/v1/connections/{c}/jobs?detail=true&cursor=nonsense", {"/query/cursor"}),
        ("/v1/connections/{c}/stages?barred=yes", {"/query/barred"}),
        ("/v1/connections/{c}/candidates/search", {"/query"}),
    ],
)
async def test_every_fault_of_a_query_is_named(api: Api, connection: str, path: str, pointers: set[str]) -> None:
    answer = await api("GET", path.replace("{c}", connection))
    assert (answer.status, set(answer.faults)) == (400, pointers)


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "%ED%A0%80", "x" * 300, "%7F"])
async def test_ids_that_cannot_be_are_not_found(api: Api, connection: str, name: str) -> None:
    for path in (f"/v1/connections/{name}", f"/v1/writebacks/{name}", f"/v1/connections/{connection}/jobs/{name}"):
        assert (await api("GET", path)).status == 404


@pytest.mark.parametrize("tag", ["abc", '"abc"', "*", 'W/"' + "0" * 64 + '"', '"' + "0" * 64 + '", "x"'])
async def test_only_the_etag_of_a_dry_run_can_be_agreed_to(api: Api, connection: str, tag: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    answer = await api("POST", path, a_call_result(), headers={"If-Match": tag})
    assert (answer.status, set(answer.faults)) == (400, {"/header/If-Match"})


async def test_facts_that_cannot_be_read_are_no_agreement(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/screenings"
    shown = await api("POST", f"{path}?dry_run=true", a_screening())
    ats = api.offices.of(connection)
    ats.fail_next(UnavailableError("the ATS is down", retry_after=7.2), on="stage_moves.current")
    answer = await api("POST", path, a_screening(), headers={"If-Match": shown.headers["ETag"]})

    assert (answer.status, answer.headers["Retry-After"]) == (503, "8")
    assert (await api("GET", "/v1/writebacks")).body["items"] == []


@pytest.mark.parametrize("path", ["call-results", "screenings"])
async def test_an_unknown_connection_keeps_nothing(api: Api, path: str) -> None:
    body = a_call_result() if path == "call-results" else a_screening()
    answer = await api("POST", f"/v1/connections/con_none/{path}", body)
    assert answer.status == 404
    assert (await api("GET", "/v1/writebacks")).body["items"] == []


async def test_what_the_ats_does_not_have_is_a_refused_effect_with_its_reason(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/applications/{b.APPLICATION}"
    hrefs = [
        (await api("POST", f"{path}/stage", {"stage_id": "nowhere"})).body["href"],
        (await api("POST", f"{path}/stage", {"stage_id": b.PIPELINE})).body["href"],
        (await api("POST", f"{path}/rejection", {"reason_id": "unheard-of"})).body["href"],
        (await api("POST", f"{path}/rejection", {"reason_id": b.RETIRED_REASON})).body["href"],
    ]
    while await api.carry_out():
        api.clock.advance(1)
    found = [(await api("GET", href)).body for href in hrefs]

    assert [one["state"] for one in found] == ["refused"] * 4
    assert [one["effects"][0]["reason"] for one in found] == [
        "stage nowhere does not exist",
        f"stage {b.PIPELINE} is barred: {b.PIPELINE_BARRED}",
        "disposition reason unheard-of does not exist",
        f"disposition reason {b.RETIRED_REASON} is no longer active",
    ]
    assert api.offices.of(connection).writes == []


async def test_an_application_that_has_ended_is_left_alone(api: Api, connection: str) -> None:
    ats = api.offices.of(connection)
    ats.state.ended[b.APPLICATION] = (Outcome.CLOSED, None)
    url = f"/v1/connections/{connection}/applications/{b.APPLICATION}/stage"
    accepted = await api("POST", url, {"stage_id": b.INTERVIEW})
    await api.carry_out()
    effect = (await api("GET", accepted.body["href"])).body["effects"][0]

    assert effect["state"] == "refused"
    assert effect["reason"].startswith("the application has ended")


async def test_a_dead_host_delays_the_result_and_loses_nothing(api: Api, connection: str) -> None:
    ats = api.offices.of(connection)
    ats.fail_next(UnavailableError("the host does not answer"), on="*", times=3)
    await api("POST", f"/v1/connections/{connection}/call-results", a_call_result())
    await api.carry_out()
    found = await api("GET", f"/v1/connections/{connection}/results/call-1")
    assert (found.body["state"], found.body["reason"]) == ("waiting", "the host does not answer")
    for _ in range(5):
        api.clock.advance(600)
        await api.carry_out()
    assert (await api("GET", f"/v1/connections/{connection}/results/call-1")).body["state"] == "done"
