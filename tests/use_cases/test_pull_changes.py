"""One pull: where it goes on, what it does with a source that misbehaves, and when the next one comes."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any

import attrs
import pytest

from application.pull_changes import LARGEST_RECORD, PullChanges, Rhythm
from domain.candidate import Candidate
from domain.ids import CandidateId, ConnectionId
from domain.policy import RecordType
from domain.pull import PullMode, PullState
from ports.errors import (
    AccessError,
    ForbiddenError,
    InvalidInputError,
    MalformedReplyError,
    PortError,
    ThrottledError,
    UnavailableError,
)
from ports.feeds import CandidateFeed, Page, Sighting
from ports.gateway import Absence, AbsenceKind
from ports.pulls import Pull, PullClaim
from ports.records import RecordQuery
from ports.scope import EVERYTHING
from tests.clocks import BEGINNING
from tests.office import CONNECTION, Office

KIND = RecordType.CANDIDATE
Fails = Callable[[datetime | None, int], PortError | None]


def person(number: int, name: str = "Ada", size: int = 100) -> Sighting[Candidate]:
    record = Candidate(id=CandidateId(str(number)), first_name=name, last_name="Row", changed_at=BEGINNING)
    return Sighting(str(number), hashlib.sha256(f"{number} {name}".encode()).digest(), lambda: record, size=size)


def broken(number: int) -> Sighting[Candidate]:
    def load() -> Candidate:
        raise MalformedReplyError("expected a text", path="$.name")

    return Sighting(str(number), hashlib.sha256(f"broken {number}".encode()).digest(), load, size=100)


@attrs.define
class Script(CandidateFeed):
    """Pages in order; `fails` says what is raised instead of the page at a place."""

    pages: Sequence[Sequence[Sighting[Candidate]]]
    fails: Fails = lambda since, at: None
    asked: list[tuple[datetime | None, str | None]] = attrs.field(factory=list)
    gave: int = 0

    def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        self.asked.append((updated_after, place))
        return self._given(updated_after, int(place or 0))

    async def _given(self, since: datetime | None, start: int) -> AsyncIterator[Page[Candidate]]:
        for at in range(start, len(self.pages)):
            error = self.fails(since, at)
            if error is not None:
                raise error
            self.gave += 1
            yield Page(tuple(self.pages[at]), str(at + 1) if at + 1 < len(self.pages) else None)


def use_case(office: Office, rhythm: Rhythm | None = None) -> PullChanges:
    stores = office.stores
    return PullChanges(
        office.connections, stores.connections, stores.pulls, stores.records, office.clock, rhythm or Rhythm()
    )


async def claimed(office: Office, mode: PullMode = PullMode.CHANGES) -> PullClaim:
    await office.stores.pulls.ask(EVERYTHING, CONNECTION, [KIND], mode)
    (claim,) = await office.stores.pulls.claim(5)
    return claim


async def pulled(office: Office, feed: Any, mode: PullMode = PullMode.CHANGES) -> Pull:
    office.without(attrs.evolve(office.connections.gateway, candidate_feed=feed))
    claim = await claimed(office, mode)
    await use_case(office)(claim)
    return await office.stores.pulls.get(EVERYTHING, CONNECTION, claim.pull)


async def names(office: Office) -> dict[str, str]:
    page = await office.stores.records.page(EVERYTHING, CONNECTION, RecordQuery(kind=KIND), cursor=None, limit=100)
    return {one.id: one.record.first_name for one in page.items if isinstance(one.record, Candidate)}


async def test_the_first_pull_reads_everything_and_the_next_what_changed_since_it_began(office: Office) -> None:
    feed = Script([[person(1), person(2)], [person(3)]])
    began = office.clock.now()
    first = await pulled(office, feed)
    assert (first.mode, first.state) == (PullMode.FULL, PullState.DONE)
    assert (first.tally.read, first.tally.new, first.tally.late) == (3, 3, 0)
    office.clock.advance(300)
    second = await pulled(office, Script([[person(3), person(2, "Eve")]]))
    assert (second.mode, second.since, second.tally.unchanged, second.tally.changed) == (PullMode.CHANGES, began, 1, 1)
    assert await names(office) == {"1": "Ada", "2": "Eve", "3": "Ada"}


async def test_whoever_comes_after_goes_on_at_the_place(office: Office) -> None:
    feed = Script([[person(1)], [person(2)], [person(3)]], lambda _, at: UnavailableError("away") if at == 2 else None)
    waiting = await pulled(office, feed)
    assert (waiting.state, waiting.reason, waiting.tally.read) == (PullState.WAITING, "away", 2)
    assert await office.stores.pulls.claim(1) == ()
    office.clock.advance(31)
    feed.fails = lambda _, at: None
    done = await pulled(office, feed)
    assert (done.id, done.state, done.tally.read) == (waiting.id, PullState.DONE, 3)
    assert [place for _, place in feed.asked] == [None, "2"]


async def test_the_silence_that_a_source_asks_for_is_kept(office: Office) -> None:
    feed = Script([[person(1)]], lambda _, at: ThrottledError("enough", retry_after=600))
    await pulled(office, feed)
    office.clock.advance(599)
    assert await office.stores.pulls.claim(1) == ()
    office.clock.advance(2)
    assert len(await office.stores.pulls.claim(1)) == 1


async def test_a_source_that_forgot_the_place_is_read_from_the_beginning(office: Office) -> None:
    feed = Script([[person(1)], [person(2)]], lambda _, at: UnavailableError("away") if at == 1 else None)
    await pulled(office, feed)
    office.clock.advance(31)
    feed.fails = lambda _, at: InvalidInputError("no such cursor") if feed.asked[-1][1] == "1" else None
    done = await pulled(office, feed)
    assert (done.state, done.tally.read) == (PullState.DONE, 2)
    assert [place for _, place in feed.asked] == [None, "1", None]


async def test_a_source_that_does_not_go_back_so_far_is_read_whole(office: Office) -> None:
    await pulled(office, Script([[person(1)]]))
    office.clock.advance(90 * 24 * 3600)
    feed = Script([[person(1), person(2)]], lambda since, _: InvalidInputError("too old") if since else None)
    done = await pulled(office, feed)
    assert (done.mode, done.state, done.tally.new) == (PullMode.FULL, PullState.DONE, 1)


async def test_a_source_that_refuses_a_full_read_has_failed(office: Office) -> None:
    failed = await pulled(office, Script([[]], lambda _, at: InvalidInputError("no")))
    assert (failed.state, failed.reason) == (PullState.FAILED, "no")


async def test_a_list_that_cannot_be_read_is_tried_three_times_more(office: Office) -> None:
    feed = Script([[person(1)], []], lambda _, at: MalformedReplyError("the list does not end") if at == 1 else None)
    states = []
    for _ in range(4):
        one = await pulled(office, feed)
        states.append((one.state, one.reason))
        office.clock.advance(901)
    assert states == [(PullState.WAITING, "the list does not end")] * 3 + [(PullState.FAILED, "the list does not end")]


async def test_a_record_that_cannot_be_decoded_is_put_aside_until_it_can_be(office: Office) -> None:
    done = await pulled(office, Script([[person(1), broken(2)]]))
    assert (done.state, done.tally.put_aside) == (PullState.DONE, 1)
    (aside,) = await office.stores.pulls.put_aside(EVERYTHING, CONNECTION, after=None, limit=5)
    assert (aside.id, aside.path, aside.why) == ("2", "$.name", "expected a text")
    await pulled(office, Script([[person(1), person(2)]]), PullMode.FULL)
    assert await office.stores.pulls.put_aside(EVERYTHING, CONNECTION, after=None, limit=5) == ()
    assert await names(office) == {"1": "Ada", "2": "Ada"}


async def test_a_record_that_is_far_too_large_is_put_aside_and_the_others_are_kept(office: Office) -> None:
    done = await pulled(office, Script([[person(1), person(2, size=50 * 1024 * 1024), person(3, size=LARGEST_RECORD)]]))
    assert (done.state, done.tally.put_aside) == (PullState.DONE, 1)
    (aside,) = await office.stores.pulls.put_aside(EVERYTHING, CONNECTION, after=None, limit=5)
    assert (aside.id, aside.path, aside.why) == ("2", "$", "it takes 50.0 MB, and at most 4 MB are read")
    assert await names(office) == {"1": "Ada", "3": "Ada"}


async def test_too_many_that_cannot_be_decoded_fail_the_pull(office: Office) -> None:
    failed = await pulled(office, Script([[broken(n) for n in range(20)], [broken(20)], [person(30)]]))
    assert failed.state is PullState.FAILED
    assert failed.reason == "21 of 21 records cannot be decoded: see what was put aside"


async def test_a_kind_that_the_provider_does_not_give_has_failed_with_the_reason(office: Office) -> None:
    failed = await pulled(office, Absence(AbsenceKind.NOT_OFFERED, "there is no such list"))
    assert (failed.state, failed.reason) == (PullState.FAILED, "there is no such list")


async def test_dead_credentials_park_the_connection_and_a_forbidden_list_does_not(office: Office) -> None:
    forbidden = await pulled(office, Script([[]], lambda _, at: ForbiddenError("not this list")))
    assert (forbidden.state, forbidden.reason) == (PullState.FAILED, "not this list")
    parked = await pulled(office, Script([[]], lambda _, at: AccessError("the key is dead")))
    assert parked.state is PullState.WAITING
    assert (await office.stores.connections.get(EVERYTHING, CONNECTION)).parked == "the key is dead"
    office.clock.advance(10_000)
    assert await office.stores.pulls.claim(5) == ()


async def test_a_defect_of_ours_is_shown_and_does_not_come_again_at_once(office: Office) -> None:
    def load() -> Candidate:
        raise ZeroDivisionError

    feed = Script([[Sighting("1", b"x" * 32, load, size=1)]])
    office.without(attrs.evolve(office.connections.gateway, candidate_feed=feed))
    claim = await claimed(office)
    with pytest.raises(ZeroDivisionError):
        await use_case(office)(claim)
    shown = await office.stores.pulls.get(EVERYTHING, CONNECTION, claim.pull)
    assert (shown.state, shown.reason) == (PullState.FAILED, "a defect of ours stopped it: the log says which")


async def test_whoever_lost_the_lease_keeps_nothing_more(office: Office) -> None:
    feed = Script([[person(1)], [person(2)]])
    office.without(attrs.evolve(office.connections.gateway, candidate_feed=feed))
    old = await claimed(office)
    office.clock.advance(3600)
    (new,) = await office.stores.pulls.claim(5)
    await use_case(office)(old)
    assert await names(office) == {}
    await use_case(office)(new)
    assert await names(office) == {"1": "Ada", "2": "Ada"}


async def test_two_pulls_at_once_are_one(office: Office) -> None:
    asked = [await office.stores.pulls.ask(EVERYTHING, CONNECTION, [KIND], PullMode.CHANGES) for _ in range(2)]
    assert asked[0][0].id == asked[1][0].id
    assert len(await office.stores.pulls.claim(5)) == 1
    assert await office.stores.pulls.claim(5) == ()


async def test_the_next_page_is_asked_for_while_this_one_is_kept(office: Office) -> None:
    feed = Script([[person(1)], [person(2)], [person(3)]])
    office.without(attrs.evolve(office.connections.gateway, candidate_feed=feed))
    kept: list[int] = []
    pulls = office.stores.pulls

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(pulls, name)

        async def keep(self, claim: PullClaim, page: Any) -> Any:
            await asyncio.sleep(0)
            kept.append(feed.gave)
            return await pulls.keep(claim, page)

    watched: Any = Watched()
    await attrs.evolve(use_case(office), pulls=watched)(await claimed(office))
    assert kept == [2, 3, 3]


async def test_a_read_that_was_not_asked_for_rests_between_pages(office: Office) -> None:
    await pulled(office, Script([[person(1)]]))
    office.clock.advance(8 * 24 * 3600)
    feed = Script([[person(1)], [person(2)]])
    office.without(attrs.evolve(office.connections.gateway, candidate_feed=feed))
    (claim,) = await office.stores.pulls.claim(5)
    assert (claim.mode, claim.asked) == (PullMode.FULL, False)
    before = list(office.clock.slept)
    await use_case(office, Rhythm(pause=7.0))(claim)
    assert office.clock.slept[len(before) :] == [7.0, 7.0]


def test_a_thousand_connections_do_not_begin_together() -> None:
    firsts = [Rhythm().first(ConnectionId(f"con_{n}"), RecordType.JOB, {}) or 0.0 for n in range(1000)]
    tenths = [sum(1 for one in firsts if 30 * n <= one < 30 * (n + 1)) for n in range(10)]
    assert min(tenths) > 60
    assert sum(tenths) == 1000


@pytest.mark.parametrize(
    ("settings", "kind", "every"),
    [
        ({}, RecordType.JOB, 300.0),
        ({}, RecordType.APPLICATION, 900.0),
        ({"pull_seconds": {"job": 60}}, RecordType.JOB, 60.0),
        ({"pull_seconds": {"job": 60}}, RecordType.CANDIDATE, 900.0),
        ({"pull_seconds": {"candidate": 0}}, RecordType.CANDIDATE, None),
    ],
)
def test_how_often_is_the_connections_to_say(settings: Any, kind: RecordType, every: float | None) -> None:
    assert Rhythm().every(kind, settings) == every


async def test_what_came_late_is_counted_and_what_was_missed_too(office: Office) -> None:
    await pulled(office, Script([[person(1)]]))
    office.clock.advance(300)
    late = await pulled(office, Script([[person(2)]]))
    assert (late.tally.new, late.tally.late, late.tally.missed) == (1, 0, 0)
    office.clock.advance(300)
    late = await pulled(office, Script([[person(3)]]))
    assert (late.tally.new, late.tally.late, late.tally.missed) == (1, 1, 0)
    audit = await pulled(office, Script([[person(1), person(2), person(3), person(4)]]), PullMode.FULL)
    assert (audit.tally.new, audit.tally.late, audit.tally.missed) == (1, 0, 1)
