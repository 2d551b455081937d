"""Addresses out of replies: asked over https, on public networks, without telling who asks; no redirect is followed."""

import attrs
from yarl import URL

from adapters import reading
from adapters.deps import Deps
from adapters.rest.api import Api
from adapters.rest.auth import ApiKey
from adapters.rest.endpoint import Endpoint
from adapters.rest.link import Link
from ports.errors import MalformedReplyError
from ports.turns import Host, Rate


@attrs.frozen(kw_only=True)
class Elsewhere:
    """`own` is where the API itself is, `row` what such a call is called.

    Of an API on this very machine its own port may be asked, or with `any_port` all.
    """

    provider: str
    own: str
    row: Endpoint[bytes]
    host: Host
    rate: Rate
    deps: Deps
    any_port: bool = False

    async def fetch(self, url: str) -> bytes:
        """The bytes there. Raises MalformedReplyError for an address that may not be asked."""
        origin, deps = self._origin(url), self.deps
        sessions = deps.verified if self._is_here(origin) else deps.guarded
        links: dict[str, Link] = {}
        if sessions is not None:
            links[self.row.host] = Link(
                base_url=str(origin), sessions=sessions, auth=ApiKey(), host=self.host, rate=self.rate
            )
        api = Api(provider=self.provider, links=links, turns=deps.turns, clock=deps.clock, retry=deps.retry)
        return await api.call(self.row, url=url)

    def _origin(self, url: str) -> URL:
        try:
            origin = URL(url).origin()
        except ValueError:
            origin = URL()
        if origin.scheme != "https" and not self._is_here(origin):
            message = f"{self.provider} {self.row.name}: a reply points to an address that is not https"
            raise MalformedReplyError(message, provider=self.provider, operation=self.row.name)
        return origin

    def _is_here(self, origin: URL) -> bool:
        # Only an API on this very machine, so an emulated one, gives files from a network of one's own.
        own = URL(self.own).origin()
        beside = origin == own or (self.any_port and reading.is_loopback(origin.host or ""))
        return reading.is_loopback(own.host or "") and beside
