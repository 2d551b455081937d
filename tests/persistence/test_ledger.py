"""What is known of each effect, and who may change it."""

import asyncio

import attrs
import pytest

from domain.effect import EffectState, effect_key, marker_of
from domain.evidence import Receipt
from domain.writeback import EffectRecord, WriteBackState
from ports.commands import Claim, SettleAs
from ports.errors import ConflictError, LeaseLostError, NotFoundError
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, NOON, claimed, new, note, tag
from tests.persistence.worlds import World

RECEIPT = Receipt(id="n-17", at=NOON, sha256="ab" * 32, warnings=("The note was shortened.",))


async def planned(world: World) -> Claim:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(), tag()), "ada")
    return claim


async def effect(world: World, claim: Claim, n: int = 1) -> EffectRecord:
    return (await world.stores.ledger.effects(claim))[n - 1]


async def taken_over(world: World) -> Claim:
    await world.later(21)
    (claim,) = await world.stores.commands.claim(1)
    return claim


async def test_a_plan_is_stored_once(world: World) -> None:
    claim = await claimed(world)
    first = await world.stores.ledger.plan(claim, (note(), tag()), "ada")
    assert await world.stores.ledger.plan(claim, (tag(),), "ada") == first
    assert [record.n for record in first] == [1, 2]
    assert [record.effect for record in first] == [note(), tag()]
    key = effect_key(ACME, "screening:s1", "note@application")
    assert first[0].marker == marker_of(key)
    (again,) = [await taken_over(world)]
    assert again.planned


async def test_plans_at_once_become_one(world: World) -> None:
    claim = await claimed(world)
    second = await world.another()
    plans = await asyncio.gather(
        world.stores.ledger.plan(claim, (note(),), "ada"), second.ledger.plan(claim, (tag(), note()), "ada")
    )
    assert plans[0] == plans[1] == await world.stores.ledger.effects(claim)


async def test_an_empty_plan_is_a_plan(world: World) -> None:
    claim = await claimed(world)
    assert await world.stores.ledger.plan(claim, (), "ada") == ()
    assert await world.stores.ledger.plan(claim, (note(),), "ada") == ()


async def test_planning_may_learn_whom_it_concerns(world: World) -> None:
    claim = await claimed(world, new(subject="app-1"))
    await world.stores.ledger.plan(claim, (note(),), "ada")
    assert (await taken_over(world)).subject == "ada"


async def test_a_subject_that_is_busy_puts_the_plan_off(world: World) -> None:
    claim = await claimed(world, new(1, subject="ada"))
    await world.stores.commands.accept(new(2, subject="app-2"))
    (other,) = await world.stores.commands.claim(1)
    with pytest.raises(ConflictError, match="of the same subject is running"):
        await world.stores.ledger.plan(other, (note(),), "ada")
    assert await world.stores.ledger.effects(other) == ()
    await world.stores.commands.finish(claim, WriteBackState.DONE)
    assert len(await world.stores.ledger.plan(other, (note(),), "ada")) == 1


async def test_who_turns_out_to_come_later_waits_for_those_before(world: World) -> None:
    """Only planning learned that it is about ada, for whom an earlier one waits."""
    earlier = await claimed(world, new(1, subject="ada"))
    await world.stores.commands.postpone(earlier, 60)
    await world.stores.commands.accept(new(2, subject="app-2"))
    (later,) = await world.stores.commands.claim(1)
    with pytest.raises(ConflictError, match="an earlier write-back"):
        await world.stores.ledger.plan(later, (note(),), "ada")
    await world.stores.commands.postpone(later, 0)
    assert await world.stores.commands.claim(1) == ()
    await world.later(60)
    (first,) = await world.stores.commands.claim(5)
    assert first.command == earlier.command
    await world.stores.commands.finish(first, WriteBackState.HELD)
    (second,) = await world.stores.commands.claim(5)
    assert (second.command, second.subject) == (later.command, "ada")
    assert len(await world.stores.ledger.plan(second, (note(),), "ada")) == 1


async def test_beginning_counts_attempts_and_keeps_the_end_of_the_flight(world: World) -> None:
    claim = await planned(world)
    assert await world.stores.ledger.begin(claim, 1, 15) == 1
    record = await effect(world, claim)
    assert (record.state, record.attempt) == (EffectState.SENDING, 1)
    assert record.flight_left == pytest.approx(15, abs=10)
    await world.later(60)
    assert ((await effect(world, claim)).flight_left or 0) == pytest.approx(-45, abs=10)
    assert await world.stores.ledger.begin(await taken_over(world), 1, 15) == 2


