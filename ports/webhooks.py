"""Webhook endpoints and the deliveries to them."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

import attrs

from domain.delivery import DeliveryState, Reply
from domain.event import Audience, EventType
from domain.ids import DeliveryId, EndpointId, EventId
from ports.scope import Scope


@attrs.frozen(kw_only=True)
class Endpoint:
    """A receiver of events. `disabled` says why nothing is sent there, if so; `failing_since`: no success since then.

    `revision` grows with each change of it.
    """

    id: EndpointId
    url: str
    audience: Audience
    revision: int
    created_at: datetime
    disabled: str | None = None
    failing_since: datetime | None = None


@attrs.frozen(kw_only=True)
class Span:
    """Which deliveries of an endpoint: those of events that came about in this time, the end left out."""

    endpoint: EndpointId
    since: datetime
    until: datetime | None = None


class Endpoints(Protocol):
    """Where endpoints are kept; their secrets are sealed, and come out only to sign."""

    @abstractmethod
    async def add(self, endpoint: Endpoint, secret: str) -> None:
        """Raises NotFoundError for a connection that is not there."""

    @abstractmethod
    async def get(self, scope: Scope, endpoint: EndpointId) -> Endpoint:
        """Raises NotFoundError, also for one outside the scope."""

    @abstractmethod
    async def page(self, scope: Scope, *, after: str | None, limit: int) -> tuple[Endpoint, ...]:
        """By id, beginning after one."""

    @abstractmethod
    async def change(self, scope: Scope, endpoint: Endpoint) -> None:
        """Replaces URL, types and whether it is disabled; one that is not disabled any more begins without failures.

        `endpoint.revision` must be one more than the kept one, else ConflictError. Raises NotFoundError.
        """

    @abstractmethod
    async def rotate(self, scope: Scope, endpoint: EndpointId, secret: str, overlap_seconds: float) -> None:
        """A new secret; the one before signs beside it for so long. Raises NotFoundError."""

    @abstractmethod
    async def reseal(self, scope: Scope, endpoint: EndpointId) -> None:
        """The same secrets under the vault's first key. Raises NotFoundError, ConflictError, SealError."""

    @abstractmethod
    async def remove(self, scope: Scope, endpoint: EndpointId) -> None:
        """With its deliveries. Raises NotFoundError."""

    @abstractmethod
    async def test(self, scope: Scope, endpoint: EndpointId) -> EventId:
        """An event for this endpoint alone. Raises NotFoundError; ConflictError while it is disabled."""

    @abstractmethod
    async def recover(self, scope: Scope, missing: Span) -> int:
        """Sends whatever of its audience was not delivered to it; how many that are.

        What has been erased is beyond recovery. Raises NotFoundError; ConflictError while it is disabled.
        """

    @abstractmethod
    async def given_up(self) -> int:
        """How many endpoints were disabled because they had failed."""


@attrs.frozen(kw_only=True)
class Attempt:
    """One request of a delivery: when it ended, how long it took, the status or why there was none."""

    n: int
    ended_at: datetime
    seconds: float
    status: int | None
    error: str | None


@attrs.frozen(kw_only=True)
class Delivery:
    """An event on its way to an endpoint, as it is shown. `due_at` is when the next attempt is due, if there is one."""

    id: DeliveryId
    endpoint: EndpointId
    event: EventId
    event_type: EventType
    state: DeliveryState
    created_at: datetime
    due_at: datetime | None
    attempts: tuple[Attempt, ...]


@attrs.frozen(kw_only=True)
class Errand:
    """A delivery in a worker's hands for as long as its lease lasts.

    `tries` counts the attempts since it was begun or replayed. `secrets`: each signs.
    """

    delivery: DeliveryId
    fence: int
    endpoint: EndpointId
    event: EventId
    tries: int
    url: str
    secrets: tuple[str, ...] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Verdict:
    """What an attempt has come to. `wait`: seconds until the next one, None if there is to be none."""

    reply: Reply
    wait: float | None


class Deliveries(Protocol):
    """What is to be sent, and what became of it. Times are those of the database."""

    @abstractmethod
    async def claim(
        self, most: int, each: int, in_hand: Mapping[EndpointId, int], slow: Collection[EndpointId]
    ) -> tuple[Errand, ...]:
        """Up to `most` that are due, endpoints served in turn; those of workers that are gone are among them.

        Of an endpoint `each`, with those that are in hand already; fewer of one that fails, or keeps us waiting.
        """

    @abstractmethod
    async def record(self, errand: Errand, verdict: Verdict) -> None:
        """Keeps the attempt, and what follows for the delivery and its endpoint. Raises LeaseLostError."""

    @abstractmethod
    async def wait(self, seconds: float) -> None:
        """Returns when something may have come or fallen due here, or after so many seconds."""

    @abstractmethod
    async def page(
        self,
        scope: Scope,
        *,
        endpoint: EndpointId | None = None,
        event: EventId | None = None,
        state: DeliveryState | None = None,
        after: str | None,
        limit: int,
    ) -> tuple[Delivery, ...]:
        """Newest first, beginning after (older than) one."""

    @abstractmethod
    async def replay(self, scope: Scope, delivery: DeliveryId) -> Delivery:
        """Sends it again, with all its attempts before it. Raises NotFoundError.

        ConflictError while it waits or runs, while its endpoint is disabled, and when its event has been erased.
        """

    @abstractmethod
    async def replay_all(self, scope: Scope, of: Span) -> int:
        """As `replay`, for all that were delivered or failed; how many those are.

        Raises NotFoundError for the endpoint, ConflictError while it is disabled.
        """


class Sender(Protocol):
    """Carries an errand out: one signed request."""

    @abstractmethod
    async def send(self, errand: Errand) -> Reply:
        """Never raises for what an endpoint does, nor for an address that may not be reached."""


class AddressRules(Protocol):
    """Which URLs endpoints may have."""

    @abstractmethod
    def check(self, url: str) -> None:
        """Raises InvalidError that says why it may not be used."""
