"""What a person may say of a write-back that has stopped."""

import pytest

from domain.effect import BY_HAND, EffectState
from domain.ids import CommandId
from domain.writeback import WriteBackState
from ports.commands import Claim, SettleAs
from ports.errors import ConflictError, NotFoundError
from ports.scope import EVERYTHING
from tests.persistence.builders import claimed, note, tag
from tests.persistence.worlds import World


async def stopped(world: World, first: EffectState, second: EffectState, state: WriteBackState) -> Claim:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(), tag()), "ada")
    await world.stores.ledger.decide(claim, 1, first, reason="so it was")
    await world.stores.ledger.decide(claim, 2, second)
    await world.stores.commands.finish(claim, state, "so it came")
    return claim


async def test_a_replay_plans_what_was_refused_again(world: World) -> None:
    claim = await stopped(world, EffectState.REFUSED, EffectState.CONFIRMED, WriteBackState.REFUSED)
    before = await world.stores.commands.get(EVERYTHING, claim.command)
    await world.later(1_000_000)
    shown = await world.stores.commands.replay(EVERYTHING, claim.command)
    assert (shown.state, shown.reason) == (WriteBackState.WAITING, None)
    assert [record.state for record in shown.effects] == [EffectState.PLANNED, EffectState.CONFIRMED]
    assert [record.marker for record in shown.effects] == [record.marker for record in before.effects]
    (again,) = await world.stores.commands.claim(1)
    assert again.age < 1_000, "its age counts from the replay, or it would be given up as too old at once"


async def test_the_dead_may_go_on(world: World) -> None:
    claim = await claimed(world)
    await world.stores.commands.finish(claim, WriteBackState.DEAD, "too old")
    assert (await world.stores.commands.replay(EVERYTHING, claim.command)).state is WriteBackState.WAITING


async def test_what_goes_on_by_itself_is_not_replayed(world: World) -> None:
    claim = await claimed(world)
    with pytest.raises(ConflictError, match="running"):
        await world.stores.commands.replay(EVERYTHING, claim.command)
    await world.stores.commands.postpone(claim, 5)
    with pytest.raises(ConflictError, match="waiting"):
        await world.stores.commands.replay(EVERYTHING, claim.command)


async def test_what_is_done_is_not_replayed(world: World) -> None:
    claim = await stopped(world, EffectState.CONFIRMED, EffectState.CONFIRMED, WriteBackState.DONE)
    with pytest.raises(ConflictError, match="done"):
        await world.stores.commands.replay(EVERYTHING, claim.command)


async def test_what_ended_with_nothing_to_do_is_not_replayed(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (), "ada")
    await world.stores.commands.finish(claim, WriteBackState.DONE)
    with pytest.raises(ConflictError, match="done"):
        await world.stores.commands.replay(EVERYTHING, claim.command)


@pytest.mark.parametrize(
    ("settle_as", "state", "reason"),
    [
        (SettleAs.DONE, EffectState.CONFIRMED, "settled by hand"),
        (SettleAs.RESEND, EffectState.PLANNED, BY_HAND),
    ],
)
async def test_a_held_effect_is_settled_by_a_persons_word(
    world: World, settle_as: SettleAs, state: EffectState, reason: str
) -> None:
    claim = await stopped(world, EffectState.HELD, EffectState.CONFIRMED, WriteBackState.HELD)
    shown = await world.stores.commands.settle(EVERYTHING, claim.command, 1, settle_as)
    assert shown.state is WriteBackState.WAITING
    assert (shown.effects[0].state, shown.effects[0].reason) == (state, reason)
    assert len(await world.stores.commands.claim(1)) == 1


async def test_only_held_effects_are_settled(world: World) -> None:
    claim = await stopped(world, EffectState.HELD, EffectState.CONFIRMED, WriteBackState.HELD)
    with pytest.raises(ConflictError, match="not held"):
        await world.stores.commands.settle(EVERYTHING, claim.command, 2, SettleAs.RESEND)
    with pytest.raises(NotFoundError):
        await world.stores.commands.settle(EVERYTHING, claim.command, 3, SettleAs.DONE)


async def test_nothing_is_settled_under_a_workers_hands(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(),), "ada")
    await world.stores.ledger.decide(claim, 1, EffectState.HELD)
    with pytest.raises(ConflictError, match="running"):
        await world.stores.commands.settle(EVERYTHING, claim.command, 1, SettleAs.DONE)


async def test_a_write_back_that_waits_keeps_its_time_when_settled(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(), tag()), "ada")
    await world.stores.ledger.decide(claim, 1, EffectState.HELD)
    await world.stores.commands.postpone(claim, 300, "the ATS asked for silence")
    await world.stores.commands.settle(EVERYTHING, claim.command, 1, SettleAs.DONE)
    assert await world.stores.commands.claim(1) == ()


async def test_unknown_ones(world: World) -> None:
    with pytest.raises(NotFoundError):
        await world.stores.commands.replay(EVERYTHING, CommandId("wb_none"))
