"""Bodies and replies of webhooks' operations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import attrs
from msgspec import UNSET, Meta, UnsetType

from domain.delivery import DeliveryState
from domain.event import EventType
from entrypoints.values import Id, Moment
from entrypoints.web.replies import unless_none
from ports.outbox import PolledEvent
from ports.webhooks import Attempt, Delivery, Endpoint

Types = Annotated[tuple[EventType, ...], Meta(max_length=len(EventType))]
Url = Annotated[str, Meta(min_length=1, max_length=2_000)]


@attrs.frozen(kw_only=True)
class EndpointBody:
    """A receiver of events: of some types, or without `event_types` of all; of one connection, or of all of them."""

    url: Url
    event_types: Types = ()
    connection: Id | None = None


@attrs.frozen(kw_only=True)
class EndpointChangeBody:
    """What is to change. One that was disabled, by hand or by its failures, is enabled with `disabled` false."""

    url: Url | None = None
    event_types: Types | None = None
    disabled: bool | None = None


@attrs.frozen(kw_only=True)
class SinceBody:
    """From when on."""

    since: Moment


@attrs.frozen(kw_only=True)
class SpanBody(SinceBody):
    """From when on, and until when, the end left out."""

    until: Moment | None = None


@attrs.frozen(kw_only=True)
class EndpointReply:
    """`disabled` says why nothing is sent there; `failing_since`: nothing was taken there since then."""

    id: str
    url: str
    event_types: tuple[EventType, ...]
    created_at: datetime
    connection: str | UnsetType = UNSET
    disabled: str | UnsetType = UNSET
    failing_since: datetime | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class SecretReply(EndpointReply):
    """With its secret, which is shown this once."""

    secret: str


@attrs.frozen(kw_only=True)
class AttemptReply:
    """One request: the status that answered it, or why there was none."""

    n: int
    ended_at: datetime
    seconds: float
    status: int | UnsetType = UNSET
    error: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class DeliveryReply:
    """An event on its way to an endpoint. `due_at` is when it is tried next, if it is."""

    id: str
    endpoint: str
    event: str
    event_type: EventType
    state: DeliveryState
    created_at: datetime
    attempts: tuple[AttemptReply, ...]
    due_at: datetime | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class EventReply:
    """An event as endpoints get it. `data` is gone once it was erased."""

    id: str
    type: EventType
    timestamp: datetime
    data: Mapping[str, Any] | None
    connection: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class EventsReply:
    """Events in order. `next` is the `after` of the next page, and of the next time."""

    items: tuple[EventReply, ...]
    next: str


@attrs.frozen(kw_only=True)
class QueuedReply:
    """How many deliveries were begun anew."""

    deliveries: int


@attrs.frozen(kw_only=True)
class TestedReply:
    """The event that is on its way."""

    event: str


def endpoint_reply(endpoint: Endpoint) -> EndpointReply:
    return EndpointReply(**_shown(endpoint))


def _shown(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "event_types": tuple(sorted(endpoint.audience.types)),
        "created_at": endpoint.created_at,
        "connection": unless_none(endpoint.audience.connection),
        "disabled": unless_none(endpoint.disabled),
        "failing_since": unless_none(endpoint.failing_since),
    }


def secret_reply(endpoint: Endpoint, secret: str) -> SecretReply:
    return SecretReply(**_shown(endpoint), secret=secret)


def delivery_reply(delivery: Delivery) -> DeliveryReply:
    return DeliveryReply(
        id=delivery.id,
        endpoint=delivery.endpoint,
        event=delivery.event,
        event_type=delivery.event_type,
        state=delivery.state,
        created_at=delivery.created_at,
        attempts=tuple(map(_attempt_reply, delivery.attempts)),
        due_at=unless_none(delivery.due_at),
    )


def _attempt_reply(attempt: Attempt) -> AttemptReply:
    return AttemptReply(
        n=attempt.n,
        ended_at=attempt.ended_at,
        seconds=attempt.seconds,
        status=unless_none(attempt.status),
        error=unless_none(attempt.error),
    )


def event_reply(polled: PolledEvent) -> EventReply:
    event = polled.event
    return EventReply(
        id=event.id,
        type=event.type,
        timestamp=event.timestamp,
        data=event.data,
        connection=unless_none(event.connection),
    )
