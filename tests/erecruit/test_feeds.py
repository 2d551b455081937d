"""Feeds, where eRecruit is odd."""

from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.erecruit.feeds import PASSES
from adapters.rest.endpoint import MEBIBYTE
from domain.ids import CandidateId, JobId
from domain.job import JobStatus
from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from entrypoints.sandbox.erecruit.state import About
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError
from ports.gateway import Gateway, need
from tests.erecruit.rig import opened

JOB, PERSON, OTHER = JobId("90210"), CandidateId("5145605"), CandidateId("5145606")


async def pages_of(feed: Any) -> list[list[Any]]:
    return [list(page) async for page in feed]


async def all_of(feed: Any) -> list[Any]:
    return [sighting for page in await pages_of(feed) for sighting in page]


def asked(sandbox: ErecruitSandbox, route: str) -> int:
    return int(sandbox.journal.shown()["requests_by_route"].get(route, 0))


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("size", ["7", "25", "50", "60"])
async def test_pages_end_by_themselves_and_hold_everything_once(
    sandbox: ErecruitSandbox, size: str, *, bare: bool
) -> None:
    sandbox.state.switches.bare_lists = bare
    async with opened(sandbox.connection, assumed={"page_size": size}) as gateway:
        seen = await all_of(need(gateway.job_feed).changed_jobs())

    assert len(seen) == len({one.id for one in seen}) == 50
    assert asked(sandbox, "GET /webapi/Position") <= 50 // int(size) + 1


async def test_a_record_that_is_larger_than_other_replies_may_be_comes_with_its_size(sandbox: ErecruitSandbox) -> None:
    row = sandbox.state.positions.rows[90210]
    sandbox.state.positions.put({**row, "WebPositionTitle": "x" * 33 * MEBIBYTE})
    async with opened(sandbox.connection) as gateway:
        seen = await all_of(need(gateway.job_feed).changed_jobs())

    assert len(seen) == 50
    assert [one.id for one in seen if one.size > 33 * MEBIBYTE] == ["90210"]


async def test_a_page_that_the_vendor_cuts_is_not_the_last() -> None:
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running(records=520, rate_limit=None))
        gateway = await stack.enter_async_context(opened(sandbox.connection, assumed={"page_size": "600"}))
        pages = await pages_of(need(gateway.job_feed).changed_jobs())

    assert [len(page) for page in pages] == [500, 20]


@pytest.mark.parametrize("fault", ["repeated_page", "endless_page"])
async def test_paging_that_goes_in_circles_is_an_error(sandbox: ErecruitSandbox, fault: str) -> None:
    sandbox.faults.arm(fault, times=100)
    async with opened(sandbox.connection, assumed={"page_size": "10"}) as gateway:
        with pytest.raises(MalformedReplyError):
            await all_of(need(gateway.job_feed).changed_jobs())


async def test_records_that_are_pushed_onto_the_next_page_are_given_once(sandbox: ErecruitSandbox) -> None:
    async with opened(sandbox.connection, assumed={"page_size": "20"}) as gateway:
        pages = aiter(need(gateway.job_feed).changed_jobs())
        first = await anext(pages)
        row = sandbox.state.positions.rows[90210]
        sandbox.state.positions.put({**row, "ID": 1, "ModifiedOn": "2020-01-01T00:00:00"})
        rest = [one async for page in pages for one in page]

    ids = [one.id for one in (*first, *rest)]
    assert len(ids) == len(set(ids)) == 50


async def test_a_record_that_is_touched_meanwhile_comes_again_at_the_end(sandbox: ErecruitSandbox) -> None:
    async with opened(sandbox.connection, assumed={"page_size": "20"}) as gateway:
        pages = need(gateway.job_feed).changed_jobs()
        first = (await anext(aiter(pages))).sightings
        row = sandbox.state.positions.rows[int(first[3].id)]
        # Touched while it was read: it comes again, as another version, behind the others.
        sandbox.state.positions.change(row["ID"], "2026-11-21T09:00:00", Title="Touched")
        rest = [one async for page in pages for one in page]

    counted = Counter(one.id for one in (*first, *rest))
    assert counted[first[3].id] == 2
    assert len({(one.id, one.digest) for one in (*first, *rest)}) == counted.total()
    # The one that moved up onto the page that was read already is among them.
    assert len(counted) == 50


