"""Secrets at rest."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol

from domain.ids import ConnectionId


class Vault(Protocol):
    """Seals a connection's credentials so that only we, and only for that row and revision, can open them."""

    @abstractmethod
    def seal(self, connection: ConnectionId, revision: int, credentials: Mapping[str, str]) -> bytes:
        """The sealed form, bound to the connection and revision."""

    @abstractmethod
    def unseal(self, connection: ConnectionId, revision: int, sealed: bytes) -> Mapping[str, str]:
        """Raises SealError when it was sealed for another row or with a key that we do not have."""


class SealError(Exception):
    """A sealed value cannot be opened here: its key is unknown, or it was moved from another row."""
