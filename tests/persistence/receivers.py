"""Endpoints, events and what is delivered, for tests of the stores."""

from domain.delivery import Reply
from domain.event import Audience, EventType
from domain.ids import ConnectionId, EndpointId, EventId
from ports.outbox import NewEvent
from ports.webhooks import Deliveries, Endpoint, Errand, Verdict
from tests.persistence.builders import ACME, NOON
from tests.persistence.worlds import World

SECRET = "whsec_Y2FuYXJ5LXNlY3JldC1vZi10aGUtdGVzdHM="
OK = Verdict(reply=Reply(status=204, seconds=0.25), wait=None)


def failed(wait: float | None = 5.0, status: int | None = 500) -> Verdict:
    error = None if status is not None else "it did not answer in time"
    return Verdict(reply=Reply(status=status, error=error, seconds=0.5), wait=wait)


def endpoint(
    name: str = "whe_acme", *, of: ConnectionId | None = ACME, types: frozenset[EventType] = frozenset()
) -> Endpoint:
    return Endpoint(
        id=EndpointId(name),
        url=f"https://hooks.example.com/{name}",
        audience=Audience(connection=of, types=types),
        revision=1,
        created_at=NOON,
    )


def event(
    n: int = 1,
    *,
    of: ConnectionId | None = ACME,
    kind: EventType = EventType.RESULT_READY,
    candidate: str | None = None,
    key: str | None = None,
) -> NewEvent:
    data = {"n": n, "summary": "canary words"}
    return NewEvent(type=kind, connection=of, data=data, key=key, candidate=candidate)  # type: ignore[arg-type]


async def told(world: World, *events: NewEvent) -> tuple[EventId, ...]:
    return await world.stores.outbox.put(events or (event(),))


async def claimed_errands(world: World, most: int = 100, deliveries: Deliveries | None = None) -> tuple[Errand, ...]:
    return await (deliveries or world.stores.deliveries).claim(most, 10, {}, ())
