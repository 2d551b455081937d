"""What became of attempts: kept for each, and what follows for its delivery and its endpoint."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.many import Many
from adapters.persistence.moments import now_us, span
from adapters.persistence.outbox_tables import deliveries, delivery_attempts, endpoints
from adapters.persistence.serial import encode
from adapters.persistence.tables import RUNNING, AnyRow
from adapters.persistence.telling import News, tell
from domain.delivery import FAILING_SECONDS, DeliveryState
from domain.event import EventType, disabled_data
from domain.ids import EndpointId
from ports.errors import LeaseLostError

GONE = "the receiver answered 410: it is gone"
FAILING = "nothing was answered with a success for five days"


@attrs.frozen(kw_only=True)
class Record:
    """An attempt of a delivery that a worker holds, and how long to wait for the next one if it failed."""

    delivery: str
    fence: int
    endpoint: str
    status: int | None
    error: str | None
    took: int
    succeeded: bool
    gone: bool
    wait: float | None

    def state(self) -> DeliveryState:
        if self.succeeded:
            return DeliveryState.DELIVERED
        return DeliveryState.FAILED if self.wait is None else DeliveryState.WAITING


_SETTLE = Many(
    {"delivery": sa.Text, "mine": sa.BigInteger, "to": sa.Text, "due": sa.BigInteger},
    lambda given: (
        sa.update(deliveries)
        .where(
            deliveries.c.id == given.c.delivery,
            deliveries.c.fence == given.c.mine,
            deliveries.c.state == RUNNING,
            deliveries.c.lease_until > sa.bindparam("now"),
        )
        .values(
            state=given.c.to,
            due_at=given.c.due,
            attempts=deliveries.c.attempts + 1,
            tries=deliveries.c.tries + 1,
            lease_until=None,
        )
        .returning(deliveries.c.id, deliveries.c.fence, deliveries.c.attempts)
    ),
)
_ATTEMPT = Many(
    {"delivery": sa.Text, "number": sa.Integer, "took": sa.BigInteger, "status": sa.Integer, "error": sa.Text},
    lambda given: sa.insert(delivery_attempts).from_select(
        ["delivery_id", "n", "took", "status", "error", "ended_at"],
        sa.select(*given.c, sa.bindparam("now", type_=sa.BigInteger)),
    ),
)


def record(c: sa.Connection, records: Sequence[Record]) -> list[LeaseLostError | None]:
    now = now_us(c)
    first = {(one.delivery, one.fence): one for one in reversed(records)}  # a lease ends once
    rows = [(*name, one.state().value, now + span(one.wait or 0.0)) for name, one in first.items()]
    numbers = {(row.id, row.fence): row.attempts for row in _SETTLE.rows(c, rows, now=now)}
    kept = [(one, numbers[name]) for name, one in first.items() if name in numbers]
    _ATTEMPT.run(c, [(one.delivery, number, one.took, one.status, one.error) for one, number in kept], now=now)
    _judge(c, [one for one, _ in kept], now)
    held = {id(one) for one, _ in kept}
    return [None if id(one) in held else _lost(one) for one in records]


def _lost(one: Record) -> LeaseLostError:
    return LeaseLostError(f"{one.delivery} is no longer in this worker's hands")


_WELL = (
    sa.update(endpoints)
    .where(endpoints.c.id.in_(sa.bindparam("ids", expanding=True)), endpoints.c.failing_since.is_not(None))
    .values(failing_since=None)
)


def _judge(c: sa.Connection, records: Sequence[Record], now: int) -> None:
    """One success is enough for an endpoint to be well."""
    well = {one.endpoint for one in records if one.succeeded}
    if well:
        c.execute(_WELL, {"ids": sorted(well)})
    failed = {one.endpoint for one in records if not one.succeeded}
    if failed:
        _fail(c, failed - well, {one.endpoint for one in records if one.gone}, now)


def _fail(c: sa.Connection, failed: Collection[str], gone: Collection[str], now: int) -> None:
    for row in _locked(c, {*failed, *gone}):
        since = now if row.failing_since is None else row.failing_since
        columns: dict[str, object] = {"failing_since": since} if row.failing_since is None else {}
        why = GONE if row.id in gone else FAILING if now - since >= span(FAILING_SECONDS) else None
        if why is not None:
            columns |= {"disabled": why, "given_up": True, "revision": row.revision + 1}
            _tell(c, row, why, now)
        if columns:
            c.execute(sa.update(endpoints).where(endpoints.c.id == row.id).values(columns))


def _locked(c: sa.Connection, ids: Iterable[str]) -> Sequence[AnyRow]:
    columns = (endpoints.c[name] for name in ("id", "connection_id", "revision", "failing_since"))
    query = sa.select(*columns).where(endpoints.c.id.in_(sorted(ids)), endpoints.c.disabled.is_(None))
    return c.execute(query.order_by(endpoints.c.id).with_for_update()).all()


def _tell(c: sa.Connection, row: AnyRow, why: str, now: int) -> None:
    data: Mapping[str, object] = disabled_data(EndpointId(row.id), why)
    tell(c, [News(type=EventType.ENDPOINT_DISABLED, connection=row.connection_id, data=encode(data))], now)
