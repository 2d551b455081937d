"""Single records, searches, stages and resumes, where Kombo is odd."""

import asyncio
from typing import Any

import pytest

from domain.candidate import CandidateQuery
from domain.ids import ApplicationId, CandidateId, JobId, StageId
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.fixtures import PLAIN
from entrypoints.sandbox.kombo.ids import Ids
from ports.errors import InvalidInputError, NotFoundError
from ports.gateway import Gateway, need
from tests.builders import an_attempt
from tests.clocks import FakeClock
from tests.kombo.rig import CREDENTIALS, a_candidate, a_job, an_application, listed, over
from tests.kombo.test_feeds import queries
from tests.rest.raw_server import serving

IDS = Ids(":".join(PLAIN))
ODD = "a/b?c#d e&é"


async def test_a_record_is_asked_for_by_kombos_id_or_by_that_of_the_ats() -> None:
    async with serving(listed([a_job(1)])) as server, over(server) as gateway:
        by_id = await need(gateway.job_lookup).job(JobId("job1"))
        by_remote_id = await need(gateway.job_lookup).job(JobId("remote:51"))

    assert by_id == by_remote_id
    assert [set(query) - {"page_size"} for query in queries(server)] == [{"ids"}, {"remote_ids"}]
    assert (queries(server)[0]["ids"], queries(server)[1]["remote_ids"]) == (["job1"], ["51"])


@pytest.mark.parametrize("record", ["a,b", "", " ", "remote:", "remote:1,2"])
async def test_what_would_be_no_id_or_several_is_refused_before_anything_is_sent(record: str) -> None:
    async with serving(listed([a_candidate(1), a_candidate(2)])) as server, over(server) as gateway:
        looks: list[Any] = [
            need(gateway.job_lookup).job(JobId(record)),
            need(gateway.job_detail).detail(JobId(record)),
            need(gateway.candidate_lookup).candidate(CandidateId(record)),
            need(gateway.stage_moves).current(ApplicationId(record)),
            need(gateway.tagging).current(CandidateId(record)),
            need(gateway.application_notes).find(record, "3f9c1a2b4d5e"),
        ]
        for look in looks:
            with pytest.raises(InvalidInputError):
                await look

    assert server.seen == []


async def test_an_odd_id_stays_one_id() -> None:
    async with serving(listed([])) as server, over(server) as gateway:
        with pytest.raises(NotFoundError) as error:
            await need(gateway.candidate_lookup).candidate(CandidateId(ODD))

    assert queries(server)[0]["ids"] == [ODD]
    assert (error.value.kind, error.value.record_id) == ("candidate", ODD)


async def test_another_record_than_the_one_asked_for_is_not_taken_for_it() -> None:
    # As if the integration had ignored the filter.
    async with serving(listed([a_candidate(2), a_candidate(3)])) as server, over(server) as gateway:
        with pytest.raises(NotFoundError):
            await need(gateway.candidate_lookup).candidate(CandidateId("cand1"))


async def test_key_and_integration_go_with_every_request_and_nothing_else_of_us() -> None:
    async with serving(listed([a_job(1)])) as server, over(server) as gateway:
        await need(gateway.job_lookup).job(JobId("job1"))

    headers = server.seen[0].headers
    assert headers["authorization"] == f"Bearer {CREDENTIALS['api_key']}"
    assert headers["x-integration-id"] == CREDENTIALS["integration_id"]
    assert (headers["accept"], headers["user-agent"]) == ("application/json", "atsbridge")
    assert set(headers) <= {"host", "authorization", "x-integration-id", "accept", "user-agent", "accept-encoding"}


async def test_a_search_by_address_asks_for_the_address_and_looks_again() -> None:
    hits = [a_candidate(1, email_addresses=[{"email_address": "JO@Example.TEST", "type": None}]), a_candidate(2)]
    async with serving(listed(hits)) as server, over(server) as gateway:
        query = CandidateQuery(email="jo@example.test", first_name="Joanna")
        found = await need(gateway.candidate_search).find(query)

    assert [one.id for one in found] == ["cand1"]
    assert [set(query) - {"page_size"} for query in queries(server)] == [{"email"}]


async def test_a_search_by_names_looks_again_because_matching_may_become_fuzzy() -> None:
    hits = [a_candidate(1, first_name="JO"), a_candidate(2, first_name="Joan"), a_candidate(3, last_name="Do")]
    async with serving(listed(hits)) as server, over(server) as gateway:
        found = await need(gateway.candidate_search).find(CandidateQuery(first_name="jo", last_name="Doe"))

    assert [one.id for one in found] == ["cand1"]
    assert (queries(server)[0]["first_name"], queries(server)[0]["last_name"]) == (["jo"], ["Doe"])


@pytest.mark.parametrize("phone", ["+1 (204) 555-0100", "204.555.0100 x7", "2045550100"])
async def test_a_phone_number_narrows_what_names_found_however_it_is_written(phone: str) -> None:
    hits = [a_candidate(1), a_candidate(2, phone_numbers=[{"phone_number": "+1 204 555 0199"}])]
    async with serving(listed(hits)) as server, over(server) as gateway:
        found = await need(gateway.candidate_search).find(CandidateQuery(last_name="Doe", phone=phone))

    assert [one.id for one in found] == ["cand1"]
    assert "phone" not in str(queries(server)).casefold()


