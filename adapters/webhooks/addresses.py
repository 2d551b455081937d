"""Which URLs an endpoint may have. Where its name leads is judged when it is connected to, each time."""

import re
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address

import attrs
from yarl import URL

from adapters.rest.networks import Address, Network, may_be_reached
from domain.errors import InvalidError
from ports.webhooks import AddressRules

_LONGEST = 2_000
_PLAIN = re.compile(r"[!-\[\]-~]+")  # printable ASCII less blanks and the backslash
_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
_AFTER = re.compile(r"[/?#]")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Addresses(AddressRules):
    """https on one of the ports, unless http is allowed too; `allowed` are networks beside the open internet."""

    ports: frozenset[int] = frozenset({443, 8443})
    http: bool = False
    allowed: Collection[Network] = ()

    def check(self, url: str) -> None:
        fault = self._fault(url)
        if fault is not None:
            raise InvalidError.at("/url", fault)

    def _fault(self, text: str) -> str | None:
        if len(text) > _LONGEST or not _PLAIN.fullmatch(text):
            return f"must be at most {_LONGEST} printable ASCII characters without blanks or backslashes"
        try:
            url = URL(text)
            port = url.port
        except ValueError:
            return "is not a URL"
        if url.scheme not in ({"https", "http"} if self.http else {"https"}):
            return "must begin with https://"
        if "@" in _AFTER.split(text.partition("//")[2])[0]:
            return "must not hold a user name or password"
        if "#" in text:
            return "must not have a fragment"
        if port not in self.ports:
            return f"must have one of these ports: {', '.join(map(str, sorted(self.ports)))}"
        return self._fault_of_host(url.raw_host or "")

    def _fault_of_host(self, host: str) -> str | None:
        literal = _literal(host)
        if literal is not None:
            zoned = isinstance(literal, IPv6Address) and literal.scope_id is not None
            reached = not zoned and may_be_reached(literal, self.allowed)
            return None if reached else "must not be an address that is not public"
        if not _NAME.fullmatch(host):
            return "has no host that could be one"
        if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
            # Some resolvers take 127.1, 0x7f000001 and 017700000001 for addresses.
            return "must not have a host that ends in a number"
        return None


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
