"""A call of which everything is decided but its turn and its credentials."""

import attrs
from yarl import URL

from adapters.rest.auth import Pass
from adapters.rest.body import Body
from adapters.rest.exchange import Request
from adapters.rest.link import Link
from adapters.rest.verdicts import Asked
from ports.attempt import Attempt

USER_AGENT = {"User-Agent": "atsbridge"}


@attrs.frozen(kw_only=True)
class Prepared:
    """One call of a row over a link; each of its tries makes its request anew from the same bytes."""

    asked: Asked
    link: Link
    url: URL = attrs.field(repr=False)
    body: Body | None
    attempt: Attempt | None

    def request(self, shown: Pass) -> Request:
        """All that leaves, with the credentials of this try."""
        endpoint, body = self.asked.endpoint, self.body
        typed = {} if body is None else {**body.headers, "Content-Type": body.content_type}
        return Request(
            method=endpoint.method,
            url=self.url,
            headers={**USER_AGENT, **self.link.headers, **typed, **shown.headers},
            parts=() if body is None else body.parts,
            seconds=endpoint.timeout,
            largest=endpoint.largest_reply,
            repeatable=endpoint.repeatable,
        )
