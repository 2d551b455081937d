"""The address of a broker as people write it: one or more servers, and credentials that go to none but them."""

from urllib.parse import SplitResult, unquote, urlsplit

import attrs

SCHEMES = ("nats", "tls")


@attrs.frozen(kw_only=True)
class Address:
    """Servers without credentials; a single name without a password is a token. `tls` is for all of them."""

    servers: tuple[str, ...]
    user: str | None = attrs.field(repr=False)
    password: str | None = attrs.field(repr=False)
    tls: bool

    @classmethod
    def of(cls, text: str) -> "Address":
        """From `nats://user:password@host:4222` or `tls://...`; more servers follow after commas.

        Raises ValueError, which does not quote it.
        """
        urls = [_split(part.strip()) for part in text.split(",")]
        schemes = {url.scheme for url in urls}
        if not schemes <= set(SCHEMES) or len(schemes) > 1 or not all(url.hostname for url in urls):
            raise ValueError("must be nats://host:port or tls://host:port; more of the same kind follow after commas")
        named = next((url for url in urls if url.username), urls[0])
        return cls(
            servers=tuple(f"{url.scheme}://{url.netloc.rpartition('@')[2]}" for url in urls),
            user=unquote(named.username) if named.username else None,
            password=unquote(named.password) if named.password else None,
            tls=schemes == {"tls"},
        )


def _split(part: str) -> SplitResult:
    try:
        url = urlsplit(part)
        _ = url.port  # is looked at only when it is asked for
    except ValueError:
        raise ValueError("has a host or port that is none") from None
    return url
