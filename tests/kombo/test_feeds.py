"""Feeds over Kombo's cursors: the query stays the same, nothing is lost or repeated, and bad records spoil no page."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.rest.endpoint import MEBIBYTE
from domain.ids import JobId
from domain.job import JobStatus
from entrypoints.sandbox.kombo import KomboSandbox
from ports.errors import InvalidInputError, MalformedReplyError
from ports.gateway import Gateway, need
from tests.kombo.rig import a_candidate, a_job, an_application, listed, opened, over, refused, said
from tests.rest.raw_server import Act, RawServer, cut_mid_body, hang_up, reply, serving

_HTML = b"<html><body>503</body></html>"
_TROUBLES: dict[str, Act] = {
    "429": refused(429, "PLATFORM.RATE_LIMIT_EXCEEDED"),
    "429 of a proxy": reply(429, _HTML),
    "503 HTML": reply(503, _HTML),
    "cut body": cut_mid_body,
    "lost reply": hang_up,
    "setup": refused(409, "INTEGRATION.SETUP_SYNC_PENDING"),
}


def queries(server: RawServer) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(seen.target).query, keep_blank_values=True) for seen in server.seen]


async def candidates(gateway: Gateway, after: datetime | None = None) -> list[Any]:
    return [one async for page in need(gateway.candidate_feed).changed_candidates(after) for one in page]


async def jobs(gateway: Gateway, statuses: Sequence[JobStatus] = ()) -> list[Any]:
    return [one async for page in need(gateway.job_feed).changed_jobs(statuses=statuses) for one in page]


async def test_every_page_is_asked_for_with_the_same_filters() -> None:
    after = datetime(2026, 11, 20, 11, 0, 0, 1999, tzinfo=timezone(timedelta(hours=2)))
    pages = [listed([a_candidate(1)], "c=/1"), listed([], "c2"), listed([a_candidate(2)])]
    async with serving(*pages) as server, over(server, overlap_seconds=1800) as gateway:
        seen = await candidates(gateway, after)

    first = {
        "page_size": ["250"],
        "include_deleted": ["true"],
        "ignore_unsupported_filters": ["false"],
        "updated_after": ["2026-11-20T08:30:00.001Z"],
    }
    assert queries(server) == [first, {**first, "cursor": ["c=/1"]}, {**first, "cursor": ["c2"]}]
    assert [one.id for one in seen] == ["cand1", "cand2"]


async def test_the_first_reading_has_no_window() -> None:
    async with serving(listed([])) as server, over(server, assumed={"page_size": "50"}) as gateway:
        await candidates(gateway)

    assert "updated_after" not in queries(server)[0]
    assert queries(server)[0]["page_size"] == ["50"]


@pytest.mark.parametrize("trouble", _TROUBLES)
async def test_no_page_is_lost_or_repeated_by_trouble_half_way(trouble: str) -> None:
    pages = [
        listed([a_candidate(1), a_candidate(2)], "c1"),
        _TROUBLES[trouble],
        listed([a_candidate(3)], "c2"),
        _TROUBLES[trouble],
        _TROUBLES[trouble],
        listed([a_candidate(4)]),
    ]
    async with serving(*pages) as server, over(server) as gateway:
        seen = await candidates(gateway)

    assert [one.id for one in seen] == ["cand1", "cand2", "cand3", "cand4"]
    assert [query.get("cursor") for query in queries(server)] == [None, ["c1"], ["c1"], ["c2"], ["c2"], ["c2"]]


@pytest.mark.parametrize("again", ["c1", "c2"])
async def test_a_cursor_that_comes_twice_is_refused(again: str) -> None:
    pages = [listed([a_candidate(1)], "c1"), listed([a_candidate(2)], "c2"), listed([a_candidate(3)], again)]
    seen: list[str] = []

    async def read(gateway: Gateway) -> None:
        async for page in need(gateway.candidate_feed).changed_candidates():
            seen.extend(one.id for one in page)

    async with serving(*pages) as server, over(server) as gateway:
        with pytest.raises(MalformedReplyError, match="twice"):
            await read(gateway)

    assert seen == ["cand1", "cand2", "cand3"]
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    "body", [{"data": {"next": None, "results": []}}, {"status": "success", "data": {"results": []}}]
)
async def test_a_page_that_does_not_say_how_it_goes_on_is_malformed(body: object) -> None:
    async with serving(said(body)) as server, over(server) as gateway:
        with pytest.raises(MalformedReplyError):
            await candidates(gateway)


SPOILED: tuple[tuple[dict[str, object], str], ...] = (
    ({"changed_at": None}, "$.changed_at"),
    ({"changed_at": "yesterday"}, "$.changed_at"),
    ({"changed_at": "2026-11-20T10:00:00"}, "$.changed_at"),
    ({"tags": None}, "$.tags"),
    ({"email_addresses": [{"email_address": 7}]}, "$.email_addresses[0].email_address"),
    ({"phone_numbers": [{"phone_number": None}]}, "$.phone_numbers[0].phone_number"),
)


@pytest.mark.parametrize(("changes", "path"), SPOILED)
async def test_a_record_that_cannot_be_read_is_put_aside_with_its_path(changes: dict[str, object], path: str) -> None:
    page = [a_candidate(1), a_candidate(2, **changes), a_candidate(3)]
    async with serving(listed(page)) as server, over(server) as gateway:
        seen = await candidates(gateway)

    assert [one.id for one in seen] == ["cand1", "cand2", "cand3"]
    assert [_fault(one) for one in seen] == [None, path, None]


@pytest.mark.parametrize("key", ["remote_id", "first_name", "changed_at", "applications", "tags"])
async def test_a_record_without_a_key_that_it_must_have_is_put_aside(key: str) -> None:
    lacking = {name: value for name, value in a_candidate(2).items() if name != key}
    async with serving(listed([lacking, a_candidate(3)])) as server, over(server) as gateway:
        seen = await candidates(gateway)

    assert [(one.id, _fault(one)) for one in seen] == [("cand2", f"$.{key}"), ("cand3", None)]


@pytest.mark.parametrize("record", [{**a_candidate(), "id": None}, {"x": 1}, 7, None, "cand1"])
async def test_a_record_without_an_id_can_still_be_told_apart(record: object) -> None:
    async with serving(listed([record, a_candidate(2)])) as server, over(server) as gateway:
        bad, good = await candidates(gateway)

    assert bad.id == f"unreadable-{bad.digest.hex()[:12]}"
    assert _fault(bad) is not None
    assert good.load().id == "cand2"


async def test_a_record_of_fifty_megabytes_comes_with_its_size_and_the_others_of_its_page() -> None:
    page = [a_candidate(1), a_candidate(2, first_name="x" * 50 * MEBIBYTE), a_candidate(3)]
    async with serving(listed(page)) as server, over(server) as gateway:
        seen = await candidates(gateway)

    assert [one.id for one in seen] == ["cand1", "cand2", "cand3"]
    assert [one.size > 50 * MEBIBYTE for one in seen] == [False, True, False]


async def test_keys_that_we_do_not_know_are_no_fault() -> None:
    more = a_candidate(1, integration_fields=[], remote_data=None, x_never_heard_of={"is": ["new"]})
    async with serving(listed([more])) as server, over(server) as gateway:
        (seen,) = await candidates(gateway)

    assert seen.load().emails == ("jo.1@example.test",)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"outcome": "NEVER_HEARD_OF"}, "$.outcome"),
        ({"job_id": None}, "$.job_id"),
        ({"candidate_id": None}, "$.candidate_id"),
    ],
)
async def test_an_application_of_nothing_or_of_an_unknown_outcome_is_put_aside(
    changes: dict[str, object], path: str
) -> None:
    async with serving(listed([an_application(1, **changes), an_application(2)])) as server, over(server) as gateway:
        pages = [page async for page in need(gateway.application_feed).changed_applications()]

    assert [_fault(one) for page in pages for one in page] == [path, None]


async def test_deleted_records_say_so() -> None:
    gone = a_candidate(2, remote_deleted_at="2026-11-20T10:00:00.000Z", first_name=None, last_name=None)
    async with serving(listed([a_candidate(1), gone])) as server, over(server) as gateway:
        seen = await candidates(gateway)

    assert [(one.id, one.deleted) for one in seen] == [("cand1", False), ("cand2", True)]


async def test_statuses_are_asked_for_in_kombos_words() -> None:
    async with serving(listed([])) as server, over(server) as gateway:
        await jobs(gateway, [JobStatus.CLOSED, JobStatus.DRAFT])
        await jobs(gateway, [JobStatus.OPEN, JobStatus.ON_HOLD])

    assert [set(query["statuses"][0].split(",")) for query in queries(server)] == [
        {"CLOSED", "ARCHIVED", "DRAFT"},
        {"OPEN"},
    ]


async def test_a_status_that_kombo_does_not_have_finds_nothing_and_asks_nothing() -> None:
    async with serving(listed([a_job()])) as server, over(server) as gateway:
        assert await jobs(gateway, [JobStatus.FILLED, JobStatus.ON_HOLD]) == []

    assert server.seen == []


async def test_unknown_statuses_are_asked_for_among_all() -> None:
    page = [a_job(1), a_job(2, status="PAUSED"), a_job(3, status=None)]
    async with serving(listed(page)) as server, over(server) as gateway:
        seen = await jobs(gateway, [JobStatus.UNKNOWN])

    assert "statuses" not in queries(server)[0]
    assert [(one.id, one.load().status_text) for one in seen] == [("job2", "PAUSED"), ("job3", None)]


@pytest.mark.parametrize(("many", "requests"), [(0, 0), (1, 1), (50, 1), (51, 2), (120, 3)])
async def test_jobs_are_asked_for_in_fifties_and_never_with_none(many: int, requests: int) -> None:
    wanted = [JobId(f"job{number}") for number in range(many)]
    async with serving(listed([])) as server, over(server) as gateway:
        feed = need(gateway.application_feed).changed_applications(for_jobs=[*wanted, *wanted[:1]])
        assert [page async for page in feed] == []

    asked = [job for query in queries(server) for job in query["job_ids"][0].split(",")]
    assert len(server.seen) == requests
    assert asked == wanted


@pytest.mark.parametrize("job", ["a,b", "", " ", "remote:51"])
async def test_a_job_that_is_no_id_is_refused_before_anything_is_sent(job: str) -> None:
    async with serving(listed([])) as server, over(server) as gateway:
        with pytest.raises(InvalidInputError):
            await anext(
                aiter(need(gateway.application_feed).changed_applications(for_jobs=[JobId("job1"), JobId(job)]))
            )

    assert server.seen == []


@pytest.mark.parametrize("feed", ["changed_jobs", "changed_applications", "changed_candidates"])
async def test_a_moment_without_offset_is_refused(feed: str) -> None:
    async with serving(listed([])) as server, over(server) as gateway:
        port: Any = getattr(
            gateway, {"changed_jobs": "job_feed"}.get(feed, feed.removeprefix("changed_")[:-1] + "_feed")
        )
        with pytest.raises(InvalidInputError) as error:
            await anext(aiter(getattr(port, feed)(datetime(2026, 11, 21, 9))))  # noqa: DTZ001 - that is the point

    assert error.value.field == "updated_after"
    assert server.seen == []


async def test_an_unchanged_record_is_not_decoded_and_has_the_same_digest() -> None:
    async with serving(listed([a_candidate(1)])) as server, over(server) as gateway:
        once, again = await candidates(gateway), await candidates(gateway)

    assert once[0].digest == again[0].digest
    assert once[0].load() == again[0].load()
    assert once[0].load().changed_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


async def test_a_cursor_that_kombo_does_not_take_any_more_is_refused_before_a_page_comes(
    sandbox: KomboSandbox,
) -> None:
    async with opened(sandbox.connection_kombo, assumed={"page_size": "5"}) as gateway:
        feed = need(gateway.candidate_feed)
        place = (await anext(aiter(feed.changed_candidates()))).place
        with pytest.raises(InvalidInputError):
            await anext(aiter(feed.changed_candidates(datetime(2026, 1, 1, tzinfo=UTC), place=place)))


def _fault(sighting: Any) -> str | None:
    try:
        sighting.load()
    except MalformedReplyError as error:
        return error.path
    return None
