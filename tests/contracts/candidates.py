"""Candidates, live."""

import pytest

from domain.candidate import CandidateQuery
from ports.errors import InvalidInputError, NotFoundError
from ports.gateway import need
from tests.contracts.contract import contract
from tests.rigs.rig import Rig


@contract("candidate_lookup")
async def a_candidate_is_had_by_their_id(rig: Rig, capability: str) -> None:
    known = rig.world.person

    person = await need(rig.gateway.candidate_lookup).candidate(known.id)

    assert (person.id, person.first_name, person.last_name) == (known.id, known.first_name, known.last_name)
    assert known.email in person.emails
    assert known.phone in person.phones


@contract("candidate_lookup")
async def a_candidate_who_is_not_there_is_not_found(rig: Rig, capability: str) -> None:
    with pytest.raises(NotFoundError) as missing:
        await need(rig.gateway.candidate_lookup).candidate(rig.world.no_candidate)

    assert (missing.value.kind, missing.value.record_id) == ("candidate", rig.world.no_candidate)


@contract("candidate_lookup")
async def details_hold_the_candidate_themselves(rig: Rig, capability: str) -> None:
    known, lookup = rig.world.person, need(rig.gateway.candidate_lookup)

    detail = await lookup.detail(known.id)

    assert (detail.id, detail.first_name, detail.last_name) == (known.id, known.first_name, known.last_name)
    assert getattr(detail, "missing", ()) == ()
    with pytest.raises(NotFoundError):
        await lookup.detail(rig.world.no_candidate)


@contract("candidate_search")
async def a_candidate_is_found_by_name_and_mail(rig: Rig, capability: str) -> None:
    known = rig.world.person
    query = CandidateQuery(first_name=known.first_name, last_name=known.last_name, email=known.email)

    found = await need(rig.gateway.candidate_search).find(query)

    assert [person.id for person in found] == [known.id]
    assert known.email in found[0].emails


@contract("candidate_search")
async def a_candidate_is_found_by_phone_alone(rig: Rig, capability: str) -> None:
    found = await need(rig.gateway.candidate_search).find(CandidateQuery(phone=rig.world.person.phone))

    assert rig.world.person.id in [person.id for person in found]


@contract("candidate_search")
async def a_namesake_with_another_mail_is_somebody_else(rig: Rig, capability: str) -> None:
    known = rig.world.person
    query = CandidateQuery(first_name=known.first_name, last_name=known.last_name, email="nobody@nowhere.invalid")

    assert await need(rig.gateway.candidate_search).find(query) == ()


@contract("candidate_search")
async def nobody_is_found_by_nothing(rig: Rig, capability: str) -> None:
    with pytest.raises(InvalidInputError):
        await need(rig.gateway.candidate_search).find(CandidateQuery())


@contract("resumes")
async def the_newest_resume_comes_with_its_bytes(rig: Rig, capability: str) -> None:
    resume = await need(rig.gateway.resumes).resume(rig.world.person.id)

    assert resume.content == rig.world.resume
    assert resume.filename
    assert resume.media_type == "application/pdf"


@contract("resumes")
async def a_candidate_without_a_resume_is_told_from_one_who_is_not_there(rig: Rig, capability: str) -> None:
    resumes = need(rig.gateway.resumes)

    with pytest.raises(NotFoundError) as no_resume:
        await resumes.resume(rig.world.without_resume)
    with pytest.raises(NotFoundError) as nobody:
        await resumes.resume(rig.world.no_candidate)

    assert no_resume.value.kind == "resume"
    assert nobody.value.kind == "candidate"
