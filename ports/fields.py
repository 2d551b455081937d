"""Custom fields of jobs, applications or candidates: one shape, a field of the gateway for each."""

from abc import abstractmethod
from typing import Protocol

from domain.custom_field import FieldDefinition, FieldUpdate, FieldValue
from domain.evidence import CannotTell, EvidenceGrade, Receipt
from ports.attempt import Attempt


class CustomFields(Protocol):
    """Custom fields of one kind of record; `record` is its id."""

    evidence: EvidenceGrade

    @abstractmethod
    async def definitions(self) -> tuple[FieldDefinition, ...]:
        """The fields that this kind of record has."""

    @abstractmethod
    async def current(self, record: str) -> tuple[FieldValue, ...] | CannotTell:
        """The record's values in canonical text, read live; fields without a value may be left out.

        Raises NotFoundError.
        """

    @abstractmethod
    async def update(self, record: str, update: FieldUpdate, attempt: Attempt) -> Receipt:
        """Sets one field. Raises NotFoundError, InvalidInputError."""
