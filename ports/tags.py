"""Tags on candidates."""

from abc import abstractmethod
from typing import Protocol

from domain.evidence import CannotTell, EvidenceGrade, Receipt
from domain.ids import CandidateId, TagId
from ports.attempt import Attempt


class Tagging(Protocol):
    """Tags on candidates; statuses are stages, see `StageMoves`."""

    evidence: EvidenceGrade
    screened_tag: TagId | None
    """The tag that shows that somebody was screened, if the connection has one."""

    @abstractmethod
    async def tag(self, candidate: CandidateId, tag: TagId, attempt: Attempt) -> Receipt:
        """Raises NotFoundError, InvalidInputError (an unknown tag)."""

    @abstractmethod
    async def current(self, candidate: CandidateId) -> frozenset[TagId] | CannotTell:
        """The candidate's tags, read live. Raises NotFoundError."""

    @abstractmethod
    async def tags(self) -> frozenset[TagId] | CannotTell:
        """All tags that candidates can bear."""
