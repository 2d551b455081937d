"""On which records a thing of ours may be shown."""

from collections.abc import AsyncIterator

import attrs

from adapters.kombo import wire
from adapters.kombo.endpoints import LIST_APPLICATIONS
from adapters.kombo.routing import Lists
from domain.policy import RecordType

OWNER = (LIST_APPLICATIONS,)
"""What it takes to know whose an application is."""


@attrs.frozen
class Place:
    """A record to look on."""

    kind: RecordType
    id: str


async def places(calls: Lists, kind: RecordType, record: str) -> AsyncIterator[Place]:
    """The record; and of an application also its candidate. Raises NotFoundError where the synced copy lacks it."""
    yield Place(kind, record)
    if kind is RecordType.APPLICATION:
        row = await calls.record(LIST_APPLICATIONS, record, wire.Application, "application")
        if row.candidate_id is not None:
            yield Place(RecordType.CANDIDATE, row.candidate_id)
