"""The two hosts of a connection, each with a token of its own: neither ever sees the other's."""

from collections.abc import Mapping
from functools import partial
from typing import TypeVar

from yarl import URL

from adapters.deps import Deps
from adapters.erecruit import codec, wire
from adapters.erecruit.endpoints import LEGACY, LEGACY_LOG_IN, STANDARD
from adapters.erecruit.routing import PROVIDER, VERDICTS, routed
from adapters.erecruit.settings import Credentials, Settings
from adapters.rest.api import Api
from adapters.rest.auth import ApiKey, Auth, ClientCredentials, LogIn, fresh
from adapters.rest.body import json_body
from adapters.rest.calls import Calls
from adapters.rest.link import Link
from adapters.rest.sessions import Pair
from domain.ids import ConnectionId
from ports.turns import Host, Rate, Token

T = TypeVar("T")

ACCEPT: Mapping[str, str] = {"Accept": "application/json"}


def opened(connection: ConnectionId, settings: Settings, credentials: Credentials | None, deps: Deps) -> Api:
    """The API of one connection. Without credentials or sessions nothing can be called over it."""
    links: dict[str, Link] = {}
    if credentials is not None and deps.verified is not None and deps.legacy is not None:
        maker = _Maker(connection, settings, credentials, deps)
        links = {STANDARD: maker.standard(deps.verified), LEGACY: maker.legacy(deps.legacy)}
    return _api(links, deps)


def _api(links: Mapping[str, Link], deps: Deps) -> Api:
    return Api(provider=PROVIDER, links=links, turns=deps.turns, clock=deps.clock, retry=deps.retry, verdicts=VERDICTS)


class _Maker:
    def __init__(self, connection: ConnectionId, settings: Settings, credentials: Credentials, deps: Deps) -> None:
        self._connection = connection
        self._settings = settings
        self._credentials = credentials
        self._deps = deps

    def standard(self, sessions: Pair) -> Link:
        auth = ClientCredentials(
            provider=PROVIDER,
            turns=self._deps.turns,
            host=self._host(STANDARD),
            clock=self._deps.clock,
            sessions=sessions,
            token_url=self._settings.login_url,
            client_id=self._credentials.client_id,
            client_secret=self._credentials.client_secret,
            extra={"scope": ""},
        )
        return self._link(STANDARD, self._settings.base_url, sessions, auth)

    def legacy(self, sessions: Pair) -> Link:
        # The log-in has a turn of its own: whoever waits for the token already holds one of the host's.
        anonymous = self._link("legacy log-in", self._settings.legacy_url, sessions, ApiKey())
        calls = Calls(_api({LEGACY: anonymous}, self._deps), partial(routed, settings=self._settings), [LEGACY_LOG_IN])

        async def log_in() -> Token:
            body = json_body(
                {
                    "UserName": self._credentials.legacy_user_name,
                    "Password": self._credentials.legacy_password,
                    "EntityID": self._credentials.legacy_entity_id,
                }
            )
            return self._token(await calls.call(LEGACY_LOG_IN, body=body))

        auth = LogIn(
            turns=self._deps.turns,
            host=self._host(LEGACY),
            log_in=log_in,
            header=self._settings.word("legacy_token.header"),
            scheme=self._settings.word("legacy_token.scheme"),
        )
        return self._link(LEGACY, self._settings.legacy_url, sessions, auth)

    def _token(self, given: wire.LegacyToken) -> Token:
        until = codec.sighted(None, given.Expires, self._settings.zone).at
        seconds = (until - self._deps.clock.now()).total_seconds() if until else None
        return fresh(given.Token, seconds)

    def _link(self, name: str, base_url: str, sessions: Pair, auth: Auth) -> Link:
        rate = Rate(self._settings.rate_limit, 1, self._settings.in_flight)
        return Link(base_url=base_url, sessions=sessions, auth=auth, host=self._host(name), rate=rate, headers=ACCEPT)

    def _host(self, name: str) -> Host:
        return Host(self._connection, name, self._deps.revision)


def host_name(url: str) -> str:
    """As people know a host."""
    return URL(url).host or url
