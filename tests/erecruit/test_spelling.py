"""Applications are made under one of two spellings, whichever the installation has."""

import pytest

from domain.attachment import Attachment
from domain.evidence import Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId
from domain.note import Note, paragraph
from entrypoints.sandbox.erecruit import ErecruitSandbox
from ports.errors import (
    NotFoundError,
    UnsupportedError,
)
from ports.gateway import Gateway, need
from tests.erecruit.rig import NOON, Try, opened

APPLICATION, PERSON, JOB = ApplicationId("700123"), CandidateId("5145605"), JobId("90215")
REJECTED = ApplicationId("700125")
NOTE = Note(blocks=(paragraph("Passed <b>all</b>"),))
FILE = Attachment(filename="Rapport d'entrevue.pdf", media_type="application/pdf", content=b"%PDF-1.4 %%EOF")


async def test_the_other_spelling_is_tried_only_where_there_is_no_route(
    sandbox: ErecruitSandbox, gateway: Gateway
) -> None:
    sandbox.state.switches.misspelled_application_route = True
    intake, once = need(gateway.application_intake), Try()

    first = await intake.create(PERSON, JOB, once)
    second = await intake.create(PERSON, JobId("90216"), Try())
    found = await intake.find(PERSON, JOB)

    assert [written["id"] for written in sandbox.writes] == [first.id, second.id]
    assert found == Found(Receipt(id=first.id, at=NOON))
    # The first found out, the others knew.
    assert [one["path"] for one in sandbox.journal.refusals] == ["/webapi/CandidateApplication"]


async def test_a_missing_record_is_no_reason_to_spell_otherwise(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    once = Try()

    with pytest.raises(NotFoundError) as error:
        await need(gateway.application_intake).create(CandidateId("1"), JOB, once)

    assert once.begun == 1
    assert "candidate or job 1, 90215" in str(error.value)
    assert [one["path"] for one in sandbox.journal.refusals] == ["/webapi/CandidateApplication"]


async def test_where_neither_spelling_exists_that_is_said(sandbox: ErecruitSandbox) -> None:
    async with opened(sandbox.connection, routes={"create_application": "legacy"}) as gateway:
        with pytest.raises(UnsupportedError):
            await need(gateway.application_intake).create(PERSON, JOB, Try())
