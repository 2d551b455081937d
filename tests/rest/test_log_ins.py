"""Client credentials at the log-in server: what is sent, and what its failures mean."""

import base64

import pytest

from adapters.rest.auth import ClientCredentials, Style
from adapters.rest.sessions import verified
from adapters.turns.in_process import InProcessTurns
from ports.errors import (
    AccessError,
    UnavailableError,
)
from tests.rest.estate import estate, tokens
from tests.rest.raw_server import Act, guarded, hang_up, reply, reset, serving
from tests.rest.rig import HOST, Begun, FakeClock, Person, read, write
from tests.rest.tls import server_context


async def test_the_client_shows_itself_in_the_form() -> None:
    async with estate(tokens(b"one"), guarded("one")) as there:
        await read(there.api)

    [seen] = there.log_in.seen
    assert (seen.method, seen.target) == ("POST", "/t/token")
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen.body == b"grant_type=client_credentials&scope=all&client_id=our+id&client_secret=canary%26secret"
    assert "authorization" not in seen.headers


async def test_the_client_shows_itself_in_a_header() -> None:
    async with estate(tokens(b"one"), guarded("one"), style=Style.BASIC) as there:
        await read(there.api)

    [seen] = there.log_in.seen
    assert seen.body == b"grant_type=client_credentials&scope=all"
    assert base64.b64decode(seen.headers["authorization"].removeprefix("Basic ")) == b"our id:canary&secret"


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_refused_log_in_needs_the_customers_admin(status: int) -> None:
    async with estate((reply(status, b'{"error": "invalid_client"}'),), reply()) as there:
        with pytest.raises(AccessError, match=f"log-in for standard was refused .{status}."):
            await write(there.api, Begun())

    assert len(there.log_in.seen) == 1
    assert there.ats.seen == []


BROKEN_DOORS: dict[str, Act] = {
    "500": reply(500),
    "404": reply(404),
    "redirect": reply(302, Location="/elsewhere"),
    "page": reply(200, b"<html>"),
    "no token": reply(200, b'{"token_type": "bearer"}'),
    "null": reply(200, b'{"access_token": null}'),
    "hang up": hang_up,
    "reset": reset,
    "huge": reply(200, b" " * 2_000_000),
}


@pytest.mark.parametrize("act", BROKEN_DOORS.values(), ids=BROKEN_DOORS)
async def test_a_broken_log_in_is_passing_and_surely_nothing_was_sent(act: Act) -> None:
    attempt = Begun()
    async with estate((act,), reply()) as there:
        with pytest.raises(UnavailableError):
            await write(there.api, attempt)

    assert (there.ats.seen, attempt.seconds) == ([], [])
    assert len(there.log_in.seen) == 2


async def test_a_log_in_that_recovers_is_not_noticed() -> None:
    async with estate((reply(503), *tokens(b"one")), guarded("one")) as there:
        assert await read(there.api) == Person("Ann")


async def test_a_log_in_says_how_long_to_wait() -> None:
    async with estate((reply(429, Retry_After="99"),), reply()) as there:
        with pytest.raises(UnavailableError) as raised:
            await read(there.api)

    assert raised.value.retry_after == 99.0
    assert len(there.log_in.seen) == 1


async def test_a_log_in_checks_certificates() -> None:
    context, _ = server_context("127.0.0.1")
    clock = FakeClock()
    async with serving(*tokens(b"one"), tls=context) as door, verified() as pair:
        auth = ClientCredentials(
            provider="acme", turns=InProcessTurns(clock), host=HOST, clock=clock, sessions=pair,
            token_url=door.url, client_id="id", client_secret="canary",
        )  # fmt: skip
        with pytest.raises(UnavailableError, match="Certificate"):
            await auth.show()

    assert door.seen == []
