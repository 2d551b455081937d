"""eRecruit's records with nulls, wrong types, missing and extra keys; and what we make of them."""

from contextlib import suppress
from typing import Any

import attrs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.erecruit import codec, wire
from adapters.likeness import email_key, phone_key
from adapters.zones import zone
from domain.custom_field import FieldKind, canonical
from domain.ids import FieldId, StageId
from domain.job import JobStatus
from domain.job_application import Outcome, Stage
from ports.errors import MalformedReplyError

TORONTO = zone("America/Toronto")
NUMBERS = {"3": JobStatus.OPEN}
RECORDS = [shape for shape in vars(wire).values() if isinstance(shape, type) and attrs.has(shape)]
READ = [shape for shape in RECORDS if shape not in {wire.Moved, wire.Rejected, wire.LegacyToken, wire.Listing}]


def encoded(**row: Any) -> bytes:
    return msgspec.json.encode(row)


def _identity(shape: type) -> dict[str, Any]:
    return {field.name: 1 for field in attrs.fields(shape) if field.default is attrs.NOTHING}


@pytest.mark.parametrize("shape", READ, ids=lambda shape: shape.__name__)
def test_all_but_identity_may_be_null_or_missing(shape: type) -> None:
    identity = _identity(shape)
    nulls = {field.name: None for field in attrs.fields(shape)} | identity

    missing: object = codec.decoded(shape, encoded(**identity))
    if shape is not wire.Glance:
        assert codec.decoded(shape, encoded(**nulls)) == missing


@pytest.mark.parametrize("shape", READ, ids=lambda shape: shape.__name__)
def test_keys_that_we_do_not_use_are_passed_over(shape: type) -> None:
    codec.decoded(shape, encoded(**_identity(shape), SSN="never kept", _links=[]))


@pytest.mark.parametrize(
    ("shape", "row", "path"),
    [
        (wire.Position, {"ID": "90210"}, "$.ID"),
        (wire.Position, {"ID": 1, "Title": 5}, "$.Title"),
        (wire.Position, {"ID": True}, "$.ID"),
        (wire.Submission, {"ID": 1, "CandidateID": None, "PositionID": 2}, "$.CandidateID"),
        (wire.Person, {"ID": 1, "First": ["Zoé"]}, "$.First"),
        (wire.Status, {"ID": 1, "IsRejected": "true"}, "$.IsRejected"),
        (wire.FieldValue, {"ID": 1, "Value": 3}, "$.Value"),
        (wire.Position, {}, "$.ID"),
    ],
)
def test_a_wrong_type_is_refused_by_its_place_and_not_quoted(shape: type, row: dict[str, Any], path: str) -> None:
    with pytest.raises(MalformedReplyError) as error:
        codec.decoded(shape, encoded(**row))

    assert error.value.path == path
    assert "Zoé" not in str(error.value)


@given(st.binary(max_size=40))
def test_bytes_of_any_kind_are_read_or_refused_in_one_way(content: bytes) -> None:
    with suppress(MalformedReplyError):
        codec.decoded(wire.Position, content)


@pytest.mark.parametrize(
    ("number", "name", "status"),
    [
        (3, "Open", JobStatus.OPEN),
        (3, None, JobStatus.OPEN),
        (9999, " on hold ", JobStatus.ON_HOLD),
        (9999, "Zurückgestellt", JobStatus.UNKNOWN),
        (None, None, JobStatus.UNKNOWN),
        ({"unexpected": 1}, ["x"], JobStatus.UNKNOWN),
    ],
)
def test_statuses_of_jobs(number: object, name: object, status: JobStatus) -> None:
    assert codec.job_status(number, name, NUMBERS) is status


@pytest.mark.parametrize(
    ("rows", "emails"),
    [
        ([("a@x.example", False), ("b@x.example", True)], ("b@x.example", "a@x.example")),
        ([("a@x.example", None), ("b@x.example", None)], ("a@x.example", "b@x.example")),
        ([("a@x.example", True), ("b@x.example", True), ("a@x.example", False)], ("a@x.example", "b@x.example")),
        ([("  ", True), (None, True)], ()),
        ([], ()),
    ],
)
def test_the_primary_address_comes_first(rows: list[tuple[str | None, bool | None]], emails: tuple[str, ...]) -> None:
    reached = [wire.Communication(TypeID=200, Value=value, IsPrimary=primary) for value, primary in rows]
    others = [wire.Communication(TypeID=300, Value="https://x.example"), wire.Communication(Value="?")]

    assert codec.candidate(wire.Person(ID=1), [*reached, *others], TORONTO).emails == emails


