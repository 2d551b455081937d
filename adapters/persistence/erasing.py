"""Erasing payloads. What stays are the keys and digests, by which a late redelivery is known and writes nothing."""

import hashlib
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from adapters.persistence.moments import now_us
from adapters.persistence.tables import (
    RUNNING,
    WAITING,
    AnyRow,
    blobs,
    bodies,
    command_files,
    commands,
    effects,
    erased_people,
)
from domain.ids import CandidateId, CommandId, ConnectionId
from domain.policy import RecordType
from domain.writeback import WriteBackState
from ports.people import Erasure


def concerning(c: sa.Connection, connection: ConnectionId, candidate: CandidateId) -> Sequence[AnyRow]:
    """Id and state of each command about the candidate, locked."""
    on_them = sa.select(effects.c.command_id).where(
        effects.c.connection_id == connection,
        effects.c.target_type == RecordType.CANDIDATE.value,
        effects.c.target_id == candidate,
    )
    about_them = sa.or_(
        commands.c.subject.in_([candidate, f"{RecordType.CANDIDATE}:{candidate}"]),
        commands.c.candidate_id == candidate,
        commands.c.id.in_(on_them),
    )
    query = sa.select(commands.c.id, commands.c.state).where(commands.c.connection_id == connection, about_them)
    return c.execute(query.order_by(commands.c.id).with_for_update()).all()


def remember_erased(c: sa.Connection, connection: ConnectionId, candidate: CandidateId) -> None:
    """Leaves a mark for those commands of which only planning will learn that they concern the candidate."""
    this = _mark_of(connection, candidate)
    c.execute(sa.delete(erased_people).where(*(erased_people.c[name] == value for name, value in this.items())))
    c.execute(sa.insert(erased_people).values(**this, erased_at=now_us(c)))


def erased_since(c: sa.Connection, command: CommandId, connection: ConnectionId, candidate: CandidateId) -> bool:
    """Whether the candidate was erased after the command had been accepted; what comes later is new business."""
    this = (erased_people.c[name] == value for name, value in _mark_of(connection, candidate).items())
    query = sa.select(erased_people.c.erased_at).where(*this)
    accepted = sa.select(commands.c.created_at).where(commands.c.id == command).scalar_subquery()
    return c.scalar(query.where(erased_people.c.erased_at >= accepted)) is not None


def _mark_of(connection: ConnectionId, candidate: CandidateId) -> dict[str, str | bytes]:
    return {"connection_id": connection, "candidate_sha256": hashlib.sha256(candidate.encode()).digest()}


def erased_of(c: sa.Connection, ids: Collection[str]) -> frozenset[str]:
    """Those commands whose requests are gone: nothing can be planned or written for them any more.

    To be asked once they are locked, and in a statement of its own: PostgreSQL would answer as of before the lock.
    """
    return frozenset(ids) - set(c.scalars(sa.select(bodies.c.command_id).where(bodies.c.command_id.in_(ids))))


def erase(c: sa.Connection, connection: ConnectionId, which: sa.ColumnElement[bool], why: str) -> Erasure:
    """Erases the payloads of some of a connection's commands. What had not been carried out is given up."""
    ids = sa.select(commands.c.id).where(commands.c.connection_id == connection, which)
    files = _erase_files(c, connection, ids)
    in_them = effects.c.command_id.in_(ids)
    erased_effects = _count(c, effects, in_them, effects.c.payload.is_not(None))
    c.execute(sa.update(effects).where(in_them).values(payload=None, target_id=None, reason=None))
    mine = sa.and_(commands.c.connection_id == connection, which)
    erased_commands = c.execute(sa.delete(bodies).where(bodies.c.command_id.in_(ids))).rowcount
    unfinished = commands.c.state.in_([WAITING, RUNNING])
    c.execute(
        sa.update(commands)
        .where(mine)
        .values(
            subject="",
            candidate_id=None,
            lease_until=None,
            reason=why,
            state=sa.case((unfinished, WriteBackState.DEAD.value), else_=commands.c.state),
        )
    )
    return Erasure(commands=erased_commands, effects=erased_effects, files=files)


def _erase_files(c: sa.Connection, connection: ConnectionId, ids: sa.Select[str]) -> int:
    """Files that no other command refers to."""
    mine = command_files.c.command_id.in_(ids)
    digests = c.scalars(sa.select(command_files.c.sha256).where(mine).distinct()).all()
    c.execute(sa.delete(command_files).where(mine))
    kept = sa.exists().where(
        command_files.c.connection_id == blobs.c.connection_id, command_files.c.sha256 == blobs.c.sha256
    )
    orphans = sa.delete(blobs).where(blobs.c.connection_id == connection, blobs.c.sha256.in_(digests), ~kept)
    return c.execute(orphans).rowcount


def _count(c: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    return int(c.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one())
