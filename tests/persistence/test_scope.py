"""One customer never sees another's rows."""

import inspect
from collections.abc import Awaitable, Callable

import attrs
import pytest

from domain.attachment import reference_to
from domain.effect import EffectState
from domain.ids import CandidateId, EndpointId
from domain.writeback import WriteBackState
from ports.api_keys import ApiKeyStore
from ports.commands import Commands, SettleAs
from ports.connections import ConnectionStore
from ports.errors import NotFoundError
from ports.outbox import Outbox
from ports.people import People
from ports.scope import EVERYTHING, Scope
from ports.webhooks import Deliveries, Endpoints, Span
from tests.persistence.builders import ACME, CREDENTIALS, NOON, OTHER, REPORT, call, claimed, connection, new, note
from tests.persistence.receivers import OK, SECRET, claimed_errands, endpoint, told
from tests.persistence.test_api_keys import key
from tests.persistence.worlds import World

HOOK = EndpointId("whe_acme")
Look = Callable[[World, Scope, str], Awaitable[object]]

LOOKS: dict[str, Look] = {
    "Commands.get": lambda w, s, c: w.stores.commands.get(s, c),  # type: ignore[arg-type]
    "Commands.request": lambda w, s, c: w.stores.commands.request(s, ACME, "screening:s1"),
    "Commands.file": lambda w, s, c: filed(w, s),
    "Commands.with_key": lambda w, s, c: w.stores.commands.with_key(s, ACME, "screening:s1"),
    "Commands.replay": lambda w, s, c: w.stores.commands.replay(s, c),  # type: ignore[arg-type]
    "Commands.settle": lambda w, s, c: w.stores.commands.settle(s, c, 1, SettleAs.DONE),  # type: ignore[arg-type]
    "ConnectionStore.get": lambda w, s, c: w.stores.connections.get(s, ACME),
    "ConnectionStore.change": lambda w, s, c: w.stores.connections.change(s, connection(revision=2), None),
    "ConnectionStore.remove": lambda w, s, c: w.stores.connections.remove(s, ACME),
    "ApiKeyStore.remove": lambda w, s, c: w.stores.api_keys.remove(s, "key_acme"),
    "Endpoints.get": lambda w, s, c: w.stores.endpoints.get(s, HOOK),
    "Endpoints.change": lambda w, s, c: w.stores.endpoints.change(s, attrs.evolve(endpoint(), revision=2)),
    "Endpoints.rotate": lambda w, s, c: w.stores.endpoints.rotate(s, HOOK, SECRET, 1.0),
    "Endpoints.reseal": lambda w, s, c: w.stores.endpoints.reseal(s, HOOK),
    "Endpoints.remove": lambda w, s, c: w.stores.endpoints.remove(s, HOOK),
    "Endpoints.test": lambda w, s, c: w.stores.endpoints.test(s, HOOK),
    "Endpoints.recover": lambda w, s, c: w.stores.endpoints.recover(s, Span(endpoint=HOOK, since=NOON)),
    "Deliveries.replay": lambda w, s, c: replayed(w, s),
    "Deliveries.replay_all": lambda w, s, c: w.stores.deliveries.replay_all(s, Span(endpoint=HOOK, since=NOON)),
    "People.erase": lambda w, s, c: w.stores.people.erase(s, ACME, CandidateId("ada")),
}
PAGES = {
    "Commands.page",
    "ConnectionStore.page",
    "ApiKeyStore.page",
    "Endpoints.page",
    "Deliveries.page",
    "Outbox.read",
}


def test_each_method_that_takes_a_scope_is_tried() -> None:
    scoped = {
        f"{port.__name__}.{name}"
        for port in (Commands, ConnectionStore, ApiKeyStore, People, Outbox, Endpoints, Deliveries)
        for name, method in inspect.getmembers(port, inspect.isfunction)
        if "scope" in inspect.signature(method).parameters
    }
    assert scoped == set(LOOKS) | PAGES


async def kept(world: World) -> str:
    """A write-back of ours that can be looked at, replayed and settled, and a connection of somebody else."""
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(),), "ada")
    await world.stores.ledger.decide(claim, 1, EffectState.HELD)
    await world.stores.commands.finish(claim, WriteBackState.HELD)
    await world.stores.connections.add(connection(OTHER), CREDENTIALS)
    await world.stores.api_keys.add(key("key_acme", ACME))
    await world.stores.endpoints.add(endpoint(), SECRET)
    await told(world)
    for errand in await claimed_errands(world):
        await world.stores.deliveries.record(errand, OK)
    return claim.command


async def filed(world: World, scope: Scope) -> object:
    await world.stores.commands.accept(call())
    content = await world.stores.commands.file(scope, ACME, call().key, reference_to(REPORT).sha256)
    assert content == REPORT.content
    return content


async def replayed(world: World, scope: Scope) -> object:
    (delivery, *_) = await world.stores.deliveries.page(EVERYTHING, after=None, limit=1)
    return await world.stores.deliveries.replay(scope, delivery.id)


@pytest.mark.parametrize("name", LOOKS)
async def test_what_is_anothers_is_not_found(world: World, name: str) -> None:
    command = await kept(world)
    with pytest.raises(NotFoundError):
        await LOOKS[name](world, Scope(OTHER), command)
    await LOOKS[name](world, Scope(ACME), command)


async def test_pages_hold_what_is_ones_own(world: World) -> None:
    command = await kept(world)
    mine, theirs = Scope(ACME), Scope(OTHER)
    assert [one.id for one in await world.stores.commands.page(mine, after=None, limit=9)] == [command]
    assert await world.stores.commands.page(theirs, after=None, limit=9) == ()
    assert await world.stores.commands.page(theirs, connection=ACME, after=None, limit=9) == ()
    assert [one.id for one in await world.stores.connections.page(theirs, after=None, limit=9)] == [OTHER]
    assert await world.stores.api_keys.page(theirs, after=None, limit=9) == ()
    assert await world.stores.endpoints.page(theirs, after=None, limit=9) == ()
    assert await world.stores.deliveries.page(theirs, after=None, limit=9) == ()
    assert await world.stores.outbox.read(theirs, after=0, limit=9) == ()
    assert [one.id for one in await world.stores.endpoints.page(mine, after=None, limit=9)] == [HOOK]
    assert len(await world.stores.deliveries.page(mine, after=None, limit=9)) == 2
    assert len(await world.stores.outbox.read(mine, after=0, limit=9)) == 2


async def test_pages_go_from_the_newest_to_the_oldest(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
    ids = [(await world.stores.commands.accept(new(n, of=(ACME, OTHER)[n % 2]))).id for n in range(6)]
    first = await world.stores.commands.page(EVERYTHING, after=None, limit=4)
    rest = await world.stores.commands.page(EVERYTHING, after=first[-1].id, limit=4)
    assert [one.id for one in (*first, *rest)] == ids[::-1]
    of_acme = await world.stores.commands.page(EVERYTHING, connection=ACME, after=None, limit=9)
    assert [one.id for one in of_acme] == [ids[4], ids[2], ids[0]]
    (claim,) = await world.stores.commands.claim(1)
    running = await world.stores.commands.page(EVERYTHING, state=WriteBackState.RUNNING, after=None, limit=9)
    assert [one.id for one in running] == [claim.command]
