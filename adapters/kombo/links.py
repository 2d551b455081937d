"""Three ways to one address, each with a count of its own; and a way to addresses out of replies, without a key."""

from collections.abc import Mapping

import attrs
from yarl import URL

from adapters.deps import Deps
from adapters.elsewhere import Elsewhere
from adapters.kombo.endpoints import ACTIONS, BULK, FILE_CONTENT, FILES, STANDARD
from adapters.kombo.routing import NOTHING, Wiring
from adapters.kombo.settings import Credentials, Settings
from adapters.kombo.verdicts import VERDICTS
from adapters.rest.api import Api
from adapters.rest.auth import ApiKey, Auth
from adapters.rest.link import Link
from adapters.rest.sessions import Pair
from adapters.rest.verdicts import VerdictTable
from domain.ids import ConnectionId
from ports.turns import Host, Rate

ACCEPT = {"Accept": "application/json"}
BULK_RATE = Rate(20, 5, 2, everywhere=True)
"""Avionté bears three to five bulk requests a second, and wants five seconds of silence after one too many. Two at
once, beside all other actions.
"""
LIMIT = "Concurrency-Limit"
"""In answers to actions: how many of an integration's may be under way at once, whoever asks for them."""


def opened(
    connection: ConnectionId, provider: str, settings: Settings, credentials: Credentials | None, deps: Deps
) -> Wiring:
    """The wiring of one connection. Without credentials or sessions nothing can be called over it.

    `provider` is what errors name: Kombo, or the ATS that is spoken to over it.
    """
    maker = _Maker(connection, provider, settings, deps)
    links: dict[str, Link] = {}
    if credentials is not None and deps.verified is not None:
        links = {name: maker.link(name, credentials, deps.verified) for name in (STANDARD, ACTIONS, BULK)}
    return Wiring(maker.api(links, VERDICTS), settings, deps.clock, provider, maker.download)


@attrs.frozen
class _Maker:
    connection: ConnectionId
    provider: str
    settings: Settings
    deps: Deps

    def api(self, links: Mapping[str, Link], verdicts: VerdictTable) -> Api:
        deps = self.deps
        return Api(
            provider=self.provider,
            links=links,
            turns=deps.turns,
            clock=deps.clock,
            retry=deps.retry,
            verdicts=verdicts,
        )

    def link(self, name: str, credentials: Credentials, sessions: Pair) -> Link:
        shown = {"Authorization": f"Bearer {credentials.api_key}", "X-Integration-Id": credentials.integration_id}
        return self._link(name, self.settings.base_url, sessions, ApiKey(shown))

    def _link(self, name: str, base_url: str, sessions: Pair, auth: Auth) -> Link:
        rate = BULK_RATE if name == BULK else self._rate(everywhere=name == ACTIONS)
        return Link(
            base_url=base_url,
            sessions=sessions,
            auth=auth,
            host=Host(self.connection, name, self.deps.revision),
            rate=rate,
            headers=ACCEPT if name != FILES else NOTHING,
            limit_header=LIMIT if rate.everywhere else None,
        )

    def _rate(self, *, everywhere: bool) -> Rate:
        return Rate(self.settings.rate_limit, 1, self.settings.in_flight, everywhere)

    async def download(self, url: str) -> bytes:
        """The bytes there. Raises MalformedReplyError for an address that may not be asked."""
        elsewhere = Elsewhere(
            provider=self.provider,
            own=self.settings.base_url,
            row=FILE_CONTENT,
            host=Host(self.connection, FILES, self.deps.revision),
            rate=self._rate(everywhere=False),
            deps=self.deps,
        )
        return await elsewhere.fetch(url)


def host_name(url: str) -> str:
    """As people know a host."""
    return URL(url).host or url
