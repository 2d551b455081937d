"""Pulls in the database: one at a time, a page and its place together, told once."""

import asyncio
from datetime import timedelta

import attrs
import pytest
import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.engines import postgres_engine
from domain.policy import RecordType
from domain.pull import PullMode, PullState
from ports.errors import LeaseLostError, NotFoundError
from ports.gateway import Provider
from ports.records import RecordQuery
from ports.scope import EVERYTHING, Scope
from ports.vendor_events import VendorEvent
from tests.persistence.builders import ACME, NOON, OTHER
from tests.persistence.pulled import (
    KIND,
    claimed,
    finished,
    gone,
    kept,
    page,
    person,
    read_once,
    seen,
    told_of,
)
from tests.persistence.worlds import World


async def test_a_first_read_tells_of_itself_alone_and_later_each_change_is_told_once(opened: World) -> None:
    await read_once(opened, KIND, seen(person(1)), seen(person(2)))
    assert await told_of(opened) == [("pull.completed", None)]
    claim = await claimed(opened)
    changes = page(seen(person(1, "Eve")), seen(person(3)), gone(2), seen(person(4)), gone(9))
    for _ in range(2):
        tally = await opened.stores.pulls.keep(claim, changes)
    assert (tally.new, tally.changed, tally.deleted, tally.unchanged) == (2, 1, 1, 6)
    assert await told_of(opened) == [
        ("pull.completed", None),
        ("candidate.changed", "changed"),
        ("candidate.changed", "new"),
        ("candidate.changed", "deleted"),
        ("candidate.changed", "new"),
    ]
    assert await kept(opened) == {"1": person(1, "Eve"), "3": person(3), "4": person(4)}


async def test_other_bytes_or_another_time_are_no_change(opened: World) -> None:
    await read_once(opened, KIND, seen(person(1)))
    later = attrs.evolve(person(1), changed_at=NOON + timedelta(days=1))
    claim = await claimed(opened)
    again = seen(later, salt="another signed URL")
    assert (await opened.stores.pulls.keep(claim, page(again))).unchanged == 1
    assert await kept(opened) == {"1": later}
    assert await opened.stores.records.digests(ACME, KIND, ["1", "2"]) == {"1": again.digest}


async def test_a_partial_one_is_laid_over_what_is_kept(opened: World) -> None:
    await read_once(opened, KIND, seen(person(1, phones=("1", "2"), title="Welder")))
    claim = await claimed(opened)
    row = person(1, phones=("1",))
    assert (await opened.stores.pulls.keep(claim, page(seen(row, partial=True)))).unchanged == 1
    assert (await kept(opened))["1"] == person(1, phones=("1", "2"), title="Welder")


async def test_one_that_was_deleted_may_come_back_and_is_new_then(opened: World) -> None:
    await read_once(opened, KIND, seen(person(1)), gone(2))
    claim = await claimed(opened)
    await opened.stores.pulls.keep(claim, page(gone(1)))
    assert await kept(opened) == {}
    assert await kept(opened, RecordQuery(kind=KIND, updated_after=NOON)) == {"1": None, "2": None}
    assert (await opened.stores.pulls.keep(claim, page(seen(person(1)), seen(person(2))))).new == 2
    assert set(await kept(opened)) == {"1", "2"}


async def test_whoever_ends_after_the_last_page_leaves_no_more_than_that_page_to_be_read_again(opened: World) -> None:
    claim = await claimed(opened)
    for one in (page(seen(person(1)), place="2"), page(seen(person(2)))):
        await opened.stores.pulls.keep(claim, one)
    await opened.later(21)
    (again,) = await opened.stores.pulls.claim(5)
    assert (again.pull, again.place) == (claim.pull, "2")


async def test_the_place_and_the_tally_outlast_whoever_kept_them(opened: World) -> None:
    first = await claimed(opened)
    await opened.stores.pulls.keep(first, page(seen(person(1)), place="2"))
    assert await opened.stores.pulls.claim(5) == ()
    await opened.later(21)
    (second,) = await opened.stores.pulls.claim(5)
    assert (second.pull, second.place, second.fence) == (first.pull, "2", first.fence + 1)
    with pytest.raises(LeaseLostError):
        await opened.stores.pulls.keep(first, page(seen(person(7))))
    with pytest.raises(LeaseLostError):
        await finished(opened, first)
    with pytest.raises(LeaseLostError):
        await opened.stores.pulls.postpone(first, 1, "late")
    with pytest.raises(LeaseLostError):
        await opened.stores.pulls.restart(first)
    with pytest.raises(LeaseLostError):
        await opened.stores.pulls.park(first, 1, "late")
    assert await opened.stores.pulls.renew([first]) == {first.pull}
    assert set(await kept(opened)) == {"1"}
    assert (await opened.stores.pulls.keep(second, page(seen(person(2))))).read == 2


