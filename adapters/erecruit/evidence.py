"""On which records a thing of ours may be shown."""

from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar

import attrs

from adapters.erecruit.endpoints import APPLICATION
from adapters.rest.calls import Calls
from adapters.rest.endpoint import Endpoint
from domain.policy import RecordType

T = TypeVar("T")


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
