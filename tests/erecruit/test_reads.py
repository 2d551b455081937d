"""Look-ups, batches and resumes, where eRecruit is odd."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.candidate import CandidateQuery
from domain.ids import ApplicationId, CandidateId, JobId
from domain.job import JobStatus
from entrypoints.sandbox.erecruit import ErecruitSandbox, attachments
from entrypoints.sandbox.erecruit.state import About
from ports.errors import AccessError, InvalidInputError, NotFoundError, UnavailableError
from ports.gateway import Gateway, need

JOB, PERSON, OTHER = JobId("90210"), CandidateId("5145605"), CandidateId("5145606")


async def pages_of(feed: Any) -> list[list[Any]]:
    return [list(page) async for page in feed]


async def all_of(feed: Any) -> list[Any]:
    return [sighting for page in await pages_of(feed) for sighting in page]


def asked(sandbox: ErecruitSandbox, route: str) -> int:
    return int(sandbox.journal.shown()["requests_by_route"].get(route, 0))


async def test_parts_of_a_job_that_are_missing_are_named(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    sandbox.state.switches.forbidden = "Owner,Address"
    del sandbox.state.companies[4410]

    detail = await need(gateway.job_detail).detail(JOB)

    assert set(detail.missing) == {"owners", "address", "company"}
    assert [party.role for party in detail.parties] == ["contact"]
    assert [(field.name, field.value) for field in detail.fields] == [("Language", "Français")]


async def test_a_job_in_detail(gateway: Gateway) -> None:
    detail = await need(gateway.job_detail).detail(JOB)

    assert detail.missing == ()
    assert {(party.role, party.name) for party in detail.parties} == {
        ("company", "Acme Ltd"),
        ("contact", "Marie-Ève Gagnon"),
        ("owner", "Pat Roy"),
        ("owner", "Siobhán O'Dea"),
    }
    assert detail.address is not None
    assert detail.address.endswith("Toronto, Ontario, M5H 1A1, CA")


@pytest.mark.parametrize("cursor", ["", "bm9uc2Vuc2U=", "e30=", "☃", "eyJwYWdlIjowLCJzaXplIjo1fQ=="])
async def test_a_cursor_of_somebody_else_s_is_refused(sandbox: ErecruitSandbox, gateway: Gateway, cursor: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        await need(gateway.job_detail_feed).batch(limit=5, cursor=cursor)

    assert error.value.field == "cursor"
    assert sandbox.journal.requests == 0


async def test_a_part_that_cannot_be_had_right_now_fails_the_whole(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    await gateway.check.hosts()
    sandbox.faults.arm("503_html", times=9, route="Company")

    with pytest.raises(UnavailableError):
        await need(gateway.job_detail).detail(JOB)


async def test_a_cursor_goes_on_where_it_was_given_and_for_no_smaller_limit(gateway: Gateway) -> None:
    feed = need(gateway.job_detail_feed)
    first = await feed.batch(limit=3)

    second = await feed.batch(limit=3, cursor=first.next)

    assert not {one.job.id for one in first.jobs} & {one.job.id for one in second.jobs}
    with pytest.raises(InvalidInputError):
        await feed.batch(limit=2, cursor=first.next)
    with pytest.raises(InvalidInputError):
        await feed.batch(limit=0)


async def test_hits_of_the_fuzzy_search_are_looked_at_again(gateway: Gateway) -> None:
    search = need(gateway.candidate_search)

    # Two bear nearly the same name, and one of them the same mailbox at another house.
    by_name = await search.find(CandidateQuery(first_name="Zoe", last_name="Oneil"))
    by_mail = await search.find(CandidateQuery(email="ZOE.ONEIL@canary.example.test"))
    by_phone = await search.find(CandidateQuery(first_name="Zoé", last_name="O'Neil", phone="+1 416 555 0101"))
    by_either = await search.find(CandidateQuery(email="nobody@example.test", phone="416-555-0100"))

    assert {one.id for one in by_name} == {PERSON, OTHER}
    assert [one.id for one in by_mail] == [PERSON]
    assert [one.id for one in by_phone] == [OTHER]
    assert [one.id for one in by_either] == [PERSON]


@pytest.mark.parametrize("query", [CandidateQuery(), CandidateQuery(first_name=" ", email="")])
async def test_a_search_for_nothing_is_refused(
    sandbox: ErecruitSandbox, gateway: Gateway, query: CandidateQuery
) -> None:
    with pytest.raises(InvalidInputError):
        await need(gateway.candidate_search).find(query)

    assert sandbox.journal.requests == 0


async def test_the_newest_resume_is_the_newest_version_of_the_right_type(
    sandbox: ErecruitSandbox, gateway: Gateway
) -> None:
    about = About(kind="candidate", number=int(PERSON))
    attachments.keep(sandbox.state, about, "later.pdf", 1000, b"no resume", "2026-11-20T09:00:00")
    attachments.keep(sandbox.state, about, "cv.docx", 1, b"older version", "2026-11-19T09:00:00")
    attachments.keep(sandbox.state, about, "cv.docx", 1, b"word", "2026-11-01T09:00:00.5")
    attachments.keep(sandbox.state, about, "old.rtf", 1, b"old", "2020-01-01T09:00:00")

    resume = await need(gateway.resumes).resume(PERSON)

    assert (resume.filename, resume.content) == ("cv.docx", b"word")
    assert resume.media_type.endswith("wordprocessingml.document")


async def test_no_resume_and_no_candidate_are_told_apart(gateway: Gateway) -> None:
    for candidate, kind in ((CandidateId("5145606"), "resume"), (CandidateId("1"), "candidate")):
        with pytest.raises(NotFoundError) as error:
            await need(gateway.resumes).resume(candidate)
        assert error.value.kind == kind


@pytest.mark.parametrize("wrong", ["", "abc", "12a", "-1", "1/../2", "١٢", "1" * 19, " 1", "../Position"])
async def test_an_id_that_can_be_none_is_refused_before_anything_is_sent(
    sandbox: ErecruitSandbox, gateway: Gateway, wrong: str
) -> None:
    for call in (
        need(gateway.job_lookup).job(JobId(wrong)),
        need(gateway.candidate_lookup).candidate(CandidateId(wrong)),
        need(gateway.stage_moves).current(ApplicationId(wrong)),
        need(gateway.application_notes).find(wrong, "3f9c1a2b4d5e"),
        need(gateway.candidate_files).find(wrong, "3f9c1a2b4d5e"),
        need(gateway.job_fields).current(wrong),
        need(gateway.tagging).current(CandidateId(wrong)),
    ):
        with pytest.raises(InvalidInputError) as error:
            await call
        assert error.value.field
    assert sandbox.journal.requests == 0


async def test_nulls_everywhere_are_borne(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("null_fields", times=100)

    job = (await all_of(need(gateway.job_feed).changed_jobs()))[0].load()
    person = await need(gateway.candidate_lookup).candidate(PERSON)
    await need(gateway.stages).stages()
    await need(gateway.candidate_fields).definitions()

    assert (job.title, job.status) == ("", JobStatus.OPEN)
    assert (person.first_name, person.emails) == ("", ())


async def test_a_feed_without_permission_says_so(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    sandbox.state.switches.forbidden = "Contact"

    with pytest.raises(AccessError):
        await all_of(need(gateway.candidate_feed).changed_candidates(datetime(2026, 11, 1, tzinfo=UTC)))
