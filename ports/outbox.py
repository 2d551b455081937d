"""The outbox: events stand in it from the transaction on that makes them true, whoever listens."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

import attrs

from domain.event import Event, EventType
from domain.ids import CandidateId, ConnectionId, EventId
from ports.scope import Scope


@attrs.frozen(kw_only=True)
class NewEvent:
    """Something that has become true. `data` is JSON.

    `key`: of a connection there is one event with it, however often it is put. `candidate`: whom the data is about,
    so that it goes when they are to be forgotten.
    """

    type: EventType
    connection: ConnectionId | None
    data: Mapping[str, object] = attrs.field(repr=False)
    key: str | None = None
    candidate: CandidateId | None = None


@attrs.frozen(kw_only=True)
class PolledEvent:
    """An event and its place in the order in which events became visible: no later one stands before it."""

    place: int
    event: Event


class Outbox(Protocol):
    """Events, kept whether an endpoint hears them or not: who has none reads them."""

    @abstractmethod
    async def put(self, events: Sequence[NewEvent]) -> tuple[EventId, ...]:
        """Durable, all or none. One whose key stands already keeps what it was, and its id is returned.

        Raises NotFoundError for a connection that is not there.
        """

    @abstractmethod
    async def find(self, connection: ConnectionId, key: str) -> EventId | None:
        """The event with this key."""

    @abstractmethod
    async def read(
        self, scope: Scope, *, after: int, limit: int, types: frozenset[EventType] = frozenset()
    ) -> tuple[PolledEvent, ...]:
        """In order, beginning after a place; tests of endpoints are not among them.

        Whoever goes on after the last place that they saw misses nothing.
        """

    @abstractmethod
    async def forget(self, older_than_days: float) -> int:
        """Erases data so old, unless it is still to be delivered, and what is known of its deliveries; ids stay.

        A bounded number at a time: call it again while it is above 0.
        """
