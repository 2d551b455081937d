"""Jobs with what Avionté knows of them: what is missing is named, and no job is lost."""

from collections.abc import Mapping

import pytest

from adapters.avionte.endpoints import JOBS_BY_IDS
from adapters.kombo.endpoints import BULK
from adapters.kombo.links import BULK_RATE
from domain.ids import FieldId, JobId
from domain.job import JobDetail
from entrypoints.sandbox.kombo import KomboSandbox, running
from ports.errors import InvalidInputError, NotFoundError, UnavailableError
from ports.gateway import Gateway, need
from tests.avionte.rig import forget, job, office
from tests.clocks import FakeClock
from tests.kombo.rig import opened

NOT_THERE = ("fields", "company", "address")


def values(detail: JobDetail) -> Mapping[FieldId, str | None]:
    return {one.field: one.value for one in detail.fields}


async def batches(gateway: Gateway, limit: int) -> list[JobDetail]:
    found: list[JobDetail] = []
    cursor = None
    while True:
        page = await need(gateway.job_detail_feed).batch(limit=limit, cursor=cursor)
        found += page.jobs
        cursor = page.next
        if cursor is None:
            return found


async def test_a_job_in_detail_has_fields_client_and_worksite(gateway: Gateway) -> None:
    detail = await need(gateway.job_detail).detail(job(0))

    assert (detail.job.id, detail.job.company, detail.missing) == (job(0), "Example Logistics", ())
    assert values(detail) == {"501": "Night", "502": "21.5"}
    assert detail.address == "100 Example Street, Springfield, IL, 62701, US"
    assert {("Example Logistics", "company"), ("user@staffing.example.test", "sales representative")} <= {
        (party.name, party.role) for party in detail.parties
    }


async def test_a_job_that_avionte_does_not_have_is_kombos_with_what_is_missing(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    forget(sandbox, "job", 3)

    detail = await need(gateway.job_detail).detail(job(3))

    assert (detail.job.id, detail.missing, detail.fields) == (job(3), NOT_THERE, ())


async def test_ids_that_did_not_come_back_leave_their_job_with_its_missing_parts(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    for number in (0, 7):
        forget(sandbox, "job", number)

    details = {detail.job.id: detail for detail in await batches(gateway, 20)}

    assert len(details) == office(sandbox).jobs.size
    assert {one for one, detail in details.items() if detail.missing} == {job(0), job(7)}
    assert details[job(7)].missing == NOT_THERE
    assert details[job(1)].job.company == "Example Logistics"


async def test_two_hundred_and_fifty_jobs_are_asked_for_by_at_most_a_hundred_ids(clock: FakeClock) -> None:
    async with (
        running(records=260, rate_limit=None, clock=clock.now) as sandbox,
        opened(sandbox.connection, clock=clock) as gateway,
    ):
        page = await need(gateway.job_detail_feed).batch(limit=250)
        asked = sandbox.journal.requests

    numbers = [detail.job.id for detail in page.jobs]
    assert (len(numbers), len(set(numbers))) == (250, 250)
    assert {detail.missing for detail in page.jobs} == {()}
    # Kombo's page, three multi-queries, and the definitions once: not once for each job.
    assert asked == 5


def test_bulk_calls_go_a_way_of_their_own_at_a_rate_that_avionte_bears() -> None:
    assert JOBS_BY_IDS.host == BULK
    assert 3 <= BULK_RATE.requests / BULK_RATE.seconds <= 5


async def test_a_batch_that_fails_is_an_error_and_not_some_jobs_less(sandbox: KomboSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("inner_500", times=9, route="multi-query")

    with pytest.raises(UnavailableError):
        await need(gateway.job_detail_feed).batch(limit=20)


async def test_a_batch_is_tried_again_after_trouble(sandbox: KomboSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("inner_500", route="multi-query")
    sandbox.faults.arm("inner_429", route="multi-query")

    page = await need(gateway.job_detail_feed).batch(limit=20)

    assert {detail.missing for detail in page.jobs} == {()}


async def test_a_tenant_without_definitions_shows_values_as_they_are(sandbox: KomboSandbox, clock: FakeClock) -> None:
    sandbox.state.switches.page_dialect = False
    for dialect in ("page", "documented"):
        async with opened(sandbox.connection, clock=clock, dialect=dialect) as gateway:
            detail = await need(gateway.job_detail).detail(job(0))
            assert (values(detail), detail.missing) == ({"501": "Night", "502": "21.5"}, ())


@pytest.mark.parametrize("odd", ["a?b", "a/b", "nobody"])
async def test_an_id_that_is_none_is_not_found(gateway: Gateway, odd: str) -> None:
    with pytest.raises(NotFoundError):
        await need(gateway.job_detail).detail(JobId(odd))


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_batch_of_nothing_is_refused(gateway: Gateway, limit: int) -> None:
    with pytest.raises(InvalidInputError):
        await need(gateway.job_detail_feed).batch(limit=limit)
