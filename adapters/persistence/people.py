"""Erasing people from the database."""

from collections.abc import Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.database import Database
from adapters.persistence.erasing import concerning, erase, remember_erased
from adapters.persistence.intake_time import erase_records
from adapters.persistence.outbox_tables import events
from adapters.persistence.pulling import erase_pulled
from adapters.persistence.remembering import erase_events
from adapters.persistence.tables import commands
from domain.ids import CandidateId, ConnectionId
from domain.writeback import WriteBackState
from ports.errors import ConflictError, NotFoundError, PortError
from ports.people import Erasure, People
from ports.scope import Scope


class PeopleTables(People):
    """Every table that holds something of people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def erase(self, scope: Scope, connection: ConnectionId, candidate: CandidateId) -> Erasure:
        erasure = await self._database.write(_erase, _Wish(scope, connection, candidate))
        await self._database.scrub()
        return erasure


@attrs.frozen
class _Wish:
    """A person who wants to be forgotten."""

    scope: Scope
    connection: ConnectionId
    candidate: CandidateId


def _erase(c: sa.Connection, wishes: Sequence[_Wish]) -> list[Erasure | PortError]:
    return [_forget(c, wish) for wish in wishes]


def _forget(c: sa.Connection, wish: _Wish) -> Erasure | PortError:
    if not exists(c, wish.scope, wish.connection):
        return NotFoundError("connection", wish.connection)
    found = concerning(c, wish.connection, wish.candidate)
    running = [row.id for row in found if row.state == WriteBackState.RUNNING]
    if running:
        return ConflictError(f"{running[0]} is running: erase once it has stopped")
    remember_erased(c, wish.connection, wish.candidate)
    about = sa.and_(events.c.connection_id == wish.connection, events.c.candidate_id == wish.candidate)
    told = erase_events(c, about)
    records = erase_records(c, wish.connection, [wish.candidate]) + erase_pulled(c, wish.connection, wish.candidate)
    erased = erase(c, wish.connection, commands.c.id.in_([row.id for row in found]), "erased")
    return attrs.evolve(erased, events=told, records=records)
