"""Erasing one person everywhere."""

from abc import abstractmethod
from typing import Protocol

import attrs

from domain.ids import CandidateId, ConnectionId
from ports.scope import Scope


@attrs.frozen(kw_only=True)
class Erasure:
    """How much was erased: payloads of commands, effects and events, files, and records handed in.

    Keys and digests stay.
    """

    commands: int
    effects: int
    files: int
    events: int = 0
    records: int = 0


class People(Protocol):
    """What is kept of people."""

    @abstractmethod
    async def erase(self, scope: Scope, connection: ConnectionId, candidate: CandidateId) -> Erasure:
        """Erases the payloads that concern a candidate; a late redelivery under an erased key writes nothing.

        A command of which only planning will learn that it concerns them is given up then, if it came in before.
        Raises ConflictError while a write-back of the person runs; NotFoundError for the connection.
        """
