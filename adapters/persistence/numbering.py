"""Events get their place in the order, and their deliveries, once they are committed: by one process at a time.

So a place is never seen before a lower one, and what writes an event pays for nothing but the event.
"""

from collections.abc import Iterator, Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.ids import id_at
from adapters.persistence.many import Many
from adapters.persistence.moments import now_us
from adapters.persistence.outbox_tables import deliveries, endpoints, event_order, events
from adapters.persistence.serial import decode
from adapters.persistence.tables import WAITING, AnyRow
from domain.event import Audience, EventType
from domain.ids import ConnectionId

PREFIX = "whd_"
AT_ONCE = 500

_ANY = sa.select(events.c.id).where(events.c.place.is_(None)).limit(1)
# Who finds it held leaves the work to its holder.
_ORDER = sa.select(event_order.c.last).with_for_update(skip_locked=True)
_FRESH = (
    sa.select(events.c.id, events.c.type, events.c.connection_id, events.c.endpoint_id)
    .where(events.c.place.is_(None))
    .order_by(events.c.created_at, events.c.id)
    .limit(AT_ONCE)
)
_PLACE = Many(
    {"event": sa.Text, "at": sa.BigInteger},
    lambda given: sa.update(events).where(events.c.id == given.c.event).values(place=given.c.at),
)
DELIVER = Many(
    {"id": sa.Text, "event": sa.Text, "endpoint": sa.Text},
    lambda given: sa.insert(deliveries).from_select(
        ["id", "event_id", "endpoint_id", "state", "attempts", "tries", "fence", "due_at", "created_at"],
        sa.select(
            *given.c,
            WAITING,
            *(sa.literal_column("0") for _ in range(3)),
            *(sa.bindparam("now", type_=sa.BigInteger) for _ in range(2)),
        ),
    ),
)
_OPEN = sa.select(endpoints.c.id, endpoints.c.connection_id, endpoints.c.types).where(endpoints.c.disabled.is_(None))


@attrs.frozen
class Listener:
    """An endpoint that is not disabled."""

    id: str
    audience: Audience

    def hears(self, event: AnyRow) -> bool:
        if event.endpoint_id is not None:
            return bool(event.endpoint_id == self.id)
        return self.audience.hears(event.type, event.connection_id)


def number(c: sa.Connection, items: Sequence[None]) -> list[bool]:
    """Whether there may be more to do."""
    more = False
    if c.execute(_ANY).first() is not None:
        more = _number(c, now_us(c))
    return [more] * len(items)


def _number(c: sa.Connection, now: int) -> bool:
    last = c.scalar(_ORDER)
    if last is None:
        return False
    fresh = c.execute(_FRESH).all()
    _PLACE.run(c, [(event.id, place) for place, event in enumerate(fresh, start=last + 1)])
    c.execute(sa.update(event_order).values(last=last + len(fresh)))
    listeners = [Listener(row.id, audience_of(row)) for row in c.execute(_OPEN)]
    DELIVER.run(c, list(_deliveries(fresh, listeners, now)), now=now)
    return len(fresh) == AT_ONCE


def _deliveries(fresh: Sequence[AnyRow], listeners: Sequence[Listener], now: int) -> Iterator[tuple[str, str, str]]:
    for event in fresh:
        for listener in listeners:
            if listener.hears(event):
                yield id_at(PREFIX, now), event.id, listener.id


def audience_of(row: AnyRow) -> Audience:
    """Of a row of endpoints."""
    connection = None if row.connection_id is None else ConnectionId(row.connection_id)
    return Audience(connection=connection, types=decode(row.types, frozenset[EventType]))
