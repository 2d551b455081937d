"""Local times without offset: what they mean, and from when on to ask so that no change is missed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.erecruit import codec
from adapters.zones import since_local, to_utc, zone
from domain.errors import InvalidError
from ports.errors import MalformedReplyError

ZONES = st.sampled_from(["America/Toronto", "America/Edmonton", "America/Vancouver", "Europe/Berlin", "UTC"]).map(zone)
INSTANTS = st.integers(0, 10 * 365 * 86_400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
# Around the hours at which clocks are changed, where all the trouble is.
NIGHTS = st.sampled_from(
    [datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 3, tzinfo=UTC), datetime(2025, 11, 2, 5, tzinfo=UTC)]
)
NEAR = st.builds(lambda night, minutes: night + timedelta(minutes=minutes), NIGHTS, st.integers(0, 360))
ANY = INSTANTS | NEAR
TORONTO = zone("America/Toronto")


def wall(moment: datetime, local: ZoneInfo) -> datetime:
    return moment.astimezone(local).replace(tzinfo=None)


@settings(max_examples=400, deadline=None)
@given(ANY, ZONES)
def test_a_local_time_is_never_read_as_later_than_it_was(moment: datetime, local: ZoneInfo) -> None:
    read = to_utc(wall(moment, local), local)

    assert moment - timedelta(hours=1) <= read <= moment
    assert wall(read, local) == wall(moment, local)


@settings(max_examples=400, deadline=None)
@given(ANY, st.integers(0, 300), ZONES)
def test_what_changes_later_never_bears_an_earlier_time_than_was_asked_from(
    moment: datetime, minutes: int, local: ZoneInfo
) -> None:
    later = moment + timedelta(minutes=minutes)

    assert since_local(moment, local) <= wall(later, local)
    assert since_local(moment, local) >= wall(moment, local) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-01T01:30:00", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # came twice: 05:30 and 06:30
        ("2026-03-08T02:30:00", datetime(2026, 3, 8, 6, 30, tzinfo=UTC)),  # never was: 06:30 or 07:30
        ("2026-07-01T12:00:00", datetime(2026, 7, 1, 16, tzinfo=UTC)),
        ("2026-11-21T09:14:07", datetime(2026, 11, 21, 14, 14, 7, tzinfo=UTC)),
        ("2026-11-21T09:14:07.3", datetime(2026, 11, 21, 14, 14, 7, 300_000, tzinfo=UTC)),
        ("2026-11-21T09:14:07.347", datetime(2026, 11, 21, 14, 14, 7, 347_000, tzinfo=UTC)),
        ("2026-11-21T09:14:07.3471234", datetime(2026, 11, 21, 14, 14, 7, 347_123, tzinfo=UTC)),
        ("2026-11-21T09:14:07Z", datetime(2026, 11, 21, 9, 14, 7, tzinfo=UTC)),
        ("2026-11-21T09:14:07+02:00", datetime(2026, 11, 21, 7, 14, 7, tzinfo=UTC)),
        ("2026-11-21", datetime(2026, 11, 21, 5, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),  # a time that was never set
        ("9999-12-31T23:59:59.9999999", None),
        ("", None),
        (None, None),
    ],
)
def test_times_in_toronto(text: str | None, instant: datetime | None) -> None:
    assert codec.moment(text, TORONTO) == instant


def test_a_time_that_is_none_is_named_by_its_place_alone() -> None:
    with pytest.raises(MalformedReplyError) as error:
        codec.moment("next Tuesday", TORONTO, "$.ModifiedOn")

    assert error.value.path == "$.ModifiedOn"
    assert "Tuesday" not in str(error.value)


@pytest.mark.parametrize(
    ("instant", "asked"),
    [
        (datetime(2026, 11, 1, 5, 45, tzinfo=UTC), "2026-11-01T00:45:00"),  # first 01:45: 01:10 is still to come again
        (datetime(2026, 11, 1, 6, 45, tzinfo=UTC), "2026-11-01T01:45:00"),  # second 01:45
        (datetime(2026, 11, 1, 4, 59, tzinfo=UTC), "2026-11-01T00:59:00"),
        (datetime(2026, 3, 8, 7, 15, tzinfo=UTC), "2026-03-08T03:15:00"),
        (datetime(2026, 11, 21, 14, 0, 0, 999_999, tzinfo=UTC), "2026-11-21T09:00:00"),
    ],
)
def test_from_when_on_to_ask(instant: datetime, asked: str) -> None:
    assert codec.local_text(instant, TORONTO) == asked


def test_zones_are_those_that_we_ship_and_not_the_machine_s() -> None:
    # Since November 2026 these two no longer change their clocks, which older databases do not know.
    winter = datetime(2026, 12, 1, tzinfo=UTC)

    assert winter.astimezone(zone("America/Edmonton")).utcoffset() == timedelta(hours=-6)
    assert winter.astimezone(zone("America/Vancouver")).utcoffset() == timedelta(hours=-7)


@pytest.mark.parametrize("name", ["", "Toronto", "America/Torontoo", "../zones", "america/toronto", "EST5EDT4,M3"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(InvalidError):
        zone(name)
