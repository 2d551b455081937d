"""Log-ins: one for all, early enough, once more after a 401, and each host on its own."""

import asyncio
import base64

import attrs
import pytest

from adapters.rest.auth import ApiKey, Basic, LogIn, fresh
from adapters.turns.in_process import InProcessTurns
from ports.errors import (
    AccessError,
    ConflictError,
    InvalidInputError,
    MalformedReplyError,
    OutcomeUnknownError,
    PortError,
    UnavailableError,
)
from ports.turns import Token
from tests.rest.estate import estate, tokens
from tests.rest.raw_server import Seen, guarded, reply, serving
from tests.rest.rig import HOST, Begun, FakeClock, Person, calling, read, write

MANY = 1_000


async def test_a_thousand_concurrent_callers_cause_one_log_in() -> None:
    async with estate(tokens(b"one", b"two"), guarded("one")) as there:
        people = await asyncio.gather(*(read(there.api) for _ in range(MANY)))

    assert people == [Person("Ann")] * MANY
    assert len(there.log_in.seen) == 1
    assert len(there.ats.seen) == MANY


async def test_a_storm_of_401_causes_one_renewal() -> None:
    async with estate(tokens(b"old", b"new", b"newer"), guarded("new")) as there:
        people = await asyncio.gather(*(read(there.api) for _ in range(MANY)))

    assert people == [Person("Ann")] * MANY
    assert len(there.log_in.seen) == 2


async def test_a_vendor_that_hands_out_the_same_token_again_is_asked_once_a_storm() -> None:
    async with estate(tokens(b"same"), guarded("other")) as there:
        outcomes = await asyncio.gather(*(read(there.api) for _ in range(20)), return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {AccessError}
    assert len(there.log_in.seen) == 3


async def test_401_for_ever_means_two_new_tokens_two_more_tries_and_the_end() -> None:
    attempt = Begun()
    async with estate(tokens(b"one", b"two", b"three", b"four"), reply(401, b"{}")) as there:
        with pytest.raises(AccessError):
            await write(there.api, attempt)

    shown = [seen.headers["authorization"] for seen in there.ats.seen]
    assert shown == ["Bearer one", "Bearer two", "Bearer three"]
    assert len(there.log_in.seen) == len(attempt.seconds) == 3


async def test_a_new_token_that_ends_at_once_too_is_no_verdict_on_the_credentials() -> None:
    async with estate(tokens(b"old", b"ended", b"new"), guarded("new")) as there:
        await write(there.api, Begun())

    assert len(there.log_in.seen) == 3


async def test_an_unsafe_request_goes_once_more_with_a_new_token() -> None:
    attempt = Begun()
    async with estate(tokens(b"old", b"new"), guarded("new")) as there:
        await write(there.api, attempt)

    assert len(attempt.seconds) == 2


@pytest.mark.parametrize("auth", [ApiKey({"X-Api-Key": "k"}), Basic("me", "secret")])
async def test_a_401_for_what_cannot_be_renewed_is_final(auth: ApiKey | Basic) -> None:
    async with serving(reply(401)) as server, calling(server.url, auth=auth) as api:
        with pytest.raises(AccessError):
            await read(api)

    assert len(server.seen) == 1


async def test_basic_and_keys_are_shown_as_they_are() -> None:
    async with serving(reply()) as server:
        for auth in (ApiKey({"X-Api-Key": "k"}), Basic("mé", "s:t")):
            async with calling(server.url, auth=auth) as api:
                await read(api)

    assert server.seen[0].headers["x-api-key"] == "k"
    shown = server.seen[1].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(shown).decode() == "mé:s:t"


@pytest.mark.parametrize(
    ("lifetime", "early"),
    [(1200, 900.0), ("1200", 900.0), (400, 200.0), (600, 300.0), (60, 30.0), (1209599, 1209299.0), ("1199.5", 899.5)],
)
def test_a_token_is_renewed_five_minutes_early_or_at_half_its_life(lifetime: object, early: float) -> None:
    assert fresh("s", lifetime).fresh_for == early


@pytest.mark.parametrize(
    "lifetime", [None, "", "soon", 0, -5, "nan", "inf", [], {}, 10**400], ids=lambda value: repr(value)[:9]
)
def test_a_lifetime_of_no_use_is_twenty_minutes(lifetime: object) -> None:
    assert fresh("s", lifetime).fresh_for == 900.0


async def test_a_token_is_used_until_its_time_and_then_renewed() -> None:
    clock, count = FakeClock(), 0

    async def log_in() -> Token:
        nonlocal count
        count += 1
        return fresh(f"secret {count}", 400)

    auth = LogIn(turns=InProcessTurns(clock), host=HOST, log_in=log_in, header="X-Token", scheme="")
    assert dict((await auth.show()).headers) == {"X-Token": "secret 1"}
    clock.passed = 199.0
    assert (await auth.show()).version == 1
    clock.passed = 200.0
    assert (await auth.show()).version == 2


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (AccessError("no"), AccessError),
        (InvalidInputError("no"), AccessError),
        (ConflictError("no"), AccessError),
        (UnavailableError("no"), UnavailableError),
        (MalformedReplyError("no"), UnavailableError),
        (OutcomeUnknownError("no"), UnavailableError),
    ],
)
async def test_a_log_in_of_ones_own_fails_in_two_ways_only(raised: PortError, error: type[PortError]) -> None:
    async def log_in() -> Token:
        raise raised

    auth = LogIn(turns=InProcessTurns(FakeClock()), host=HOST, log_in=log_in)
    with pytest.raises(error):
        await auth.show()


async def test_a_401_of_one_host_leaves_the_other_hosts_token_alone() -> None:
    clock = FakeClock()
    turns, counts = InProcessTurns(clock), {"standard": 0, "legacy": 0}

    def door(name: str) -> LogIn:
        async def log_in() -> Token:
            counts[name] += 1
            return fresh(f"{name} {counts[name]}", 1200)

        return LogIn(turns=turns, host=attrs.evolve(HOST, name=name), log_in=log_in)

    standard, legacy = door("standard"), door("legacy")
    shown, kept = await standard.show(), await legacy.show()
    assert await standard.refused(shown)
    assert (await legacy.show()).headers == kept.headers
    assert counts == {"standard": 2, "legacy": 1}


async def test_what_was_shown_before_a_renewal_by_somebody_else_is_not_renewed_again() -> None:
    seen: list[Seen] = []
    async with estate(tokens(b"one", b"two", b"three"), guarded("two")) as there:
        first = await there.auth.show()
        assert await there.auth.refused(first)
        assert await there.auth.refused(first)
        seen = there.log_in.seen

    assert len(seen) == 2
