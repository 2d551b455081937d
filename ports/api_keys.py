"""API keys: who may call us."""

from abc import abstractmethod
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import attrs

from domain.ids import ConnectionId
from ports.scope import Scope


class Permission(StrEnum):
    """What a key allows. `admin` alone may change the hosts of a connection, and make keys."""

    CONNECTIONS = "connections"
    READ = "read"
    WRITE = "write"
    INTAKE = "intake"
    WEBHOOKS = "webhooks"
    ADMIN = "admin"


@attrs.frozen(kw_only=True)
class ApiKey:
    """A key without its secret, of which only the SHA-256 is kept."""

    id: str
    name: str
    permissions: frozenset[Permission]
    connection: ConnectionId | None
    created_at: datetime
    expires_at: datetime | None = None
    secret_sha256: bytes = attrs.field(repr=False)

    @property
    def scope(self) -> Scope:
        """What the key may see."""
        return Scope(self.connection)


class ApiKeyStore(Protocol):
    """Where keys are kept."""

    @abstractmethod
    async def add(self, key: ApiKey) -> None:
        """Keeps a new key; one with the same id is replaced."""

    @abstractmethod
    async def get(self, key_id: str) -> ApiKey | None:
        """The key, or None."""

    @abstractmethod
    async def page(self, scope: Scope, *, after: str | None, limit: int) -> tuple[ApiKey, ...]:
        """By id, beginning after one."""

    @abstractmethod
    async def remove(self, scope: Scope, key_id: str) -> None:
        """Raises NotFoundError."""
