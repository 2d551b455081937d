"""Nothing that was sent or received shows up in logs, errors, tracebacks or representations."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import pytest
import structlog

from adapters.rest.answer import Answer, decode
from adapters.rest.api import Api, Link
from adapters.rest.auth import ApiKey, Auth, Basic, ClientCredentials, Pass
from adapters.rest.body import Body, File, json_body
from adapters.rest.endpoint import Endpoint
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import verified
from adapters.rest.verdicts import DEFAULT, Asked
from adapters.turns.in_process import InProcessTurns
from ports.errors import PortError
from ports.turns import Token
from tests.rest.raw_server import (
    Act,
    babble,
    cut_mid_body,
    cut_refusal,
    hang,
    hang_up,
    refusing_port,
    reply,
    reset,
    serving,
)
from tests.rest.rig import FAST, HOST, Begun, FakeClock, Person, calling, row

CANARY = "canary7f3a"
SECRET = CANARY.encode()
KEY = ApiKey({"X-Api-Key": CANARY, "Authorization": f"Bearer {CANARY}"})
LEAKY = {"Set_Cookie": CANARY, "Location": f"https://h.example/?email={CANARY}", "WWW_Authenticate": CANARY}
JSON = b'{"name": {"' + SECRET + b'": "' + SECRET + b'"}}'

STATUSES = (204, 302, 400, 401, 403, 404, 409, 422, 429, 499, 500)
ACTS: dict[str, Act] = {
    **{str(status): reply(status, SECRET, **LEAKY) for status in STATUSES},
    "wrong shape": reply(200, JSON, **LEAKY),
    "no JSON": reply(200, SECRET, **LEAKY),
    "bad UTF-8": reply(200, b'{"name": "' + SECRET + b'\xff"}'),
    "oversize": reply(200, SECRET * 200_000),
    "retry-after": reply(429, b"", Retry_After=CANARY),
    "hang": hang,
    "hang up": hang_up,
    "reset": reset,
    "cut": cut_mid_body,
    "cut refusal": cut_refusal,
    "babble": babble,
}  # fmt: skip


class Written(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[Written]:
    written, root = Written(), logging.getLogger()
    before = root.level
    root.addHandler(written)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(written)
        root.setLevel(before)


def told(error: BaseException) -> str:
    """All that a traceback could show: every cause and every context, suppressed or not."""
    parts, left = [], [error]
    while left:
        one = left.pop()
        parts += [repr(one), *traceback.format_exception(one, chain=False)]
        left += [inner for inner in (one.__cause__, one.__context__) if inner is not None]
    return "\n".join(parts)


async def ask(api: Api, *, unsafe: bool) -> None:
    endpoint: Endpoint[Person] = row("POST" if unsafe else "GET", seconds=0.05)
    query = {"email": CANARY, CANARY: "x"}
    body = attrs.evolve(json_body({CANARY: CANARY}), headers={"X-Body": CANARY})
    await api.call(endpoint, path={"candidate_id": "42"}, query=query, body=body, attempt=Begun())


@pytest.mark.parametrize("unsafe", [False, True], ids=["read", "write"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_failing_call_tells_nothing(act: Act, unsafe: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with listening() as written, structlog.testing.capture_logs() as lines:
        async with serving(act) as server, calling(server.url, auth=KEY, retry=RetryPolicy(attempts=2)) as api:
            with pytest.raises(PortError) as raised:
                await ask(api, unsafe=unsafe)

    heard = "\n".join([told(raised.value), *map(str, lines), *written.lines, *capsys.readouterr()])
    assert SECRET in server.seen[0].body
    assert CANARY not in heard
    assert raised.value.message.startswith("acme person: ") or "candidate 42" in raised.value.message
    assert lines


async def test_a_call_that_never_connects_tells_nothing() -> None:
    async with calling(f"http://127.0.0.1:{refusing_port()}", auth=KEY) as api:
        with pytest.raises(PortError) as raised:
            await ask(api, unsafe=False)

    assert CANARY not in told(raised.value)


async def test_a_log_line_names_the_call_and_no_value() -> None:
    with structlog.testing.capture_logs() as lines:
        async with serving(reply(503), reply()) as server, calling(server.url, auth=KEY) as api:
            await ask(api, unsafe=False)

    assert [line["attempt"] for line in lines] == [1, 2]
    assert {key: lines[1][key] for key in lines[1] if key != "duration_ms"} == {
        "event": "request",
        "log_level": "debug",
        "provider": "acme",
        "operation": "person",
        "method": "GET",
        "path": "/people/{candidate_id}",
        "status": 200,
        "attempt": 2,
    }


LOG_INS = {
    "refused": reply(400, SECRET),
    "no token": reply(200, SECRET),
    "failed": reply(500, SECRET),
    "hung up": hang_up,
}


@pytest.mark.parametrize("act", LOG_INS.values(), ids=LOG_INS)
async def test_a_failing_log_in_tells_nothing(act: Act) -> None:
    clock = FakeClock()
    async with serving(act) as door, verified() as pair:
        auth = ClientCredentials(
            provider="acme", turns=InProcessTurns(clock), host=HOST, clock=clock, sessions=pair,
            token_url=f"{door.url}/?{CANARY}", client_id=CANARY, client_secret=CANARY,
        )  # fmt: skip
        with pytest.raises(PortError) as raised:
            await auth.show()

    assert CANARY not in told(raised.value)


async def test_an_address_that_is_refused_is_not_repeated() -> None:
    async with serving(reply()) as server, calling(server.url) as api:
        with pytest.raises(PortError) as raised:
            await api.call(row(), url=f"https://{CANARY}.example/?{CANARY}")
    async with verified() as pair:
        with pytest.raises(ValueError, match="nothing else") as refused:
            Link(base_url=f"https://me:{CANARY}@h.example", sessions=pair, auth=KEY, host=HOST, rate=FAST)

    assert CANARY not in told(raised.value) + told(refused.value)


async def test_no_representation_holds_a_secret() -> None:
    clock = FakeClock()
    async with verified() as pair:
        oauth: Auth = ClientCredentials(
            provider="acme", turns=InProcessTurns(clock), host=HOST, clock=clock, sessions=pair,
            token_url="https://h.example", client_id="id", client_secret=CANARY,
        )  # fmt: skip
        link = Link(base_url="https://h.example", sessions=pair, auth=KEY, host=HOST, rate=FAST, headers={"X": CANARY})
    shown: list[object] = [
        link, KEY, oauth, Basic("me", CANARY), Pass({"X": CANARY}), Token(CANARY, 0.0),
        Body((SECRET,), "text/plain", {"X": CANARY}), File("f", CANARY, SECRET),
        Answer(200, {"X": CANARY}, SECRET), decode(Person, JSON), DEFAULT,
        Asked(provider="acme", endpoint=row(), path={}),
    ]  # fmt: skip
    assert CANARY not in repr(shown)
