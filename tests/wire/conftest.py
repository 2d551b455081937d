"""Cassettes: recorded from the sandbox under public host names, replayed with the network blocked."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from vcr.cassette import Cassette
from vcr.request import Request

from ports.gateway import Gateway
from tests.wire.case import REDACTED, Case, Recorded

DROPPED = {"date", "server", "content-length"}
CASSETTES = Path(__file__).parent.parent / "cassettes"


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(CASSETTES)


@pytest.fixture
def default_cassette_name(recorded: Recorded, case: Case) -> str:
    return f"{recorded.provider}/{case.name}"


@pytest.fixture
def addresses() -> dict[str, str]:
    """Real addresses and the public ones that stand for them; none in replay."""
    return {}


@pytest.fixture
def vcr_config(request: pytest.FixtureRequest, addresses: dict[str, str]) -> dict[str, Any]:
    """The plugin asks for it in every test; only those over a provider's cassettes have one."""
    if "recorded" not in request.fixturenames:
        return {}
    recorded: Recorded = request.getfixturevalue("recorded")
    return {
        "filter_headers": [(name, REDACTED) for name in ("authorization", "x-integration-id", "x-tw-token")],
        "before_record_request": _requests(recorded, addresses),
        "before_record_response": _responses(recorded, addresses),
        "decode_compressed_response": True,
        "match_on": ["method", "uri", "body"],
    }


def _requests(recorded: Recorded, addresses: dict[str, str]) -> Callable[[Request], Request]:
    def rewrite(request: Request) -> Request:
        for real, public in addresses.items():
            request.uri = request.uri.replace(real, public)
        if isinstance(request.body, bytes):
            request.body = recorded.scrubbed(request.body, addresses)
        return request

    return rewrite


def _responses(recorded: Recorded, addresses: dict[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def rewrite(response: dict[str, Any]) -> dict[str, Any]:
        kept = {
            name: [recorded.scrubbed(value.encode(), addresses).decode() for value in values]
            for name, values in response["headers"].items()
            if name.lower() not in DROPPED
        }
        body = {"string": recorded.scrubbed(response["body"]["string"], addresses)}
        return {**response, "headers": dict(sorted(kept.items())), "body": body}

    return rewrite


@pytest.fixture
async def gateway(
    record_mode: str, recorded: Recorded, case: Case, addresses: dict[str, str]
) -> AsyncIterator[Gateway]:
    """Over the sandbox when recording; over nothing at all in replay. One request at a time, so in the same order."""
    async with AsyncExitStack() as stack:
        body: Any = recorded.connection
        if record_mode != "none":
            ready = await stack.enter_async_context(recorded.sandbox())
            addresses.update(ready.addresses)
            case.prepare(ready.sandbox)
            body = ready.connection
        credentials = {**body["credentials"], **case.credentials}
        opened = recorded.open(body, credentials=credentials, attempts=1, in_flight=1, **case.settings)
        yield await stack.enter_async_context(opened)


@pytest.fixture
def all_played(vcr: Cassette, record_mode: str) -> Iterator[None]:
    """Fails when the adapter did not ask for all that was recorded."""
    yield
    if record_mode == "none":
        assert vcr.all_played
