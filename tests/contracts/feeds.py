"""What changed, page by page."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any, cast

from domain.job import JobStatus
from ports.feeds import Page, Sighting
from ports.gateway import need
from tests.contracts.contract import contract
from tests.rigs.rig import Rig

FEEDS = ("job_feed", "application_feed", "candidate_feed")


def _changed(rig: Rig, feed: str, after: datetime | None = None) -> AsyncIterator[Page[Any]]:
    gateway = rig.gateway
    match feed:
        case "job_feed":
            return need(gateway.job_feed).changed_jobs(after)
        case "application_feed":
            return need(gateway.application_feed).changed_applications(after)
        case _:
            return need(gateway.candidate_feed).changed_candidates(after)


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
