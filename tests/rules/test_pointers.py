import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan import pointed_at
from tests.builders import a_call_result


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/score", 82.5),
        ("/outcome", "completed"),
        ("/verdict", "passed"),
        ("/started_at", "2026-11-21T09:00:00+00:00"),
        ("/answers/0/answer", "Yes"),
        ("/report/filename", "report.pdf"),
        ("/transcript/0/at_s", 3.5),
        ("/application_id", "app-1"),
    ],
)
def test_a_pointer_finds_a_value_as_json_has_it(pointer: str, value: object) -> None:
    assert pointed_at(a_call_result(), pointer) == value


@pytest.mark.parametrize(
    "pointer",
    ["", "score", "/nothing", "/answers", "/answers/1/answer", "/answers/-", "/answers/-1", "/report", "/score/0", "/"],
)
def test_a_pointer_to_nothing_or_to_a_whole_finds_nothing(pointer: str) -> None:
    assert pointed_at(a_call_result(), pointer) is None


@pytest.mark.parametrize("index", ["²", "٠", "00", "9" * 5000])
def test_only_plain_digits_count_as_an_index(index: str) -> None:
    assert pointed_at(a_call_result(), f"/answers/{index}/answer") is None


@given(st.lists(st.sampled_from(("answers", "0", "1", "²", "answer", "~0", "~1", "", "-", "score")), max_size=4))
def test_no_pointer_breaks_planning(tokens: list[str]) -> None:
    found = pointed_at(a_call_result(), "".join(f"/{token}" for token in tokens))

    assert found is None or isinstance(found, str | int | float)


@given(st.text(max_size=30))
def test_no_text_that_somebody_takes_for_a_pointer_breaks_planning(pointer: str) -> None:
    assert pointed_at(a_call_result(), pointer) is None or pointer.startswith("/")
