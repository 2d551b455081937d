"""Two hosts, two tokens: kept apart, renewed once, and checked one by one."""

import asyncio

import pytest

from domain.ids import ApplicationId, CandidateId, JobId
from entrypoints.sandbox.erecruit import ErecruitSandbox
from ports.errors import AccessError, NotFoundError, TimedOutError
from ports.gateway import Gateway, need
from tests.clocks import FakeClock
from tests.erecruit.rig import NOON, Sun, opened

JOB, APPLICATION, PERSON = JobId("90210"), ApplicationId("700123"), CandidateId("5145605")
LOG_INS = {"standard": "POST /t/token", "legacy": "POST /api/Authenticate"}


async def test_each_host_is_logged_in_to_when_it_is_first_needed(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    assert sandbox.journal.logins == {}

    await need(gateway.job_lookup).job(JOB)
    assert sandbox.journal.logins == {"standard": 1}

    await need(gateway.stages).stages()
    assert sandbox.journal.logins == {"standard": 1, "legacy": 1}


async def test_a_refused_token_of_one_host_leaves_the_other_alone(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    await gateway.check.hosts()
    sandbox.faults.arm("401", route="GET /webapi/Position/{id}")

    await need(gateway.job_lookup).job(JOB)
    await need(gateway.stages).stages()

    assert sandbox.journal.logins == {"standard": 2, "legacy": 1}


async def test_many_refusals_at_once_cause_one_log_in(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    await gateway.check.hosts()
    sandbox.faults.arm("expire_tokens")

    await asyncio.gather(*(need(gateway.job_lookup).job(JOB) for _ in range(20)))

    assert sandbox.journal.logins["standard"] == 2


async def test_a_token_is_renewed_before_its_end(sandbox: ErecruitSandbox, sun: Sun) -> None:
    clock = FakeClock(NOON)
    async with opened(sandbox.connection, clock=clock) as gateway:
        await gateway.check.hosts()
        for seconds in (800, 200):  # of 1199 and 1200 seconds, 300 before the end
            clock.advance(seconds)
            sun.advance(seconds)
            await gateway.check.hosts()

    assert sandbox.journal.logins == {"standard": 2, "legacy": 2}
    assert not sandbox.journal.refusals


async def test_a_legacy_token_without_an_end_lives_twenty_minutes(sandbox: ErecruitSandbox) -> None:
    sandbox.state.switches.legacy_expires = False
    clock = FakeClock(NOON)
    async with opened(sandbox.connection, clock=clock) as gateway:
        for _ in range(2):
            await need(gateway.stages).stages()
            clock.advance(899)
        assert sandbox.journal.logins == {"legacy": 1}

        await need(gateway.stages).stages()
    assert sandbox.journal.logins == {"legacy": 2}


async def test_one_place_in_flight_is_enough_to_log_in(sandbox: ErecruitSandbox) -> None:
    async with opened(sandbox.connection, in_flight=1) as gateway, asyncio.timeout(5):
        assert [host.fault for host in await gateway.check.hosts()] == [None, None]


async def test_an_operation_goes_where_the_settings_say(sandbox: ErecruitSandbox) -> None:
    routes = {"job": "legacy", "statuses": "standard"}
    async with opened(sandbox.connection, routes=routes) as gateway:
        for call in (need(gateway.job_lookup).job(JOB), need(gateway.stages).stages()):
            # The sandbox has them on the other host, so what it says is that there is no such route.
            with pytest.raises(Exception, match="no such route"):
                await call

    assert [(one["host"], one["path"]) for one in sandbox.journal.refusals] == [
        ("legacy", "/api/Position/90210"),
        ("standard", "/webapi/Submission/Status"),
    ]


async def test_a_request_takes_no_longer_than_the_settings_say(sandbox: ErecruitSandbox) -> None:
    sandbox.faults.arm("hang")
    async with asyncio.timeout(10), opened(sandbox.connection, attempts=1, request_seconds=0.1) as gateway:
        with pytest.raises(TimedOutError):
            await need(gateway.job_lookup).job(JOB)


async def test_assumed_paths_and_words_can_be_overridden(sandbox: ErecruitSandbox) -> None:
    assumed = {"path.application": "/CandidateApplication/{application_id}", "query.page_size": "Size"}
    async with opened(sandbox.connection, assumed=assumed) as gateway:
        standing = await need(gateway.stage_moves).current(APPLICATION)
        with pytest.raises(Exception, match="at fault: Size"):
            await anext(aiter(need(gateway.job_feed).changed_jobs()))

    assert getattr(standing, "why", "") == "the application came without its status"


async def test_candidates_may_be_called_candidates(sandbox: ErecruitSandbox) -> None:
    async with opened(sandbox.connection, resources={"candidate": "Candidate"}) as gateway:
        person = await need(gateway.candidate_lookup).candidate(PERSON)

    assert person.id == PERSON
    assert "GET /webapi/Candidate/{id}" in sandbox.journal.shown()["requests_by_route"]


async def test_a_check_names_each_host_with_its_fault(sandbox: ErecruitSandbox) -> None:
    wrong = {**sandbox.credentials, "legacy_password": "wrong"}
    async with opened(sandbox.connection, credentials=wrong) as gateway:
        standard, legacy = await gateway.check.hosts()

    assert standard.fault is None
    assert legacy.fault is not None
    assert "legacy_log_in" in legacy.fault
    assert "wrong" not in legacy.fault


async def test_a_check_finds_a_read_wherever_operations_were_routed(sandbox: ErecruitSandbox) -> None:
    everything = {"statuses": "standard", "reasons": "standard"}
    async with opened(sandbox.connection, routes=everything) as gateway:
        assert len(await gateway.check.hosts()) == 1


async def test_credentials_that_are_refused_are_an_access_error(sandbox: ErecruitSandbox) -> None:
    wrong = {**sandbox.credentials, "client_secret": "wrong"}
    async with opened(sandbox.connection, credentials=wrong) as gateway:
        with pytest.raises(AccessError) as error:
            await need(gateway.job_lookup).job(JOB)

    assert "wrong" not in str(error.value)


async def test_what_is_missing_is_named_by_its_kind_and_id(gateway: Gateway) -> None:
    with pytest.raises(NotFoundError) as error:
        await need(gateway.job_lookup).job(JobId("1"))

    assert (error.value.kind, error.value.record_id) == ("job", "1")
