"""Erase person: what is kept of one candidate goes, the keys of what was written stay."""

import attrs

from domain.ids import CandidateId, ConnectionId
from ports.people import Erasure, People
from ports.scope import Scope


@attrs.frozen
class ErasePerson:
    """Erases payloads of commands and effects, and files."""

    people: People

    async def __call__(self, scope: Scope, connection: ConnectionId, candidate: CandidateId) -> Erasure:
        """The receipt. Raises NotFoundError (the connection), ConflictError (a write-back of the person runs)."""
        return await self.people.erase(scope, connection, candidate)
