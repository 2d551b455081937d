"""What a connection to Avionté may be told: each assumed word and path, and nothing that would name other records."""

import pytest

from adapters.avionte.assumed import WORDS
from adapters.avionte.endpoints import ENDPOINTS
from adapters.avionte.settings import OVERRIDES, check_settings, read_settings, word
from adapters.rest.endpoint import Wire
from domain.errors import InvalidError

GIVEN = {"base_url": "https://api.kombo.dev/v1"}


def test_every_assumed_word_and_path_can_be_overridden() -> None:
    paths = {f"path.{row.name}" for row in ENDPOINTS if row.wire is Wire.ASSUMED}

    assert set(WORDS) | paths <= set(OVERRIDES)
    settings = read_settings({**GIVEN, "assumed": {"value.definition": "fieldId", "path.set_job_field": "/x/{job_id}"}})
    assert word(settings, "value.definition") == "fieldId"
    assert word(settings, "value.value") == WORDS["value.value"]
    assert settings.word("phone_region") == "US"


def test_every_word_fits_the_rule_for_its_overrides() -> None:
    read_settings({**GIVEN, "assumed": dict(WORDS)})


@pytest.mark.parametrize(
    ("assumed", "pointer"),
    [
        ({"nonsense": "x"}, "/assumed/nonsense"),
        ({"value.value": ""}, "/assumed/value.value"),
        ({"value.value": 'a"b'}, "/assumed/value.value"),
        ({"multi_query.most": "0"}, "/assumed/multi_query.most"),
        ({"multi_query.most": "501"}, "/assumed/multi_query.most"),
        ({"path.set_job_field": "/job"}, "/assumed/path.set_job_field"),
        ({"path.set_job_field": "/job/{job_id}/{job_id}"}, "/assumed/path.set_job_field"),
        ({"path.set_job_field": "/job/{candidate_id}"}, "/assumed/path.set_job_field"),
        ({"path.set_job_field": "https://elsewhere.test/{job_id}"}, "/assumed/path.set_job_field"),
        ({"path.set_job_field": "/job/../talent/{job_id}"}, "/assumed/path.set_job_field"),
        ({"path.set_job_field": "/job/{job_id}?x=1"}, "/assumed/path.set_job_field"),
        ({"path.job_fields": "/job/{job_id}"}, "/assumed/path.job_fields"),
        ({"path.add_activity": "/talent/{candidate_id}/activity"}, "/assumed/path.add_activity"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(assumed: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidError) as raised:
        check_settings({**GIVEN, "assumed": assumed})

    assert [fault.pointer for fault in raised.value.faults] == [pointer]


def test_the_dialect_is_the_pages_unless_it_is_said_otherwise() -> None:
    kept = check_settings({**GIVEN, "activity_type_id": "-95"}).settings

    assert (kept["dialect"], kept["note_format"], kept["activity_type_id"]) == ("page", "html", "-95")
