"""Claiming deliveries: endpoints in turn, the oldest due first; those of workers that are gone are taken over."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from adapters.persistence.many import Each, Many
from adapters.persistence.moments import now_us, span
from adapters.persistence.numbering import number
from adapters.persistence.outbox_tables import deliveries, endpoints, events
from adapters.persistence.tables import RUNNING, WAITING, AnyRow
from domain.delivery import DeliveryState, room_of
from domain.ids import EndpointId


@attrs.frozen(kw_only=True)
class Order:
    """How many a worker takes: `most` in all, `each` of an endpoint, less what it has in hand of it.

    `after`: the endpoint that was served last; its turn is over.
    """

    most: int
    each: int
    in_hand: Mapping[EndpointId, int]
    slow: Collection[EndpointId]
    after: str
    lease_seconds: float


@attrs.frozen
class Taken:
    """Rows of claimed deliveries, and of their endpoints.

    `again`: when there may be more, if nobody says anything before.
    """

    rows: tuple[AnyRow, ...]
    endpoints: Mapping[str, AnyRow]
    now: int
    again: int | None
    after: str


def claim(c: sa.Connection, orders: Sequence[Order]) -> list[Taken]:
    more = number(c, [None])[0]
    return [_claim(c, order, more=more) for order in orders]


_expired = deliveries.alias("expired")
_TAKE_OVER = (
    sa.update(deliveries)
    .where(
        deliveries.c.id.in_(
            sa.select(_expired.c.id)
            .where(_expired.c.state == RUNNING, _expired.c.lease_until <= sa.bindparam("now"))
            .with_for_update(skip_locked=True)
        ),
    )
    .values(state=WAITING, lease_until=None)
)


def _claim(c: sa.Connection, order: Order, *, more: bool) -> Taken:
    now = now_us(c)
    c.execute(_TAKE_OVER, {"now": now})
    found = {row.id: row for row in c.execute(_QUEUES, {"now": now})}
    rooms = {endpoint: _room(row, order) for endpoint, row in found.items()}
    queues = _turned([endpoint for endpoint, room in rooms.items() if room > 0], order.after)
    rows = _in_turn(c, queues, rooms, order, now)
    told = _with_data(c, rows)
    again = now if more or len(rows) >= order.most or len(told) < len(rows) else _next_moment(c, now)
    after = rows[-1].endpoint_id if rows else order.after
    return Taken(told, found, now, again, after)


_NOTHING_TO_TELL = (
    sa.update(deliveries)
    .where(deliveries.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(state=DeliveryState.FAILED.value, lease_until=None)
)


def _with_data(c: sa.Connection, rows: Sequence[AnyRow]) -> tuple[AnyRow, ...]:
    """An event that has been erased meanwhile is not delivered any more."""
    erased = [row.id for row in rows if row.data is None]
    if erased:
        c.execute(_NOTHING_TO_TELL, {"ids": erased})
    return tuple(row for row in rows if row.data is not None)


def _room(row: AnyRow, order: Order) -> int:
    endpoint = EndpointId(row.id)
    limit = room_of(order.each, failing=row.failing_since is not None, slow=endpoint in order.slow)
    return limit - order.in_hand.get(endpoint, 0)


def _turned(queues: list[str], after: str) -> list[str]:
    """Beginning with the one that comes after the last one that was served."""
    return [one for one in queues if one > after] + [one for one in queues if one <= after]


def _in_turn(c: sa.Connection, queues: Sequence[str], rooms: dict[str, int], order: Order, now: int) -> list[AnyRow]:
    """A fair share of each; what is left over goes to those that still have some."""
    taken: list[AnyRow] = []
    until = now + span(order.lease_seconds)
    while queues and len(taken) < order.most:
        wanted = _shares(queues, rooms, order.most - len(taken))
        found: dict[str, list[str]] = {queue: [] for queue in queues}
        for row in _DUE.rows(c, list(wanted.items()), now=now):
            found[row.endpoint_id].append(row.id)
        picked = [one for queue in queues for one in found[queue]]
        for queue in queues:
            rooms[queue] -= len(found[queue])
        started = {row.id: row for row in _START.rows(c, [(one,) for one in picked], until=until)}
        taken.extend(started[one] for one in picked if one in started)
        queues = [queue for queue in queues if len(found[queue]) == wanted.get(queue, 0) and rooms[queue]]
    return taken


def _shares(queues: Sequence[str], rooms: Mapping[str, int], most: int) -> dict[str, int]:
    """How many of each, those first whose turn comes first."""
    share = max(1, most // len(queues))
    wanted: dict[str, int] = {}
    for queue in queues:
        wanted[queue] = min(share, rooms[queue], most - sum(wanted.values()))
    return {queue: many for queue, many in wanted.items() if many}


def _loose_scan() -> sa.CTE:
    """Each endpoint with something waiting, by one hop through the index an endpoint, however long its queue."""
    waiting = deliveries.c.state == WAITING
    first = sa.select(sa.func.min(deliveries.c.endpoint_id).label("endpoint_id")).where(waiting)
    queue = first.cte("queue", recursive=True)
    following = (
        sa.select(sa.func.min(deliveries.c.endpoint_id))
        .where(waiting, deliveries.c.endpoint_id > queue.c.endpoint_id)
        .correlate(queue)
        .scalar_subquery()
    )
    return queue.union_all(sa.select(following).where(queue.c.endpoint_id.is_not(None)))


def _queues() -> sa.Select[*tuple[Any, ...]]:
    queue = _loose_scan()
    due = (
        sa.exists()
        .where(
            deliveries.c.state == WAITING,
            deliveries.c.endpoint_id == queue.c.endpoint_id,
            deliveries.c.due_at <= sa.bindparam("now"),
        )
        .correlate(queue)
    )
    return (
        sa.select(endpoints)
        .select_from(queue)
        .join(endpoints, endpoints.c.id == queue.c.endpoint_id)
        .where(endpoints.c.disabled.is_(None), due)
        .order_by(endpoints.c.id)
    )


_QUEUES = _queues()
_DUE = Each(
    {"queue": sa.Text, "most": sa.Integer},
    lambda given: (
        sa.select(deliveries.c.endpoint_id, deliveries.c.id)
        .where(
            deliveries.c.state == WAITING,
            deliveries.c.endpoint_id == given["queue"],
            deliveries.c.due_at <= sa.bindparam("now"),
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(given["most"])
        .with_for_update(skip_locked=True)
    ),
)


def _of_event(name: str) -> sa.Label[object]:
    return sa.select(events.c[name]).where(events.c.id == deliveries.c.event_id).scalar_subquery().label(name)


# They are locked, so they wait still.
_START = Many(
    {"delivery": sa.Text},
    lambda given: (
        sa.update(deliveries)
        .where(deliveries.c.id == given.c.delivery)
        .values(state=RUNNING, fence=deliveries.c.fence + 1, lease_until=sa.bindparam("until"))
        .returning(
            *(deliveries.c[name] for name in ("id", "event_id", "endpoint_id", "fence", "tries")),
            *(_of_event(name) for name in ("type", "connection_id", "created_at", "data")),
        )
    ),
)


def _next_moment(c: sa.Connection, now: int) -> int | None:
    """When the next delivery falls due or the next lease ends, if any."""
    return min((at for at in c.execute(_NEXT_MOMENT, {"now": now}).one() if at is not None), default=None)


def _moments() -> sa.Select[int | None, int | None]:
    queue = _loose_scan()
    now = sa.bindparam("now", type_=sa.BigInteger)
    mine = sa.and_(deliveries.c.state == WAITING, deliveries.c.endpoint_id == queue.c.endpoint_id)
    first = sa.select(sa.func.min(deliveries.c.due_at)).where(mine, deliveries.c.due_at > now).correlate(queue)
    open_ones = queue.join(endpoints, endpoints.c.id == queue.c.endpoint_id)
    firsts = sa.select(first.scalar_subquery().label("at")).select_from(open_ones)
    soonest = firsts.where(endpoints.c.disabled.is_(None)).subquery()
    held = sa.and_(deliveries.c.state == RUNNING, deliveries.c.lease_until > now)
    lease = sa.select(sa.func.min(deliveries.c.lease_until)).where(held)
    return sa.select(sa.select(sa.func.min(soonest.c.at)).scalar_subquery(), lease.scalar_subquery())


_NEXT_MOMENT = _moments()