async def test_a_list_that_moves_all_the_time_comes_to_an_end(sandbox: ErecruitSandbox) -> None:
    rows, times = sandbox.state.positions.rows, 0
    async with opened(sandbox.connection, assumed={"page_size": "20"}) as gateway:
        async for _ in need(gateway.job_feed).changed_jobs():
            oldest = min(rows.values(), key=lambda row: (row["ModifiedOn"], row["ID"]))
            sandbox.state.positions.change(oldest["ID"], f"2026-11-21T09:00:{times:02}", Title=f"Touched {times}")
            times += 1

    assert asked(sandbox, "GET /webapi/Position") <= PASSES * (50 // 20 + 1)


async def test_the_window_is_taken_in_utc_before_it_is_made_local(sandbox: ErecruitSandbox) -> None:
    # Clocks went from two to three: two hours before four are one o'clock, not two.
    sandbox.state.positions.change(90210, "2026-03-08T01:30:00")

    seen = {one.id for one in await _changed(sandbox, datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 7200)}

    assert "90210" in seen


async def test_nothing_of_the_repeated_hour_is_missed_without_any_overlap(sandbox: ErecruitSandbox) -> None:
    seen = {one.id for one in await _changed(sandbox, datetime(2026, 11, 1, 5, 45, tzinfo=UTC), 0)}

    assert "90214" in seen  # changed at 06:30 UTC, written down as 01:30


async def _changed(sandbox: ErecruitSandbox, after: datetime, overlap: int) -> list[Any]:
    async with opened(sandbox.connection, overlap_seconds=overlap) as gateway:
        return await all_of(need(gateway.job_feed).changed_jobs(after))


@pytest.mark.parametrize("feed", ["changed_jobs", "changed_applications", "changed_candidates"])
async def test_a_moment_without_offset_is_refused(sandbox: ErecruitSandbox, gateway: Gateway, feed: str) -> None:
    port: Any = {
        "changed_jobs": gateway.job_feed,
        "changed_applications": gateway.application_feed,
        "changed_candidates": gateway.candidate_feed,
    }[feed]
    with pytest.raises(InvalidInputError) as error:
        await all_of(getattr(port, feed)(datetime(2026, 11, 21, 9)))  # noqa: DTZ001 - that is the point

    assert error.value.field == "updated_after"
    assert sandbox.journal.requests == 0


async def test_the_window_stays_the_same_for_all_pages(sandbox: ErecruitSandbox) -> None:
    after = datetime(2026, 6, 15, tzinfo=UTC)
    async with opened(sandbox.connection, assumed={"page_size": "10"}) as gateway:
        seen = await all_of(need(gateway.job_feed).changed_jobs(after))

    held = {row["ID"] for row in sandbox.state.positions.rows.values() if row["ModifiedOn"] >= "2026-06-14T18:00:00"}
    assert {int(one.id) for one in seen} == held


async def test_unknown_statuses_are_asked_for_among_all(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    sandbox.state.positions.change(90210, "2026-11-21T08:00:00", StatusID=77, Status="Zurückgestellt")

    seen = await all_of(need(gateway.job_feed).changed_jobs(statuses=(JobStatus.UNKNOWN, JobStatus.ON_HOLD)))

    assert {one.load().status for one in seen} == {JobStatus.UNKNOWN, JobStatus.ON_HOLD}
    assert "90210" in {one.id for one in seen}


@pytest.mark.parametrize(("jobs", "requests"), [(0, 0), (1, 1), (50, 1), (51, 2), (120, 3)])
async def test_jobs_are_asked_for_in_fifties(
    sandbox: ErecruitSandbox, gateway: Gateway, jobs: int, requests: int
) -> None:
    wanted = [JobId(str(90210 + number)) for number in range(jobs)]

    seen = await all_of(need(gateway.application_feed).changed_applications(for_jobs=[*wanted, *wanted[:1]]))

    assert asked(sandbox, "GET /webapi/Submission") == requests
    assert {one.load().job_id for one in seen} <= set(wanted)
    assert len(seen) == len(
        [row for row in sandbox.state.submissions.rows.values() if str(row["PositionID"]) in wanted]
    )


async def test_people_of_client_companies_are_no_candidates(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    seen = {one.id for one in await all_of(need(gateway.candidate_feed).changed_candidates())}

    assert len(seen) == 50
    assert "55120" not in seen
    with pytest.raises(NotFoundError) as error:
        await need(gateway.candidate_lookup).candidate(CandidateId("55120"))
    assert error.value.kind == "candidate"
    assert asked(sandbox, "GET /webapi/Communication/ByAboutId/{about}/{id}") == 0


async def test_addresses_are_fetched_where_lists_lack_them(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    inline = {one.id: one.load() for one in await all_of(need(gateway.candidate_feed).changed_candidates())}
    sandbox.state.switches.communications_in_lists = False

    fetched = await all_of(need(gateway.candidate_feed).changed_candidates())

    assert {one.id: one.load() for one in fetched} == inline
    before = {one.id: one.digest for one in fetched}
    sandbox.state.communications[About(kind="candidate", number=int(PERSON))].pop()
    after = {one.id: one.digest for one in await all_of(need(gateway.candidate_feed).changed_candidates())}
    assert [key for key in before if before[key] != after[key]] == [PERSON]


async def test_a_record_that_cannot_be_read_spoils_no_page(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("partial_row")

    seen = await all_of(need(gateway.candidate_feed).changed_candidates())

    bad = [one for one in seen if _path_of_fault(one) is not None]
    assert len(seen) == 50
    assert len(bad) == 1
    assert bad[0].id.isdecimal()


async def test_a_record_without_an_id_can_still_be_put_aside(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    sandbox.state.positions.rows[90210]["ID"] = "ninety"

    seen = await all_of(need(gateway.job_feed).changed_jobs())

    assert [(one.id[:11], _path_of_fault(one)) for one in seen if _path_of_fault(one)] == [("unreadable-", "$.ID")]


def _path_of_fault(sighting: Any) -> str | None:
    try:
        sighting.load()
    except MalformedReplyError as error:
        return error.path
    return None
