"""Jobs, candidates and resumes, live."""

import pytest

from domain.candidate import CandidateDetail, CandidateQuery
from domain.ids import CandidateId, JobId
from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.catalogue import RESUME
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError
from ports.gateway import Gateway, need
from tests.tempworks.rig import opened

PERSON, NUMBER = CandidateId("43769"), 43_769


def asked(sandbox: TempWorksSandbox, route: str) -> int:
    return int(sandbox.journal.shown()["requests_by_route"].get(route, 0))


@pytest.mark.parametrize("candidate", ["", "12a", "../1", "4376O", "1" * 20])
async def test_an_id_that_is_not_a_number_is_refused_before_the_wire(
    sandbox: TempWorksSandbox, gateway: Gateway, candidate: str
) -> None:
    with pytest.raises(InvalidInputError, match="number"):
        await need(gateway.candidate_lookup).candidate(CandidateId(candidate))
    with pytest.raises(InvalidInputError, match="number"):
        await need(gateway.job_lookup).job(JobId(candidate))
    assert sandbox.journal.requests == 0


@pytest.mark.parametrize("phone", ["2045550009", "+1 204 555 0009", "1-204-555-0009", "(204) 555-0009"])
async def test_a_phone_is_found_however_it_is_written(gateway: Gateway, phone: str) -> None:
    found = await need(gateway.candidate_search).find(CandidateQuery(phone=phone))

    assert [(one.id, one.phones) for one in found] == [(PERSON, ("2045550009",))]


@pytest.mark.parametrize("phone", ["911", "12345", "555-009", "no phone"])
async def test_a_phone_of_few_digits_is_refused_before_the_wire(
    sandbox: TempWorksSandbox, gateway: Gateway, phone: str
) -> None:
    with pytest.raises(InvalidInputError, match="7 digits"):
        await need(gateway.candidate_search).find(CandidateQuery(phone=phone))
    assert sandbox.journal.requests == 0


async def test_of_those_who_share_a_phone_the_name_tells_who_is_meant(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    one, other = sandbox.state.employees[NUMBER], sandbox.state.employees[NUMBER + 1]
    other.phone = one.phone
    search = need(gateway.candidate_search)

    everybody = await search.find(CandidateQuery(phone="2045550009"))
    named = await search.find(CandidateQuery(phone="2045550009", first_name=f" {other.first.upper()} "))

    assert {person.id for person in everybody} == {PERSON, str(other.number)}
    assert [person.id for person in named] == [str(other.number)]


async def test_whoever_has_the_number_as_their_second_one_is_found(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    person = sandbox.state.employees[NUMBER]
    person.phone, person.cell = "2045559999", person.phone

    found = await need(gateway.candidate_search).find(CandidateQuery(phone="2045550009"))

    assert [one.id for one in found] in ([PERSON], [])


async def test_names_alone_cannot_be_asked_for(gateway: Gateway) -> None:
    with pytest.raises(InvalidInputError, match="e-mail"):
        await need(gateway.candidate_search).find(CandidateQuery(first_name="Ada", last_name="Byron"))


async def test_an_address_with_a_plus_is_asked_for_as_it_is(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    sandbox.state.employees[NUMBER].email = "ada+jobs@people.example.test"

    found = await need(gateway.candidate_search).find(CandidateQuery(email="Ada+jobs@people.example.test"))

    assert [one.id for one in found] == [PERSON]


async def test_where_nobody_names_their_resume_the_newest_of_such_documents_is_taken(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    kept = next(one for one in sandbox.state.documents_of[NUMBER] if one.type == RESUME)
    sandbox.state.employees[NUMBER].resume = None

    resume = await need(gateway.resumes).resume(PERSON)

    assert (resume.content, resume.media_type) == (kept.content, "application/pdf")


async def test_a_download_that_leads_elsewhere_is_followed_without_our_token(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    kept = next(one for one in sandbox.state.documents_of[NUMBER] if one.type == RESUME)
    sandbox.state.switches.files_elsewhere = True

    # Who brings credentials there is turned away.
    assert (await need(gateway.resumes).resume(PERSON)).content == kept.content


@pytest.mark.parametrize("location", ["http://files.example.test/1", "ftp://files.example.test/1", "//", "/files/1"])
async def test_a_download_that_leads_where_nothing_may_be_asked_is_malformed(
    sandbox: TempWorksSandbox, gateway: Gateway, location: str
) -> None:
    sandbox.state.switches.files_elsewhere = True
    sandbox.state.urls["files"] = location

    with pytest.raises(MalformedReplyError, match="https"):
        await need(gateway.resumes).resume(PERSON)


async def test_no_other_call_is_led_elsewhere(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("redirect", times=9)

    with pytest.raises(MalformedReplyError):
        await need(gateway.candidate_lookup).candidate(PERSON)
    assert sandbox.journal.redirects_followed == 0


async def test_a_candidate_in_detail_comes_with_what_a_screening_may_know(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    detail = await need(gateway.candidate_lookup).detail(PERSON)

    assert isinstance(detail, CandidateDetail)
    assert (detail.status, detail.office, detail.missing) == ("Eligible and Active", "Durham", ())
    assert detail.address
    assert len(detail.fields) == 13
    sandbox.faults.arm("403", route="GET /Employees/{id}/CustomData")
    bare = await need(gateway.candidate_lookup).detail(PERSON)
    assert isinstance(bare, CandidateDetail)
    assert (bare.first_name, bare.fields, bare.missing) == (detail.first_name, (), ("fields",))


async def test_a_job_in_detail_says_where_it_is_who_it_is_for_and_where_the_public_finds_it(gateway: Gateway) -> None:
    detail = await need(gateway.job_detail).detail(JobId("6000"))

    assert detail.missing == ()
    assert detail.link == "https://jobboard.example.test/acme/jobs/details/6000"
    assert detail.address == "12 Mill Rd, Durham, NC, 27701, United States of America"
    assert detail.job.location == "Durham, NC"
    assert detail.job.description
    assert "style" not in detail.job.description
    assert [party.role for party in detail.parties] == ["company", "owner"]
    assert len(detail.fields) == 13


async def test_the_board_is_read_once_for_a_batch(sandbox: TempWorksSandbox) -> None:
    async with opened(sandbox.connection, in_flight=1) as gateway:
        page = await need(gateway.job_detail_feed).batch(limit=5)

    assert len(page.jobs) == 5
    assert page.next
    assert asked(sandbox, "GET /Search/Jobs") == 1


async def test_an_outage_of_what_stands_behind_the_vendor_is_waited_for(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    for fault in ("520", "521"):
        sandbox.faults.arm(fault, route="GET /Employees/{id}")

    assert (await need(gateway.candidate_lookup).candidate(PERSON)).id == PERSON


async def test_a_resume_whose_file_is_gone_is_not_found(sandbox: TempWorksSandbox) -> None:
    gone = "/Employees/{candidate_id}/documents/{document_id}/lost"
    async with opened(sandbox.connection, assumed={"path.download": gone}) as gateway:
        with pytest.raises(NotFoundError) as error:
            await need(gateway.resumes).resume(PERSON)
    assert error.value.kind == "resume"
