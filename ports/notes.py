"""Notes on applications or on candidates: one shape, a field of the gateway for each."""

from abc import abstractmethod
from typing import Protocol

from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.note import Note
from ports.attempt import Attempt


class Notes(Protocol):
    """Notes on one kind of record; `record` is the id of the application or candidate."""

    evidence: EvidenceGrade

    def chunks(self, note: Note) -> tuple[Note, ...]:
        """The note in as many as the ATS takes, in order: each is an effect of its own, with its own marker."""
        return (note,)

    @abstractmethod
    def preview(self, note: Note, marker: str) -> str:
        """The text as the ATS will show it, reference line included. Raises InvalidInputError when it is too long."""

    @abstractmethod
    async def add(self, record: str, note: Note, attempt: Attempt) -> Receipt:
        """Raises NotFoundError, InvalidInputError (an unknown action type)."""

    @abstractmethod
    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        """The note that bears the marker, looked for everywhere the ATS may have put it."""
