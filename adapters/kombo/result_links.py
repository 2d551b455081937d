"""Links to results on applications."""

from urllib.parse import urlsplit

from adapters.kombo import codec
from adapters.kombo.endpoints import ADD_LINK
from adapters.kombo.routing import Wiring
from adapters.rest.body import json_body
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from ports.attempt import Attempt
from ports.errors import InvalidInputError
from ports.results import ResultLinks


class ApplicationLinks(ResultLinks):
    """What becomes of a link, the ATS decides: a field, or a note. No call lists them."""

    uses = (ADD_LINK,)
    evidence = EvidenceGrade.NONE

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def add(self, record: str, label: str, url: str, attempt: Attempt) -> Receipt:
        if urlsplit(url).scheme not in {"http", "https"} or not label.strip():
            raise InvalidInputError(
                "a link needs a label and a web address", field="url", provider=self._calls.provider
            )
        body = json_body({"label": label, "url": url})
        done = await self._calls.call(ADD_LINK, path={"application_id": record}, body=body, attempt=attempt)
        return codec.receipt(url.encode(), done.warnings)

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:  # noqa: ARG002 - nothing is looked at
        return CannotTell("Kombo offers no way to read result links")
