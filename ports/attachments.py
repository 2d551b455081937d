"""Files on applications or on candidates: one shape, a field of the gateway for each."""

from abc import abstractmethod
from typing import Protocol

from domain.attachment import Attachment
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from ports.attempt import Attempt


class Files(Protocol):
    """Files on one kind of record; `record` is the id of the application or candidate."""

    evidence: EvidenceGrade

    @abstractmethod
    async def add(self, record: str, file: Attachment, attempt: Attempt) -> Receipt:
        """Goes out under a name that bears the attempt's marker.

        Raises NotFoundError, InvalidInputError (type or size).
        """

    @abstractmethod
    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        """The file whose name bears the marker, looked for everywhere the ATS may have put it."""
