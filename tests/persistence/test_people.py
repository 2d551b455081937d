"""Forgetting people: their payloads go, keys stay, and a late redelivery writes nothing."""

import asyncio
import stat
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa

from adapters.persistence.engines import postgres_engine
from adapters.persistence.erasing import erase
from adapters.persistence.migrate import migrate
from adapters.persistence.stores import open_stores
from adapters.persistence.tables import blobs, commands, erased_people
from domain.candidate import Candidate
from domain.effect import EffectKind, EffectState, Target, effect_key
from domain.ids import ApplicationId, CandidateId, JobId
from domain.job_application import Application
from domain.policy import RecordType
from domain.pull import PullMode
from domain.writeback import Write, WriteBackState
from ports.commands import Accepted, CommandKind, NewCommand, SettleAs
from ports.errors import ConflictError, LeaseLostError, NotFoundError
from ports.people import Erasure
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, REPORT, call, claimed, connection, new, note, tag
from tests.persistence.pulled import page, seen
from tests.persistence.rows import count, everything
from tests.persistence.worlds import VAULT, StoppedClock, World

ADA = CandidateId("ada")


async def test_payloads_go_and_keys_stay(world: World) -> None:
    claim = await claimed(world, call())
    await world.stores.ledger.plan(claim, (note(), tag()), "ada")
    await world.stores.ledger.decide(claim, 1, EffectState.REFUSED, reason="superseded: it is now canary")
    await world.stores.commands.finish(claim, WriteBackState.REFUSED, "canary")
    await world.stores.commands.accept(call(2))
    erasure = await world.stores.people.erase(EVERYTHING, ACME, ADA)
    assert erasure == Erasure(commands=2, effects=2, files=1)
    kept = await everything(world)
    assert "canary" not in kept
    assert "'ada'" not in kept
    assert effect_key(ACME, "call-result:c1", "note@application") in kept
    assert await count(world, blobs) == 0
    assert await world.stores.people.erase(EVERYTHING, ACME, ADA) == Erasure(commands=0, effects=0, files=0)


