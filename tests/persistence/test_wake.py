"""Waking workers."""

import asyncio

import pytest

from adapters.persistence.stores import open_stores
from adapters.persistence.wake import Bell
from domain.effect import EffectState
from domain.writeback import WriteBackState
from ports.commands import SettleAs
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, CREDENTIALS, claimed, connection, new, note
from tests.persistence.worlds import VAULT, StoppedClock, World


class PatientClock(StoppedClock):
    """Sleeps for ever: what wakes here was woken."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


async def test_what_happens_here_wakes_at_once() -> None:
    bell = Bell(PatientClock())
    waiting = asyncio.ensure_future(bell.heard(60))
    await asyncio.sleep(0)
    assert not waiting.done()
    bell.ring()
    await asyncio.wait_for(waiting, 5)


async def test_a_ring_before_anybody_listened_is_heard_once() -> None:
    clock = StoppedClock()
    bell = Bell(clock)
    bell.ring()
    await bell.heard(60)
    await bell.heard(60)
    assert clock.slept[-1] == 1.0, "what other processes accept is seen within a second"


async def test_a_ring_that_was_heard_wakes_nobody_again() -> None:
    bell = Bell(PatientClock())
    bell.ring()
    await asyncio.wait_for(bell.heard(60), 5)
    again = asyncio.ensure_future(bell.heard(60))
    await asyncio.wait({again}, timeout=0.01)
    assert not again.done()
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)


async def test_waiting_is_never_longer_than_asked_for() -> None:
    clock = StoppedClock()
    await Bell(clock).heard(0.25)
    assert clock.slept == [0.25]


async def test_waiting_leaves_no_task_behind() -> None:
    before = len(asyncio.all_tasks())
    waiting = asyncio.ensure_future(Bell(PatientClock()).heard(60))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert len(asyncio.all_tasks()) == before


async def test_it_wakes_at_the_very_moment_when_something_falls_due(world: World) -> None:
    claim = await claimed(world)
    await world.stores.commands.postpone(claim, 0.3)
    await found_nothing(world)
    began = world.clock.passed
    await world.stores.commands.wait(60)
    assert world.clock.passed - began <= 0.3 + 1e-6
    await world.later(0.3 if world.engine == "postgresql" else 0)
    assert [one.command for one in await world.stores.commands.claim(1)] == [claim.command]


async def test_it_wakes_when_a_lease_ends(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    await world.stores.commands.accept(new())
    dying = await world.another(lease_seconds=0.4)
    (claim,) = await dying.commands.claim(1)
    await found_nothing(world)
    began = world.clock.passed
    await world.stores.commands.wait(60)
    assert world.clock.passed - began <= 0.4 + 1e-6
    await world.later(0.4 if world.engine == "postgresql" else 0)
    assert [one.command for one in await world.stores.commands.claim(1)] == [claim.command]


async def test_what_a_parked_connection_has_wakes_nobody(world: World) -> None:
    claim = await claimed(world)
    await world.stores.commands.accept(new(2, subject="bob"))
    (other,) = await world.stores.commands.claim(1)
    await world.stores.commands.postpone(claim, 0.3)
    await world.stores.commands.park(other, 1, "its credentials died")
    await found_nothing(world)
    began = world.clock.passed
    await world.stores.commands.wait(60)
    assert world.clock.passed - began == pytest.approx(1.0)


async def found_nothing(world: World) -> None:
    """Whatever was rung before has been heard; a worker is about to wait."""
    await world.stores.commands.wait(60)
    assert await world.stores.commands.claim(1) == ()


async def test_whatever_makes_work_rings(url: str) -> None:
    async with open_stores(url, vault=VAULT, clock=PatientClock()) as stores:
        commands = stores.commands
        await stores.connections.add(connection(), CREDENTIALS)

        async def woken() -> None:
            await asyncio.wait_for(commands.wait(60), 5)

        await commands.accept(new())
        await woken()
        (claim,) = await commands.claim(1)
        await commands.postpone(claim, 0)
        await woken()
        (claim,) = await commands.claim(1)
        await stores.ledger.plan(claim, (note(),), "ada")
        await stores.ledger.decide(claim, 1, EffectState.HELD)
        await commands.finish(claim, WriteBackState.HELD)
        await woken()  # its subject is free
        await commands.settle(EVERYTHING, claim.command, 1, SettleAs.RESEND)
        await woken()
        (claim,) = await commands.claim(1)
        await commands.finish(claim, WriteBackState.DEAD)
        await woken()
        await commands.replay(EVERYTHING, claim.command)
        await woken()
        await stores.connections.unpark(ACME, 1)
        await woken()
        await stores.connections.change(EVERYTHING, connection(revision=2), CREDENTIALS)
        await woken()
