"""Who gets what to work on: connections in turn, one of a subject at a time, nothing twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import attrs
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.persistence.commands import CommandTable
from adapters.persistence.stores import Stores
from adapters.persistence.tables import bodies, commands
from adapters.persistence.wake import Bell
from domain.ids import CommandId, ConnectionId
from domain.writeback import WriteBackState
from ports.commands import Claim
from ports.errors import LeaseLostError
from ports.scope import EVERYTHING
from tests.persistence.backlog import fill
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, claimed, connection, new
from tests.persistence.rows import count
from tests.persistence.worlds import World


async def accept(world: World, n: int, *, of: ConnectionId = ACME, subject: str = "ada") -> CommandId:
    return (await world.stores.commands.accept(new(n, of=of, subject=subject))).id


async def claim_ids(world: World, most: int = 10) -> list[CommandId]:
    return [claim.command for claim in await world.stores.commands.claim(most)]


async def test_a_claim_tells_all_that_is_needed(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    command = await accept(world, 1)
    await world.later(90)
    (claim,) = await world.stores.commands.claim(10)
    assert (claim.command, claim.connection, claim.key) == (command, ACME, "screening:s1")
    assert (claim.subject, claim.fence, claim.planned) == ("ada", 1, False)
    assert claim.request == new().request
    assert claim.age == pytest.approx(90, abs=30)


async def test_what_is_not_due_is_left(world: World) -> None:
    claim = await claimed(world)
    await world.stores.commands.postpone(claim, 60, "the ATS asked for silence")
    other = await accept(world, 2, subject="bob")
    assert await claim_ids(world) == [other]
    await world.later(60)
    again = {one.command: one.fence for one in await world.stores.commands.claim(10)}
    assert again[claim.command] == 2


async def test_one_of_a_subject_at_a_time_and_in_order(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    first, second = await accept(world, 1), await accept(world, 2)
    third = await accept(world, 3, subject="bob")
    claims = {claim.command: claim for claim in await world.stores.commands.claim(10)}
    assert set(claims) == {first, third}
    assert await claim_ids(world) == []
    await world.stores.commands.finish(claims[first], WriteBackState.DONE)
    assert await claim_ids(world) == [second]


async def test_an_earlier_one_that_waits_holds_its_subject_back(world: World) -> None:
    claim = await claimed(world)
    await accept(world, 2)
    await world.stores.commands.postpone(claim, 60)
    assert await claim_ids(world) == []


async def test_a_subject_of_another_connection_is_another_subject(world: World) -> None:
    for n, one in enumerate((ACME, OTHER), start=1):
        await world.stores.connections.add(connection(one), CREDENTIALS)
        await accept(world, n, of=one)
    assert len(await claim_ids(world)) == 2


async def test_parked_connections_are_skipped(world: World) -> None:
    await world.stores.connections.add(attrs.evolve(connection(), parked="the key was refused"), CREDENTIALS)
    await accept(world, 1)
    assert await claim_ids(world) == []
    await world.stores.connections.unpark(ACME, 1)
    assert len(await claim_ids(world)) == 1


async def test_a_claim_takes_no_more_than_it_was_asked_for(world: World) -> None:
    await fill(world, {ConnectionId(f"con_{n}"): 5 for n in range(3)})
    assert len(await claim_ids(world, 7)) == 7
    assert len(await claim_ids(world, 100)) == 8


@pytest.mark.parametrize("most", [1, 100])
async def test_a_long_queue_starves_nobody(world: World, most: int) -> None:
    small = {ConnectionId(f"con_small{n:02}"): 1 for n in range(20)}
    await fill(world, {ConnectionId("con_big"): 10_000} | small)
    claims: list[Claim] = []
    while len(claims) < 100:
        claims.extend(await world.stores.commands.claim(most))
    assert {claim.connection for claim in claims[:100]} >= set(small)


async def test_six_workers_never_take_the_same(world: World) -> None:
    await fill(world, {ConnectionId(f"con_{n}"): 100 for n in range(3)})
    workers = [world.stores, *[await world.another() for _ in range(5)]]

    async def work(stores: Stores) -> list[CommandId]:
        taken: list[CommandId] = []
        while found := await stores.commands.claim(7):
            taken.extend(claim.command for claim in found)
        return taken

    taken = Counter(one for mine in await asyncio.gather(*map(work, workers)) for one in mine)
    assert len(taken) == 300
    assert set(taken.values()) == {1}


async def test_workers_at_once_never_run_two_of_a_subject(world: World) -> None:
    await fill(world, {ACME: 60}, subjects=3)
    workers = [world.stores, *[await world.another() for _ in range(5)]]
    for _ in range(5):
        found = await asyncio.gather(*[stores.commands.claim(4) for stores in workers])
        claims = [claim for mine in found for claim in mine]
        assert len({claim.subject for claim in claims}) == len(claims) == 3
        for claim in claims:
            await world.stores.commands.finish(claim, WriteBackState.DONE)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_subject_taken_at_the_same_moment_is_left_and_the_others_are_claimed(world: World) -> None:
    """Another worker's plan has just found out that its command is about ada, and is not yet committed."""
    await claimed(world, new(1, subject="app-1"))
    about_ada, other = await accept(world, 2, subject="ada"), await accept(world, 3, subject="bob")
    engine = create_async_engine(sa.make_url(world.url).set(drivername="postgresql+asyncpg"), poolclass=sa.NullPool)
    async with engine.connect() as c:
        await c.execute(sa.update(commands).where(commands.c.subject == "app-1").values(subject="ada"))
        claiming = asyncio.ensure_future(claim_ids(world))
        waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not await c.scalar(waiting):
            pass
        await c.commit()
    assert await claiming == [other]
    assert (await world.stores.commands.get(EVERYTHING, about_ada)).state is WriteBackState.WAITING


