"""Pages to keep, and what was kept of them."""

import hashlib
from typing import Any

import sqlalchemy as sa

from adapters.persistence.stores import Stores
from adapters.persistence.tables import asked_pulls
from domain.candidate import Candidate
from domain.ids import CandidateId
from domain.policy import RecordType
from domain.pull import PullMode, Record
from ports.pulls import PullClaim, PulledPage, PutAside, SeenRecord
from ports.records import RecordQuery
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, CREDENTIALS, NOON, OTHER, connection
from tests.persistence.worlds import World

KIND = RecordType.CANDIDATE


def person(number: int | str, name: str = "Ada", **more: Any) -> Candidate:
    return Candidate(id=CandidateId(str(number)), first_name=name, last_name="Row", changed_at=NOON, **more)


def seen(record: Record, *, salt: str = "", partial: bool = False) -> SeenRecord:
    digest = hashlib.sha256(f"{record} {salt}".encode()).digest()
    return SeenRecord(id=record.id, digest=digest, record=record, partial=partial)


def gone(number: int | str) -> SeenRecord:
    return SeenRecord(id=str(number), digest=hashlib.sha256(f"gone {number}".encode()).digest(), record=None)


def page(*records: SeenRecord, place: str | None = None, aside: tuple[PutAside, ...] = ()) -> PulledPage:
    return PulledPage(read=len(records) + len(aside), seen=records, put_aside=aside, place=place)


async def two_connections(world: World) -> World:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    return world


async def claimed(world: World, kind: RecordType = KIND, mode: PullMode = PullMode.CHANGES) -> PullClaim:
    await world.stores.pulls.ask(EVERYTHING, ACME, [kind], mode)
    (claim,) = await world.stores.pulls.claim(5)
    return claim


async def finished(world: World, claim: PullClaim, why: str | None = None) -> None:
    await world.stores.pulls.finish(claim, next_in=300.0, full_in=7000.0, why=why)


async def read_once(world: World, kind: RecordType = KIND, *records: SeenRecord) -> None:
    claim = await claimed(world, kind)
    await world.stores.pulls.keep(claim, page(*records))
    await finished(world, claim)


async def kept(world: World, query: RecordQuery | None = None) -> dict[str, Record | None]:
    found = await world.stores.records.page(EVERYTHING, ACME, query or RecordQuery(kind=KIND), cursor=None, limit=1000)
    return {one.id: one.record for one in found.items}


async def asked(stores: Stores) -> set[tuple[str, str]]:
    """Connections and kinds of which a vendor said that they are to be read again, and nobody has yet."""
    query = sa.select(asked_pulls.c.connection_id, asked_pulls.c.kind)
    rows = await stores.database.read(lambda c: c.execute(query).all())
    return {(row.connection_id, row.kind) for row in rows}


async def told_of(world: World) -> list[tuple[str, object]]:
    events = await world.stores.outbox.read(EVERYTHING, after=0, limit=1000)
    return [(one.event.type.value, dict(one.event.data or {}).get("change")) for one in events]
