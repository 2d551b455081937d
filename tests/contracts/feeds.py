"""What changed, page by page."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

import pytest

from domain.ids import JobId
from domain.job import JobStatus
from ports.errors import InvalidInputError
from ports.feeds import Page, Sighting
from ports.gateway import need
from tests.contracts.contract import contract
from tests.rigs.rig import Rig

FEEDS = ("job_feed", "application_feed", "candidate_feed")


def _changed(rig: Rig, feed: str, after: datetime | None = None, place: str | None = None) -> AsyncIterator[Page[Any]]:
    gateway = rig.gateway
    match feed:
        case "job_feed":
            return need(gateway.job_feed).changed_jobs(after, place=place)
        case "application_feed":
            return need(gateway.application_feed).changed_applications(after, place=place)
        case _:
            return need(gateway.candidate_feed).changed_candidates(after, place=place)


def _truth(rig: Rig, feed: str) -> Mapping[str, datetime]:
    world = rig.world
    held = {"job_feed": world.jobs, "application_feed": world.applications, "candidate_feed": world.candidates}
    return cast("Mapping[str, datetime]", held[feed])


async def _all(pages: AsyncIterator[Page[Any]]) -> list[Sighting[Any]]:
    async with aclosing(cast("Any", pages)) as closing:
        return [sighting async for page in closing for sighting in page]


@contract(*FEEDS)
async def without_a_window_every_record_is_seen_once(rig: Rig, capability: str) -> None:
    seen = await _all(_changed(rig, capability))

    assert sorted(one.id for one in seen) == sorted(_truth(rig, capability))


@contract(*FEEDS)
async def a_sighting_loads_the_record_that_it_names(rig: Rig, capability: str) -> None:
    for sighting in (await _all(_changed(rig, capability)))[:5]:
        record = sighting.load()

        assert record.id == sighting.id
        assert 10 < sighting.size < 100_000
        dated = capability not in rig.world.undated
        assert record.changed_at == (_truth(rig, capability)[sighting.id] if dated else None)


@contract(*FEEDS)
async def an_unchanged_record_has_the_same_digest_again(rig: Rig, capability: str) -> None:
    once, again = await _all(_changed(rig, capability)), await _all(_changed(rig, capability))

    assert [(one.id, one.digest) for one in once] == [(one.id, one.digest) for one in again]
    assert {len(one.digest) for one in once} == {32}


@contract(*FEEDS)
async def two_records_have_two_digests(rig: Rig, capability: str) -> None:
    seen = await _all(_changed(rig, capability))

    assert len({one.digest for one in seen}) == len({one.id for one in seen})


@contract(*FEEDS)
async def a_window_misses_nothing_that_changed_in_it_and_leaves_out_what_is_long_past(
    rig: Rig, capability: str
) -> None:
    truth = _truth(rig, capability)
    after = sorted(truth.values())[len(truth) // 2]
    long_past = after - timedelta(seconds=rig.world.overlap_seconds)

    seen = {one.id for one in await _all(_changed(rig, capability, after))}

    assert {key for key, changed in truth.items() if changed >= after} <= seen
    if capability not in rig.world.looser:
        assert not {key for key, changed in truth.items() if changed < long_past} & seen


@contract(*FEEDS)
async def a_reader_may_stop_after_a_page(rig: Rig, capability: str) -> None:
    async with aclosing(cast("Any", _changed(rig, capability))) as pages:
        first = await anext(pages)

    assert first


@contract("job_feed")
async def jobs_can_be_asked_for_by_status(rig: Rig, capability: str) -> None:
    feed = need(rig.gateway.job_feed)

    seen = await _all(feed.changed_jobs(statuses=(JobStatus.OPEN,)))

    assert {one.id for one in seen} == rig.world.open_jobs
    assert {one.load().status for one in seen} == {JobStatus.OPEN}


@contract("application_feed")
async def applications_can_be_asked_for_by_job(rig: Rig, capability: str) -> None:
    feed, wanted = need(rig.gateway.application_feed), rig.world.job_of[rig.world.application]

    seen = await _all(feed.changed_applications(for_jobs={wanted}))

    assert {one.id for one in seen} == {key for key, job in rig.world.job_of.items() if job == wanted}


@contract("application_feed")
async def applications_of_no_job_are_none(rig: Rig, capability: str) -> None:
    assert await _all(need(rig.gateway.application_feed).changed_applications(for_jobs=())) == []


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""Before any record was changed: a read of changes, with pages of its own, gives as much as a full one."""


