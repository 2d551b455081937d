"""A disk that is full: the caller hears that nothing was kept, nothing is half there, and later all goes on."""

import asyncio

import attrs
import pytest

from adapters.persistence.tables import blobs, bodies, command_files, commands, effects
from domain.writeback import WriteBackState
from ports.commands import Accepted
from ports.errors import UnavailableError
from ports.scope import EVERYTHING
from tests.persistence.builders import CREDENTIALS, REPORT, call, claimed, connection, new, note
from tests.persistence.full_disk import a_full_disk
from tests.persistence.rows import count
from tests.persistence.worlds import World


async def accepted(world: World) -> list[object]:
    """Large requests, and one with a large file."""
    text = "canary " * 40_000
    requests = [new(n, answer=text, subject=f"p{n}") for n in range(4)]
    requests.append(call(7, report=attrs.evolve(REPORT, content=REPORT.content + bytes(300_000))))
    many = [world.stores.commands.accept(one) for one in requests]
    return list(await asyncio.gather(*many, return_exceptions=True))


async def test_what_finds_no_room_is_not_there_at_all(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    async with a_full_disk(world.stores.database):
        outcomes = await accepted(world)
    assert outcomes
    assert all(isinstance(one, UnavailableError) for one in outcomes)
    assert "canary" not in str(outcomes)
    for table in (commands, bodies, blobs, command_files):
        assert await count(world, table) == 0


async def test_afterwards_the_same_requests_are_accepted(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    async with a_full_disk(world.stores.database):
        await accepted(world)
    outcomes = await accepted(world)
    assert all(isinstance(one, Accepted) and one.new for one in outcomes)
    claims = await world.stores.commands.claim(10)
    assert len(claims) == len(outcomes)
    for claim in claims:
        await world.stores.commands.finish(claim, WriteBackState.DONE)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_worker_goes_on_where_it_was(world: World) -> None:
    """What it could not write down it writes later, under the same lease."""
    claim = await claimed(world)
    await world.stores.commands.accept(new(2, subject="bob"))
    async with a_full_disk(world.stores.database):
        with pytest.raises(UnavailableError):
            await world.stores.ledger.plan(claim, (note(),), "ada")
        with pytest.raises(UnavailableError):
            await world.stores.commands.finish(claim, WriteBackState.DONE)
        with pytest.raises(UnavailableError):
            await world.stores.commands.claim(1)
        assert await count(world, effects) == 0
    assert (await world.stores.commands.get(EVERYTHING, claim.command)).state is WriteBackState.RUNNING
    await world.stores.ledger.plan(claim, (note(),), "ada")
    await world.stores.commands.finish(claim, WriteBackState.DONE)
    assert len(await world.stores.commands.claim(1)) == 1
