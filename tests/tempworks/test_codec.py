"""TempWorks' records with nulls, wrong types, missing and extra keys; and what we make of them."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import attrs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.tempworks import codec, properties, wire
from adapters.zones import zone
from domain.custom_field import FieldKind
from domain.errors import InvalidError
from domain.job import JobStatus
from ports.errors import MalformedReplyError

DURHAM = zone("America/New_York")
SHAPES = [shape for shape in vars(wire).values() if isinstance(shape, type) and attrs.has(shape)]
RECORDS = [shape for shape in SHAPES if shape is not wire.Listing]


def encoded(**row: Any) -> bytes:
    return msgspec.json.encode(row)


def _identity(shape: type) -> dict[str, Any]:
    texts = {"propertyDefinitionId", "columnId"}
    required = [field.name for field in attrs.fields(shape) if field.default is attrs.NOTHING]
    return {name: "1" if name in texts else 1 for name in required}


@pytest.mark.parametrize("shape", RECORDS, ids=lambda shape: shape.__name__)
def test_all_but_identity_may_be_null_or_missing_and_more_may_come(shape: type) -> None:
    identity = _identity(shape)
    nulls = {field.name: None for field in attrs.fields(shape)} | identity

    missing: object = codec.decoded(shape, encoded(**identity))

    assert codec.decoded(shape, encoded(**nulls, governmentPersonalId="never kept", _new=[])) == missing


@given(st.binary(max_size=40))
def test_bytes_of_any_kind_are_read_or_refused_in_one_way(content: bytes) -> None:
    with suppress(MalformedReplyError):
        codec.decoded(wire.Employee, content)


@pytest.mark.parametrize(
    ("given_id", "read"),
    [(12, "12"), ("43760", "43760"), (" 43760 ", "43760"), ("0012", "12"), (9_223_372_036_854_775_807, None)],
)
def test_ids_are_numbers_here_and_texts_there(given_id: object, read: str | None) -> None:
    assert codec.ident(given_id) == (read or str(given_id))


@pytest.mark.parametrize("given_id", ["", "12a", "-1", "١٢", "1.0", True, None, 1.5])
def test_what_is_no_id_is_none(given_id: object) -> None:
    with pytest.raises(MalformedReplyError):
        codec.ident(given_id, "$.employeeId")


@pytest.mark.parametrize(
    ("value", "read"),
    [(True, True), (1, True), (0, False), ("true", True), ("0", False), (None, None), ("maybe", None)],
)
def test_flags_come_as_booleans_and_as_numbers(value: wire.Flag, *, read: bool | None) -> None:
    assert codec.flag(value) is read


@pytest.mark.parametrize(
    ("stated", "instant"),
    [
        ("2024-04-08T12:38:00", datetime(2024, 4, 8, 16, 38, tzinfo=UTC)),
        ("2024-04-08T05:00:00+00:00", datetime(2024, 4, 8, 5, tzinfo=UTC)),
        ("2025-03-26T15:58:36.0943424+00:00", datetime(2025, 3, 26, 15, 58, 36, 94_342, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),
        ("0001-01-01T00:00:00+00:00", None),
        ("9999-12-31T23:59:59", None),
        ("", None),
        ("  ", None),
        (None, None),
        (5, None),
    ],
)
def test_times_are_local_and_the_year_one_is_none(stated: object, instant: datetime | None) -> None:
    assert codec.moment(stated, DURHAM) == instant


def test_a_time_that_is_none_is_named_by_its_place_alone() -> None:
    with pytest.raises(MalformedReplyError) as error:
        codec.moment("next Tuesday", DURHAM, "$.activationDate")

    assert error.value.path == "$.activationDate"
    assert "Tuesday" not in str(error.value)


def test_texts_lose_the_spaces_that_columns_are_filled_up_with() -> None:
    row = wire.EmployeeRow(
        employeeId="12", firstName="Ada ", lastName="Byron   ", phoneNumber="9195550101   ", emailAddress="  "
    )

    person = codec.candidate_of_row(row)

    assert (person.first_name, person.last_name, person.phones, person.emails) == ("Ada", "Byron", ("9195550101",), ())


def test_the_latest_of_the_dates_counts() -> None:
    times = ("2026-11-20T09:00:00", None, "0001-01-01T00:00:00", "2026-11-21T09:00:00")

    person = codec.candidate(wire.Employee(employeeId=12), DURHAM, changed=times)

    assert person.changed_at == datetime(2026, 11, 21, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("own", "public", "title"),
    [
        ("Default", "Warehouse Associate", "Warehouse Associate"),
        ("default  ", "Warehouse Associate", "Warehouse Associate"),
        (None, "Warehouse Associate", "Warehouse Associate"),
        ("Welder", "Great welding job!", "Welder"),
        ("Default", None, "Default"),
        (None, None, ""),
    ],
)
def test_the_public_title_is_the_real_one_where_the_other_says_nothing(
    own: str | None, public: str | None, title: str
) -> None:
    assert codec.job(wire.JobOrder(jobOrderId=5997, jobTitle=own, publicJobTitle=public), DURHAM).title == title


def test_the_public_description_is_made_safe() -> None:
    markup = '<p style="color:red" onclick="x()">Great <b>team</b><script>steal()</script></p>'

    job = codec.job(wire.JobOrder(jobOrderId=1, publicJobDescription=markup), DURHAM)

    assert job.description == "<p>Great <b>team</b></p>"


@pytest.mark.parametrize(
    ("name", "active", "status"),
    [
        ("Unfilled", True, JobStatus.OPEN),
        ("Active ", 1, JobStatus.OPEN),
        ("Filled", True, JobStatus.FILLED),
        ("Cancelled After Filled", False, JobStatus.CLOSED),
        ("Zurückgestellt", False, JobStatus.CLOSED),
        ("Zurückgestellt", True, JobStatus.UNKNOWN),
        (None, None, JobStatus.UNKNOWN),
    ],
)
def test_statuses_of_jobs(name: str | None, active: wire.Flag, status: JobStatus) -> None:
    assert codec.job_status(name, active) is status


def a_property(of_type: str | None, *, options: tuple[str, ...] = (), **more: Any) -> properties.Property:
    row = wire.CustomProperty(
        propertyDefinitionId="FF5F", propertyType=of_type, hasDatalist=bool(options), isReadOnly=False, **more
    )
    return properties.property_of(row, options)


@pytest.mark.parametrize(
    ("of_type", "kept", "canonical"),
    [
        ("boolean", True, "true"),
        ("boolean", 1, "true"),
        ("boolean", "False", "false"),
        ("date", "2025-05-14T00:00:00", "2025-05-14"),
        ("integer", "1", "1"),
        ("integer", 1, "1"),
        ("decimal", "4", "4"),
        ("decimal", 0.1, "0.1"),
        ("money", "24.5000", "24.5"),
        ("string", "x", "x"),
        ("string", "", None),
        ("string", None, None),
        ("time", "11:00:00", "11:00:00"),
        ("integer", "three", "three"),
    ],
)
def test_values_are_texts_numbers_and_booleans(of_type: str, kept: object, canonical: str | None) -> None:
    row = wire.CustomProperty(propertyDefinitionId="ff5f", propertyValue=kept)

    assert properties.value_of(row, a_property(of_type)).value == canonical


@pytest.mark.parametrize(("kept", "canonical"), [(["x"], "x"), (["x", "y"], '["x", "y"]'), ([], None), ("x", "x")])
def test_several_values_are_a_list(kept: object, canonical: str | None) -> None:
    row = wire.CustomProperty(propertyDefinitionId="ff5f", propertyValue=kept)

    assert properties.value_of(row, a_property("string", allowMultipleValues=True)).value == canonical


@pytest.mark.parametrize(
    ("of_type", "value", "sent"),
    [
        ("boolean", "true", True),
        ("date", "2026-12-01", "2026-12-01T00:00:00"),
        ("integer", "-7", "-7"),
        ("money", "24.5", "24.5"),
        ("datetime", "2026-12-01T09:00", "2026-12-01T09:00:00"),
        ("time", "11:00", "11:00:00"),
        ("guid", "FF5FC2DE-5B6A-4BC4-8735-457481ECBA03", "ff5fc2de-5b6a-4bc4-8735-457481ecba03"),
    ],
)
def test_values_go_out_as_they_were_seen(of_type: str, value: str, sent: object) -> None:
    assert properties.wire_value(a_property(of_type), value) == sent


@pytest.mark.parametrize(
    ("of_type", "value"),
    [
        ("boolean", "maybe"),
        ("date", "soon"),
        ("integer", "1.5"),
        ("decimal", "much"),
        ("datetime", "soon"),
        ("time", "25:00"),
        ("guid", "ff5f"),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(of_type: str, value: str) -> None:
    with pytest.raises(InvalidError):
        properties.wire_value(a_property(of_type), value)


def test_a_value_must_be_in_the_data_list_and_one_of_several_goes_out_as_a_list() -> None:
    shift = a_property("string", options=("Day", "Night"), allowMultipleValues=True)

    assert shift.definition.kind is FieldKind.CHOICE
    assert properties.wire_value(shift, "day") == ["Day"]
    with pytest.raises(InvalidError):
        properties.wire_value(shift, "Dusk")


@pytest.mark.parametrize(
    "given_row",
    [{"isReadOnly": True}, {"isReadOnly": None}, {"isReadOnly": False, "isActive": False}],
)
def test_a_property_of_which_it_is_not_known_that_it_may_be_set_is_not(given_row: dict[str, Any]) -> None:
    row = wire.CustomProperty(propertyDefinitionId="ff5f", propertyType="string", **given_row)

    assert properties.property_of(row, ()).fault


def test_a_type_never_heard_of_is_text_and_keeps_its_name() -> None:
    definition = a_property("hologram").definition

    assert (definition.kind, definition.kind_text) == (FieldKind.TEXT, "hologram")
