from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.window import ChangeWindow

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def test_a_window_begins_earlier_by_its_overlap() -> None:
    assert ChangeWindow(NOON, timedelta(hours=2)).start == datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
    assert ChangeWindow(NOON).start == NOON


def test_a_time_without_a_zone_is_no_beginning() -> None:
    with pytest.raises(ValueError, match="aware"):
        ChangeWindow(datetime(2026, 11, 1))  # noqa: DTZ001 - the very thing that is refused


@given(
    st.timedeltas(timedelta(days=-5000), timedelta(days=5000)).map(lambda away: NOON + away),
    st.integers(0, 48),
    st.integers(-14, 14),
)
def test_the_overlap_is_true_hours_whatever_zone_the_time_is_written_in(
    since: datetime, hours: int, offset: int
) -> None:
    elsewhere = since.astimezone(timezone(timedelta(hours=offset)))
    overlap = timedelta(hours=hours)

    assert ChangeWindow(elsewhere, overlap).start == ChangeWindow(since, overlap).start == since - overlap
