from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.custom_field import FieldDefinition, FieldKind, canonical
from domain.errors import Fault, InvalidError
from domain.ids import FieldId


def a_field(kind: FieldKind, *options: str) -> FieldDefinition:
    return FieldDefinition(id=FieldId("f"), name="A field", kind=kind, options=options)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (FieldKind.TEXT, " as it is ", " as it is "),
        (FieldKind.TEXT, True, "true"),
        (FieldKind.TEXT, 12.50, "12.5"),
        (FieldKind.INTEGER, 12, "12"),
        (FieldKind.INTEGER, "12.0", "12"),
        (FieldKind.INTEGER, -0, "0"),
        (FieldKind.INTEGER, "-0", "0"),
        (FieldKind.INTEGER, 1e3, "1000"),
        (FieldKind.NUMBER, "0012.3400", "12.34"),
        (FieldKind.NUMBER, 1e-7, "0.0000001"),
        (FieldKind.NUMBER, " 7 ", "7"),
        (FieldKind.NUMBER, 100, "100"),
        (FieldKind.NUMBER, Decimal("2.50"), "2.5"),
        (FieldKind.BOOLEAN, True, "true"),
        (FieldKind.BOOLEAN, " Yes ", "true"),
        (FieldKind.BOOLEAN, 0, "false"),
        (FieldKind.BOOLEAN, "FALSE", "false"),
        (FieldKind.DATE, "2026-11-21", "2026-11-21"),
        (FieldKind.DATE, " 2026-11-21 ", "2026-11-21"),
        (FieldKind.CHOICE, "night", "Night"),
        (FieldKind.CHOICE, " DAY ", "Day"),
    ],
)
def test_a_value_has_one_text(kind: FieldKind, value: object, text: str) -> None:
    assert canonical(a_field(kind, "Day", "Night"), value) == text


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (FieldKind.TEXT, None, "clearing a field is not offered"),
        (FieldKind.NUMBER, "", "clearing a field is not offered"),
        (FieldKind.TEXT, ["a"], "must be a text, a number or a boolean"),
        (FieldKind.TEXT, float("nan"), "must be a finite number"),
        (FieldKind.NUMBER, "twelve", "must be a number"),
        (FieldKind.NUMBER, True, "must be a number"),
        (FieldKind.NUMBER, float("inf"), "must be a finite number"),
        (FieldKind.NUMBER, "nan", "must be a finite number"),
        (FieldKind.NUMBER, ["1"], "must be a number"),
        (FieldKind.INTEGER, "12.5", "must be a whole number"),
        (FieldKind.INTEGER, False, "must be a number"),
        (FieldKind.BOOLEAN, "maybe", "must be true or false"),
        (FieldKind.BOOLEAN, 2, "must be true or false"),
        (FieldKind.BOOLEAN, 1.0, "must be true or false"),
        (FieldKind.DATE, "21.11.2026", "must be a date such as 2026-11-21"),
        (FieldKind.DATE, "2026-02-30", "must be a date such as 2026-11-21"),
        (FieldKind.DATE, 20261121, "must be a date such as 2026-11-21"),
        (FieldKind.CHOICE, "Evening", "must be one of: Day, Night"),
    ],
)
def test_anything_else_is_refused_with_the_place(kind: FieldKind, value: object, message: str) -> None:
    with pytest.raises(InvalidError) as refused:
        canonical(a_field(kind, "Day", "Night"), value)

    assert refused.value.faults == (Fault("/value", message),)


HUGE = ["1e999999999", "1e-999999999", Decimal("1e400000"), "0e999999999", 10**5000]


@pytest.mark.parametrize("value", HUGE, ids=["large", "small", "decimal", "nought", "integer"])
def test_a_number_that_would_fill_the_memory_when_written_out_is_refused(value: object) -> None:
    with pytest.raises(InvalidError):
        canonical(a_field(FieldKind.NUMBER), value)


@pytest.mark.parametrize("option", ["Day", "DAY", " padded "])
def test_an_option_given_exactly_is_taken_before_one_that_only_resembles_it(option: str) -> None:
    assert canonical(a_field(FieldKind.CHOICE, "day", "Day", "DAY", " padded "), option) == option


VALUES = st.one_of(
    st.text(max_size=20),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.dates().map(str),
    st.sampled_from(("Day", "night", "yes", "0", "-0.0", "1e5", None)),
)


@given(st.sampled_from(FieldKind), VALUES)
def test_the_text_of_a_text_is_itself(kind: FieldKind, value: object) -> None:
    definition = a_field(kind, "Day", "Night")
    try:
        text = canonical(definition, value)
    except InvalidError:
        return

    assert canonical(definition, text) == text


@given(st.integers(-(10**24), 10**24))
def test_a_whole_number_survives_the_way_there_and_back(number: int) -> None:
    assert int(canonical(a_field(FieldKind.INTEGER), number)) == number


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=6))
def test_equal_numbers_have_the_same_text(number: Decimal) -> None:
    field = a_field(FieldKind.NUMBER)

    assert canonical(field, number) == canonical(field, str(number)) == canonical(field, f"{number}000")
    assert Decimal(canonical(field, number)) == number


@given(st.dates())
def test_a_date_is_its_iso_text(day: object) -> None:
    assert canonical(a_field(FieldKind.DATE), str(day)) == str(day)