@contract(*FEEDS)
async def what_is_broken_off_after_any_page_is_taken_up_again_without_loss(rig: Rig, capability: str) -> None:
    for after in (None, LONG_AGO):
        await _breaks_off_after_every_page(_reader(rig, capability, after), lambda _ids: None)


@contract(*FEEDS)
async def what_is_taken_away_meanwhile_takes_nothing_along(rig: Rig, capability: str) -> None:
    remove = rig.world.remove
    assert remove is not None
    for after in (None, LONG_AGO):
        await _breaks_off_after_every_page(_reader(rig, capability, after), lambda ids: remove(capability, ids[0]))


@contract(*FEEDS)
async def where_nearly_all_that_came_is_taken_away_a_full_reading_goes_back(rig: Rig, capability: str) -> None:
    await _goes_back(rig, capability, None)


@contract(*FEEDS)
async def where_nearly_all_that_came_is_taken_away_a_reading_of_changes_goes_back(rig: Rig, capability: str) -> None:
    await _goes_back(rig, capability, LONG_AGO)


@contract(*FEEDS)
async def what_is_added_meanwhile_pushes_nothing_out(rig: Rig, capability: str) -> None:
    add = rig.world.add
    assert add is not None
    for after in (None, LONG_AGO):
        await _breaks_off_after_every_page(_reader(rig, capability, after), lambda _ids: add(capability))


@contract(*FEEDS)
async def a_reading_that_is_broken_off_after_each_single_page_comes_to_its_end(rig: Rig, capability: str) -> None:
    for after in (None, LONG_AGO):
        there = {one.id for one in await _all(_changed(rig, capability, after))}
        seen, place = set[str](), None
        for _ in range(len(there) + 1):
            one = await _first(_changed(rig, capability, after, place), 1)
            seen |= {sighting.id for page in one for sighting in page}
            if not one or (place := one[0].place) is None:
                break

        assert seen == there


@contract("application_feed")
async def a_reading_of_many_jobs_is_taken_up_again_in_whatever_order_they_are_named(rig: Rig, capability: str) -> None:
    feed = need(rig.gateway.application_feed)
    named = sorted({*rig.world.jobs, *(JobId(str(number)) for number in range(1, 61))})

    def read(place: str | None) -> AsyncIterator[Page[Any]]:
        return feed.changed_applications(for_jobs=named if place is None else named[::-1], place=place)

    await _breaks_off_after_every_page(read, lambda _ids: None)


@contract(*FEEDS)
async def a_place_that_is_none_of_the_feeds_is_refused_before_a_page_comes(rig: Rig, capability: str) -> None:
    strange = ["", "nowhere", "[]", "[1]", '["", 0]', "{}", "\udcff"]
    async with aclosing(cast("Any", _changed(rig, capability))) as pages:
        strange += [f"{page.place}x" async for page in pages if page.place is not None]

    for place in strange:
        with pytest.raises(InvalidInputError) as error:
            await _all(_changed(rig, capability, place=place))
        assert error.value.field == "place"


async def _goes_back(rig: Rig, capability: str, after: datetime | None) -> None:
    remove = rig.world.remove
    assert remove is not None

    def meanwhile(ids: list[str]) -> None:
        for one in ids[:-1]:
            remove(capability, one)

    await _breaks_off_after_every_page(_reader(rig, capability, after), meanwhile, 2)


Read: TypeAlias = Callable[[str | None], AsyncIterator[Page[Any]]]
"""The same reading from a place on."""


def _reader(rig: Rig, capability: str, after: datetime | None) -> Read:
    return lambda place: _changed(rig, capability, after, place)


async def _breaks_off_after_every_page(read: Read, meanwhile: Callable[[list[str]], None], many: int = 1) -> None:
    """All that was there before comes, in one part or the other, and of what has come at most a page again."""
    while True:
        there = {one.id for one in await _all(read(None))}
        before = await _first(read(None), many)
        if len(before) < many or before[-1].place is None:
            return
        given = [one.id for page in before for one in page]
        meanwhile(given)
        rest = [one.id for one in await _all(read(before[-1].place))]

        assert there <= {*given, *rest}
        assert len({*given} & {*rest}) <= max(len(page) for page in before)
        many += 1


async def _first(pages: AsyncIterator[Page[Any]], many: int) -> list[Page[Any]]:
    found: list[Page[Any]] = []
    async with aclosing(cast("Any", pages)) as closing:
        async for page in closing:
            found.append(page)
            if len(found) == many:
                break
    return found
