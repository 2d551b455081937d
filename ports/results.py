"""Whole results: handed over in the provider's own way, or shown as a link."""

from abc import abstractmethod
from typing import Protocol

from domain.call_result import CallResult
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from ports.attempt import Attempt


class ResultDelivery(Protocol):
    """For customers without an ATS: the result itself is delivered."""

    evidence: EvidenceGrade

    @abstractmethod
    async def deliver(self, result: CallResult, attempt: Attempt) -> Receipt:
        """Hands the result over for delivery. The same one again is the same delivery, if the evidence is LIVE."""

    @abstractmethod
    async def find(self, result: CallResult) -> Found | Absent | CannotTell:
        """Whether the result of this call was handed over."""


class ResultLinks(Protocol):
    """A link to the result on the application."""

    evidence: EvidenceGrade

    @abstractmethod
    async def add(self, record: str, label: str, url: str, attempt: Attempt) -> Receipt:
        """Raises NotFoundError, InvalidInputError."""

    @abstractmethod
    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        """The link that bears the marker."""