async def test_a_request_that_cannot_be_read_is_given_up_alone(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    broken, whole = await accept(world, 1), await accept(world, 2, subject="bob")
    await world.stores.database.write(_damage, broken)
    assert await claim_ids(world) == [whole]
    assert (await world.stores.commands.get(EVERYTHING, broken)).state is WriteBackState.DEAD


async def test_a_request_that_is_gone_is_given_up_alone(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    gone, whole = await accept(world, 1), await accept(world, 2, subject="bob")
    await world.stores.database.write(_lose, gone)
    assert await claim_ids(world) == [whole]
    assert (await world.stores.commands.get(EVERYTHING, gone)).state is WriteBackState.DEAD


async def test_a_kind_that_is_not_known_is_given_up_alone(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    strange, whole = await accept(world, 1), await accept(world, 2, subject="bob")
    await world.stores.database.write(_of_tomorrow, strange)
    assert await claim_ids(world) == [whole]
    assert await count(world, commands, commands.c.id == strange, commands.c.state == "dead") == 1


async def test_a_lease_that_ran_out_is_taken_over(world: World) -> None:
    old = await claimed(world)
    assert await claim_ids(world) == []
    await world.later(21)
    (claim,) = await world.stores.commands.claim(1)
    assert (claim.command, claim.fence) == (old.command, old.fence + 1)
    with pytest.raises(LeaseLostError):
        await world.stores.commands.finish(old, WriteBackState.DONE)
    await world.stores.commands.finish(claim, WriteBackState.DONE)


async def test_a_lease_that_ran_out_decides_nothing_even_if_nobody_took_over(world: World) -> None:
    claim = await claimed(world)
    await world.later(21)
    assert await world.stores.commands.renew([claim]) == {claim.command}
    with pytest.raises(LeaseLostError):
        await world.stores.commands.postpone(claim, 1)


async def test_renewing_keeps_a_lease_and_names_what_is_lost(world: World) -> None:
    claim = await claimed(world)
    await accept(world, 2, subject="bob")
    (other,) = await world.stores.commands.claim(1)
    await world.stores.commands.finish(other, WriteBackState.DONE)
    await world.later(15)
    assert await world.stores.commands.renew([claim, other]) == {other.command}
    await world.later(15)
    await world.stores.commands.finish(claim, WriteBackState.DONE)


async def test_five_crashes_in_a_row_end_it(world: World) -> None:
    claim = await claimed(world)
    for _ in range(4):
        await world.later(21)
        (claim,) = await world.stores.commands.claim(1)
    await world.later(21)
    assert await claim_ids(world) == []
    shown = await world.stores.commands.get(EVERYTHING, claim.command)
    assert shown.state is WriteBackState.DEAD
    assert "5 workers in a row" in (shown.reason or "")


async def test_how_many_crashes_end_it_can_be_set(world: World) -> None:
    table = CommandTable(world.stores.database, world.clock, Bell(world.clock), crashes_allowed=2)
    claim = await claimed(world)
    for claims in (1, 0):
        await world.later(21)
        assert len(await table.claim(1)) == claims
    assert "2 workers in a row" in ((await table.get(EVERYTHING, claim.command)).reason or "")


async def test_a_verdict_between_crashes_starts_the_count_anew(world: World) -> None:
    claim = await claimed(world)
    for _ in range(8):
        await world.later(21)
        (claim,) = await world.stores.commands.claim(1)
        await world.stores.commands.postpone(claim, 0)
        (claim,) = await world.stores.commands.claim(1)


def _lose(c: sa.Connection, items: Sequence[CommandId]) -> list[None]:
    c.execute(sa.delete(bodies).where(bodies.c.command_id.in_(items)))
    return [None] * len(items)


def _damage(c: sa.Connection, items: Sequence[CommandId]) -> list[None]:
    c.execute(sa.update(bodies).where(bodies.c.command_id.in_(items)).values(content=b"{"))
    return [None] * len(items)


def _of_tomorrow(c: sa.Connection, items: Sequence[CommandId]) -> list[None]:
    c.execute(sa.update(commands).where(commands.c.id.in_(items)).values(kind="of tomorrow"))
    return [None] * len(items)
