"""What vendors tell of their own accord: never records, only where something changed."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import attrs

from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.scope import Scope


@attrs.frozen(kw_only=True)
class VendorEvent:
    """One event, less everything that could concern a person.

    `id` is the vendor's: the same event comes again under the same. `changed` are the vendor's names of what changed,
    `pulls` the kinds of records that are to be read again for it. `fault` says why the vendor's own copy of the ATS is
    not kept up, where the event tells that.
    """

    id: str
    type: str
    changed: tuple[str, ...] = ()
    pulls: frozenset[RecordType] = frozenset()
    fault: str | None = None


class VendorEvents(Protocol):
    """How the events of a provider are known to be its own, and read."""

    @abstractmethod
    def is_authentic(self, headers: Mapping[str, str], body: bytes, credentials: Mapping[str, str]) -> bool:
        """Whether who sent it knows the connection's secret; in a time that tells nothing of it.

        Raises RefusedError when the credentials hold no such secret.
        """

    @abstractmethod
    def read(self, body: bytes, credentials: Mapping[str, str]) -> VendorEvent | None:
        """An authentic event; None if it concerns another of the vendor's customers. Raises InvalidInputError."""


@attrs.frozen(kw_only=True)
class HeardEvent:
    """An event as it is kept, under an id of ours."""

    id: str
    event: str
    type: str
    changed: tuple[str, ...]
    fault: str | None
    received_at: datetime


class VendorInbox(Protocol):
    """Events that came, each once; the kinds that they ask for are due for `Pulls`.

    Each method may raise `UnavailableError`.
    """

    @abstractmethod
    async def take(self, connection: ConnectionId, event: VendorEvent) -> bool:
        """Whether it is new: then it is kept, and its pulls are asked for. Raises NotFoundError, InvalidInputError."""

    @abstractmethod
    async def page(
        self, scope: Scope, connection: ConnectionId, *, after: str | None, limit: int
    ) -> tuple[HeardEvent, ...]:
        """The newest first, beginning after one. Raises NotFoundError."""

    @abstractmethod
    async def forget(self, older_than_days: float) -> int:
        """Removes events that came so long ago, a bounded number at a time; the answer is of how many.

        One that comes again after that is new. Wishes for pulls stay.
        """
