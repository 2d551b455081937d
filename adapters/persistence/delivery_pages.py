"""Deliveries as they are shown, with their attempts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from adapters.persistence.endpoints import within
from adapters.persistence.moments import moment_of
from adapters.persistence.outbox_tables import deliveries, delivery_attempts, endpoints, events
from adapters.persistence.tables import AnyRow
from domain.delivery import DeliveryState
from domain.event import EventType
from domain.ids import DeliveryId, EndpointId, EventId
from ports.errors import NotFoundError
from ports.scope import Scope
from ports.webhooks import Attempt, Delivery


def page(
    c: sa.Connection,
    scope: Scope,
    *,
    endpoint: EndpointId | None,
    event: EventId | None,
    state: DeliveryState | None,
    after: str | None,
    limit: int,
) -> tuple[Delivery, ...]:
    query = _shown(scope).order_by(deliveries.c.id.desc()).limit(limit)
    if endpoint is not None:
        query = query.where(deliveries.c.endpoint_id == endpoint)
    if event is not None:
        query = query.where(deliveries.c.event_id == event)
    if state is not None:
        query = query.where(deliveries.c.state == state.value)
    if after is not None:
        query = query.where(deliveries.c.id < after)
    return _deliveries(c, c.execute(query).all())


def one(c: sa.Connection, scope: Scope, delivery: DeliveryId) -> Delivery:
    found = _deliveries(c, c.execute(_shown(scope).where(deliveries.c.id == delivery)).all())
    if not found:
        raise NotFoundError("webhook delivery", delivery)
    return found[0]


def _shown(scope: Scope) -> sa.Select[str, str, str, str, int, int, str]:
    """To an endpoint of the scope: who may see that, may see what went there."""
    columns = (deliveries.c[name] for name in ("id", "endpoint_id", "event_id", "state", "due_at", "created_at"))
    query = sa.select(*columns, events.c.type).join(events, events.c.id == deliveries.c.event_id)
    if scope.connection is None:
        return query
    return query.join(endpoints, endpoints.c.id == deliveries.c.endpoint_id).where(within(scope))


def _deliveries(c: sa.Connection, rows: Sequence[AnyRow]) -> tuple[Delivery, ...]:
    attempts = _attempts_of(c, [row.id for row in rows])
    return tuple(_delivery(row, tuple(attempts.get(row.id, ()))) for row in rows)


def _attempts_of(c: sa.Connection, ids: Sequence[str]) -> Mapping[str, Sequence[Attempt]]:
    if not ids:
        return {}
    mine = delivery_attempts.c.delivery_id.in_(ids)
    query = sa.select(delivery_attempts).where(mine).order_by(delivery_attempts.c.delivery_id, delivery_attempts.c.n)
    found: defaultdict[str, list[Attempt]] = defaultdict(list)
    for row in c.execute(query):
        ended, seconds = moment_of(row.ended_at), row.took / 1_000_000
        attempt = Attempt(n=row.n, ended_at=ended, seconds=seconds, status=row.status, error=row.error)
        found[row.delivery_id].append(attempt)
    return found


def _delivery(row: AnyRow, attempts: tuple[Attempt, ...]) -> Delivery:
    state = DeliveryState(row.state)
    return Delivery(
        id=DeliveryId(row.id),
        endpoint=EndpointId(row.endpoint_id),
        event=EventId(row.event_id),
        event_type=EventType(row.type),
        state=state,
        created_at=moment_of(row.created_at),
        due_at=moment_of(row.due_at) if state is DeliveryState.WAITING else None,
        attempts=attempts,
    )
