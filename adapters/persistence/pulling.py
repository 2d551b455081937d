"""Keeping a page of records: what is new is told, and the place moves on, in one transaction."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import present
from adapters.persistence.many import Many
from adapters.persistence.moments import now_us
from adapters.persistence.prepared import Prepared
from adapters.persistence.pull_leases import PullLease, held, lost
from adapters.persistence.record_tables import cursor_of, pulls, put_aside, records
from adapters.persistence.records import SHAPES
from adapters.persistence.serial import UnreadableError, decode, encode, without_nul
from adapters.persistence.tables import AnyRow, erased_people
from adapters.persistence.telling import News, tell
from domain.event import EventType
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType
from domain.pull import Change, PullMode, Record, Tally, candidate_of, changed_data, is_behind, merged
from ports.errors import PortError
from ports.pulls import PullClaim, PulledPage, PutAside, SeenRecord

TOLD: Mapping[RecordType, EventType] = {
    RecordType.JOB: EventType.JOB_CHANGED,
    RecordType.APPLICATION: EventType.APPLICATION_CHANGED,
    RecordType.CANDIDATE: EventType.CANDIDATE_CHANGED,
}


@attrs.frozen
class Keeping:
    """A page to be kept."""

    claim: PullClaim
    page: PulledPage


@attrs.frozen
class _Fate:
    """What becomes of a record; `change` is None for one that says nothing new."""

    id: str
    digest: bytes
    record: Record | None
    content: bytes | None
    change: Change | None
    there: bool


def keep(c: sa.Connection, items: Sequence[Keeping]) -> list[Tally | PortError]:
    # Locked, as whoever erases a person does it: nobody is kept who is being erased.
    present(c, {item.claim.connection for item in items})
    leases = held(c, [PullLease.of(item.claim) for item in items])
    return [
        _keep(c, item.claim, item.page) if PullLease.of(item.claim) in leases else lost(item.claim) for item in items
    ]


def _keep(c: sa.Connection, claim: PullClaim, page: PulledPage) -> Tally:
    now = max(now_us(c), _latest(c, claim) + 1)
    seen = {(without_nul(one.id) or ""): one for one in page.seen}
    known = _known(c, claim, seen)
    fates = [_fate(claim, name, one, known.get(name)) for name, one in seen.items()]
    marks = _erased(c, claim)
    kept = [fate for fate in fates if not _is_marked(_whom(claim, fate, None), marks)] if marks else fates
    _write(c, claim, kept, now)
    _put_aside(c, claim, seen, [one for one in page.put_aside if not _is_marked(_whom_by_id(claim, one), marks)], now)
    if claim.since is not None:
        news = [(fate, fate.change) for fate in kept if fate.change is not None]
        tell(c, [_news(claim, fate, change, known.get(fate.id)) for fate, change in news], now)
    return _counted(c, claim, page, _tally(claim, page, kept))


_CURSOR = cursor_of(sa.bindparam("connection"), sa.bindparam("kind"))
_LATEST = Prepared(sa.select(sa.func.max(records.c.updated_at)).where(records.c.cursor_id == _CURSOR))


def _latest(c: sa.Connection, claim: PullClaim) -> int:
    """A clock that goes back must not hide what is kept from whoever reads on from the last one that they saw."""
    return _LATEST.run(c, connection=claim.connection, kind=claim.kind.value).scalar() or 0


_KNOWN = Many(
    {"id": sa.Text},
    lambda given: sa.select(records.c.id, records.c.content, records.c.candidate_id).where(
        records.c.cursor_id == _CURSOR,
        records.c.id == given.c.id,
    ),
)


def _known(c: sa.Connection, claim: PullClaim, ids: Iterable[str]) -> Mapping[str, AnyRow]:
    rows = _KNOWN.rows(c, [(one,) for one in ids], connection=claim.connection, kind=claim.kind.value)
    return {row.id: row for row in rows}


def _fate(claim: PullClaim, name: str, seen: SeenRecord, row: AnyRow | None) -> _Fate:
    alive = row is not None and row.content is not None
    record = seen.record
    if record is None:
        return _Fate(name, seen.digest, None, None, Change.DELETED if alive else None, row is not None)
    before = _read(row.content, claim.kind) if row is not None and row.content is not None else None
    if before is not None and seen.partial:
        record = merged(before, record)  # type: ignore[type-var]  # both are of the claim's kind
    change = Change.CHANGED if alive else Change.NEW
    same = before is not None and attrs.evolve(before, changed_at=record.changed_at) == record
    return _Fate(name, seen.digest, record, encode(record), None if same else change, row is not None)


def _read(content: bytes, kind: RecordType) -> Record | None:
    """None for one that another version has kept: it is as good as changed."""
    try:
        return decode(content, SHAPES[kind])
    except UnreadableError:
        return None


_ERASED = Prepared(
    sa.select(erased_people.c.candidate_sha256).where(erased_people.c.connection_id == sa.bindparam("connection"))
)


def _erased(c: sa.Connection, claim: PullClaim) -> Collection[bytes]:
    """Marks of those who were erased: they are not kept again."""
    return frozenset(_ERASED.run(c, connection=claim.connection).scalars())


def _is_marked(whom: str | None, marks: Collection[bytes]) -> bool:
    return whom is not None and hashlib.sha256(whom.encode()).digest() in marks


def _whom_by_id(claim: PullClaim, aside: PutAside) -> str | None:
    return without_nul(aside.id) if claim.kind is RecordType.CANDIDATE else None


def _whom(claim: PullClaim, fate: _Fate, row: AnyRow | None) -> str | None:
    """Whom a record is about; `row` knows it of an application that is gone."""
    if claim.kind is RecordType.CANDIDATE:
        return fate.id
    if fate.record is not None:
        return candidate_of(fate.record)
    return None if row is None else row.candidate_id


_COLUMNS = {
    "id": sa.Text,
    "digest": sa.LargeBinary,
    "content": sa.LargeBinary,
    "status": sa.Text,
    "candidate_id": sa.Text,
    "updated_at": sa.BigInteger,
}
_ADD = Many(
    _COLUMNS, lambda given: sa.insert(records).from_select(["cursor_id", *_COLUMNS], sa.select(_CURSOR, *given.c))
)
_CHANGE = Many(
    _COLUMNS,
    lambda given: (
        sa.update(records)
        .where(records.c.cursor_id == _CURSOR, records.c.id == given.c.id)
        .values(
            digest=given.c.digest,
            content=given.c.content,
            status=given.c.status,
            candidate_id=given.c.candidate_id,
            updated_at=sa.func.coalesce(given.c.updated_at, records.c.updated_at),
        )
    ),
)


def _write(c: sa.Connection, claim: PullClaim, fates: Iterable[_Fate], now: int) -> None:
    new: list[tuple[object, ...]] = []
    old: list[tuple[object, ...]] = []
    for fate in fates:
        at = now if fate.change is not None or not fate.there else None
        row = (fate.id, fate.digest, fate.content, *_found_by(fate.record), at)
        (old if fate.there else new).append(row)
    _ADD.run(c, new, connection=claim.connection, kind=claim.kind.value)
    _CHANGE.run(c, old, connection=claim.connection, kind=claim.kind.value)


def _found_by(record: Record | None) -> tuple[str | None, str | None]:
    match record:
        case Job():
            return record.status.value, None
        case Application():
            return without_nul(record.stage_id), without_nul(record.candidate_id)
        case _:
            return None, None


_STANDING = Prepared(
    sa.select(put_aside.c.id, put_aside.c.since).where(
        put_aside.c.connection_id == sa.bindparam("connection"), put_aside.c.kind == sa.bindparam("kind")
    )
)


def _put_aside(c: sa.Connection, claim: PullClaim, seen: Iterable[str], aside: Sequence[PutAside], now: int) -> None:
    standing = {row.id: row.since for row in _STANDING.run(c, connection=claim.connection, kind=claim.kind.value)}
    told = {(without_nul(one.id) or ""): one for one in aside}
    if other := standing.keys() & {*seen, *told}:
        mine = sa.and_(put_aside.c.connection_id == claim.connection, put_aside.c.kind == claim.kind.value)
        c.execute(sa.delete(put_aside).where(mine, put_aside.c.id.in_(sorted(other))))
    named = {"connection_id": claim.connection, "kind": claim.kind.value}
    rows = [
        {**named, "id": name, "path": without_nul(one.path), "why": without_nul(one.why)}
        | {"since": standing.get(name, now)}
        for name, one in told.items()
    ]
    if rows:
        c.execute(sa.insert(put_aside), rows)


def _news(claim: PullClaim, fate: _Fate, change: Change, row: AnyRow | None) -> News:
    data = encode(changed_data(claim.kind, fate.id, change, claim.connection))
    whom = without_nul(_whom(claim, fate, row))
    return News(type=TOLD[claim.kind], connection=claim.connection, data=data, candidate=whom)


def _tally(claim: PullClaim, page: PulledPage, fates: Sequence[_Fate]) -> Tally:
    changes = [fate.change for fate in fates if fate.change is not None]
    behind = sum(
        fate.change is not None and fate.record is not None and is_behind(fate.record, claim.since, claim.mode)
        for fate in fates
    )
    full = claim.mode is PullMode.FULL
    return Tally(
        read=page.read,
        new=changes.count(Change.NEW),
        changed=changes.count(Change.CHANGED),
        deleted=changes.count(Change.DELETED),
        put_aside=len(page.put_aside),
        unchanged=page.read - len(changes) - len(page.put_aside),
        late=0 if full else behind,
        missed=behind if full else 0,
    )


_TALLY = Prepared(sa.select(pulls.c.tally).where(pulls.c.id == sa.bindparam("pull")))
_COUNT = Prepared(
    sa.update(pulls)
    .where(pulls.c.id == sa.bindparam("pull"))
    # The last page has no place after it, but it is not the beginning either: whoever goes on reads it again.
    .values(tally=sa.bindparam("so_far"), place=sa.func.coalesce(sa.bindparam("moved", type_=sa.Text), pulls.c.place))
)


def _counted(c: sa.Connection, claim: PullClaim, page: PulledPage, more: Tally) -> Tally:
    so_far = decode(_TALLY.run(c, pull=claim.pull).scalar_one(), Tally) + more
    _COUNT.run(c, pull=claim.pull, so_far=encode(so_far), moved=without_nul(page.place))
    return so_far


def erase_pulled(c: sa.Connection, connection: str, candidate: str) -> int:
    """A person's record and applications; how many. What could not be decoded may be theirs by its id alone."""
    people = records.c.cursor_id == cursor_of(connection, RecordType.CANDIDATE.value)
    applications = records.c.cursor_id == cursor_of(connection, RecordType.APPLICATION.value)
    person = sa.and_(people, records.c.id == candidate)
    theirs = sa.and_(applications, records.c.candidate_id == candidate)
    gone = sum(c.execute(sa.delete(records).where(one)).rowcount for one in (person, theirs))
    aside = sa.and_(put_aside.c.connection_id == connection, put_aside.c.kind == RecordType.CANDIDATE.value)
    c.execute(sa.delete(put_aside).where(aside, put_aside.c.id == candidate))
    return gone
