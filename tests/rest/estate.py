"""A log-in server, an ATS, and a client of both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs

from adapters.rest.api import Api
from adapters.rest.auth import ClientCredentials, Style
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import verified
from adapters.turns.in_process import InProcessTurns
from tests.rest.raw_server import Act, RawServer, reply, serving
from tests.rest.rig import HOST, FakeClock, calling

HANDED_OUT = b'{"access_token": "%s", "token_type": "bearer", "expires_in": 1199}'


@attrs.frozen
class Estate:
    """A log-in server, an ATS, and a client of both."""

    log_in: RawServer
    ats: RawServer
    api: Api
    auth: ClientCredentials


def tokens(*names: bytes) -> tuple[Act, ...]:
    return tuple(reply(200, HANDED_OUT % name) for name in names)


@asynccontextmanager
async def estate(
    log_in: tuple[Act, ...], ats: Act, *, style: Style = Style.BODY, tries: int = 2, scheme: str = "http"
) -> AsyncIterator[Estate]:
    clock = FakeClock()
    turns = InProcessTurns(clock)
    async with serving(*log_in) as door, serving(ats) as server, verified() as pair:
        auth = ClientCredentials(
            provider="acme",
            turns=turns,
            host=HOST,
            clock=clock,
            sessions=pair,
            token_url=f"{scheme}://127.0.0.1:{door.port}/t/token",
            client_id="our id",
            client_secret="canary&secret",
            style=style,
            extra={"scope": "all"},
        )
        async with calling(server.url, clock=clock, turns=turns, auth=auth, retry=RetryPolicy(attempts=tries)) as api:
            yield Estate(door, server, api, auth)
