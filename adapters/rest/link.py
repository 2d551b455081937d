"""The way to one host of one connection."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs
from yarl import URL

from adapters.rest.auth import Auth
from adapters.rest.sessions import Pair
from ports.turns import Host, Rate

NONE: Mapping[str, str] = MappingProxyType({})
_NUMBER = re.compile(r"[0-9]{1,9}")


def _absolute(_: object, __: object, base_url: str) -> None:
    url = URL(base_url)
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.password or url.query or url.fragment:
        # The text itself may hold a password, so it is not repeated.
        raise ValueError("base_url must be http(s)://host[:port][/path] and nothing else")


@attrs.frozen(kw_only=True)
class Link:
    """How one host of one connection is reached; `headers` go with every request.

    `limit_header` names the header in which answers say how many requests the host bears at once, if they do: that
    is obeyed where the rate's `in_flight` holds everywhere. `silence` reads out of an answer's headers for how many
    seconds from now the host wants to hear nothing, None where they do not say.

    Raises `ValueError` for a `base_url` that is more than an address, or that its sessions cannot reach.
    """

    base_url: str = attrs.field(validator=_absolute)
    sessions: Pair
    auth: Auth
    host: Host
    rate: Rate
    headers: Mapping[str, str] = attrs.field(default=NONE, repr=False)
    limit_header: str | None = None
    silence: Callable[[Mapping[str, str], datetime], float | None] = lambda _headers, _now: None

    def __attrs_post_init__(self) -> None:
        if self.sessions.origin not in {None, self.origin}:
            raise ValueError("these sessions are bound to another origin")

    def borne(self, headers: Mapping[str, str]) -> int | None:
        """How many requests at once the host says in these headers to bear; None if it does not say it in digits."""
        told = headers.get(self.limit_header, "") if self.limit_header else ""
        return int(told) if _NUMBER.fullmatch(told.strip()) else None

    @property
    def origin(self) -> URL:
        """Scheme, host and port: nothing is ever sent elsewhere."""
        return URL(self.base_url).origin()
