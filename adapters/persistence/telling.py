"""Events are written in the transaction that makes them true: one statement for however many of a group."""

from collections.abc import Iterable, Mapping, Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.ids import id_at
from adapters.persistence.many import Many
from adapters.persistence.outbox_tables import events
from adapters.persistence.serial import encode
from adapters.persistence.tables import AnyRow
from domain.event import EventType, told_as, write_back_data
from domain.writeback import WriteBackState

PREFIX = "evt_"


@attrs.frozen(kw_only=True)
class News:
    """An event as it is kept. `endpoint`: it is for this one alone."""

    type: EventType
    connection: str | None
    data: bytes
    endpoint: str | None = None
    candidate: str | None = None
    key: str | None = None


_COLUMNS = dict.fromkeys(("id", "type", "connection_id", "endpoint_id", "candidate_id", "key"), sa.Text)
_TELL = Many(
    {**_COLUMNS, "data": sa.LargeBinary},
    lambda given: sa.insert(events).from_select(
        [*_COLUMNS, "data", "created_at"], sa.select(*given.c, sa.bindparam("now", type_=sa.BigInteger))
    ),
)


def tell(c: sa.Connection, news: Iterable[News], now: int) -> tuple[str, ...]:
    """Their ids. Who hears them is seen to later, by whoever delivers."""
    rows = [
        (id_at(PREFIX, now), one.type.value, one.connection, one.endpoint, one.candidate, one.key, one.data)
        for one in news
    ]
    _TELL.run(c, rows, now=now)
    return tuple(row[0] for row in rows)


def tell_of_write_backs(c: sa.Connection, rows: Sequence[AnyRow], states: Mapping[str, str], now: int) -> None:
    """Rows have id, connection_id, key and kind; `states` is what each has come to, by id."""
    tell(c, [one for row in rows if (one := _end_of(row, WriteBackState(states[row.id]))) is not None], now)


def _end_of(row: AnyRow, state: WriteBackState) -> News | None:
    kind = told_as(state)
    if kind is None:
        return None
    data = encode(write_back_data(row.id, row.key, row.kind, state))
    return News(type=kind, connection=row.connection_id, data=data)
