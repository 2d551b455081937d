"""Jobs, live."""

import pytest

from ports.errors import InvalidInputError, NotFoundError
from ports.gateway import need
from tests.contracts.contract import contract
from tests.rigs.rig import Rig


@contract("job_lookup")
async def a_job_is_had_by_its_id(rig: Rig, capability: str) -> None:
    job = await need(rig.gateway.job_lookup).job(rig.world.job)

    assert (job.id, job.title) == (rig.world.job, rig.world.job_title)
    assert job.changed_at == (None if capability in rig.world.undated else rig.world.jobs[rig.world.job])


@contract("job_lookup")
async def a_job_that_is_not_there_is_not_found(rig: Rig, capability: str) -> None:
    with pytest.raises(NotFoundError) as missing:
        await need(rig.gateway.job_lookup).job(rig.world.no_job)

    assert (missing.value.kind, missing.value.record_id) == ("job", rig.world.no_job)


@contract("job_detail")
async def details_hold_the_job_itself(rig: Rig, capability: str) -> None:
    detail = await need(rig.gateway.job_detail).detail(rig.world.job)

    assert (detail.job.id, detail.job.title) == (rig.world.job, rig.world.job_title)
    assert detail.missing == ()


@contract("job_detail")
async def details_of_a_job_that_is_not_there_are_not_found(rig: Rig, capability: str) -> None:
    with pytest.raises(NotFoundError):
        await need(rig.gateway.job_detail).detail(rig.world.no_job)


@contract("job_detail_feed")
async def batches_end_and_show_every_job_once(rig: Rig, capability: str) -> None:
    feed = need(rig.gateway.job_detail_feed)
    limit = max(2, len(rig.world.jobs) // 3)
    seen: list[str] = []
    cursor = None
    for _ in range(10):
        page = await feed.batch(limit=limit, cursor=cursor)
        assert len(page.jobs) <= limit
        seen += [detail.job.id for detail in page.jobs]
        cursor = page.next
        if cursor is None:
            break

    assert cursor is None, "the batches come to an end"
    assert sorted(seen) == sorted(rig.world.jobs)


@contract("job_detail_feed")
async def a_cursor_that_is_not_ours_is_refused(rig: Rig, capability: str) -> None:
    with pytest.raises(InvalidInputError):
        await need(rig.gateway.job_detail_feed).batch(limit=2, cursor="not-a-cursor-of-ours")
