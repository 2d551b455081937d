"""Records that were pulled: what came last is kept, and read back."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.event import EventType
from domain.ids import ApplicationId, CandidateId, JobId, StageId
from domain.job import Job, JobStatus
from domain.job_application import Application
from domain.policy import RecordType
from domain.pull import PullMode, Record
from ports.errors import InvalidInputError
from ports.pulls import PutAside, SeenRecord
from ports.records import RecordQuery
from ports.scope import EVERYTHING
from tests.persistence.builders import ACME
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


async def test_whoever_was_erased_is_gone_and_is_not_pulled_in_again(opened: World) -> None:
    application = Application(id=ApplicationId("a1"), job_id=JobId("j1"), candidate_id=CandidateId("7"))
    await read_once(opened, KIND, seen(person(7)), seen(person(8)))
    await read_once(opened, RecordType.APPLICATION, seen(application))
    erasure = await opened.stores.people.erase(EVERYTHING, ACME, CandidateId("7"))
    assert erasure.records == 2
    claim = await claimed(opened)
    await opened.stores.pulls.keep(claim, page(seen(person(7)), seen(person(9))))
    assert set(await kept(opened)) == {"8", "9"}
    aside = tuple(PutAside(id=one, path="$.name", why="expected a text") for one in ("7", "8"))
    await opened.stores.pulls.keep(claim, page(aside=aside))
    assert [one.id for one in await opened.stores.pulls.put_aside(EVERYTHING, ACME, after=None, limit=9)] == ["8"]
    claim = await claimed(opened, RecordType.APPLICATION)
    await opened.stores.pulls.keep(claim, page(seen(application)))
    assert await kept(opened, RecordQuery(kind=RecordType.APPLICATION)) == {}


@pytest.mark.parametrize(("mode", "counted"), [(PullMode.CHANGES, (2, 0)), (PullMode.FULL, (0, 3))])
async def test_what_an_earlier_read_should_have_brought_is_counted_once(
    opened: World, mode: PullMode, counted: tuple[int, int]
) -> None:
    await read_once(opened, KIND, seen(person(1)), seen(person(2)))
    claim = await claimed(opened, mode=mode)
    assert claim.since is not None
    timely = attrs.evolve(person(3), changed_at=claim.since)
    timeless = attrs.evolve(person(4), changed_at=None)
    late = attrs.evolve(person(1, "Eve"), changed_at=claim.since - timedelta(seconds=1))
    other = attrs.evolve(person(5), changed_at=claim.since - timedelta(seconds=1))
    same = seen(person(2), salt="other bytes")
    changes = page(seen(timely), seen(timeless), seen(late), seen(other), same)
    for _ in range(2):
        tally = await opened.stores.pulls.keep(claim, changes)
    assert (tally.late, tally.missed) == counted
    assert (tally.new, tally.changed) == (3, 1)


async def test_what_is_put_aside_stands_until_it_is_decoded(opened: World) -> None:
    await read_once(opened)
    claim = await claimed(opened)
    aside = PutAside(id="7", path="$.name", why="expected a text")
    for path in ("$.id", "$.name"):
        await opened.stores.pulls.keep(claim, page(aside=(attrs.evolve(aside, path=path),)))
    (shown,) = await opened.stores.pulls.put_aside(EVERYTHING, ACME, after=None, limit=5)
    assert (shown.id, shown.kind, shown.path, shown.why) == ("7", KIND, "$.name", "expected a text")
    assert await opened.stores.pulls.put_aside(EVERYTHING, ACME, after="candidate:7", limit=5) == ()
    await opened.stores.pulls.keep(claim, page(seen(person(7))))
    assert await opened.stores.pulls.put_aside(EVERYTHING, ACME, after=None, limit=5) == ()


async def test_lists_are_read_on_in_the_order_of_keeping(opened: World) -> None:
    claim = await claimed(opened)
    for start in (0, 5):
        await opened.stores.pulls.keep(claim, page(*(seen(person(n)) for n in range(start, start + 5))))
    records = opened.stores.records
    first = await records.page(EVERYTHING, ACME, RecordQuery(kind=KIND), cursor=None, limit=4)
    await opened.stores.pulls.keep(claim, page(seen(person(0, "Eve"))))
    found, cursor = [one.id for one in first.items], first.next
    while cursor is not None:
        more = await records.page(EVERYTHING, ACME, RecordQuery(kind=KIND), cursor=cursor, limit=4)
        found, cursor = [*found, *(one.id for one in more.items)], more.next
    assert found == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]
    since = (await records.page(EVERYTHING, ACME, RecordQuery(kind=KIND), cursor=None, limit=9)).items[-1].updated_at
    assert set(await kept(opened, RecordQuery(kind=KIND, updated_after=since))) == {"0"}
    with pytest.raises(InvalidInputError):
        await records.page(EVERYTHING, ACME, RecordQuery(kind=KIND), cursor="?", limit=4)


async def test_lists_are_searched_by_status(opened: World) -> None:
    jobs = [Job(id=JobId(one.value), title="Welder", status=one) for one in (JobStatus.OPEN, JobStatus.CLOSED)]
    staged = Application(
        id=ApplicationId("a1"), job_id=JobId("j1"), candidate_id=CandidateId("7"), stage_id=StageId("12")
    )
    await read_once(opened, RecordType.JOB, *(seen(job) for job in jobs))
    await read_once(opened, RecordType.APPLICATION, seen(staged))
    assert await kept(opened, RecordQuery(kind=RecordType.JOB, status="open")) == {"open": jobs[0]}
    assert await kept(opened, RecordQuery(kind=RecordType.APPLICATION, status="12")) == {"a1": staged}
    assert await kept(opened, RecordQuery(kind=RecordType.APPLICATION, status="13")) == {}


NUMBERS = st.integers(0, 6)
SEEN = st.one_of(
    st.builds(lambda n, name: seen(person(n, name)), NUMBERS, st.sampled_from(["Ada", "Eve"])), st.builds(gone, NUMBERS)
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(st.lists(SEEN, max_size=5), max_size=6))
async def test_what_is_kept_is_what_came_last(opened: World, pages: list[list[SeenRecord]]) -> None:
    model: dict[str, Record | None] = {}
    before = len([one for one in await told_of(opened) if one[0] == EventType.CANDIDATE_CHANGED.value])
    claim = await claimed(opened, mode=PullMode.FULL)
    model |= await kept(opened)
    changes = 0
    for each in pages:
        last = {one.id: one.record for one in each}
        changes += sum(model.get(name) != record for name, record in last.items())
        await opened.stores.pulls.keep(claim, page(*each))
        model |= last
    await finished(opened, claim)
    assert await kept(opened) == {name: record for name, record in model.items() if record is not None}
    events = [one for one in await told_of(opened) if one[0] == EventType.CANDIDATE_CHANGED.value]
    assert len(events) - before == (changes if claim.since is not None else 0)