async def test_who_lost_the_lease_decides_nothing(world: World) -> None:
    old = await planned(world)
    await taken_over(world)
    for attempted in (
        world.stores.ledger.begin(old, 1, 15),
        world.stores.ledger.decide(old, 1, EffectState.REFUSED),
        world.stores.ledger.plan(old, (note(),), "ada"),
        world.stores.commands.postpone(old, 1),
        world.stores.commands.park(old, 1, "the key was refused"),
        world.stores.commands.finish(old, WriteBackState.HELD),
    ):
        with pytest.raises(LeaseLostError):
            await attempted
    assert (await effect(world, old)).state is EffectState.PLANNED


async def test_a_lease_that_ran_out_sends_nothing(world: World) -> None:
    claim = await planned(world)
    await world.later(21)
    with pytest.raises(LeaseLostError):
        await world.stores.ledger.begin(claim, 1, 15)


async def test_a_finished_command_sends_nothing(world: World) -> None:
    claim = await planned(world)
    await world.stores.commands.finish(claim, WriteBackState.HELD)
    with pytest.raises(LeaseLostError):
        await world.stores.ledger.begin(claim, 1, 15)


@pytest.mark.parametrize(
    "state", [EffectState.UNKNOWN, EffectState.HELD, EffectState.REFUSED, EffectState.SKIPPED, EffectState.CONFIRMED]
)
async def test_only_what_is_planned_is_sent(world: World, state: EffectState) -> None:
    claim = await planned(world)
    await world.stores.ledger.decide(claim, 1, state)
    with pytest.raises(LeaseLostError, match=state):
        await world.stores.ledger.begin(claim, 1, 15)


async def test_what_is_given_up_with_a_request_under_way_is_left_to_a_person(world: World) -> None:
    claim = await planned(world)
    await world.stores.ledger.begin(claim, 1, 15)
    for _ in range(4):
        claim = await taken_over(world)
    await world.later(21)
    assert await world.stores.commands.claim(1) == ()
    assert (await world.stores.commands.get(EVERYTHING, claim.command)).state is WriteBackState.HELD
    assert (await effect(world, claim)).state is EffectState.HELD
    await world.stores.commands.settle(EVERYTHING, claim.command, 1, SettleAs.DONE)


async def test_a_decision_keeps_state_reason_and_receipt(world: World) -> None:
    claim = await planned(world)
    await world.stores.ledger.decide(claim, 1, EffectState.CONFIRMED, reason="found in the ATS", receipt=RECEIPT)
    await world.stores.ledger.decide(claim, 2, EffectState.HELD, reason="no way\0 to know")
    first, second = await world.stores.ledger.effects(claim)
    assert (first.state, first.reason, first.receipt) == (EffectState.CONFIRMED, "found in the ATS", RECEIPT)
    assert (second.state, second.reason, second.receipt) == (EffectState.HELD, "no way to know", None)


async def test_an_effect_that_was_never_planned(world: World) -> None:
    claim = await planned(world)
    with pytest.raises(NotFoundError):
        await world.stores.ledger.begin(claim, 3, 15)
    with pytest.raises(NotFoundError):
        await world.stores.ledger.testify(claim, 3, 1, RECEIPT)


async def test_testimony_is_accepted_whoever_holds_the_lease(world: World) -> None:
    old = await planned(world)
    await world.stores.ledger.begin(old, 1, 15)
    mine = await taken_over(world)
    await world.stores.ledger.testify(old, 1, 1, RECEIPT)
    record = await effect(world, mine)
    assert (record.state, record.receipt, record.reason) == (EffectState.CONFIRMED, RECEIPT, None)


async def test_what_was_confirmed_meanwhile_is_neither_sent_nor_judged_again(world: World) -> None:
    old = await planned(world)
    await world.stores.ledger.begin(old, 1, 15)
    mine = await taken_over(world)
    await world.stores.ledger.testify(old, 1, 1, RECEIPT)
    with pytest.raises(LeaseLostError, match="is confirmed meanwhile"):
        await world.stores.ledger.begin(mine, 1, 15)
    with pytest.raises(LeaseLostError, match="is confirmed meanwhile"):
        await world.stores.ledger.decide(mine, 1, EffectState.HELD)
    assert (await effect(world, mine)).state is EffectState.CONFIRMED


