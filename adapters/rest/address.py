"""From a row and its values to an address on the link's own origin."""

from collections.abc import Mapping, Sequence
from string import Formatter
from urllib.parse import quote, urlencode

from yarl import URL

from adapters.rest.verdicts import Asked
from ports.errors import InvalidInputError, MalformedReplyError

Query = Mapping[str, str | Sequence[str]]


def built(asked: Asked, base_url: str, query: Query) -> URL:
    """The address that the row's template gives.

    Raises `InvalidInputError` for an id that would change the route (empty, `.`, `..`), `KeyError` for one missing.
    """
    values = {name: _segment(asked, name) for _, name, _, _ in Formatter().parse(asked.endpoint.path) if name}
    address = base_url.rstrip("/") + asked.endpoint.path.format_map(values)
    # Encoded here, once, so that what is signed off is what is sent.
    return URL(f"{address}?{urlencode(query, doseq=True, quote_via=quote)}" if query else address, encoded=True)


def _segment(asked: Asked, name: str) -> str:
    value = asked.path[name]
    if value in {"", ".", ".."}:
        message = f"{asked.provider} {asked.endpoint.name}: {name} is not an id"
        raise InvalidInputError(message, field=name, provider=asked.provider, operation=asked.endpoint.name)
    # A colon means nothing in a path, and vendors show it as it is: remote:51000123.
    return quote(value, safe=":")


def given(asked: Asked, origin: URL, url: str) -> URL:
    """An address out of a reply. Raises `MalformedReplyError` unless it is absolute and lies on `origin`."""
    try:
        address = URL(url, encoded=True)
        own = address.origin() == origin and address.user is None and address.password is None
    except ValueError:
        own = False
    if not own:
        message = f"{asked.provider} {asked.endpoint.name}: a reply points to an address on another origin"
        raise MalformedReplyError(message, provider=asked.provider, operation=asked.endpoint.name)
    return address
