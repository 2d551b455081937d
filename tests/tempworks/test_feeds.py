"""What changed: what is found, what is missed, and what moving rows do to it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.rest.endpoint import MEBIBYTE
from domain.ids import JobId
from domain.job import JobStatus
from domain.job_application import Application
from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from entrypoints.sandbox.tempworks.recruiter import EDITS, edit
from ports.errors import ForbiddenError, InvalidInputError, MalformedReplyError
from ports.gateway import Gateway, need
from tests.erecruit.rig import NOON, Sun
from tests.tempworks.rig import opened

PERSON = 43_769
MISSED = ("address", "name", "phone", "custom_data")
"""Edits that leave no trace in any date that can be searched for."""


async def all_of(feed: Any) -> list[Any]:
    return [sighting async for page in feed for sighting in page]


async def ids(feed: Any) -> list[str]:
    return [one.id for one in await all_of(feed)]


def asked(sandbox: TempWorksSandbox, route: str) -> int:
    return int(sandbox.journal.shown()["requests_by_route"].get(route, 0))


async def test_people_who_are_not_active_any_more_are_seen_too(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    seen = await ids(need(gateway.candidate_feed).changed_candidates())

    inactive = [str(one.number) for one in sandbox.state.employees.values() if not one.is_active]
    assert inactive
    assert set(inactive) <= set(seen)


@pytest.mark.parametrize("size", ["7", "25", "50", "60"])
async def test_while_people_come_and_are_deactivated_nobody_is_missed_or_given_twice(
    sandbox: TempWorksSandbox, size: str
) -> None:
    there = [str(number) for number in sandbox.state.employees]
    sandbox.state.switches.rows_move = True
    async with opened(sandbox.connection, assumed={"page_size": size}) as gateway:
        seen = await ids(need(gateway.candidate_feed).changed_candidates())

    assert seen[: len(there)] == there
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("after", [None, datetime(2020, 1, 1, tzinfo=UTC)])
async def test_a_record_that_is_larger_than_other_replies_may_be_comes_with_its_size(
    sandbox: TempWorksSandbox, gateway: Gateway, after: datetime | None
) -> None:
    sandbox.state.employees[PERSON].last = "x" * 33 * MEBIBYTE
    seen = await all_of(need(gateway.candidate_feed).changed_candidates(after))

    assert len(seen) == len(sandbox.state.employees)
    assert [one.id for one in seen if one.size > 33 * MEBIBYTE] == [str(PERSON)]


async def test_whoever_vanishes_between_two_pages_takes_nobody_along(sandbox: TempWorksSandbox) -> None:
    there = [str(number) for number in sandbox.state.employees]
    async with opened(sandbox.connection, assumed={"page_size": "20"}) as gateway:
        pages = aiter(need(gateway.candidate_feed).changed_candidates())
        first = await anext(pages)
        for one in list(sandbox.state.employees)[:5]:
            del sandbox.state.employees[one]
        rest = [one.id async for page in pages for one in page]

    assert [one.id for one in first] + rest == there


@pytest.mark.parametrize("fault", ["repeated_page", "endless_page"])
async def test_paging_that_goes_in_circles_is_an_error_or_ends(sandbox: TempWorksSandbox, fault: str) -> None:
    sandbox.faults.arm(fault, times=100_000)
    async with opened(sandbox.connection, assumed={"page_size": "500", "search_page_size": "500"}) as gateway:
        seen: list[str] = []
        try:
            seen = await ids(need(gateway.candidate_feed).changed_candidates())
        except MalformedReplyError:
            return

    assert len(seen) == len(set(seen)) == len(sandbox.state.employees)


async def test_a_full_read_asks_for_pages_and_for_no_record(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    seen = await all_of(need(gateway.candidate_feed).changed_candidates())

    assert len(seen) == 50
    assert sandbox.journal.requests == 1


@pytest.mark.parametrize("what", EDITS)
async def test_a_change_is_found_unless_no_date_tells_of_it(
    sandbox: TempWorksSandbox, gateway: Gateway, sun: Sun, what: str
) -> None:
    sun.advance(3600)
    edit(sandbox.state, what, PERSON, sun())

    seen = await all_of(need(gateway.candidate_feed).changed_candidates(sun() - timedelta(minutes=5)))

    assert [one.id for one in seen] == ([] if what in MISSED else [str(PERSON)])
    if what not in {*MISSED, "document"}:  # when a document was made can be searched for, but not shown
        assert seen[0].load().changed_at == sun().replace(second=0, microsecond=0)


async def test_the_next_full_read_shows_by_their_bytes_whom_a_read_of_changes_has_missed(
    sandbox: TempWorksSandbox, gateway: Gateway, sun: Sun
) -> None:
    before = {one.id: one.digest for one in await all_of(need(gateway.candidate_feed).changed_candidates())}
    sun.advance(3600)
    edit(sandbox.state, "name", PERSON, sun())

    after = {one.id: one.digest for one in await all_of(need(gateway.candidate_feed).changed_candidates())}

    assert [one for one in after if after[one] != before[one]] == [str(PERSON)]


async def test_a_moment_without_offset_is_refused(gateway: Gateway) -> None:
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - that is the point
    asking: tuple[Callable[[], Any], ...] = (
        lambda: need(gateway.candidate_feed).changed_candidates(naive),
        lambda: need(gateway.application_feed).changed_applications(naive),
        lambda: need(gateway.job_feed).changed_jobs(naive),
    )
    for ask in asking:
        with pytest.raises(InvalidInputError, match="offset"):
            await all_of(ask())


async def test_where_the_zone_is_unknown_a_change_is_found_all_the_same(sun: Sun) -> None:
    for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
        async with (
            running(rate_limit=None, clock=sun, time_zone=zone) as sandbox,
            opened(sandbox.connection, time_zone=None) as gateway,
        ):
            edit(sandbox.state, "message", PERSON, sun())

            assert str(PERSON) in await ids(need(gateway.candidate_feed).changed_candidates(sun()))


@pytest.mark.parametrize("fault", ["403", "html_200"])
async def test_a_page_that_fails_is_not_passed_over(sandbox: TempWorksSandbox, gateway: Gateway, fault: str) -> None:
    sandbox.faults.arm(fault, route="GET /Search/Employees")

    with pytest.raises((ForbiddenError, MalformedReplyError)):
        await all_of(need(gateway.candidate_feed).changed_candidates())


async def test_one_record_that_cannot_be_read_does_not_hide_the_others(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    sandbox.faults.arm("partial_row", route="GET /Search/Employees")
    seen = await all_of(need(gateway.candidate_feed).changed_candidates())
    broken = []
    for one in seen:
        try:
            one.load()
        except MalformedReplyError:
            broken.append(one.id)

    assert (len(seen), len(broken)) == (50, 1)


async def test_records_of_nulls_are_read(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("null_fields", times=1_000)

    for feed in (
        need(gateway.candidate_feed).changed_candidates(),
        need(gateway.job_feed).changed_jobs(),
        need(gateway.application_feed).changed_applications(),
    ):
        assert all(one.load().id == one.id for one in await all_of(feed) if not one.id.startswith("unreadable"))


async def test_jobs_that_changed_are_found_by_a_column_that_is_looked_for(
    sandbox: TempWorksSandbox, gateway: Gateway, sun: Sun
) -> None:
    sun.advance(3600)
    sandbox.state.job_orders[5_999].modified = sun()

    seen = await all_of(need(gateway.job_feed).changed_jobs(sun()))

    assert [one.id for one in seen] == ["5999"]
    assert seen[0].load().changed_at == sun().replace(second=0, microsecond=0)
    assert asked(sandbox, "GET /Search/JobOrders") == 0


async def test_where_no_column_tells_when_jobs_changed_all_come_again(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    sandbox.faults.arm("403", route="columns")

    assert len(await ids(need(gateway.job_feed).changed_jobs(NOON))) == 50


async def test_jobs_are_told_apart_by_status_also_among_those_that_changed(gateway: Gateway) -> None:
    since = datetime(2026, 6, 1, tzinfo=UTC)

    seen = await all_of(need(gateway.job_feed).changed_jobs(since, statuses=(JobStatus.CLOSED,)))

    assert seen
    assert {one.load().status for one in seen} == {JobStatus.CLOSED}


async def test_applications_are_of_both_kinds_and_say_which(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    seen = await all_of(need(gateway.application_feed).changed_applications())

    kinds = [one.id.partition(":")[0] for one in seen]
    assert (kinds.count("assignment"), kinds.count("candidate")) == (
        len(sandbox.state.assignments),
        len(sandbox.state.candidates),
    )
    assert {(one.load().stage_id or "").partition(":")[0] for one in seen} == {"assignment", "candidate"}


async def test_assignments_look_the_same_whether_all_are_read_or_those_that_changed(gateway: Gateway) -> None:
    feed = need(gateway.application_feed)
    since = datetime(2026, 6, 1, tzinfo=UTC)

    def parts(one: Application) -> tuple[str | None, ...]:
        return one.id, one.job_id, one.candidate_id, one.stage_id, one.stage_text

    whole = [parts(one.load()) for one in await all_of(feed.changed_applications())]
    changed = [parts(one.load()) for one in await all_of(feed.changed_applications(since))]

    assert [one for one in whole if str(one[0]).startswith("assignment")] == [
        one for one in changed if str(one[0]).startswith("assignment")
    ]


async def test_whoever_is_put_forward_is_found(sandbox: TempWorksSandbox, gateway: Gateway, sun: Sun) -> None:
    sun.advance(3600)
    next(iter(sandbox.state.candidates.values())).added = sun()

    seen = await ids(need(gateway.application_feed).changed_applications(sun()))

    assert "candidate:5997-700" in seen
    assert len(seen) == 2  # both of that person


async def test_where_no_order_has_a_list_of_candidates_that_is_said(sandbox: TempWorksSandbox) -> None:
    async with opened(
        sandbox.connection, assumed={"path.order_candidates": "/JobOrders/{job_id}/applicants"}
    ) as gateway:
        with pytest.raises(MalformedReplyError, match="no order"):
            await all_of(need(gateway.application_feed).changed_applications())


@pytest.mark.parametrize("job", ["5997-1", "job", ""])
async def test_a_job_that_is_not_a_number_is_refused_before_the_wire(
    sandbox: TempWorksSandbox, gateway: Gateway, job: str
) -> None:
    with pytest.raises(InvalidInputError, match="number"):
        await all_of(need(gateway.application_feed).changed_applications(for_jobs=[JobId(job)]))
    assert sandbox.journal.requests == 0
