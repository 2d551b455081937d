"""How long candidates are kept who were handed in: until their results are delivered, and a time after that."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.intake_tables import intake_records, intake_resumes
from adapters.persistence.moments import now_us, span
from adapters.persistence.outbox_tables import events
from adapters.persistence.remembering import ON_ITS_WAY
from adapters.persistence.tables import RUNNING, WAITING, commands
from domain.event import EventType
from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.scope import EVERYTHING

AT_ONCE = 500
_DAY = 24 * 3600.0

_IS_PERSON = intake_records.c.kind == RecordType.CANDIDATE.value
_RESULT = sa.and_(
    events.c.connection_id == intake_records.c.connection_id,
    events.c.candidate_id == intake_records.c.candidate_id,
    events.c.candidate_id.is_not(None),
    events.c.type == EventType.RESULT_READY.value,
)
_TO_COME = (
    sa.exists()
    .where(_RESULT, events.c.data.is_not(None), sa.or_(events.c.place.is_(None), ON_ITS_WAY))
    .correlate(intake_records)
)
_AT_WORK = (
    sa.exists()
    .where(
        commands.c.connection_id == intake_records.c.connection_id,
        commands.c.subject == sa.literal(f"{RecordType.CANDIDATE}:").concat(intake_records.c.id),
        commands.c.state.in_([WAITING, RUNNING]),
    )
    .correlate(intake_records)
)
_SEEN = sa.update(intake_records).where(
    _IS_PERSON,
    intake_records.c.delivered_at.is_(None),
    sa.exists().where(_RESULT).correlate(intake_records),
    ~_TO_COME,
    ~_AT_WORK,
)
_NOT_YET = sa.update(intake_records).where(
    _IS_PERSON, intake_records.c.delivered_at.is_not(None), sa.or_(_TO_COME, _AT_WORK)
)
_OLD = (
    sa.select(intake_records.c.connection_id, intake_records.c.id)
    .where(_IS_PERSON, intake_records.c.delivered_at <= sa.bindparam("before"))
    .order_by(intake_records.c.connection_id, intake_records.c.id)
    .limit(AT_ONCE)
)


def forget(c: sa.Connection, ages: Sequence[float]) -> list[int]:
    """Of how many candidates so many days have passed since it was seen that all of their results were delivered."""
    now = now_us(c)
    # That it was delivered is written down: what is known of deliveries may be forgotten before.
    c.execute(_NOT_YET.values(delivered_at=None))
    c.execute(_SEEN.values(delivered_at=now))
    return [_forget(c, now - span(days * _DAY)) for days in ages]


def _forget(c: sa.Connection, before: int) -> int:
    old: dict[str, list[str]] = {}
    for connection, candidate in c.execute(_OLD, {"before": before}):
        old.setdefault(connection, []).append(candidate)
    return sum(_forget_in(c, ConnectionId(connection), people) for connection, people in sorted(old.items()))


def _forget_in(c: sa.Connection, connection: ConnectionId, people: Collection[str]) -> int:
    if exists(c, EVERYTHING, connection):
        erase_records(c, connection, people)
    return len(people)


def erase_records(c: sa.Connection, connection: ConnectionId, people: Collection[str]) -> int:
    """The candidates, their resumes and applications; how many records those were."""
    theirs = sa.and_(intake_resumes.c.connection_id == connection, intake_resumes.c.candidate_id.in_(people))
    c.execute(sa.delete(intake_resumes).where(theirs))
    about = sa.and_(intake_records.c.connection_id == connection, intake_records.c.candidate_id.in_(people))
    return c.execute(sa.delete(intake_records).where(about)).rowcount
