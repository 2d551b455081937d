"""Avionté's records with mixed dates, nulls, wrong types and unknown types; and what we make of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from adapters.avionte import codec, wire
from adapters.avionte.assumed import WORDS
from adapters.kombo import wire as kombo
from domain.candidate import Candidate
from domain.custom_field import FieldKind, canonical
from domain.errors import InvalidError
from domain.ids import CandidateId, FieldId
from ports.errors import MalformedReplyError

FORBIDDEN = {"taxIdNumber", "birthday", "race", "disability", "gender", "veteranStatus"}
"""What nobody who screens may know."""
DEFINITIONS = [
    {
        "id": 501,
        "name": "Shift",
        "type": "Dropdown",
        "isRequired": True,
        "isArchived": False,
        "options": ["Day", "Night"],
    },
    {"id": 502, "name": "Pay", "type": "number", "isRequired": False, "isArchived": False, "options": None},
    {"id": 503, "name": "Start", "type": "Date"},
    {"id": 504, "name": "Badge", "type": "Boolean"},
    {"id": 505, "name": "Days", "type": "MultiSelect", "options": ["Mon", "Tue"]},
    {"id": 506, "name": "Old", "type": "Text", "isArchived": True},
    {"id": 507, "name": "Colour", "type": "ColourPicker", "options": ["red"]},
    {"id": 508, "name": "Free", "type": "Dropdown", "options": []},
]


def keyed(row: Mapping[str, Any]) -> wire.Keyed:
    return msgspec.json.decode(msgspec.json.encode(row), type=wire.Keyed)


def word(name: str) -> str:
    return WORDS[name]


def known(*more: Mapping[str, Any]) -> dict[FieldId, codec.Field]:
    return codec.fields([keyed(row) for row in (*DEFINITIONS, *more)], word)


def read(value: object, field: int) -> str | None:
    detail = {"definitionId": field, "name": "x", "value": value}
    (one,) = codec.values(keyed({"customJobDetails": [detail]}), "job", known(), word)
    return one.value


def test_types_become_kinds_and_an_unknown_one_is_text_that_says_so() -> None:
    fields = known()

    assert {number: field.definition.kind for number, field in fields.items()} == {
        "501": FieldKind.CHOICE,
        "502": FieldKind.NUMBER,
        "503": FieldKind.DATE,
        "504": FieldKind.BOOLEAN,
        "505": FieldKind.CHOICE,
        "506": FieldKind.TEXT,
        "507": FieldKind.TEXT,
        "508": FieldKind.TEXT,
    }
    assert [field.definition.kind_text for field in fields.values()] == [*[None] * 6, "ColourPicker", None]
    assert [number for number, field in fields.items() if field.archived] == ["506"]
    assert [number for number, field in fields.items() if field.many] == ["505"]
    assert fields[FieldId("501")].definition.required
    assert fields[FieldId("507")].definition.options == ()


@pytest.mark.parametrize("row", [{}, {"id": None}, {"id": ""}, {"id": True}, {"id": [1]}, {"id": 1.5}], ids=str)
def test_a_definition_without_an_id_is_malformed_at_its_place(row: dict[str, Any]) -> None:
    with pytest.raises(MalformedReplyError) as raised:
        known(row)

    assert raised.value.path == f"$[{len(DEFINITIONS)}].id"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (501, "Night", "Night"),
        (501, "Dawn", "Dawn"),
        (501, "", None),
        (501, None, None),
        (502, 28.50, "28.5"),
        (502, "28.50", "28.5"),
        (502, "about 30", "about 30"),
        (502, Decimal("12345678901234567890.125"), "12345678901234567890.125"),
        (503, "2015-05-06T00:00:00", "2015-05-06"),
        (503, "2024-05-14T14:54:43.4290887Z", "2024-05-14"),
        (503, "2026-12-01", "2026-12-01"),
        (503, "soon", "soon"),
        (503, "", None),
        (504, True, "true"),
        (504, False, "false"),
        (504, "No", "false"),
        (505, ["Mon"], "Mon"),
        (505, ["Mon", "Tue"], "Mon\nTue"),
        (505, [], None),
        (505, "Mon", "Mon"),
        (506, "kept", "kept"),
        (507, 7, "7"),
        (999, "no definition any more", "no definition any more"),
        (999, {"odd": [1]}, "{'odd': [1]}"),
    ],
)
def test_values_are_canonical_text_or_kept_as_they_are(field: int, value: object, text: str | None) -> None:
    assert read(value, field) == text


@pytest.mark.parametrize("details", [None, []])
def test_a_record_without_values_has_none(details: object) -> None:
    assert codec.values(keyed({"customJobDetails": details}), "job", known(), word) == ()
    assert codec.values(keyed({}), "candidate", known(), word) == ()


@pytest.mark.parametrize("details", ["x", 5, {"a": 1}, [5], [None]], ids=str)
def test_values_that_are_no_list_of_objects_are_malformed(details: object) -> None:
    with pytest.raises(MalformedReplyError) as raised:
        codec.values(keyed({"customDetails": details}), "application", known(), word)

    assert raised.value.path.startswith("$.customDetails")


def test_a_field_that_stands_twice_is_told_once_and_one_without_a_number_not_at_all() -> None:
    details = [{"definitionId": 501, "value": "Day"}, {"definitionId": 501, "value": "Night"}, {"value": "lost"}]
    told = codec.values(keyed({"customDetails": details}), "candidate", known(), word)

    assert [(one.field, one.name, one.value) for one in told] == [("501", "Shift", "Night")]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_a_number_reads_back_as_it_was_sent(number: Decimal) -> None:
    field = known()[FieldId("502")]
    text = canonical(field.definition, number)
    sent = msgspec.json.encode({"customJobDetails": [{"definitionId": 502, "value": field.sent(text)}]})
    (told,) = codec.values(msgspec.json.decode(sent, type=wire.Keyed), "job", known(), word)

    assert told.value == text


@given(st.sampled_from(["501", "503", "504", "505"]), st.data())
def test_what_is_sent_is_what_is_read_back(number: str, data: st.DataObject) -> None:
    field = known()[FieldId(number)]
    values = {
        FieldKind.CHOICE: st.sampled_from(field.definition.options or ("",)),
        FieldKind.DATE: st.dates().map(str),
        FieldKind.BOOLEAN: st.sampled_from(["true", "false"]),
    }
    text = canonical(field.definition, data.draw(values[field.definition.kind]))

    assert read(field.sent(text), int(number)) == text


@given(st.datetimes(), st.integers(0, 7), st.sampled_from(["", "Z", "+02:00"]))
def test_every_way_in_which_a_time_is_stated_can_be_read(time: datetime, digits: int, zone: str) -> None:
    fraction = f".{time.microsecond:06}7"[: digits + 1] if digits else ""
    text = f"{time:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + fraction + zone

    assert codec.day(text) == time.date().isoformat()
    moment = codec.instant(text)
    assert moment is None or (zone and moment.tzinfo is UTC)
    if zone == "Z":
        assert moment is not None
        assert abs(moment.replace(tzinfo=None) - time).total_seconds() < 1


@given(st.text(max_size=30))
def test_a_time_that_cannot_be_read_is_none(text: str) -> None:
    codec.day(text)
    codec.instant(text)

    assert [codec.day(""), codec.day(None), codec.instant(""), codec.day("25:00")] == [None] * 4


def test_what_nobody_may_know_of_a_talent_is_not_even_decoded() -> None:
    names = {field.name for field in attrs.fields(wire.Talent)}
    row = dict.fromkeys(FORBIDDEN, "secret") | {"id": 7, "status": "Active", "availabilityDate": "2026-11-30T00:00:00"}
    talent = codec.decoded(wire.Talent, msgspec.json.encode(row))
    record = Candidate(id=CandidateId("c"), first_name="Jo", last_name="Doe", emails=("jo@example.test",))
    detail = codec.candidate_detail(record, talent, (), ())

    assert names & FORBIDDEN == set()
    assert "secret" not in repr(detail)
    assert (detail.id, detail.emails, detail.status) == ("c", ("jo@example.test",), "Active")
    assert detail.available_from == "2026-11-30"


def test_jobs_are_taken_once_by_their_numbers() -> None:
    rows: list[dict[str, Any]] = [
        {"id": 2, "a": 1},
        {"id": 1},
        {"id": 2, "a": 2},
        {"id": "3"},
        {"id": None},
        {},
        {"id": True},
    ]

    found = codec.by_number(keyed(row) for row in rows)

    assert list(found) == ["2", "1"]
    assert found["2"]["a"] == Raw(b"1")


@pytest.mark.parametrize("shape", [wire.Job, wire.Talent, wire.Address, wire.Note])
def test_all_but_identity_may_be_null_or_missing(shape: Any) -> None:
    identity = {field.name: 1 for field in attrs.fields(shape) if field.default is attrs.NOTHING}
    nulls = {field.name: None for field in attrs.fields(shape)} | identity

    assert codec.decoded(shape, msgspec.json.encode(nulls)) == codec.decoded(shape, msgspec.json.encode(identity))


def test_a_job_that_did_not_come_back_says_what_is_missing() -> None:
    job = kombo.Job(
        id="J", remote_id="51000123", name="Welder", changed_at="2026-11-20T10:00:00.000Z", stages=[], hiring_team=[]
    )
    address = wire.Address(street1="1 Foundry Lane", city="Leeds", postalCode="")
    whole = codec.job_detail(job, wire.Job(id=51000123, companyName="Acme", worksiteAddress=address), ())
    part = codec.job_detail(job, None, ())

    assert (whole.missing, whole.job.company, whole.address) == ((), "Acme", "1 Foundry Lane, Leeds")
    assert [(party.name, party.role) for party in whole.parties] == [("Acme", "company")]
    assert (part.missing, part.job.company) == (("fields", "company", "address"), None)


@pytest.mark.parametrize(("field", "value"), [("501", "Dawn"), ("502", "many"), ("503", "soon"), ("504", "maybe")])
def test_a_value_outside_its_type_or_options_is_none(field: str, value: str) -> None:
    with pytest.raises(InvalidError):
        canonical(known()[FieldId(field)].definition, value)
