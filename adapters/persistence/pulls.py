"""Pulls in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from adapters.persistence import pull_ends, pull_leases, pull_schedule, pulling
from adapters.persistence.connections import there
from adapters.persistence.database import Database
from adapters.persistence.moments import moment_of
from adapters.persistence.record_tables import pulls, put_aside
from adapters.persistence.serial import decode, without_nul
from adapters.persistence.tables import AnyRow
from adapters.persistence.wake import Bell
from domain.ids import ConnectionId, PullId
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from ports.errors import NotFoundError
from ports.gateway import Provider
from ports.pulls import Pull, PullClaim, PulledPage, Pulls, PutAsideRecord
from ports.scope import Scope


class PullTables(Pulls):
    """`bell` is rung for whoever pulls, `outbox` for whoever delivers what is told of it."""

    def __init__(self, database: Database, bell: Bell, outbox: Bell, *, lease_seconds: float) -> None:
        self._database = database
        self._bell = bell
        self._outbox = outbox
        self._lease_seconds = lease_seconds

    async def unscheduled(self, limit: int) -> Mapping[ConnectionId, Provider]:
        rows = await self._database.read(lambda c: pull_schedule.unscheduled(c, limit))
        return {ConnectionId(row.id): Provider(row.provider) for row in rows}

    async def schedule(self, connection: ConnectionId, first: Mapping[RecordType, float | None]) -> None:
        await self._database.write(pull_schedule.schedule, pull_schedule.Plan(connection, first))

    async def ask(
        self, scope: Scope, connection: ConnectionId, kinds: Sequence[RecordType], mode: PullMode
    ) -> tuple[Pull, ...]:
        wish = pull_schedule.Wish(scope, connection, tuple(kinds), mode)
        ids = await self._database.write(pull_schedule.ask, wish)
        self._bell.ring()
        rows = await self._database.read(lambda c: c.execute(sa.select(pulls).where(pulls.c.id.in_(ids))).all())
        shown = {row.id: _pull(row) for row in rows}
        return tuple(shown[one] for one in ids if one in shown)

    async def claim(self, most: int) -> tuple[PullClaim, ...]:
        rows = await self._database.write(pull_schedule.claim, pull_schedule.Order(most, self._lease_seconds))
        return tuple(_claim(row) for row in rows)

    async def renew(self, claims: Sequence[PullClaim]) -> frozenset[PullId]:
        leases = frozenset(pull_leases.PullLease.of(claim) for claim in claims)
        return await self._database.write(pull_leases.renew, pull_leases.PullRenewal(leases, self._lease_seconds))

    async def keep(self, claim: PullClaim, page: PulledPage) -> Tally:
        tally = await self._database.write(pulling.keep, pulling.Keeping(claim, page))
        self._outbox.ring()
        return tally

    async def restart(self, claim: PullClaim) -> PullClaim:
        return await self._database.write(pull_ends.restart, claim)

    async def postpone(self, claim: PullClaim, seconds: float, why: str) -> None:
        put_back = pull_ends.PutBack(claim=claim, seconds=seconds, why=without_nul(why) or "")
        await self._database.write(pull_ends.postpone, put_back)

    async def finish(
        self, claim: PullClaim, *, next_in: float | None, full_in: float | None, why: str | None = None
    ) -> None:
        end = pull_ends.End(claim=claim, next_in=next_in, full_in=full_in, why=without_nul(why))
        await self._database.write(pull_ends.finish, end)
        self._outbox.ring()

    async def park(self, claim: PullClaim, revision: int, why: str) -> None:
        seen = pull_ends.PullParking(claim=claim, revision=revision, why=without_nul(why) or "")
        await self._database.write(pull_ends.park, seen)
        self._outbox.ring()

    async def wait(self, seconds: float) -> None:
        await self._bell.heard(seconds)

    async def get(self, scope: Scope, connection: ConnectionId, pull: PullId) -> Pull:
        query = sa.select(pulls).where(pulls.c.id == pull, pulls.c.connection_id == connection)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None or not scope.covers(connection):
            raise NotFoundError("pull", pull)
        return _pull(row)

    async def page(self, scope: Scope, connection: ConnectionId, *, after: str | None, limit: int) -> tuple[Pull, ...]:
        query = sa.select(pulls).where(pulls.c.connection_id == connection)
        if after is not None:
            query = query.where(pulls.c.id < after)
        rows = await self._database.read(
            lambda c: _rows(c, scope, connection, query.order_by(pulls.c.id.desc()).limit(limit))
        )
        return tuple(_pull(row) for row in rows)

    async def put_aside(
        self, scope: Scope, connection: ConnectionId, *, after: str | None, limit: int
    ) -> tuple[PutAsideRecord, ...]:
        query = sa.select(put_aside).where(put_aside.c.connection_id == connection)
        if after is not None:
            kind, _, last = after.partition(":")
            query = query.where(sa.tuple_(put_aside.c.kind, put_aside.c.id) > sa.tuple_(kind, last))
        ordered = query.order_by(put_aside.c.kind, put_aside.c.id).limit(limit)
        rows = await self._database.read(lambda c: _rows(c, scope, connection, ordered))
        return tuple(_aside(row) for row in rows)


def _rows(
    c: sa.Connection, scope: Scope, connection: ConnectionId, query: sa.Select[*tuple[object, ...]]
) -> Sequence[AnyRow]:
    if not there(c, scope, connection):
        raise NotFoundError("connection", connection)
    return c.execute(query).all()


def _aside(row: AnyRow) -> PutAsideRecord:
    return PutAsideRecord(
        id=row.id,
        path=row.path,
        why=row.why,
        connection=ConnectionId(row.connection_id),
        kind=RecordType(row.kind),
        since=moment_of(row.since),
    )


def _claim(row: AnyRow) -> PullClaim:
    return PullClaim(
        pull=PullId(row.id),
        connection=ConnectionId(row.connection_id),
        kind=RecordType(row.kind),
        mode=PullMode(row.mode),
        asked=row.asked,
        fence=row.fence,
        since=_moment(row.cursor),
        place=row.place,
        failures=row.failures,
    )


def _pull(row: AnyRow) -> Pull:
    return Pull(
        id=PullId(row.id),
        connection=ConnectionId(row.connection_id),
        kind=RecordType(row.kind),
        mode=PullMode(row.mode),
        state=PullState(row.state),
        asked=row.asked,
        created_at=moment_of(row.created_at),
        expected=row.expected,
        tally=decode(row.tally, Tally),
        reason=row.reason,
        began_at=_moment(row.began_at),
        ended_at=_moment(row.ended_at),
        since=_moment(row.since),
    )


def _moment(us: int | None) -> datetime | None:
    return None if us is None else moment_of(us)
