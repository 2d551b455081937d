"""Secrets at rest."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol


class Vault(Protocol):
    """Seals what a row keeps secret, so that only we, and only for that row and revision, can open it.

    Rows are connections, with their credentials, and webhook endpoints, with what they are signed with.
    """

    @abstractmethod
    def seal(self, row: str, revision: int, secrets: Mapping[str, str]) -> bytes:
        """The sealed form, bound to the row's id and revision."""

    @abstractmethod
    def unseal(self, row: str, revision: int, sealed: bytes) -> Mapping[str, str]:
        """Raises SealError when it was sealed for another row or with a key that we do not have."""


class SealError(Exception):
    """A sealed value cannot be opened here: its key is unknown, or it was moved from another row."""
