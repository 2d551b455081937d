"""A key is taken once, for ever."""

import asyncio

import attrs
import pytest

from adapters.persistence.tables import blobs
from domain.ids import ConnectionId
from domain.writeback import WriteBackState
from ports.commands import Accepted
from ports.errors import ConflictError, InvalidInputError, NotFoundError
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, REPORT, call, claimed, connection, new, note, tag
from tests.persistence.rows import count
from tests.persistence.worlds import World


async def test_the_same_request_is_the_same_command_again(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    first = await world.stores.commands.accept(new())
    assert first.new
    assert await world.stores.commands.accept(new()) == Accepted(first.id, new=False)


async def test_another_request_under_the_key_is_refused(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    await world.stores.commands.accept(new())
    with pytest.raises(ConflictError, match="screening:s1"):
        await world.stores.commands.accept(new(answer="no"))


async def test_a_refused_request_leaves_no_file_behind(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    await world.stores.commands.accept(call())
    other = attrs.evolve(REPORT, content=b"%PDF-1.7 another\n%%EOF\n")
    with pytest.raises(ConflictError):
        await world.stores.commands.accept(call(report=other))
    assert await count(world, blobs) == 1


async def test_keys_are_of_one_connection(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    ids = {(await world.stores.commands.accept(new(of=one))).id for one in (ACME, OTHER)}
    assert len(ids) == 2


async def test_an_unknown_connection_fails_alone(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    lost, kept = await asyncio.gather(
        world.stores.commands.accept(new(of=ConnectionId("con_none"))),
        world.stores.commands.accept(new()),
        return_exceptions=True,
    )
    assert isinstance(lost, NotFoundError)
    assert isinstance(kept, Accepted)


async def test_a_hundred_at_once_get_one_command(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    second = await world.another()
    both = [stores.commands.accept(new()) for _ in range(50) for stores in (world.stores, second)]
    outcomes = await asyncio.gather(*both)
    assert len({outcome.id for outcome in outcomes}) == 1
    assert sum(outcome.new for outcome in outcomes) == 1


async def test_it_is_shown_with_its_plan(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    accepted = await world.stores.commands.accept(new(plan=(note(), tag())))
    shown = await world.stores.commands.get(EVERYTHING, accepted.id)
    assert shown.state is WriteBackState.WAITING
    assert [(record.n, record.effect) for record in shown.effects] == [(1, note()), (2, tag())]
    assert shown == await world.stores.commands.with_key(EVERYTHING, ACME, "screening:s1")


async def test_two_effects_in_one_slot_are_refused(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    with pytest.raises(InvalidInputError, match="note@application"):
        await world.stores.commands.accept(new(plan=(note(), note())))


@pytest.mark.parametrize("command", [new(subject="a\0da"), attrs.evolve(new(), key="screening:\0")])
async def test_nul_in_a_column_is_refused(world: World, command: object) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    with pytest.raises(InvalidInputError):
        await world.stores.commands.accept(command)  # type: ignore[arg-type]


async def test_nul_in_a_body_is_kept(world: World) -> None:
    claim = await claimed(world, new(answer="a\0b"))
    assert claim.request == new(answer="a\0b").request


async def test_the_request_and_its_file_come_back_whole(world: World) -> None:
    claim = await claimed(world, call())
    assert claim.request == call().request
    assert not claim.planned
    request = call().request
    digest = request.report.sha256  # type: ignore[union-attr]
    assert await world.stores.ledger.file(claim, digest) == REPORT.content
    with pytest.raises(NotFoundError):
        await world.stores.ledger.file(claim, "0" * 64)
