"""Connections: credentials go in sealed, and removal leaves only what must never be forgotten."""

import asyncio

import attrs
import pytest

from adapters.persistence.tables import api_keys, blobs, command_files, connections
from adapters.vault import FernetVault, new_key
from domain.attachment import reference_to
from domain.effect import EffectState, effect_key, marker_of
from domain.ids import ConnectionId
from domain.policy import Policy, Where
from domain.writeback import WriteBackState
from ports.errors import ConflictError, InvalidInputError, LeaseLostError, NotFoundError
from ports.scope import EVERYTHING
from ports.vault import SealError
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, REPORT, call, claimed, connection, new, note, tag
from tests.persistence.rows import count, everything
from tests.persistence.test_api_keys import key
from tests.persistence.worlds import World

REFUSED = "the key was refused"


async def test_it_comes_back_as_it_went_in(world: World) -> None:
    kept = attrs.evolve(connection(), policy=Policy(note_on=Where.BOTH), parked="not yet")
    await world.stores.connections.add(kept, CREDENTIALS)
    assert await world.stores.connections.get(EVERYTHING, ACME) == kept
    assert await world.stores.connections.credentials(ACME) == CREDENTIALS


async def test_credentials_are_nowhere_in_the_clear(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    assert "canary-4f1d" not in await everything(world)


async def test_an_id_is_given_once(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    with pytest.raises(ConflictError):
        await world.stores.connections.add(connection(), CREDENTIALS)


async def test_a_name_with_nul_is_refused(world: World) -> None:
    with pytest.raises(InvalidInputError):
        await world.stores.connections.add(connection(name="A\0"), CREDENTIALS)


async def test_pages_go_by_id(world: World) -> None:
    ids = [ConnectionId(f"con_{n}") for n in range(5)]
    for one in reversed(ids):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    first = await world.stores.connections.page(EVERYTHING, after=None, limit=3)
    rest = await world.stores.connections.page(EVERYTHING, after=first[-1].id, limit=3)
    assert [one.id for one in (*first, *rest)] == ids


async def test_a_change_keeps_the_credentials_and_the_park(world: World) -> None:
    await world.stores.connections.add(attrs.evolve(connection(), parked=REFUSED), CREDENTIALS)
    await world.stores.connections.change(EVERYTHING, connection(revision=2, name="New"), None)
    changed = await world.stores.connections.get(EVERYTHING, ACME)
    assert (changed.name, changed.revision, changed.parked) == ("New", 2, REFUSED)
    assert await world.stores.connections.credentials(ACME) == CREDENTIALS


async def test_new_credentials_unpark(world: World) -> None:
    await world.stores.connections.add(attrs.evolve(connection(), parked=REFUSED), CREDENTIALS)
    await world.stores.connections.change(EVERYTHING, connection(revision=2), {"api_key": "another"})
    assert (await world.stores.connections.get(EVERYTHING, ACME)).parked is None
    assert await world.stores.connections.credentials(ACME) == {"api_key": "another"}


@pytest.mark.parametrize("revision", [1, 3])
async def test_a_change_must_follow_the_revision_that_is_kept(world: World, revision: int) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    with pytest.raises(ConflictError):
        await world.stores.connections.change(EVERYTHING, connection(revision=revision), None)
    assert (await world.stores.connections.get(EVERYTHING, ACME)).revision == 1


async def test_a_lost_key_says_so(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    row = await world.stores.connections.get(EVERYTHING, ACME)
    sealed = FernetVault([new_key()]).seal(ACME, row.revision, CREDENTIALS)
    with pytest.raises(SealError, match="key that the vault lacks"):
        FernetVault([new_key()]).unseal(ACME, row.revision, sealed)


async def test_removal_leaves_keys_and_digests_only(world: World) -> None:
    claim = await claimed(world, call())
    await world.stores.ledger.plan(claim, (note(), tag()), "ada")
    await world.stores.ledger.decide(claim, 1, EffectState.CONFIRMED)
    await world.stores.commands.accept(new(2))
    await world.stores.api_keys.add(key("key_1", ACME))
    await world.stores.connections.remove(EVERYTHING, ACME)

    for table in (blobs, command_files, api_keys):
        assert await count(world, table) == 0
    assert await count(world, connections, connections.c.credentials.is_not(None)) == 0
    kept = await everything(world)
    assert "canary" not in kept
    assert "'ada'" not in kept
    assert effect_key(ACME, "call-result:c1", "note@application") in kept
    first = await world.stores.commands.with_key(EVERYTHING, ACME, "call-result:c1")
    assert (first.state, first.reason) == (WriteBackState.DEAD, "its connection was removed")
    assert first.effects[0].marker == marker_of(effect_key(ACME, "call-result:c1", "note@application"))
    assert first.effects[0].state is EffectState.CONFIRMED


async def test_a_removed_connection_is_gone(world: World) -> None:
    claim = await claimed(world)
    await world.stores.connections.remove(EVERYTHING, ACME)
    for attempted in (
        world.stores.connections.get(EVERYTHING, ACME),
        world.stores.connections.credentials(ACME),
        world.stores.connections.remove(EVERYTHING, ACME),
        world.stores.connections.change(EVERYTHING, connection(revision=2), CREDENTIALS),
        world.stores.commands.accept(new(3)),
        world.stores.api_keys.add(key("key_1", ACME)),
    ):
        with pytest.raises(NotFoundError):
            await attempted
    with pytest.raises(LeaseLostError):
        await world.stores.commands.finish(claim, WriteBackState.DONE)
    with pytest.raises(ConflictError, match="erased"):
        await world.stores.commands.replay(EVERYTHING, claim.command)
    with pytest.raises(ConflictError, match="was a connection"):
        await world.stores.connections.add(connection(), CREDENTIALS)
    assert await world.stores.connections.page(EVERYTHING, after=None, limit=10) == ()
    assert await world.stores.commands.claim(10) == ()


async def test_removal_touches_no_other_connection(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
        await world.stores.commands.accept(attrs.evolve(call(of=one), plan=(note(), tag())))
    await world.stores.connections.remove(EVERYTHING, ACME)
    (claim,) = await world.stores.commands.claim(10)
    assert claim.connection == OTHER
    assert [record.effect for record in await world.stores.ledger.effects(claim)] == [note(), tag()]
    assert await world.stores.ledger.file(claim, reference_to(REPORT).sha256) == REPORT.content


async def parked_for_a_week(world: World) -> None:
    """With one command that waits, and one in a worker's hands."""
    await claimed(world)
    await world.stores.commands.accept(new(2, subject="bob"))
    (bobs,) = await world.stores.commands.claim(1)
    await world.stores.commands.park(bobs, 1, REFUSED)
    await world.later(8 * 86400)


async def ages(world: World) -> list[float]:
    return [claim.age for claim in await world.stores.commands.claim(10)]


async def parked(world: World) -> str | None:
    return (await world.stores.connections.get(EVERYTHING, ACME)).parked


async def test_who_parks_puts_its_command_back(world: World) -> None:
    claim = await claimed(world)
    await world.stores.commands.park(claim, 1, f"{REFUSED}\0")
    assert await parked(world) == REFUSED
    shown = await world.stores.commands.get(EVERYTHING, claim.command)
    assert (shown.state, shown.reason) == (WriteBackState.WAITING, f"the connection is parked: {REFUSED}")


async def test_who_lost_the_lease_parks_nothing(world: World) -> None:
    old = await claimed(world)
    await world.later(21)
    with pytest.raises(LeaseLostError):
        await world.stores.commands.park(old, 1, REFUSED)
    (claim,) = await world.stores.commands.claim(1)
    with pytest.raises(LeaseLostError):
        await world.stores.commands.park(old, 1, REFUSED)
    assert await parked(world) is None
    await world.stores.commands.finish(claim, WriteBackState.DONE)


async def test_what_was_seen_of_old_credentials_neither_parks_nor_unparks_new_ones(world: World) -> None:
    claim = await claimed(world)
    await world.stores.connections.change(EVERYTHING, connection(revision=2), {"api_key": "new"})
    await world.stores.commands.park(claim, 1, REFUSED)
    assert await parked(world) is None
    (claim,) = await world.stores.commands.claim(1)
    await world.stores.commands.park(claim, 2, REFUSED)
    await world.stores.connections.unpark(ACME, 1)
    assert await parked(world) == REFUSED


async def test_workers_that_park_at_once_do_not_hinder_one_another(world: World) -> None:
    claims = [await claimed(world)]
    for n in range(2, 6):
        await world.stores.commands.accept(new(n, subject=f"p{n}"))
        claims.extend(await world.stores.commands.claim(1))
    workers = [world.stores, *[await world.another() for _ in claims[1:]]]
    parking = [stores.commands.park(claim, 1, REFUSED) for stores, claim in zip(workers, claims, strict=True)]
    await asyncio.gather(*parking)
    assert await parked(world) == REFUSED


async def test_time_in_which_it_was_parked_does_not_count(world: World) -> None:
    await parked_for_a_week(world)
    await world.stores.connections.unpark(ACME, 1)
    assert await ages(world) == pytest.approx([0, 0], abs=60)


async def test_with_new_credentials_time_counts_from_then(world: World) -> None:
    await parked_for_a_week(world)
    await world.stores.connections.change(EVERYTHING, connection(revision=2), {"api_key": "new"})
    assert await ages(world) == pytest.approx([0, 0], abs=60)


async def test_time_counts_on_for_others_and_where_nothing_was_parked(world: World) -> None:
    await world.stores.connections.add(connection(OTHER), CREDENTIALS)
    await world.stores.commands.accept(new(3, of=OTHER))
    await parked_for_a_week(world)
    await world.stores.connections.unpark(ACME, 1)
    await world.stores.connections.unpark(OTHER, 1)
    kept = await world.stores.connections.get(EVERYTHING, OTHER)
    await world.stores.connections.change(EVERYTHING, attrs.evolve(kept, revision=2), None)
    assert max(await ages(world)) == pytest.approx(8 * 86400, abs=60)
