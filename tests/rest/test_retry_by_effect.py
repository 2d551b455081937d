"""What is tried again, and what an unsafe request that may have been carried out becomes."""

import asyncio
from types import NoneType
from typing import Any

import pytest

from adapters.rest.retry import RetryPolicy
from ports.errors import (
    AccessError,
    ConflictError,
    InvalidInputError,
    MalformedReplyError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
    RefusedError,
    ThrottledError,
    TimedOutError,
    UnavailableError,
)
from tests.rest.raw_server import (
    Act,
    babble,
    cut_mid_body,
    cut_refusal,
    hang,
    hang_mid_body,
    hang_up,
    refusing_port,
    reply,
    reset,
    serving,
)
from tests.rest.rig import READ, WRITE, Begun, Person, calling, read, row, write

QUICK = 0.05  # seconds for rows that meet a server that hangs: the time-out itself is what is tested
PAGE = b"<html><body>Please sign in</body></html>"
LOST: dict[str, Act] = {"hang up": hang_up, "reset": reset, "cut": cut_mid_body, "babble": babble}
SLOW: dict[str, Act] = {"before headers": hang, "mid body": hang_mid_body}


@pytest.mark.parametrize("act", LOST.values(), ids=LOST)
async def test_a_read_is_repeated_when_the_connection_is_lost(act: Act) -> None:
    async with serving(act, reply()) as server, calling(server.url) as api:
        assert await read(api) == Person("Ann")

    assert len(server.seen) >= 2


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
async def test_a_read_is_repeated_when_it_takes_too_long(act: Act) -> None:
    async with serving(act, reply()) as server, calling(server.url) as api:
        assert await read(api, row(seconds=QUICK)) == Person("Ann")

    assert len(server.seen) == 2


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_a_read_is_repeated_after_a_passing_status(status: int) -> None:
    async with serving(reply(status, PAGE), reply()) as server, calling(server.url) as api:
        assert await read(api) == Person("Ann")

    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (reply(500), UnavailableError),
        (reply(429), ThrottledError),
        (hang, TimedOutError),
        (hang_up, UnavailableError),
    ],
)
async def test_a_read_gives_up_when_the_tries_are_spent(act: Act, error: type[PortError]) -> None:
    async with serving(act) as server, calling(server.url, retry=RetryPolicy(attempts=2)) as api:
        with pytest.raises(error) as raised:
            await read(api, row(seconds=QUICK))

    assert type(raised.value) is error
    assert len(server.seen) >= 2


REFUSALS = [
    (400, InvalidInputError),
    (401, AccessError),
    (403, AccessError),
    (404, NotFoundError),
    (405, RefusedError),
    (409, ConflictError),
    (413, InvalidInputError),
    (422, InvalidInputError),
]


@pytest.mark.parametrize(("status", "error"), REFUSALS)
async def test_a_refusal_is_a_refusal_and_is_not_repeated(status: int, error: type[PortError]) -> None:
    async with serving(reply(status, PAGE)) as server, calling(server.url) as api:
        with pytest.raises(error):
            await read(api)
        with pytest.raises(error):
            await write(api, Begun())

    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("status", "error"),
    [(302, MalformedReplyError), (304, MalformedReplyError), (501, UnavailableError), (499, RefusedError)],
)
async def test_other_statuses_of_a_read_are_not_repeated(status: int, error: type[PortError]) -> None:
    async with serving(reply(status, b"")) as server, calling(server.url) as api:
        with pytest.raises(error):
            await read(api)

    assert len(server.seen) == 1


UNSURE: dict[str, Act] = {
    **LOST,
    **SLOW,
    **{str(status): reply(status, PAGE) for status in (302, 408, 425, 499, 500, 501, 502, 503, 504, 520)},
    "503 with Retry-After": reply(503, b"", Retry_After="1"),
    "a page with 200": reply(200, PAGE),
    "truncated JSON": reply(200, b'{"name": "An'),
    "something else": reply(200, b'{"id": 3}'),
    "nothing": reply(204, b""),
    "oversize": reply(200, b" " * 2_000_000),
}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("act", UNSURE.values(), ids=UNSURE)
async def test_an_unsafe_request_without_a_clear_answer_is_sent_once_and_unknown(method: str, act: Act) -> None:
    attempt = Begun()
    async with serving(act) as server, calling(server.url) as api:
        with pytest.raises(OutcomeUnknownError):
            await write(api, attempt, row(method, seconds=QUICK))

    assert [seen.method for seen in server.seen] == [method]
    assert len(attempt.seconds) == 1


async def test_a_page_where_nothing_was_expected_is_no_success() -> None:
    async with serving(reply(200, b" \r\n<!DOCTYPE HTML>...")) as server, calling(server.url) as api:
        with pytest.raises(OutcomeUnknownError):
            await write(api, Begun(), WRITE)


async def test_a_refusal_counts_even_if_its_body_is_cut() -> None:
    async with serving(cut_refusal) as server, calling(server.url) as api:
        with pytest.raises(InvalidInputError):
            await write(api, Begun())


async def test_an_unsafe_request_goes_again_after_429_and_begins_again() -> None:
    attempt = Begun()
    async with serving(reply(429), reply(429), reply()) as server, calling(server.url) as api:
        await write(api, attempt)

    assert len(server.seen) == len(attempt.seconds) == 3


async def test_an_unsafe_request_that_never_connected_is_tried_again_and_is_no_unknown() -> None:
    attempt = Begun()
    async with calling(f"http://127.0.0.1:{refusing_port()}") as api:
        with pytest.raises(UnavailableError):
            await write(api, attempt)

    assert len(attempt.seconds) == 3


async def test_cancelling_passes_through() -> None:
    arrived = asyncio.Event()

    async def act(seen: Any, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await hang(seen, writer)

    async with serving(act) as server, calling(server.url) as api:
        call = asyncio.create_task(write(api, Begun()))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_a_lost_server_error_of_a_row_that_ignores_its_reply_is_unknown_too() -> None:
    ignoring = row("PUT", reply=NoneType)
    async with serving(reply(500)) as server, calling(server.url) as api:
        with pytest.raises(OutcomeUnknownError):
            await write(api, Begun(), ignoring)

    assert READ.repeatable