STAGES = {
    StageId("90"): Stage(id=StageId("90"), name="Applied"),
    StageId("150"): Stage(id=StageId("150"), name="Placed", terminal=True),
    StageId("190"): Stage(id=StageId("190"), name="Rejected", rejected=True, terminal=True),
}


@pytest.mark.parametrize(
    ("status", "reason", "outcome", "value"),
    [
        (90, None, Outcome.OPEN, "stage:90"),
        (90, 14, Outcome.OPEN, "stage:90"),  # a rejection that was taken back
        (150, None, Outcome.CLOSED, "stage:150"),
        (190, 14, Outcome.REJECTED, "rejected:14"),
        (190, None, Outcome.REJECTED, "rejected:"),
        (7, None, Outcome.OPEN, "stage:7"),
        (7, 14, Outcome.REJECTED, "rejected:14"),
    ],
)
def test_where_an_application_stands(status: int, reason: int | None, outcome: Outcome, value: str) -> None:
    row = wire.Submission(ID=1, CandidateID=2, PositionID=3, StatusID=status, DispositionReasonID=reason)

    standing = codec.standing(row, STAGES)

    assert (standing.outcome, standing.value, standing.candidate) == (outcome, value, "2")


FIELDS = {
    "Boolean": ["True", "False"],
    "Integer": ["3", "-7", "0"],
    "Number": ["24.5", "3"],
    "Text": ["<b>", "a, b"],
    "List": ["Day", "Night"],
}


@pytest.mark.parametrize("kind", FIELDS)
def test_values_come_back_as_they_went(kind: str) -> None:
    row = wire.FieldDefinition(ID=41, Name="F", FieldType=kind, PossibleValues=["Day", "Night"])
    definition = codec.field_definition(row)

    for value in FIELDS[kind]:
        read = codec.field_value(wire.FieldValue(ID=41, Name="F", Value=value), {FieldId("41"): definition}).value
        assert read == canonical(definition, value)
        assert codec.field_text(definition, read) == value


@pytest.mark.parametrize(("kind", "value"), [("Integer", "three"), ("Boolean", "maybe"), ("List", "Dusk")])
def test_a_value_that_does_not_fit_its_own_field_is_kept_as_it_is(kind: str, value: str) -> None:
    definition = codec.field_definition(wire.FieldDefinition(ID=41, FieldType=kind, PossibleValues=["Day"]))

    assert codec.field_value(wire.FieldValue(ID=41, Value=value), {FieldId("41"): definition}).value == value


def test_a_list_whose_options_stand_elsewhere_takes_any_text() -> None:
    definition = codec.field_definition(wire.FieldDefinition(ID=41, FieldType="List", PossibleValues=None))

    assert definition.kind is FieldKind.TEXT


def test_a_receipt_does_not_fail_for_its_time() -> None:
    receipt = codec.receipt(7, "soon", TORONTO, b"sent")

    assert (receipt.id, receipt.at) == ("7", None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("(416) 555-0100 x12", "+1 416-555-0100", True),
        ("416.555.0100", "1 (416) 555 0100 ext. 9", True),
        ("(416) 555-0100", "(416) 555-0101", False),
        ("+44 20 7946 0958", "020 7946 0958", False),
        ("1", "(1)", True),
        ("none", "none", True),
        ("none", "nil", False),
    ],
)
def test_phone_numbers_are_compared_by_number(one: str, other: str, *, same: bool) -> None:
    assert (phone_key(one, "CA") == phone_key(other, "CA")) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zoe@Example.TEST", "zoe@example.test ", True),
        ("zoe@bücher.example", "zoe@xn--bcher-kva.example", True),
        ("zoe@example.test", "zoe@example.org", False),
        ("not an address", "Not an address", True),
    ],
)
def test_addresses_are_compared_without_case_and_spelling(one: str, other: str, *, same: bool) -> None:
    assert (email_key(one) == email_key(other)) is same
