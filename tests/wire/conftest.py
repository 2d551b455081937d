"""Cassettes: recorded from the sandbox under public host names, replayed with the network blocked."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from vcr.cassette import Cassette
from vcr.request import Request

from entrypoints.sandbox.erecruit import running
from ports.gateway import Gateway
from tests.erecruit.rig import NOON, Sun, opened
from tests.wire.case import Case
from tests.wire.public import CONNECTION, LEGACY, STANDARD, scrubbed

DROPPED = {"date", "server", "content-length"}
CASSETTES = Path(__file__).parent.parent / "cassettes" / "erecruit"


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(CASSETTES)


@pytest.fixture
def default_cassette_name(case: Case) -> str:
    return case.name


@pytest.fixture
def addresses() -> dict[str, str]:
    """Real addresses and the public ones that stand for them; none in replay."""
    return {}


@pytest.fixture
def vcr_config(addresses: dict[str, str]) -> dict[str, Any]:
    return {
        "filter_headers": [("authorization", "REDACTED")],
        "before_record_request": _requests(addresses),
        "before_record_response": _responses(addresses),
        "decode_compressed_response": True,
        "match_on": ["method", "uri", "body"],
    }


def _requests(addresses: dict[str, str]) -> Callable[[Request], Request]:
    def rewrite(request: Request) -> Request:
        for real, public in addresses.items():
            request.uri = request.uri.replace(real, public)
        if isinstance(request.body, bytes):
            request.body = scrubbed(request.body, addresses)
        return request

    return rewrite


def _responses(addresses: dict[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def rewrite(response: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in response["headers"].items() if name.lower() not in DROPPED}
        body = {"string": scrubbed(response["body"]["string"], addresses)}
        return {**response, "headers": dict(sorted(kept.items())), "body": body}

    return rewrite


@pytest.fixture
async def gateway(record_mode: str, case: Case, addresses: dict[str, str]) -> AsyncIterator[Gateway]:
    """Over the sandbox when recording; over nothing at all in replay. One request at a time, so in the same order."""
    async with AsyncExitStack() as stack:
        body: Any = CONNECTION
        if record_mode != "none":
            sandbox = await stack.enter_async_context(running(rate_limit=None, clock=Sun(NOON), records=12))
            addresses[sandbox.base_urls["standard"].removesuffix("/webapi")] = STANDARD
            addresses[sandbox.base_urls["legacy"].removesuffix("/api")] = LEGACY
            case.prepare(sandbox)
            body = sandbox.connection
        credentials = {**body["credentials"], **case.credentials}
        yield await stack.enter_async_context(opened(body, credentials=credentials, attempts=1, in_flight=1))


@pytest.fixture
def all_played(vcr: Cassette, record_mode: str) -> Iterator[None]:
    """Fails when the adapter did not ask for all that was recorded."""
    yield
    if record_mode == "none":
        assert vcr.all_played
