"""When a delivery is tried again, and when it no longer is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import ATTEMPTS, LONGEST_ASKED, SLOW_ROOM, WAITS, Reply, room_of, wait_after
from domain.event import Audience, EventType, told_as
from domain.ids import ConnectionId
from domain.writeback import UNFINISHED, WriteBackState

CHANCES = st.floats(min_value=0, max_value=1)
TRIES = st.integers(min_value=1, max_value=ATTEMPTS - 1)
ASKED = st.none() | st.floats(min_value=0, max_value=1e9)
WHOLE = 75 * 3600 + 35 * 60 + 5.0


def test_ten_attempts_over_75_hours_and_35_minutes() -> None:
    assert (ATTEMPTS, sum(WAITS)) == (10, WHOLE)


@given(st.lists(CHANCES, min_size=ATTEMPTS - 1, max_size=ATTEMPTS - 1))
def test_whatever_chance_says_the_whole_takes_as_long_to_a_tenth(chances: list[float]) -> None:
    waits = [wait_after(tries, chance, None) for tries, chance in enumerate(chances, start=1)]
    known = [wait for wait in waits if wait is not None]
    assert len(known) == ATTEMPTS - 1
    assert sum(known) >= 0.9 * WHOLE * (1 - 1e-9)
    assert sum(known) <= 1.1 * WHOLE * (1 + 1e-9)


@given(TRIES, CHANCES, CHANCES)
def test_endpoints_that_were_away_together_are_not_asked_together(tries: int, one: float, other: float) -> None:
    first, second = wait_after(tries, one, None), wait_after(tries, other, None)
    assert first is not None
    assert second is not None
    assert (first < second) == (first != second and one < other)


@given(TRIES, CHANCES, ASKED)
def test_silence_that_is_asked_for_is_kept_up_to_a_day(tries: int, chance: float, asked: float | None) -> None:
    wait, unasked = wait_after(tries, chance, asked), wait_after(tries, chance, None)
    assert wait is not None
    assert unasked is not None
    assert wait >= unasked
    assert wait >= min(asked or 0.0, LONGEST_ASKED)
    assert wait <= max(unasked, LONGEST_ASKED)


@given(st.integers(min_value=ATTEMPTS), CHANCES, ASKED)
def test_after_the_tenth_there_is_none(tries: int, chance: float, asked: float | None) -> None:
    assert wait_after(tries, chance, asked) is None


@pytest.mark.parametrize("status", [100, 199, 301, 302, 304, 400, 410, 429, 500, 599, None])
def test_nothing_but_2xx_is_a_success(status: int | None) -> None:
    assert not Reply(status=status).succeeded
    assert Reply(status=status).gone is (status == 410)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_one(status: int) -> None:
    assert Reply(status=status).succeeded


@given(st.integers(min_value=1, max_value=1000), st.booleans(), st.booleans())
def test_who_fails_or_keeps_us_waiting_has_less_room_but_some(each: int, failing: bool, slow: bool) -> None:
    room = room_of(each, failing=failing, slow=slow)
    assert 1 <= room <= each
    assert room == each or failing or slow
    assert not (failing and room > 1)
    assert not (slow and room > SLOW_ROOM)


ACME, OTHER = ConnectionId("con_acme"), ConnectionId("con_other")


@pytest.mark.parametrize(
    ("audience", "hears"),
    [
        (Audience(), True),
        (Audience(connection=ACME), True),
        (Audience(connection=OTHER), False),
        (Audience(types=frozenset({EventType.RESULT_READY})), True),
        (Audience(types=frozenset({EventType.CALL_COMPLETED})), False),
        (Audience(connection=OTHER, types=frozenset({EventType.RESULT_READY})), False),
    ],
)
def test_who_hears_a_result_of_acme(audience: Audience, hears: bool) -> None:
    assert audience.hears(EventType.RESULT_READY, ACME) is hears


def test_what_is_of_no_connection_is_for_those_who_hear_all() -> None:
    assert Audience().hears(EventType.ENDPOINT_DISABLED, None)
    assert not Audience(connection=ACME).hears(EventType.ENDPOINT_DISABLED, None)


@pytest.mark.parametrize("state", WriteBackState)
def test_each_end_of_a_write_back_is_told_and_nothing_before_it(state: WriteBackState) -> None:
    assert (told_as(state) is None) is (state in UNFINISHED)
