"""What Avionté said stands inside Kombo's 200: only that, or Kombo's own code, tells what was done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import msgspec
import pytest

from adapters.kombo import routing
from adapters.kombo.endpoints import ACTIONS
from adapters.kombo.passthrough import Changed, Passed, Passthrough
from adapters.kombo.settings import read_settings
from adapters.kombo.verdicts import VERDICTS
from adapters.rest.api import Api
from adapters.rest.auth import ApiKey
from adapters.rest.endpoint import Endpoint, Wire
from adapters.rest.link import Link
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import verified
from adapters.turns.in_process import InProcessTurns
from ports.errors import (
    AccessError,
    ForbiddenError,
    InvalidInputError,
    LeaseLostError,
    MalformedReplyError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
    RefusedError,
    ThrottledError,
    UnavailableError,
    UnsupportedError,
)
from tests.builders import an_attempt
from tests.rest.raw_server import Act, RawServer, hang_up, reply, reset, serving
from tests.rest.rig import FAST, HOST, FakeClock


@attrs.frozen
class Thing:
    id: int


def _row(name: str, method: str, path: str, shape: type[Any], *, repeatable: bool) -> Endpoint[Any]:
    return Endpoint(
        name=name,
        method=method,
        path=path,
        reply=shape,
        repeatable=repeatable,
        wire=Wire.ASSUMED,
        source="these tests",
        host=ACTIONS,
    )


READ: Endpoint[Passed[Thing]] = _row("thing", "GET", "/thing/{thing_id}", Passed[Thing], repeatable=True)
LIST: Endpoint[Passed[list[Thing]]] = _row("things", "GET", "/things", Passed[list[Thing]], repeatable=True)
WRITE: Endpoint[Changed[Thing]] = _row("add", "POST", "/thing/{thing_id}/note", Changed[Thing], repeatable=False)
PATH = {"thing_id": "71000456:51000123"}
TROUBLED = (500, 502, 503, 504, 520)
"""What says nothing of whether something was done."""


@asynccontextmanager
async def passing(*script: Act, **assumed: str) -> AsyncIterator[tuple[RawServer, Passthrough]]:
    clock = FakeClock()
    async with serving(*script) as server, verified() as pair:
        link = Link(base_url=f"{server.url}/v1", sessions=pair, auth=ApiKey(), host=HOST, rate=FAST)
        api = Api(
            provider="avionte",
            links={ACTIONS: link},
            turns=InProcessTurns(clock),
            clock=clock,
            retry=RetryPolicy.instant(attempts=3),
            verdicts=VERDICTS,
        )
        settings = attrs.evolve(read_settings({"base_url": f"{server.url}/v1"}), assumed=assumed)
        wiring = routing.Wiring(api, settings, clock, "avionte", _nothing)
        yield server, Passthrough(wiring, (READ, LIST, WRITE))


async def _nothing(_: str) -> bytes:
    return b""


def said(status: int, data: object = None) -> Act:
    """Kombo's 200 round what the ATS said; without `data` there was no body."""
    inner = {"url": "https://ats.example.test", "status": status, "headers": {}}
    given = inner if data is None else {**inner, "data": data}
    return reply(200, msgspec.json.encode({"status": "success", "warnings": [], "data": given}))


def refusal(status: int, code: str | None) -> Act:
    error = {"code": code, "title": None, "message": "no", "log_url": None}
    return reply(status, msgspec.json.encode({"status": "error", "error": error}))


async def test_a_call_travels_inside_a_post_to_kombo() -> None:
    async with passing(said(200, {"id": 7})) as (server, calls):
        thing = await calls.call(READ, path=PATH)

    assert thing == Thing(7)
    assert [(one.method, one.target) for one in server.seen] == [("POST", "/v1/passthrough/avionte/front-office-v1")]
    assert msgspec.json.decode(server.seen[0].body) == {"method": "GET", "path": "/thing/71000456%3A51000123"}


