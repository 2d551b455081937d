"""Answers that no sandbox gives: another value than was sent, somebody else's number, records that cannot be read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from domain.custom_field import FieldUpdate
from domain.ids import CandidateId, FieldId, JobId
from domain.note import Note, paragraph
from ports.errors import ConflictError, InvalidInputError, OutcomeUnknownError, PortError, UnavailableError
from ports.gateway import Gateway, need
from tests.builders import an_attempt
from tests.kombo.rig import CREDENTIALS, a_candidate, a_job, an_application, listed, opened
from tests.rest.raw_server import Act, RawServer, reply, serving

NOTE = Note(blocks=(paragraph("Passed"),))
ACTIVITY: dict[str, Any] = {"dialect": "documented", "activity_type_id": "31"}
FIELD = {"id": 601, "name": "Shift", "type": "Dropdown", "options": ["Day", "Night"]}


@asynccontextmanager
async def over(*script: Act, **settings: Any) -> AsyncIterator[tuple[RawServer, Gateway]]:
    async with serving(*script) as server:
        body = {"provider": "avionte", "settings": {"base_url": f"{server.url}/v1"}, "credentials": CREDENTIALS}
        async with opened(body, attempts=1, **settings) as gateway:
            yield server, gateway


def said(data: object, status: int = 200) -> Act:
    inner = {"url": "https://ats.example.test", "status": status, "headers": {}, "data": data}
    return reply(200, msgspec.json.encode({"status": "success", "warnings": [], "data": inner}))


async def test_an_activity_that_was_written_on_somebody_else_is_in_doubt() -> None:
    answer = said({"id": 1, "talentId": 72, "notes": "Passed"})
    async with over(listed([a_candidate(1)]), answer, **ACTIVITY) as (_, gateway):
        with pytest.raises(OutcomeUnknownError, match="another value"):
            await need(gateway.candidate_notes).add("cand1", NOTE, an_attempt())


async def test_a_change_that_is_answered_by_what_cannot_be_read_is_in_doubt() -> None:
    async with over(said([FIELD]), listed([a_candidate(1)]), said({"customDetails": "odd"})) as (_, gateway):
        with pytest.raises(OutcomeUnknownError):
            await need(gateway.candidate_fields).update("cand1", FieldUpdate(FieldId("601"), "Day"), an_attempt())


@pytest.mark.parametrize("value", ["Night", None, ["Day", "Night"]])
async def test_a_change_that_is_answered_with_another_value_is_in_doubt(value: object) -> None:
    echo = said({"id": 71, "customDetails": [{"definitionId": 600, "value": 1}, {"definitionId": 601, "value": value}]})
    async with over(said([FIELD]), listed([a_candidate(1)]), echo) as (_, gateway):
        with pytest.raises(OutcomeUnknownError, match="another value"):
            await need(gateway.candidate_fields).update("cand1", FieldUpdate(FieldId("601"), "Day"), an_attempt())


ECHOES = [{"id": 71}, {"customDetails": []}, [], {"customDetails": [{"definitionId": 601, "value": "day"}]}]


@pytest.mark.parametrize("echo", ECHOES)
async def test_a_change_whose_answer_says_nothing_of_it_or_the_same_is_done(echo: object) -> None:
    async with over(said([FIELD]), listed([a_candidate(1)]), said(echo)) as (_, gateway):
        receipt = await need(gateway.candidate_fields).update("cand1", FieldUpdate(FieldId("601"), "Day"), an_attempt())

    assert receipt.id == "601"


@pytest.mark.parametrize("remote", ["71000456:51000123", "7.1", "-71", "", " 71", "٧١"])
async def test_a_candidate_without_a_talents_number_is_not_written_to(remote: str) -> None:
    attempt = an_attempt()
    async with over(listed([a_candidate(1, remote_id=remote)])) as (server, gateway):
        with pytest.raises(InvalidInputError) as refused:
            await need(gateway.candidate_notes).add("cand1", NOTE, attempt)

    assert (refused.value.field, attempt.begun, len(server.seen)) == ("candidate_id", [], 1)


async def test_an_application_that_has_no_id_in_avionte_is_refused() -> None:
    async with over(listed([an_application(1, remote_id="")])) as (_, gateway):
        with pytest.raises(InvalidInputError, match="has no id in Avionté"):
            await need(gateway.application_fields).current("app1")


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 51, "companyName": 7},
        {"id": 51, "worksiteAddress": "here"},
        {"id": 51, "customJobDetails": "none"},
        {"id": 51, "customJobDetails": [7]},
    ],
)
async def test_a_job_that_cannot_be_read_is_put_aside_and_the_page_goes_on(odd: dict[str, Any]) -> None:
    values = [{"definitionId": 503, "value": "2026-12-01T00:00:00"}]
    jobs = said([odd, {"id": 52, "companyName": "Acme", "more": {}, "customJobDetails": values}])
    definitions = said([{"id": 503, "name": "Start", "type": "Date"}])
    async with over(listed([a_job(1), a_job(2)]), jobs, definitions) as (_, gateway):
        page = await need(gateway.job_detail_feed).batch(limit=2)

    assert {one.job.id: one.missing for one in page.jobs} == {"job1": ("fields", "company", "address"), "job2": ()}
    assert [(one.name, one.value) for one in page.jobs[1].fields] == [("Start", "2026-12-01")]


async def test_definitions_that_cannot_be_read_leave_values_as_they_are() -> None:
    jobs = said([{"id": 51, "customJobDetails": [{"definitionId": 501, "name": "Pay", "value": 21.50}]}])
    async with over(listed([a_job(1)]), jobs, said([{"id": None}])) as (_, gateway):
        page = await need(gateway.job_detail_feed).batch(limit=2)

    assert [(one.name, one.value) for one in page.jobs[0].fields] == [("Pay", "21.5")]


async def test_a_job_without_a_number_is_not_asked_for() -> None:
    async with over(listed([a_job(1, remote_id="5:1")])) as (server, gateway):
        detail = await need(gateway.job_detail).detail(JobId("job1"))
        page = await need(gateway.job_detail_feed).batch(limit=2)

    assert detail.missing == page.jobs[0].missing == ("fields", "company", "address")
    assert [one.method for one in server.seen] == ["GET", "GET"]


OTHERS = [
    ([a_candidate(2, email_addresses=a_candidate(1)["email_addresses"])], "candidate cand2 bears"),
    ([a_candidate(2, first_name="JO", email_addresses=[{"email_address": "Jo.1@Example.test"}])], "candidate cand2"),
    ([a_candidate(2, first_name="Ann", email_addresses=a_candidate(1)["email_addresses"])], "no other candidates bear"),
    ([a_candidate(2)], "no other candidates bear"),
    ([a_candidate(1)], "no other candidates bear"),
    ([], "no other candidates bear"),
]


@pytest.mark.parametrize(("others", "words"), OTHERS)
async def test_who_bears_a_merged_candidates_name_must_bear_their_address_too(others: list[Any], words: str) -> None:
    gone = a_candidate(1, remote_deleted_at="2026-11-21T09:00:00.000Z")
    async with over(listed([]), listed([gone]), listed(others)) as (server, gateway):
        with pytest.raises(ConflictError, match=words):
            await need(gateway.candidate_lookup).candidate(CandidateId("cand1"))

    assert "include_deleted=true" in server.seen[1].target
    assert "email=jo.1%40example.test" in server.seen[2].target


@pytest.mark.parametrize("error", [InvalidInputError, UnavailableError])
async def test_what_was_answered_by_not_found_stays_so_where_nothing_more_can_be_told(error: type[PortError]) -> None:
    """The request was surely not done: trouble in looking why must not say otherwise."""
    why = said("no", 400) if error is InvalidInputError else said("trouble", 500)
    async with over(listed([a_candidate(1)]), said("no", 404), why) as (_, gateway):
        with pytest.raises(PortError, match="candidate cand1 was not found"):
            await need(gateway.candidate_notes).add("cand1", NOTE, an_attempt())


async def test_two_names_of_one_activity_type_mean_the_first() -> None:
    kinds = said([{"typeId": 7, "name": "Call"}, {"typeId": 8, "name": "call"}, {"typeId": 9}])
    async with over(listed([a_candidate(1)]), kinds, said({"id": 1}), dialect="documented") as (server, gateway):
        await need(gateway.candidate_notes).add("cand1", Note(blocks=(), action_type="CALL"), an_attempt())

    assert msgspec.json.decode(server.seen[2].body)["data"]["typeId"] == 7
