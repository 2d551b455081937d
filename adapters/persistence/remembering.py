"""How long events are remembered: their data goes in time, with what is known of their deliveries; ids stay."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from adapters.persistence.moments import now_us, span
from adapters.persistence.outbox_tables import deliveries, delivery_attempts, endpoints, events
from adapters.persistence.tables import RUNNING, WAITING
from domain.delivery import DeliveryState

AT_ONCE = 500
_DAY = 24 * 3600.0
_IDS: sa.BindParameter[str] = sa.bindparam("ids", expanding=True)

ON_ITS_WAY = (
    sa.exists()
    .where(
        deliveries.c.event_id == events.c.id,
        deliveries.c.state.in_([WAITING, RUNNING]),
        # What waits for an endpoint that is disabled may wait for ever.
        sa.or_(
            deliveries.c.state == RUNNING,
            sa.exists().where(endpoints.c.id == deliveries.c.endpoint_id, endpoints.c.disabled.is_(None)),
        ),
    )
    .correlate(events)
)
_OLD = (
    sa.select(events.c.id)
    .where(events.c.place.is_not(None), events.c.data.is_not(None))
    .where(events.c.created_at <= sa.bindparam("before"), ~ON_ITS_WAY)
    .order_by(events.c.place)
    .limit(AT_ONCE)
)
_THEIR = sa.select(deliveries.c.id).where(deliveries.c.event_id.in_(_IDS))
_SENT_THERE = sa.select(deliveries.c.id).where(deliveries.c.endpoint_id.in_(_IDS))
_EMPTY = sa.update(events).where(events.c.id.in_(_IDS)).values(data=None, candidate_id=None)
_STOP = (
    sa.update(deliveries)
    .where(deliveries.c.event_id.in_(_IDS), deliveries.c.state == WAITING)
    .values(state=DeliveryState.FAILED.value)
)


def forget(c: sa.Connection, ages: Sequence[float]) -> list[int]:
    """Of how many events, so many days old, the data was erased."""
    return [_forget(c, now_us(c) - span(days * _DAY)) for days in ages]


def _forget(c: sa.Connection, before: int) -> int:
    ids = c.scalars(_OLD, {"before": before}).all()
    if ids:
        _remove_deliveries(c, _THEIR, ids)
        c.execute(_EMPTY, {"ids": ids})
    return len(ids)


def remove_endpoints(c: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """With all that was sent there."""
    ids = c.scalars(sa.select(endpoints.c.id).where(which)).all()
    if ids:
        _remove_deliveries(c, _SENT_THERE, ids)
        c.execute(sa.delete(endpoints).where(endpoints.c.id.in_(ids)))


def _remove_deliveries(c: sa.Connection, which: sa.Select[str], ids: Collection[str]) -> None:
    """Those that a query over `ids` names, with their attempts. Attempts first: they refer to them."""
    c.execute(sa.delete(delivery_attempts).where(delivery_attempts.c.delivery_id.in_(which)), {"ids": ids})
    c.execute(sa.delete(deliveries).where(deliveries.c.id.in_(which)), {"ids": ids})


def erase_events(c: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Takes the data out of events; what of it was still to be delivered is not. How many those are."""
    ids = c.scalars(sa.select(events.c.id).where(which, events.c.data.is_not(None)).with_for_update()).all()
    if ids:
        c.execute(_STOP, {"ids": ids})
        c.execute(_EMPTY, {"ids": ids})
    return len(ids)
