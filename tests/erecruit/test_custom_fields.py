"""Custom fields: coerced to their type, one request each, read back."""

import pytest

from domain.attachment import Attachment
from domain.custom_field import FieldUpdate
from domain.ids import ApplicationId, CandidateId, FieldId, JobId
from domain.note import Note, paragraph
from entrypoints.sandbox.erecruit import ErecruitSandbox
from ports.errors import (
    InvalidInputError,
)
from ports.gateway import Gateway, need
from tests.erecruit.rig import Try

APPLICATION, PERSON, JOB = ApplicationId("700123"), CandidateId("5145605"), JobId("90215")
REJECTED = ApplicationId("700125")
NOTE = Note(blocks=(paragraph("Passed <b>all</b>"),))
FILE = Attachment(filename="Rapport d'entrevue.pdf", media_type="application/pdf", content=b"%PDF-1.4 %%EOF")


def _update(field: str, value: str = "true") -> FieldUpdate:
    return FieldUpdate(FieldId(field), value)


FIELDS: list[tuple[str, str, str]] = [
    ("41", "true", "True"),
    ("41", "false", "False"),
    ("42", "Day", "Day"),
    ("42", "day", "Day"),
    ("43", "12", "12"),
    ("44", "24.5", "24.5"),
    ("45", "Six years, <b>nights</b> too", "Six years, <b>nights</b> too"),
]


@pytest.mark.parametrize(("field", "value", "sent"), FIELDS)
async def test_a_field_is_set_and_read_back(
    sandbox: ErecruitSandbox, gateway: Gateway, field: str, value: str, sent: str
) -> None:
    fields = need(gateway.candidate_fields)

    await fields.update("5145606", _update(field, value), Try())

    assert [written["value"] for written in sandbox.writes] == [sent]
    values = await fields.current("5145606")
    assert isinstance(values, tuple)
    assert [(one.field, one.value) for one in values] == [(field, sent if sent not in {"True", "False"} else value)]


@pytest.mark.parametrize(
    ("field", "value"), [("42", "Dusk"), ("43", "1.5"), ("41", "maybe"), ("45", ""), ("999", "x"), ("x", "y")]
)
async def test_a_value_that_cannot_be_is_refused_before_it_is_sent(
    sandbox: ErecruitSandbox, gateway: Gateway, field: str, value: str
) -> None:
    once = Try()

    with pytest.raises(InvalidInputError) as error:
        await need(gateway.candidate_fields).update(PERSON, _update(field, value), once)

    assert once.begun == 0
    assert error.value.field
    assert sandbox.writes == []
