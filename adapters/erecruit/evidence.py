"""Looking for what bears our marker: on every record on which eRecruit may show it."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Generic, TypeVar

import attrs

from adapters.erecruit.endpoints import APPLICATION
from adapters.erecruit.routing import Calls
from adapters.rest.endpoint import Endpoint
from domain.evidence import Absent, CannotTell, Found, Receipt
from domain.policy import RecordType
from ports.errors import NotFoundError, UnsupportedError

T = TypeVar("T")


@attrs.frozen
class Seen:
    """A thing on a record; `text` is where the marker would be, None where eRecruit did not give it."""

    text: str | None
    receipt: Receipt


@attrs.frozen
class Lists(Generic[T]):
    """Where one sort of thing is listed."""

    on_application: Endpoint[list[T]]
    on_candidate: Endpoint[list[T]]

    def rows(self, kind: RecordType) -> tuple[Endpoint[Any], ...]:
        """What a look on that kind of record calls."""
        if kind is RecordType.CANDIDATE:
            return (self.on_candidate,)
        return (self.on_application, APPLICATION, self.on_candidate)

    async def things(self, calls: Calls, kind: RecordType, number: str) -> AsyncIterator[list[T]]:
        """On the record; and of an application also on its candidate."""
        if kind is RecordType.APPLICATION:
            yield await calls.call(self.on_application, path={"application_id": number})
            application = await calls.call(APPLICATION, path={"application_id": number})
            number = str(application.CandidateID)
        yield await calls.call(self.on_candidate, path={"candidate_id": number})


async def look_for(
    marker: str, pages: AsyncIterator[list[T]], seen: Callable[[T], Seen]
) -> Found | Absent | CannotTell:
    """Absent only when every list was read whole and nothing in it came without its text."""
    doubtful = False
    try:
        async for page in pages:
            for one in map(seen, page):
                if one.text is not None and marker in one.text:
                    return Found(one.receipt)
                doubtful = doubtful or one.text is None
    except (NotFoundError, UnsupportedError) as error:
        return CannotTell(f"{error.message}: gone or merged")
    return CannotTell("something is there whose text eRecruit did not give") if doubtful else Absent()