async def test_a_look_takes_nothing_from_what_was_testified(world: World) -> None:
    old = await planned(world)
    await world.stores.ledger.begin(old, 1, 15)
    mine = await taken_over(world)
    await world.stores.ledger.begin(mine, 1, 15)
    await world.stores.ledger.testify(old, 1, 1, RECEIPT)
    await world.stores.ledger.decide(mine, 1, EffectState.CONFIRMED, reason="found in the ATS", receipt=Receipt(id="x"))
    record = await effect(world, mine)
    assert (record.receipt, record.reason) == (
        RECEIPT,
        "doubled: attempt 1 was confirmed after attempt 2 had begun",
    )


@pytest.mark.parametrize("late_first", [True, False])
async def test_two_attempts_confirmed_are_shown_as_doubled(world: World, late_first: bool) -> None:
    old = await planned(world)
    await world.stores.ledger.begin(old, 1, 15)
    mine = await taken_over(world)
    await world.stores.ledger.begin(mine, 1, 15)
    testimonies = [(old, 1, attrs.evolve(RECEIPT, id="n-1")), (mine, 2, attrs.evolve(RECEIPT, id="n-2"))]
    if not late_first:
        testimonies.reverse()
    for claim, attempt, receipt in testimonies:
        await world.stores.ledger.testify(claim, 1, attempt, receipt)
    record = await effect(world, mine)
    assert record.reason == "doubled: attempt 1 was confirmed after attempt 2 had begun"
    assert record.receipt == attrs.evolve(RECEIPT, id="n-2")


async def test_testimony_told_twice_is_told_once(world: World) -> None:
    claim = await planned(world)
    await world.stores.ledger.begin(claim, 1, 15)
    for _ in range(2):
        await world.stores.ledger.testify(claim, 1, 1, RECEIPT)
    assert (await effect(world, claim)).reason is None


@pytest.mark.parametrize(
    ("other", "becomes"), [(EffectState.CONFIRMED, WriteBackState.DONE), (EffectState.PLANNED, WriteBackState.WAITING)]
)
async def test_testimony_ends_what_was_held_over_it(world: World, other: EffectState, becomes: WriteBackState) -> None:
    old = await planned(world)
    await world.stores.ledger.begin(old, 1, 15)
    mine = await taken_over(world)
    await world.stores.ledger.decide(mine, 1, EffectState.HELD, reason="no way to know")
    await world.stores.ledger.decide(mine, 2, other)
    await world.stores.commands.finish(mine, WriteBackState.HELD)
    await world.stores.ledger.testify(old, 1, 1, RECEIPT)
    assert (await world.stores.commands.get(EVERYTHING, mine.command)).state is becomes


@pytest.mark.parametrize(
    ("other", "becomes"), [(EffectState.CONFIRMED, WriteBackState.DONE), (EffectState.PLANNED, WriteBackState.DEAD)]
)
async def test_testimony_ends_what_was_given_up_only_if_nothing_is_left(
    world: World, other: EffectState, becomes: WriteBackState
) -> None:
    old = await planned(world)
    await world.stores.ledger.begin(old, 1, 15)
    mine = await taken_over(world)
    await world.stores.ledger.decide(mine, 2, other)
    await world.stores.commands.finish(mine, WriteBackState.DEAD)
    await world.stores.ledger.testify(old, 1, 1, RECEIPT)
    assert (await world.stores.commands.get(EVERYTHING, mine.command)).state is becomes


async def test_what_comes_in_together_counts_one_by_one(world: World) -> None:
    """One worker never does this; if two tasks of one did, each would still hear the truth."""
    claim = await planned(world)
    attempts = await asyncio.gather(*[world.stores.ledger.begin(claim, 1, 15) for _ in range(3)])
    assert sorted(attempts) == [1, 2, 3]
    ends = [world.stores.commands.finish(claim, WriteBackState.DONE) for _ in range(3)]
    outcomes = await asyncio.gather(*ends, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(LeaseLostError) == 2


@pytest.mark.parametrize("by", ["testimony", "decision"])
async def test_a_command_that_gets_on_is_not_given_up_for_its_workers(world: World, by: str) -> None:
    claim = await planned(world)
    for _ in range(4):
        claim = await taken_over(world)
    if by == "testimony":
        await world.stores.ledger.testify(claim, 1, await world.stores.ledger.begin(claim, 1, 10), RECEIPT)
    else:
        await world.stores.ledger.decide(claim, 1, EffectState.REFUSED, reason="it is no such record")
    for _ in range(4):
        claim = await taken_over(world)


async def test_one_that_is_planned_again_and_again_does_not_get_on(world: World) -> None:
    claim = await planned(world)
    for _ in range(4):
        await world.stores.ledger.decide(claim, 1, EffectState.PLANNED)
        claim = await taken_over(world)
    await world.later(21)

    assert await world.stores.commands.claim(1) == ()
