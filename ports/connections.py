"""Connections: customers' links to providers, kept and opened."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import attrs

from domain.ids import ConnectionId
from domain.policy import Policy
from ports.gateway import Gateway, Provider
from ports.scope import Scope


@attrs.frozen(kw_only=True)
class Connection:
    """One customer's link to one provider. `settings` are the provider's own, checked and complete, as JSON values.

    `revision` grows with each change of it. `parked` says why no write-back is started.
    """

    id: ConnectionId
    provider: Provider
    name: str
    settings: Mapping[str, object]
    policy: Policy
    revision: int
    created_at: datetime
    parked: str | None = None


class ConnectionStore(Protocol):
    """Where connections are kept; credentials go in and never come out but to open a gateway."""

    @abstractmethod
    async def add(self, connection: Connection, credentials: Mapping[str, str]) -> None:
        """Keeps a new connection."""

    @abstractmethod
    async def get(self, scope: Scope, connection: ConnectionId) -> Connection:
        """Raises NotFoundError, also for one outside the scope."""

    @abstractmethod
    async def page(self, scope: Scope, *, after: str | None, limit: int) -> tuple[Connection, ...]:
        """By id, beginning after one."""

    @abstractmethod
    async def change(self, scope: Scope, connection: Connection, credentials: Mapping[str, str] | None) -> None:
        """Replaces name, settings, policy and (unless None) credentials, and unparks if credentials came.

        `connection.revision` must be one more than the kept one, else ConflictError. Raises NotFoundError.
        """

    @abstractmethod
    async def remove(self, scope: Scope, connection: ConnectionId) -> None:
        """Removes it with its credentials; keys of what was written stay for ever. Raises NotFoundError."""

    @abstractmethod
    async def credentials(self, connection: ConnectionId) -> Mapping[str, str]:
        """Opened. Raises NotFoundError, SealError."""

    @abstractmethod
    async def unpark(self, connection: ConnectionId, revision: int) -> None:
        """Lets its write-backs go on, if that is still its revision; their time of waiting begins anew."""


class Connections(Protocol):
    """Opens gateways."""

    @abstractmethod
    async def open(
        self, scope: Scope, connection: ConnectionId, *, patient: bool = False
    ) -> tuple[Connection, Gateway]:
        """The connection as it is now and what it can do. Nothing is sent. Raises NotFoundError.

        Requests over a `patient` gateway let those of all others go first.
        """
