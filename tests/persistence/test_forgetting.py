"""Retention: payloads of what was finished long ago go; what a late redelivery is known by stays."""

import attrs
import pytest

from adapters.persistence import forgetting
from adapters.persistence.tables import blobs, bodies, effects
from domain.attachment import reference_to
from domain.effect import EffectState, effect_key
from domain.evidence import Receipt
from domain.writeback import WriteBackState
from ports.commands import Accepted, SettleAs
from ports.errors import ConflictError, NotFoundError
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, REPORT, call, claimed, connection, new, note, tag
from tests.persistence.rows import count, everything
from tests.persistence.worlds import World

DAY = 86_400.0


async def test_payloads_go_and_what_was_done_stays(world: World) -> None:
    claim = await claimed(world, call())
    await world.stores.ledger.plan(claim, (note(), tag()), "ada")
    attempt = await world.stores.ledger.begin(claim, 1, 10)
    await world.stores.ledger.testify(claim, 1, attempt, Receipt(id="note-9"))
    await world.stores.commands.finish(claim, WriteBackState.DONE)
    before = await world.stores.commands.get(EVERYTHING, claim.command)
    await world.later(31 * DAY)
    assert await world.stores.commands.forget(30) == 1
    assert await world.stores.commands.forget(30) == 0
    kept = await everything(world)
    assert "canary" not in kept
    assert "'ada'" not in kept
    assert effect_key(ACME, "call-result:c1", "note@application") in kept
    assert await count(world, blobs) == 0
    with pytest.raises(NotFoundError):
        await world.stores.commands.file(EVERYTHING, ACME, call().key, reference_to(REPORT).sha256)
    after = await world.stores.commands.get(EVERYTHING, claim.command)
    assert (after.state, after.key) == (before.state, before.key)
    told = [(one.n, one.state, one.marker, one.receipt) for one in after.effects]
    assert told == [(one.n, one.state, one.marker, one.receipt) for one in before.effects]
    assert told[0][3] == Receipt(id="note-9")


@pytest.mark.parametrize("state", [WriteBackState.DONE, WriteBackState.REFUSED, WriteBackState.DEAD])
async def test_a_late_redelivery_is_known_and_a_replay_refused(world: World, state: WriteBackState) -> None:
    claim = await claimed(world, call())
    await world.stores.commands.finish(claim, state)
    await world.later(31 * DAY)
    assert await world.stores.commands.forget(30) == 1
    assert await world.stores.commands.accept(call()) == Accepted(claim.command, new=False)
    assert await world.stores.commands.claim(1) == ()
    with pytest.raises(ConflictError):
        await world.stores.commands.accept(attrs.evolve(call(2), key=call().key))
    with pytest.raises(ConflictError, match="erased"):
        await world.stores.commands.replay(EVERYTHING, claim.command)


async def test_it_is_the_end_that_counts_and_not_the_beginning(world: World) -> None:
    claim = await claimed(world)
    await world.later(31 * DAY)
    (claim,) = await world.stores.commands.claim(1)
    await world.stores.commands.finish(claim, WriteBackState.REFUSED)
    assert await world.stores.commands.forget(30) == 0
    await world.later(29 * DAY)
    assert await world.stores.commands.forget(30) == 0
    await world.stores.commands.replay(EVERYTHING, claim.command)
    await world.later(2 * DAY)
    assert await world.stores.commands.forget(30) == 0
    (claim,) = await world.stores.commands.claim(1)
    assert claim.request == new().request


async def test_what_is_unfinished_or_held_is_kept(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(),), "ada")
    await world.stores.ledger.decide(claim, 1, EffectState.HELD)
    await world.stores.commands.finish(claim, WriteBackState.HELD)
    await world.stores.commands.accept(new(2, subject="bob"))
    await world.later(99 * DAY)
    assert await world.stores.commands.forget(30) == 0
    await world.stores.commands.settle(EVERYTHING, claim.command, 1, SettleAs.RESEND)
    assert await count(world, bodies) == 2


async def test_one_that_a_late_receipt_finished_counts_from_then(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(),), "ada")
    attempt = await world.stores.ledger.begin(claim, 1, 10)
    await world.stores.ledger.decide(claim, 1, EffectState.HELD)
    await world.stores.commands.finish(claim, WriteBackState.HELD)
    await world.later(31 * DAY)
    await world.stores.ledger.testify(claim, 1, attempt, Receipt())
    assert (await world.stores.commands.get(EVERYTHING, claim.command)).state is WriteBackState.DONE
    assert await world.stores.commands.forget(30) == 0
    await world.later(31 * DAY)
    assert await world.stores.commands.forget(30) == 1


async def test_what_its_workers_did_not_survive_is_forgotten_too(world: World) -> None:
    await claimed(world)
    for _ in range(5):
        await world.later(21)
        await world.stores.commands.claim(1)
    await world.later(31 * DAY)
    assert await world.stores.commands.forget(30) == 1


async def test_some_at_a_time_of_every_connection(world: World) -> None:
    many = forgetting.AT_ONCE // 2 + 1
    for of in (ACME, OTHER):
        await world.stores.connections.add(connection(of), CREDENTIALS)
        for n in range(many):
            await world.stores.commands.accept(new(n, of=of, subject=f"p{n}", plan=(note(),)))
    for claim in await world.stores.commands.claim(2 * many):
        await world.stores.commands.finish(claim, WriteBackState.DONE)
    await world.later(31 * DAY)
    assert [await world.stores.commands.forget(30) for _ in range(3)] == [forgetting.AT_ONCE, 2, 0]
    assert await count(world, effects, effects.c.payload.is_not(None)) == 0


@pytest.mark.parametrize(("state", "forgotten"), [(None, 0), (EffectState.UNKNOWN, 0), (EffectState.REFUSED, 1)])
async def test_what_was_given_up_is_kept_while_it_may_stand_in_the_ats(
    world: World, state: EffectState | None, forgotten: int
) -> None:
    claim = await claimed(world, call())
    await world.stores.ledger.plan(claim, (note(),), "ada")
    await world.stores.ledger.begin(claim, 1, 10)
    if state is not None:
        await world.stores.ledger.decide(claim, 1, state)
    await world.stores.commands.finish(claim, WriteBackState.DEAD)
    await world.later(31 * DAY)
    assert await world.stores.commands.forget(30) == forgotten