async def test_a_late_redelivery_writes_nothing(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    accepted = await world.stores.commands.accept(call())
    await world.stores.people.erase(EVERYTHING, ACME, ADA)
    assert await world.stores.commands.accept(call()) == Accepted(accepted.id, new=False)
    assert await count(world, blobs) == 0
    assert await world.stores.commands.claim(10) == ()
    assert (await world.stores.commands.get(EVERYTHING, accepted.id)).state is WriteBackState.DEAD


async def test_what_is_erased_is_not_revived(world: World) -> None:
    claim = await claimed(world)
    await world.stores.ledger.plan(claim, (note(),), "ada")
    await world.stores.ledger.decide(claim, 1, EffectState.HELD)
    await world.stores.commands.finish(claim, WriteBackState.HELD)
    await world.stores.people.erase(EVERYTHING, ACME, ADA)
    with pytest.raises(ConflictError, match="erased"):
        await world.stores.commands.replay(EVERYTHING, claim.command)
    with pytest.raises(ConflictError, match="erased"):
        await world.stores.commands.settle(EVERYTHING, claim.command, 1, SettleAs.RESEND)


_WAITING_FOR_A_LOCK = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_replay_that_waited_for_an_erasure_revives_nothing(world: World) -> None:
    """What the replay reads in the statement that waits is as it was before the wait."""
    claim = await claimed(world)
    await world.stores.commands.finish(claim, WriteBackState.DEAD, "too old")
    erasing = postgres_engine(sa.make_url(world.url), pool_size=1)
    async with erasing.begin() as c:
        await c.run_sync(erase, ACME, commands.c.id == claim.command, "erased")
        replaying = asyncio.create_task(world.stores.commands.replay(EVERYTHING, claim.command))
        async with asyncio.timeout(20):
            while not await c.scalar(_WAITING_FOR_A_LOCK):
                await c.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
    await erasing.dispose()
    with pytest.raises(ConflictError, match="erased"):
        await replaying
    assert (await world.stores.commands.get(EVERYTHING, claim.command)).state is WriteBackState.DEAD


async def test_nobody_is_erased_under_a_workers_hands(world: World) -> None:
    claim = await claimed(world)
    with pytest.raises(ConflictError, match="running"):
        await world.stores.people.erase(EVERYTHING, ACME, ADA)
    assert claim.request == new().request
    await world.stores.commands.finish(claim, WriteBackState.DONE)
    assert (await world.stores.people.erase(EVERYTHING, ACME, ADA)).commands == 1


async def test_others_are_left_alone_and_keep_a_file_that_they_share(world: World) -> None:
    for one in (ACME, OTHER):
        await world.stores.connections.add(connection(one), CREDENTIALS)
        await world.stores.commands.accept(call(1, of=one))
        await world.stores.commands.accept(call(2, of=one, subject="bob"))
    assert await world.stores.people.erase(EVERYTHING, ACME, ADA) == Erasure(commands=1, effects=0, files=0)
    claims = await world.stores.commands.claim(10)
    assert {(claim.connection, claim.subject) for claim in claims} == {(ACME, "bob"), (OTHER, "ada"), (OTHER, "bob")}
    assert await count(world, blobs) == 2


ON_ADA = note("note@candidate", on="ada", type_=RecordType.CANDIDATE)
ON_AN_APPLICATION = Write(kind=EffectKind.NOTE, targets=(Target(RecordType.APPLICATION, "app-1"),))
MOVE = attrs.evolve(new(), kind=CommandKind.WRITE, request=ON_AN_APPLICATION, subject="application:app-1")


@pytest.mark.parametrize(
    "command",
    [
        new(subject="ada"),
        attrs.evolve(new(subject="ada"), subject="somebody"),
        attrs.evolve(MOVE, subject="candidate:ada"),
        attrs.evolve(MOVE, plan=(ON_ADA,)),
    ],
    ids=["subject and request", "request", "subject", "effect"],
)
async def test_a_person_is_found_wherever_they_are_named(world: World, command: NewCommand) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    await world.stores.commands.accept(command)
    await world.stores.commands.accept(attrs.evolve(MOVE, key="another's", subject="candidate:adam"))
    assert (await world.stores.people.erase(EVERYTHING, ACME, ADA)).commands == 1
    assert "'ada'" not in await everything(world)
    assert "candidate:ada'" not in await everything(world)


async def test_somebody_who_was_not_known_yet_is_erased_when_planning_learns_of_them(world: World) -> None:
    claim = await claimed(world, attrs.evolve(MOVE, files=(REPORT,)))
    await world.stores.people.erase(EVERYTHING, ACME, ADA)
    with pytest.raises(LeaseLostError, match="erased"):
        await world.stores.ledger.plan(claim, (ON_ADA,), "candidate:ada")
    shown = await world.stores.commands.get(EVERYTHING, claim.command)
    assert (shown.state, shown.reason, shown.effects) == (WriteBackState.DEAD, "the person was erased", ())
    with pytest.raises(ConflictError, match="erased"):
        await world.stores.commands.replay(EVERYTHING, claim.command)
    kept = await everything(world)
    assert all(name not in kept for name in ("app-1", "ada", "canary"))
    with pytest.raises(LeaseLostError):
        await world.stores.commands.finish(claim, WriteBackState.DONE)


async def test_what_is_asked_for_after_an_erasure_is_new_business(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    for _ in range(2):
        await world.stores.people.erase(EVERYTHING, ACME, ADA)
    await world.later(1)
    await world.stores.commands.accept(MOVE)
    (claim,) = await world.stores.commands.claim(1)
    assert len(await world.stores.ledger.plan(claim, (ON_ADA,), "candidate:ada")) == 1


async def test_an_erasure_is_of_one_person_and_one_connection(world: World) -> None:
    await world.stores.connections.add(connection(OTHER), CREDENTIALS)
    claim = await claimed(world, MOVE)
    await world.stores.people.erase(EVERYTHING, OTHER, ADA)
    await world.stores.people.erase(EVERYTHING, ACME, CandidateId("adam"))
    assert len(await world.stores.ledger.plan(claim, (ON_ADA,), "candidate:ada")) == 1


async def test_the_mark_of_an_erasure_goes_with_its_connection(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    await world.stores.people.erase(EVERYTHING, ACME, ADA)
    assert await count(world, erased_people) == 1
    await world.stores.connections.remove(EVERYTHING, ACME)
    assert await count(world, erased_people) == 0


async def test_of_a_connection_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFoundError):
        await world.stores.people.erase(EVERYTHING, ACME, ADA)


APPLIED = Application(id=ApplicationId("a1"), job_id=JobId("j1"), candidate_id=ADA, stage_text="canary of a1")
PULLED = {
    RecordType.CANDIDATE: page(seen(Candidate(id=ADA, first_name="canary of ada", last_name="Row"))),
    RecordType.APPLICATION: page(seen(APPLIED)),
    RecordType.JOB: page(),
}


async def test_nothing_of_an_erased_person_stays_in_the_files(tmp_path: Path) -> None:
    """Neither in pages that were let go of nor in the log beside them; and nobody else may read any of them."""
    file = tmp_path / "people.db"
    await migrate(f"sqlite:///{file}")
    async with open_stores(f"sqlite:///{file}", vault=VAULT, clock=StoppedClock()) as stores:
        await stores.connections.add(connection(), CREDENTIALS)
        await stores.commands.accept(call(report=attrs.evolve(REPORT, content=b"canary " * 20_000)))
        await stores.pulls.ask(EVERYTHING, ACME, list(RecordType), PullMode.FULL)
        for claim in await stores.pulls.claim(9):
            await stores.pulls.keep(claim, PULLED[claim.kind])
        assert any(b"canary" in one.read_bytes() for one in file.parent.iterdir())
        await stores.people.erase(EVERYTHING, ACME, ADA)
        assert [one.name for one in file.parent.iterdir() if b"canary" in one.read_bytes()] == []
        assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}