async def test_whoever_bears_the_number_is_found_beside_whoever_bears_the_address() -> None:
    by_mail = a_candidate(1, first_name="Joe", phone_numbers=None)
    by_phone = a_candidate(2, email_addresses=None)
    async with serving(listed([by_mail]), listed([by_phone])) as server, over(server) as gateway:
        query = CandidateQuery(first_name="Jo", email="jo.1@example.test", phone="204 555 0100")
        found = await need(gateway.candidate_search).find(query)

    assert {one.id for one in found} == {"cand1", "cand2"}
    assert len(server.seen) == 2


@pytest.mark.parametrize("phone", ["+1 (204) 555-0100", "204.555.0100 x7", "2045550100"])
async def test_by_a_phone_number_alone_everybody_is_looked_at(phone: str) -> None:
    number = "1-204-555.0100 ext. 22"
    first = [a_candidate(1, phone_numbers=[{"phone_number": "+1 204 555 0199"}]), {"id": "broken"}]
    last = [a_candidate(2, phone_numbers=[{"phone_number": "+44 20 7946 0958"}, {"phone_number": number}])]
    async with serving(listed(first, "next"), listed(last)) as server, over(server) as gateway:
        found = await need(gateway.candidate_search).find(CandidateQuery(phone=phone, email=" "))

    assert [one.id for one in found] == ["cand2"]
    assert [query.get("cursor") for query in queries(server)] == [None, ["next"]]


async def test_the_end_of_a_phone_number_is_not_the_number() -> None:
    hits = [a_candidate(1, phone_numbers=[{"phone_number": "+1 416 555 0100"}])]
    async with serving(listed(hits)) as server, over(server) as gateway:
        assert await need(gateway.candidate_search).find(CandidateQuery(phone="+1 204 555 0100")) == ()


def _staged(number: int, *stages: str) -> dict[str, Any]:
    return a_job(number, stages=[{"id": one, "remote_id": one.upper(), "name": f"Stage {one}"} for one in stages])


async def test_stages_are_those_of_all_jobs_each_once_in_order() -> None:
    pages = [listed([_staged(1, "a", "b"), {"id": "spoiled"}, _staged(2, "b", "c")], "next"), listed([_staged(3, "d")])]
    async with serving(*pages) as server, over(server) as gateway:
        stages = await need(gateway.stages).stages()

    assert [(one.id, one.order) for one in stages] == [("a", 0), ("b", 1), ("c", 2), ("d", 3)]
    assert len(server.seen) == 2


async def test_where_no_job_has_stages_the_list_of_stages_is_asked_for() -> None:
    kept = {"id": "a", "remote_id": "A", "name": None}
    async with serving(listed([_staged(1), _staged(2)]), listed([kept])) as server, over(server) as gateway:
        stages = await need(gateway.stages).stages()

    assert [(one.id, one.name) for one in stages] == [("a", "A")]
    assert "/ats/application-stages" in server.seen[1].target


async def test_stages_are_read_once_for_all_who_ask_at_a_time() -> None:
    async with serving(listed([_staged(1, "a")])) as server, over(server) as gateway:
        every = await asyncio.gather(*(need(gateway.stages).stages() for _ in range(5)))

    assert len(server.seen) == 1
    assert len(set(every)) == 1


async def test_stages_are_read_again_after_some_minutes_only(
    sandbox: KomboSandbox, gateway: Gateway, clock: FakeClock
) -> None:
    stages = await need(gateway.stages).stages()
    before = sandbox.journal.requests
    clock.advance(599)
    assert await need(gateway.stages).stages() == stages
    assert sandbox.journal.requests == before

    clock.advance(1)
    assert await need(gateway.stages).stages() == stages
    assert sandbox.journal.requests > before


async def test_the_reasons_are_asked_for_only_where_somebody_was_rejected() -> None:
    reason = {"id": "r1", "name": "Not a fit", "remote_deleted_at": None}
    declined = an_application(2, outcome="DECLINED", rejection_reason_name="Not a fit")
    acts = [listed([an_application(1)]), listed([declined]), listed([reason])]
    async with serving(*acts) as server, over(server) as gateway:
        first = await need(gateway.rejection).current(ApplicationId("app1"))
        second = await need(gateway.rejection).current(ApplicationId("app2"))

    assert [getattr(one, "value", None) for one in (first, second)] == ["stage:stage1", "rejected:r1"]
    assert len(server.seen) == 3


async def test_batches_go_on_where_they_stopped_and_keep_their_size() -> None:
    acts = [listed([a_job(1), a_job(2)], "k/1"), listed([a_job(3)])]
    async with serving(*acts) as server, over(server) as gateway:
        feed = need(gateway.job_detail_feed)
        first = await feed.batch(limit=2)
        assert first.next is not None
        with pytest.raises(InvalidInputError):
            await feed.batch(limit=1, cursor=first.next)
        second = await feed.batch(limit=300, cursor=first.next)

    assert [one.job.id for page in (first, second) for one in page.jobs] == ["job1", "job2", "job3"]
    assert second.next is None
    assert queries(server) == [{"page_size": ["2"]}, {"page_size": ["2"], "cursor": ["k/1"]}]


async def test_the_lists_show_what_was_written_only_after_a_while(
    sandbox: KomboSandbox, gateway: Gateway, clock: FakeClock
) -> None:
    sandbox.state.switches.lag_seconds = 300
    application, stage = ApplicationId(IDS.of("application", 0)), StageId(IDS.of("stage", 1))
    before = await need(gateway.stage_moves).current(application)
    await need(gateway.stage_moves).move(application, stage, an_attempt())

    assert await need(gateway.stage_moves).current(application) == before
    clock.advance(301)
    after = await need(gateway.stage_moves).current(application)
    assert getattr(after, "stage", None) == stage
