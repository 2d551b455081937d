"""Sending again: one delivery, all of a time, and whatever was missed."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import attrs
import sqlalchemy as sa

from adapters.persistence.ids import id_at
from adapters.persistence.moments import micros, now_us
from adapters.persistence.numbering import DELIVER, PREFIX, audience_of
from adapters.persistence.outbox_tables import deliveries, endpoints, events
from adapters.persistence.tables import AnyRow
from domain.delivery import DeliveryState
from domain.ids import DeliveryId
from ports.errors import ConflictError, NotFoundError, PortError
from ports.scope import Scope
from ports.webhooks import Span

T = TypeVar("T")
MOST = 50_000
"""As many as are sent again at once: who misses more asks again."""

_STOPPED = (DeliveryState.DELIVERED.value, DeliveryState.FAILED.value)


@attrs.frozen
class Wish:
    """Somebody wants an endpoint to be sent something again."""

    scope: Scope
    span: Span


def replay(c: sa.Connection, items: Sequence[tuple[Scope, DeliveryId]]) -> list[PortError | None]:
    return [_answered(lambda item: _replay(c, *item), item) for item in items]


def replay_all(c: sa.Connection, items: Sequence[Wish]) -> list[int | PortError]:
    return [_answered(lambda item: _replay_all(c, item, _STOPPED), item) for item in items]


def recover(c: sa.Connection, items: Sequence[Wish]) -> list[int | PortError]:
    return [_answered(lambda item: _recover(c, item), item) for item in items]


Item = TypeVar("Item")


def _answered(change: Callable[[Item], T], item: Item) -> T | PortError:
    """Refusals come before anything is changed, so the others of the batch need not suffer."""
    try:
        return change(item)
    except PortError as error:
        return error


def _replay(c: sa.Connection, scope: Scope, delivery: DeliveryId) -> None:
    query = (
        sa.select(deliveries.c.id, deliveries.c.state, deliveries.c.endpoint_id, events.c.data.is_(None).label("gone"))
        .join(events, events.c.id == deliveries.c.event_id)
        .join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)
        .where(deliveries.c.id == delivery, _within(scope))
        .with_for_update(of=deliveries)
    )
    row = c.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("webhook delivery", delivery)
    _open_endpoint(c, scope, row.endpoint_id)
    if row.gone:
        raise ConflictError(f"what {delivery} was to tell has been erased")
    if row.state not in _STOPPED:
        raise ConflictError(f"{delivery} is {row.state}: it goes on by itself")
    _again(c, deliveries.c.id == delivery)


def _replay_all(c: sa.Connection, wish: Wish, states: Sequence[str]) -> int:
    _open_endpoint(c, wish.scope, wish.span.endpoint)
    told = sa.select(events.c.id).where(*_in_time(wish.span))
    mine = sa.and_(deliveries.c.endpoint_id == wish.span.endpoint, deliveries.c.event_id.in_(told))
    oldest = sa.select(deliveries.c.id).where(mine, deliveries.c.state.in_(states)).order_by(deliveries.c.id)
    return _again(c, deliveries.c.id.in_(oldest.limit(MOST).with_for_update()))


def _recover(c: sa.Connection, wish: Wish) -> int:
    """What failed is begun anew; what never was on its way, since the endpoint was not there or disabled, is now."""
    endpoint = _open_endpoint(c, wish.scope, wish.span.endpoint)
    again = _replay_all(c, wish, [DeliveryState.FAILED.value])
    audience = audience_of(endpoint)
    never = ~sa.exists().where(deliveries.c.event_id == events.c.id, deliveries.c.endpoint_id == endpoint.id)
    query = sa.select(events.c.id).where(*_in_time(wish.span), never, events.c.endpoint_id.is_(None))
    query = query.where(events.c.place.is_not(None)).order_by(events.c.place).limit(MOST)
    if audience.connection is not None:
        query = query.where(events.c.connection_id == audience.connection)
    if audience.types:
        query = query.where(events.c.type.in_(sorted(audience.types)))
    now = now_us(c)
    missed = c.scalars(query).all()
    DELIVER.run(c, [(id_at(PREFIX, now), event, endpoint.id) for event in missed], now=now)
    return again + len(missed)


def _in_time(span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    """What was erased is not among them."""
    until = () if span.until is None else (events.c.created_at < micros(span.until),)
    return (events.c.data.is_not(None), events.c.created_at >= micros(span.since), *until)


def _again(c: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    fresh = {"state": DeliveryState.WAITING.value, "tries": 0, "due_at": now_us(c)}
    return c.execute(sa.update(deliveries).where(which).values(fresh)).rowcount


def _open_endpoint(c: sa.Connection, scope: Scope, endpoint: str) -> AnyRow:
    row = c.execute(sa.select(endpoints).where(endpoints.c.id == endpoint, _within(scope))).one_or_none()
    if row is None:
        raise NotFoundError("webhook endpoint", endpoint)
    if row.disabled is not None:
        raise ConflictError(f"{endpoint} is disabled: {row.disabled}")
    return row


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.true() if scope.connection is None else endpoints.c.connection_id == scope.connection
