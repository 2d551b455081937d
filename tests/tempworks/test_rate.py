"""Twenty-five requests in five seconds, on a clock that we and the sandbox share: used to the full, never exceeded."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from adapters.deps import Deps
from adapters.rest.sessions import verified
from adapters.tempworks.gateway import connect
from adapters.tempworks.links import silence
from adapters.turns.in_process import InProcessTurns
from domain.ids import CandidateId, ConnectionId
from entrypoints.sandbox.tempworks import TempWorksSandbox, running
from entrypoints.sandbox.tempworks.limits import Windows
from entrypoints.sandbox.tempworks.server import Auth
from ports.gateway import Gateway, need
from tests.turns.virtual_time import LoopClock, in_virtual_time, later

PERSON = CandidateId("43769")
MINUTE = 290
"""Requests that a minute holds at our pace, and a few seconds more."""
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

Story = Callable[[TempWorksSandbox, Gateway, LoopClock], Awaitable[None]]


def told(story: Story, auth: Auth = "token") -> None:
    async def play() -> None:
        clock = LoopClock()
        async with AsyncExitStack() as stack:
            sandbox = await stack.enter_async_context(running(clock=clock.now, auth=auth))
            pair = await stack.enter_async_context(verified())
            deps = Deps(turns=InProcessTurns(clock), clock=clock, verified=pair)
            connection = sandbox.connection
            gateway = connect(ConnectionId("con_1"), connection["settings"], connection["credentials"], deps)
            await story(sandbox, gateway, clock)

    in_virtual_time(play)


def counted(sandbox: TempWorksSandbox, who: str) -> Windows:
    windows = sandbox.world.counted[who]
    assert isinstance(windows, Windows)
    return windows


async def asked(gateway: Gateway, times: int) -> None:
    lookup = need(gateway.candidate_lookup)
    await asyncio.gather(*(lookup.candidate(PERSON) for _ in range(times)))


@pytest.mark.parametrize(("auth", "who"), [("token", "token"), ("oauth", "oauth")])
def test_of_what_is_allowed_nearly_all_is_used_and_nothing_is_refused(auth: Auth, who: str) -> None:
    async def story(sandbox: TempWorksSandbox, gateway: Gateway, clock: LoopClock) -> None:
        await later(0.3)  # windows do not begin with us
        begun = clock.monotonic()
        await asked(gateway, MINUTE)
        taken, windows = clock.monotonic() - begun, counted(sandbox, who)

        assert (windows.requests, windows.refused) == (MINUTE, 0)
        assert windows.most <= 25
        assert MINUTE / (25 / 5 * taken) >= 0.95

    told(story, auth)


async def _someone_else(sandbox: TempWorksSandbox, times: int, headers: dict[str, str]) -> None:
    url = f"{sandbox.base_urls['api']}/Branches?take=1"
    async with aiohttp.ClientSession() as session:  # noqa: TID251 - somebody else is not us
        for _ in range(times):
            async with session.get(url, headers=headers):
                pass


def test_where_others_use_the_same_token_a_refusal_is_sat_out_to_the_end_of_the_window() -> None:
    async def story(sandbox: TempWorksSandbox, gateway: Gateway, clock: LoopClock) -> None:
        await _someone_else(sandbox, 25, {"x-tw-token": sandbox.credentials["token"]})
        begun = clock.monotonic()

        await asked(gateway, 10)

        windows = counted(sandbox, "token")
        assert windows.refused <= 5  # those that were under way at once
        assert 5 <= clock.monotonic() - begun < 12

    told(story)


def test_where_the_headers_say_that_a_window_is_used_up_nothing_is_asked_before_its_end() -> None:
    async def story(sandbox: TempWorksSandbox, gateway: Gateway, clock: LoopClock) -> None:
        await asked(gateway, 1)
        (token,) = sandbox.state.tokens
        await _someone_else(sandbox, 22, {"Authorization": f"Bearer {token}"})
        await asked(gateway, 2)
        begun = clock.monotonic()

        await asked(gateway, 5)

        assert counted(sandbox, "oauth").refused == 0
        assert clock.monotonic() - begun > 4

    told(story, "oauth")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "2026-11-21T12:00:03+00:00"}, 3),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "2026-11-21T12:00:03"}, 3),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "2026-11-21T12:00:03.0943424Z"}, 3.094342),
        (
            {
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": str(int((NOON + timedelta(seconds=4)).timestamp())),
            },
            4,
        ),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "2026-11-21T13:00:00+00:00"}, 5.175),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "2026-11-21T11:00:00+00:00"}, None),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, None),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "9" * 40}, None),
        ({"x-rate-limit-remaining": "0"}, None),
        ({"x-rate-limit-remaining": "1", "x-rate-limit-reset": "2026-11-21T12:00:03+00:00"}, None),
        ({"x-rate-limit-count": "25"}, None),
        ({}, None),
    ],
)
def test_how_long_the_headers_ask_for_silence(headers: dict[str, str], seconds: float | None) -> None:
    told_for = silence(headers, NOON)

    assert told_for == (None if seconds is None else pytest.approx(seconds))