async def test_a_customers_path_takes_the_place_of_an_assumed_one() -> None:
    async with passing(said(201, {"id": 7}), **{"path.add": "/v2/{thing_id}/remark"}) as (server, calls):
        made = await calls.change(WRITE, path={"thing_id": "a/b?c"}, data={"x": None}, attempt=an_attempt())

    assert made.said == Thing(7)
    sent = msgspec.json.decode(server.seen[0].body)
    assert sent == {"method": "POST", "path": "/v2/a%2Fb%3Fc/remark", "data": {"x": None}}


@pytest.mark.parametrize("thing", ["", ".", ".."])
async def test_what_would_be_another_path_is_no_id(thing: str) -> None:
    attempt = an_attempt()
    async with passing(said(200)) as (server, calls):
        with pytest.raises(InvalidInputError):
            await calls.change(WRITE, path={"thing_id": thing}, data={}, attempt=attempt)

    assert (server.seen, attempt.begun) == ([], [])


@pytest.mark.parametrize("body", [None, "", {"id": 7, "more": [1]}], ids=["absent", "empty", "object"])
@pytest.mark.parametrize("status", [200, 201, 204])
async def test_a_change_is_done_when_the_ats_said_so(status: int, body: object) -> None:
    attempt = an_attempt()
    async with passing(said(status, body)) as (server, calls):
        made = await calls.change(WRITE, path=PATH, data={}, attempt=attempt)

    assert made.said == (Thing(7) if isinstance(body, dict) else None)
    assert len(attempt.begun) == len(server.seen) == 1


@pytest.mark.parametrize("body", ["<html>log in</html>", "done", [1], {"id": "seven"}, 7], ids=str)
async def test_a_change_whose_answer_cannot_be_read_is_in_doubt(body: object) -> None:
    attempt = an_attempt()
    async with passing(said(200, body)) as (_, calls):
        with pytest.raises(OutcomeUnknownError):
            await calls.change(WRITE, path=PATH, data={}, attempt=attempt)

    assert len(attempt.begun) == 1


@pytest.mark.parametrize("body", [None, "", "<html></html>", [1], {"id": None}, 7], ids=str)
async def test_a_read_whose_answer_cannot_be_read_is_malformed(body: object) -> None:
    async with passing(said(200, body)) as (_, calls):
        with pytest.raises(MalformedReplyError) as raised:
            await calls.call(READ, path=PATH)

    assert raised.value.path.startswith("$.data")


REFUSALS = [
    (400, InvalidInputError),
    (422, InvalidInputError),
    (401, AccessError),
    (403, ForbiddenError),
    (404, NotFoundError),
    (405, RefusedError),
    (406, RefusedError),
    (415, RefusedError),
]


@pytest.mark.parametrize("body", [None, {"message": "no"}, ["no"], "no", "<html>no</html>"], ids=str)
@pytest.mark.parametrize(("status", "error"), REFUSALS)
async def test_a_refusal_of_the_ats_is_one_whatever_its_body(status: int, error: type[PortError], body: object) -> None:
    attempt = an_attempt()
    async with passing(said(status, body)) as (server, calls):
        with pytest.raises(error) as read:
            await calls.call(READ, path=PATH)
        with pytest.raises(error) as written:
            await calls.change(WRITE, path=PATH, data={}, attempt=attempt)

    assert type(read.value) is type(written.value) is error
    assert len(attempt.begun) == 1
    assert len(server.seen) == 2
    if error is not NotFoundError:
        assert f"the ATS said {status} to Kombo" in written.value.message


async def test_what_the_ats_counts_out_is_sent_again_for_it_was_surely_not_done() -> None:
    attempt = an_attempt()
    async with passing(said(429), said(429, "slow"), said(201, {"id": 7})) as (_, calls):
        made = await calls.change(WRITE, path=PATH, data={}, attempt=attempt)

    assert (made.said, len(attempt.begun)) == (Thing(7), 3)


