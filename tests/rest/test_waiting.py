"""How long is waited between tries, what Retry-After means, and what a 429 does to everybody else."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from adapters.rest.retry import LONGEST_HINT, RetryPolicy, retry_after
from adapters.turns.in_process import InProcessTurns
from ports.errors import OutcomeUnknownError, ThrottledError, UnavailableError
from tests.rest.raw_server import reply, serving
from tests.rest.rig import FAST, HOST, NOON, Begun, FakeClock, Person, calling, read, write

STEADY = RetryPolicy(attempts=4, base=1.0, cap=3.0, longest_wait=30.0, spread=lambda: 1.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Sun, 01 Mar 2026 12:00:07 GMT", 7.0),
        ("Sun, 01 Mar 2026 13:00:07 +0100", 7.0),
        ("Sun, 01 Mar 2026 12:00:07 -0000", 7.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("999999999", LONGEST_HINT),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_HINT),
        (None, None),
        ("", None),
        ("-3", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("٧", None),
        ("9" * 500, None),
        ("Sun, 99 Mar 2026 12:00:07 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


def test_pauses_grow_up_to_the_cap_on_top_of_what_the_vendor_asks() -> None:
    assert [STEADY.pause(tries, None) for tries in (1, 2, 3, 4)] == [1.0, 2.0, 3.0, 3.0]
    assert [STEADY.pause(tries, 7.0) for tries in (1, 2)] == [8.0, 9.0]
    assert RetryPolicy.instant().pause(3, 7.0) == 0.0


def test_the_random_part_is_spread_over_the_whole_pause() -> None:
    pauses = [RetryPolicy(base=1.0).pause(1, None) for _ in range(200)]

    assert 0.0 <= min(pauses) < 0.2
    assert 0.8 < max(pauses) <= 1.0


@pytest.mark.parametrize("hint", ["7", format_datetime(NOON + timedelta(seconds=7), usegmt=True)])
async def test_a_retry_after_is_the_floor_of_the_pause(hint: str) -> None:
    clock = FakeClock()
    script = (reply(429, Retry_After=hint), reply())
    async with serving(*script) as server, calling(server.url, clock=clock, retry=STEADY) as api:
        assert await read(api) == Person("Ann")

    assert clock.slept == [8.0]


async def test_pauses_between_tries_go_by_the_clock_we_were_given() -> None:
    clock = FakeClock()
    async with serving(reply(500)) as server, calling(server.url, clock=clock, retry=STEADY) as api:
        with pytest.raises(UnavailableError):
            await read(api)

    assert clock.slept == [1.0, 2.0, 3.0]
    assert len(server.seen) == 4


@pytest.mark.parametrize("status", [429, 503])
async def test_a_long_retry_after_ends_the_call_at_once_and_is_told(status: int) -> None:
    clock = FakeClock()
    script = reply(status, Retry_After="31")
    async with serving(script) as server, calling(server.url, clock=clock, retry=STEADY) as api:
        with pytest.raises(UnavailableError) as raised:
            await read(api)

    assert raised.value.retry_after == 31.0
    assert clock.slept == []
    assert len(server.seen) == 1


@pytest.mark.parametrize(("headers", "silence"), [({"Retry_After": "7"}, 7.0), ({}, FAST.seconds)])
async def test_429_silences_the_host_for_everybody(headers: dict[str, str], silence: float) -> None:
    clock = FakeClock()
    turns = InProcessTurns(clock)
    one_try = RetryPolicy(attempts=1)
    async with serving(reply(429, b"{}", **headers)) as server, calling(server.url, turns=turns, retry=one_try) as api:
        with pytest.raises(ThrottledError):
            await write(api, Begun())
        async with turns.take(HOST, FAST):
            pass

    assert clock.slept == [silence]


async def test_a_silence_too_long_to_sit_out_is_told_before_anything_is_sent() -> None:
    clock, attempt = FakeClock(), Begun()
    turns = InProcessTurns(clock)
    await turns.hold_back(HOST, 3600.0)
    async with serving(reply()) as server, calling(server.url, turns=turns, clock=clock) as api:
        with pytest.raises(ThrottledError) as raised:
            await write(api, attempt)

    assert raised.value.retry_after == pytest.approx(3600.0)
    assert (server.seen, attempt.seconds, clock.slept) == ([], [], [])


async def test_a_503_of_an_unsafe_request_silences_nobody() -> None:
    clock = FakeClock()
    turns = InProcessTurns(clock)
    async with serving(reply(503, Retry_After="7")) as server, calling(server.url, turns=turns, clock=clock) as api:
        with pytest.raises(OutcomeUnknownError):
            await write(api, Begun())
        async with turns.take(HOST, FAST):
            pass

    assert clock.slept == []


def test_dates_are_read_in_their_zone() -> None:
    assert retry_after("Sun, 01 Mar 2026 12:00:10 GMT", datetime(2026, 3, 1, 12, tzinfo=UTC)) == 10.0