async def test_a_lease_that_is_renewed_lasts(opened: World) -> None:
    claim = await claimed(opened)
    await opened.later(15)
    assert await opened.stores.pulls.renew([claim]) == frozenset()
    await opened.later(15)
    assert await opened.stores.pulls.claim(5) == ()
    await opened.stores.pulls.keep(claim, page(seen(person(1))))


async def test_a_lease_that_ran_out_keeps_nothing_though_nobody_else_came(opened: World) -> None:
    claim = await claimed(opened)
    await opened.later(21)
    with pytest.raises(LeaseLostError):
        await opened.stores.pulls.keep(claim, page(seen(person(1))))


async def test_the_cursor_is_when_the_last_done_read_began(opened: World) -> None:
    first = await claimed(opened)
    assert (first.since, first.mode) == (None, PullMode.FULL)
    await opened.later(5)
    began = (await opened.stores.pulls.get(EVERYTHING, ACME, first.pull)).began_at
    await finished(opened, first)
    failed = await claimed(opened)
    assert (failed.since, failed.mode) == (began, PullMode.CHANGES)
    await finished(opened, failed, "it does not end")
    shown = await opened.stores.pulls.get(EVERYTHING, ACME, failed.pull)
    assert (shown.state, shown.reason) == (PullState.FAILED, "it does not end")
    again = await claimed(opened)
    assert (again.since, again.failures) == (began, 1)


async def test_it_is_due_again_by_the_schedule_and_whole_when_that_is_due(opened: World) -> None:
    await read_once(opened)
    await opened.later(299)
    assert await opened.stores.pulls.claim(5) == ()
    await opened.later(2)
    (claim,) = await opened.stores.pulls.claim(5)
    assert (claim.mode, claim.asked) == (PullMode.CHANGES, False)
    await finished(opened, claim)
    await opened.later(7000)
    (whole,) = await opened.stores.pulls.claim(5)
    assert whole.mode is PullMode.FULL


async def test_what_a_vendor_tells_makes_it_due_until_a_pull_that_began_later_has_ended(opened: World) -> None:
    await read_once(opened)
    inbox = opened.stores.vendor_inbox
    event = VendorEvent(id="e1", type="data-changed", pulls=frozenset({KIND}))
    await inbox.take(ACME, event)
    (claim,) = await opened.stores.pulls.claim(5)
    await opened.later(1)
    await inbox.take(ACME, attrs.evolve(event, id="e2"))
    await finished(opened, claim)
    (again,) = await opened.stores.pulls.claim(5)
    await opened.stores.pulls.postpone(again, 60, "away")
    assert await opened.stores.pulls.claim(5) == ()
    await opened.later(61)
    (again,) = await opened.stores.pulls.claim(5)
    await finished(opened, again, "no such list")
    assert await opened.stores.pulls.claim(5) == ()


async def test_two_workers_never_hold_one_kind_of_a_connection(opened: World) -> None:
    another = await opened.another()
    for one in (ACME, OTHER):
        await opened.stores.pulls.ask(EVERYTHING, one, list(RecordType), PullMode.CHANGES)
    claims = [*await opened.stores.pulls.claim(4), *await another.pulls.claim(4)]
    assert len({(claim.connection, claim.kind) for claim in claims}) == len(claims) == 6


async def test_a_parked_connection_is_left_alone_and_so_is_a_removed_one(opened: World) -> None:
    claim = await claimed(opened)
    await opened.stores.pulls.park(claim, 1, "the key is dead")
    assert (await opened.stores.connections.get(EVERYTHING, ACME)).parked == "the key is dead"
    assert await opened.stores.pulls.claim(5) == ()
    assert ("connection.parked", None) in await told_of(opened)
    await opened.stores.connections.unpark(ACME, 1)
    (claim,) = await opened.stores.pulls.claim(5)
    await opened.stores.pulls.keep(claim, page(seen(person(1))))
    await opened.stores.connections.remove(EVERYTHING, ACME)
    with pytest.raises(LeaseLostError):
        await opened.stores.pulls.keep(claim, page(seen(person(2))))
    assert await opened.stores.records.digests(ACME, KIND, ["1", "2"]) == {}
    await opened.later(30)
    assert await opened.stores.pulls.claim(5) == ()


async def test_new_connections_come_into_the_schedule_once(opened: World) -> None:
    pulls = opened.stores.pulls
    assert await pulls.unscheduled(10) == {ACME: Provider.KOMBO, OTHER: Provider.KOMBO}
    await pulls.schedule(ACME, {RecordType.JOB: 10.0, KIND: None, RecordType.APPLICATION: None})
    await pulls.schedule(ACME, {RecordType.JOB: 0.0, KIND: 0.0, RecordType.APPLICATION: 0.0})
    assert set(await pulls.unscheduled(10)) == {OTHER}
    assert await pulls.claim(5) == ()
    await opened.later(11)
    assert [claim.kind for claim in await pulls.claim(5)] == [RecordType.JOB]