async def test_nothing_leaves_without_leave() -> None:
    async with passing(said(200)) as (server, calls):
        with pytest.raises(LeaseLostError):
            await calls.change(WRITE, path=PATH, data={}, attempt=an_attempt(lease_lost=True))

    assert server.seen == []


@pytest.mark.parametrize("status", [*TROUBLED, 402, 409, 418, 100, 302, 0, -1])
async def test_what_is_no_clear_refusal_leaves_a_change_in_doubt(status: int) -> None:
    attempt = an_attempt()
    async with passing(said(status)) as (server, calls):
        with pytest.raises(OutcomeUnknownError):
            await calls.change(WRITE, path=PATH, data={}, attempt=attempt)

    assert len(attempt.begun) == len(server.seen) == 1


@pytest.mark.parametrize("status", TROUBLED[:4])
async def test_a_read_is_tried_again_while_the_ats_is_in_trouble(status: int) -> None:
    async with passing(said(status, "<html></html>"), said(200, {"id": 7})) as (server, calls):
        assert await calls.call(READ, path=PATH) == Thing(7)

    assert len(server.seen) == 2


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"[]", b'{"status": "success"}', b'{"data": {"status": "200"}}', b'{"data": [200]}']
)
async def test_without_kombos_envelope_nobody_knows(body: bytes) -> None:
    attempt = an_attempt()
    async with passing(reply(200, body)) as (_, calls):
        with pytest.raises(MalformedReplyError):
            await calls.call(READ, path=PATH)
        with pytest.raises(OutcomeUnknownError):
            await calls.change(WRITE, path=PATH, data={}, attempt=attempt)

    assert len(attempt.begun) == 1


OUTER = [
    (400, "PLATFORM.INPUT_INVALID", InvalidInputError),
    (401, "PLATFORM.AUTHENTICATION_INVALID", AccessError),
    (404, "PLATFORM.INTEGRATION_NOT_FOUND", AccessError),
    (403, "INTEGRATION.PERMISSION_MISSING", ForbiddenError),
    (409, "INTEGRATION.SETUP_INCOMPLETE", AccessError),
    (409, "INTEGRATION.SETUP_SYNC_PENDING", UnavailableError),
    (429, "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", ThrottledError),
    (400, "PLATFORM.NEVER_HEARD_OF", OutcomeUnknownError),
    (504, "PLATFORM.TASK_TIMED_OUT", OutcomeUnknownError),
    (503, None, OutcomeUnknownError),
]


@pytest.mark.parametrize(("status", "code", "error"), OUTER)
async def test_a_refusal_of_kombos_own_goes_by_its_code(status: int, code: str | None, error: type[PortError]) -> None:
    async with passing(refusal(status, code)) as (_, calls):
        with pytest.raises(error) as raised:
            await calls.change(WRITE, path=PATH, data={}, attempt=an_attempt())

    assert type(raised.value) is error


@pytest.mark.parametrize("act", [hang_up, reset])
async def test_a_connection_that_breaks_after_the_request_leaves_a_change_in_doubt(act: Act) -> None:
    attempt = an_attempt()
    async with passing(act) as (_, calls):
        with pytest.raises(OutcomeUnknownError):
            await calls.change(WRITE, path=PATH, data={}, attempt=attempt)

    assert len(attempt.begun) == 1


async def test_a_path_that_the_customers_ats_does_not_have_is_not_offered() -> None:
    async with passing(said(404)) as (_, calls):
        with pytest.raises(UnsupportedError, match="does not offer GET /things"):
            await calls.call(LIST)
        with pytest.raises(NotFoundError) as missing:
            await calls.call(READ, path=PATH)

    assert (missing.value.kind, missing.value.record_id) == ("thing", PATH["thing_id"])


async def test_a_read_that_is_turned_down_in_an_unknown_way_is_refused() -> None:
    async with passing(said(418)) as (_, calls):
        with pytest.raises(RefusedError):
            await calls.call(READ, path=PATH)
