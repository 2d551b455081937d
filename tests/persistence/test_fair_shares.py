"""No connection runs more than its share at once, whoever claims: an ATS that is silent holds up itself alone."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
import typed_settings as ts
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.persistence.stores import Stores
from adapters.persistence.tables import rounds
from adapters.vault import new_key
from domain.ids import ConnectionId
from domain.writeback import WriteBackState
from entrypoints.lifecycle import running
from entrypoints.settings import Settings
from ports.commands import Claim
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, connection, new
from tests.persistence.worlds import World

THIRD = ConnectionId("con_third")


async def a_queue(stores: Stores, many: int, *, of: ConnectionId = ACME) -> None:
    await stores.connections.add(connection(of), CREDENTIALS)
    await asyncio.gather(*[stores.commands.accept(new(n, of=of, subject=f"p{n}")) for n in range(many)])


def shares(claims: Sequence[Claim]) -> Counter[ConnectionId]:
    return Counter(claim.connection for claim in claims)


async def test_no_more_of_a_connection_run_than_its_share(world: World) -> None:
    stores = await world.another(connection_concurrency=3)
    await a_queue(stores, 10)
    first = await stores.commands.claim(10)
    assert len(first) == 3
    assert await stores.commands.claim(10) == ()
    await stores.commands.finish(first[0], WriteBackState.DONE)
    await stores.commands.postpone(first[1], 60)
    assert len(await stores.commands.claim(10)) == 2


async def test_the_share_is_counted_over_all_workers(world: World) -> None:
    one, two = [await world.another(connection_concurrency=3) for _ in range(2)]
    await a_queue(one, 10)
    assert len(await one.commands.claim(2)) == 2
    assert len(await two.commands.claim(2)) == 1


@pytest.mark.parametrize("silent", [ACME, OTHER, THIRD])
async def test_one_that_is_full_leaves_the_rest_to_others(world: World, silent: ConnectionId) -> None:
    stores = await world.another(connection_concurrency=4)
    await a_queue(stores, 30, of=silent)
    assert len(await stores.commands.claim(16)) == 4
    for other in {ACME, OTHER, THIRD} - {silent}:
        await a_queue(stores, 30, of=other)
    assert shares(await stores.commands.claim(12)) == dict.fromkeys({ACME, OTHER, THIRD} - {silent}, 4)


async def test_what_one_may_not_take_is_taken_by_others_in_the_same_claim(world: World) -> None:
    stores = await world.another(connection_concurrency=6)
    await a_queue(stores, 2)
    await a_queue(stores, 30, of=OTHER)
    assert shares(await stores.commands.claim(16)) == {ACME: 2, OTHER: 6}


async def test_a_dead_workers_share_comes_free(world: World) -> None:
    stores = await world.another(connection_concurrency=3)
    await a_queue(stores, 10)
    assert len(await stores.commands.claim(10)) == 3
    await world.later(21)
    assert len(await stores.commands.claim(10)) == 3


async def test_workers_at_once_do_not_exceed_it_together(world: World) -> None:
    workers = [await world.another(connection_concurrency=3) for _ in range(6)]
    await a_queue(workers[0], 60)
    await a_queue(workers[0], 60, of=OTHER)
    held: list[Claim] = []
    for _ in range(10):
        for found in await asyncio.gather(*[stores.commands.claim(4) for stores in workers]):
            held.extend(found)
        assert max(shares(held).values()) <= 3
        await asyncio.gather(*[workers[0].commands.finish(claim, WriteBackState.DONE) for claim in held])
        held.clear()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_connection_that_is_being_claimed_from_is_left_to_that_worker(world: World) -> None:
    stores = await world.another(connection_concurrency=3)
    await a_queue(stores, 10)
    await a_queue(stores, 10, of=OTHER)
    engine = create_async_engine(sa.make_url(world.url).set(drivername="postgresql+asyncpg"), poolclass=sa.NullPool)
    async with engine.connect() as c:
        await c.execute(sa.select(rounds).where(rounds.c.connection_id == ACME).with_for_update())
        assert shares(await stores.commands.claim(10)) == {OTHER: 3}
    assert shares(await stores.commands.claim(10)) == {ACME: 3}


async def test_the_process_setting_is_the_share(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, vault_keys=ts.SecretStr(new_key()), connection_concurrency=2)
    async with running(settings) as container:
        stores: Stores = container.stores()
        await a_queue(stores, 5)
        assert len(await stores.commands.claim(5)) == 2