async def test_what_is_asked_for_again_is_the_same_until_it_has_ended(opened: World) -> None:
    pulls = opened.stores.pulls
    await read_once(opened)
    (one,) = await pulls.ask(EVERYTHING, ACME, [KIND], PullMode.CHANGES)
    (same,) = await pulls.ask(EVERYTHING, ACME, [KIND], PullMode.FULL)
    assert (one.id, one.mode, same.mode) == (same.id, PullMode.CHANGES, PullMode.FULL)
    (claim,) = await pulls.claim(5)
    assert claim.mode is PullMode.FULL
    (running,) = await pulls.ask(EVERYTHING, ACME, [KIND], PullMode.CHANGES)
    assert (running.id, running.state) == (one.id, PullState.RUNNING)
    await finished(opened, claim)
    (other,) = await pulls.ask(EVERYTHING, ACME, [KIND], PullMode.CHANGES)
    assert other.id != one.id


async def test_who_asks_for_one_that_runs_already_is_told_of_its_end(opened: World) -> None:
    await read_once(opened)
    await opened.later(301)
    (claim,) = await opened.stores.pulls.claim(5)
    assert not claim.asked
    (same,) = await opened.stores.pulls.ask(EVERYTHING, ACME, [KIND], PullMode.CHANGES)
    assert (same.id, same.asked) == (claim.pull, True)
    await finished(opened, claim)
    assert await told_of(opened) == [("pull.completed", None)] * 2


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_claim_waits_for_no_connection_and_so_nobody_waits_in_a_circle(opened: World) -> None:
    """Who removes a connection, or asks for a pull of it, locks it and then its cursors."""
    await opened.stores.pulls.schedule(ACME, {KIND: 0.0})
    await opened.stores.pulls.schedule(OTHER, {KIND: 0.0})
    engine = postgres_engine(sa.make_url(opened.url), pool_size=1)
    async with engine.begin() as c:
        assert await c.run_sync(exists, EVERYTHING, ACME)
        async with asyncio.timeout(20):
            (claim,) = await opened.stores.pulls.claim(5)
        assert claim.connection == OTHER
    await engine.dispose()
    (claim,) = await opened.stores.pulls.claim(5)
    assert claim.connection == ACME


async def test_it_begins_anew_from_its_start_and_then_as_a_full_one(opened: World) -> None:
    await read_once(opened)
    claim = await claimed(opened)
    await opened.stores.pulls.keep(claim, page(seen(person(1)), place="2"))
    start = await opened.stores.pulls.restart(attrs.evolve(claim, place="2"))
    assert (start.place, start.mode) == (None, PullMode.CHANGES)
    whole = await opened.stores.pulls.restart(start)
    assert (whole.place, whole.mode) == (None, PullMode.FULL)
    shown = await opened.stores.pulls.get(EVERYTHING, ACME, claim.pull)
    assert (shown.mode, shown.tally.read) == (PullMode.FULL, 0)


async def test_nobody_sees_what_is_anothers(opened: World) -> None:
    await read_once(opened, KIND, seen(person(1)))
    (pull,) = await opened.stores.pulls.page(EVERYTHING, ACME, after=None, limit=5)
    assert await opened.stores.pulls.page(EVERYTHING, ACME, after=pull.id, limit=5) == ()
    stranger = Scope(OTHER)
    with pytest.raises(NotFoundError):
        await opened.stores.pulls.get(stranger, ACME, pull.id)
    with pytest.raises(NotFoundError):
        await opened.stores.pulls.get(EVERYTHING, OTHER, pull.id)
    with pytest.raises(NotFoundError):
        await opened.stores.pulls.page(stranger, ACME, after=None, limit=5)
    with pytest.raises(NotFoundError):
        await opened.stores.pulls.put_aside(stranger, ACME, after=None, limit=5)
    with pytest.raises(NotFoundError):
        await opened.stores.pulls.ask(stranger, ACME, [KIND], PullMode.CHANGES)
    with pytest.raises(NotFoundError):
        await opened.stores.records.page(stranger, ACME, RecordQuery(kind=KIND), cursor=None, limit=5)


async def test_of_those_that_have_ended_a_hundred_are_kept(opened: World) -> None:
    for _ in range(103):
        await finished(opened, await claimed(opened))
    assert len(await opened.stores.pulls.page(EVERYTHING, ACME, after=None, limit=1000)) == 100
