"""What changed: applications, which are assignments and candidates on orders."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from adapters import places
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.assignments import Assignments
from adapters.tempworks.endpoints import CANDIDACIES, LIST_ASSIGNMENTS, LIST_JOB_ORDERS, ORDER_CANDIDATES
from adapters.tempworks.feeds import numbered, orders, sightings, since
from adapters.tempworks.lists import Place, Reading, Seen, after, listed
from adapters.tempworks.routing import NOTHING, PROVIDER, Wiring, numeric
from adapters.tempworks.search import CANDIDATE_ADDED, EMPLOYEE_ID, LAST_MESSAGE, OR, Origin, Searches, Wanted
from adapters.together import together
from domain.ids import JobId
from domain.job_application import Application
from ports.errors import MalformedReplyError, NotFoundError
from ports.feeds import ApplicationFeed, Page, Sighting

AT_ONCE = 20
"""Orders or people whose lists are read at a time, and orders that one search names."""

ASSIGNED, ON_ORDERS, ASSIGNED_SINCE, PEOPLE_SINCE, OF_JOBS = range(5)
"""The parts of readings: two of a full read, two of a read of changes, and from the last on those of given jobs."""

T = TypeVar("T")

Pages = AsyncGenerator[Page[Application], None]


class PlacementFeed(ApplicationFeed):
    """Assignments first, then candidates on orders; an id says which it is.

    Assignments tell when they were changed. Of candidates on orders only the day is known on which they were added:
    whoever was added, or had a message, is looked at again. A change of status that leaves no message is missed until
    the next full read. For given jobs all their candidates are read.
    """

    uses: tuple[Endpoint[Any], ...] = (
        LIST_ASSIGNMENTS,
        LIST_JOB_ORDERS,
        ORDER_CANDIDATES,
        CANDIDACIES,
        *Assignments.uses,
    )

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((LIST_ASSIGNMENTS, LIST_JOB_ORDERS, ORDER_CANDIDATES, CANDIDACIES))
        self._settings = wiring.settings
        self._assignments = Assignments(wiring)
        self._people = Searches(wiring, Origin.EMPLOYEE)
        self._size = int(wiring.settings.word("page_size"))

    def changed_applications(
        self,
        updated_after: datetime | None = None,
        *,
        for_jobs: Collection[JobId] | None = None,
        place: str | None = None,
    ) -> AsyncIterator[Page[Application]]:
        local = None if updated_after is None else since(self._settings, updated_after)
        if for_jobs is not None:
            # Sorted, so that a part is the same one when the reading is taken up again.
            chunks = tuple(_chunks(sorted({numeric(job, "for_jobs") for job in for_jobs}, key=int)))
            return self._of_jobs(chunks, local, _start(place, range(OF_JOBS, OF_JOBS + len(chunks))))
        if local is None:
            return self._all(_start(place, range(ASSIGNED, ASSIGNED_SINCE)))
        return self._changed(local, _start(place, range(ASSIGNED_SINCE, OF_JOBS)))

    async def _all(self, start: Place) -> Pages:
        if start.part == ASSIGNED:
            async with aclosing(self._assigned(start)) as assigned:
                async for found in assigned:
                    yield found
            start = _beginning(ON_ORDERS)
        async with aclosing(self._put_forward(start)) as others:
            async for found in others:
                yield found

    async def _assigned(self, start: Place) -> Pages:
        fetch, name = listed(self._calls, LIST_ASSIGNMENTS, NOTHING, NOTHING), LIST_ASSIGNMENTS.name
        number = numbered("assignmentId")
        reading = Reading(fetch, number, self._size, ascending=False, operation=name, start=start)
        async with aclosing(reading.pages()) as pages:
            async for page in pages:
                yield Page(sightings(page, codec.assignment_id, _assignment), after(name, start.part, page))

    async def _put_forward(self, start: Place) -> Pages:
        # A place among them comes with a page of such lists: there were some.
        asked, answered = 0, len(start.known)
        async with aclosing(orders(self._calls, self._settings, start)) as lists:
            async for page in lists:
                for rows in _chunks(row for row in page if row.number is not None):
                    lists_of = await together(self._listed(ORDER_CANDIDATES, "job_id", str(row.number)) for row in rows)
                    asked, answered = asked + len(rows), answered + sum(each is not None for each in lists_of)
                    if found := self._candidates(lists_of):
                        yield Page(found, after(LIST_ASSIGNMENTS.name, start.part, rows))
        if asked and not answered:
            # One order may have gone out of our sight, but all of them: then this is not the way to their candidates.
            message = f"{PROVIDER} {ORDER_CANDIDATES.name}: no order that is listed has such a list"
            raise MalformedReplyError(message, provider=PROVIDER, operation=ORDER_CANDIDATES.name)

    async def _changed(self, local: str, start: Place) -> Pages:
        if start.part == ASSIGNED_SINCE:
            async with aclosing(self._searched(local, None, start)) as assigned:
                async for found in assigned:
                    yield found
            start = _beginning(PEOPLE_SINCE)
        rules = tuple(self._people.since(column, local) for column in (CANDIDATE_ADDED, LAST_MESSAGE))
        wanted = Wanted(rules=rules, condition=OR, shown=(EMPLOYEE_ID,), sorted_by=EMPLOYEE_ID)
        async with aclosing((await self._people.reading(wanted, start)).pages()) as people:
            async for page in people:
                for rows in _chunks(row for row in page if row.number is not None):
                    lists = await together(self._listed(CANDIDACIES, "candidate_id", str(row.number)) for row in rows)
                    if candidates := self._candidates(lists):
                        yield Page(candidates, after(LIST_ASSIGNMENTS.name, start.part, rows))

    async def _of_jobs(self, chunks: Sequence[list[str]], local: str | None, start: Place) -> Pages:
        for part in range(start.part, OF_JOBS + len(chunks)):
            numbers = chunks[part - OF_JOBS]
            async with aclosing(self._searched(local, numbers, start)) as assigned:
                async for page in assigned:
                    yield page
            start = _beginning(part + 1)
            lists = await together(self._listed(ORDER_CANDIDATES, "job_id", one) for one in numbers)
            if found := self._candidates(lists):
                yield Page(found, None if part - OF_JOBS + 1 == len(chunks) else places.written(start))

    async def _searched(self, local: str | None, jobs: Iterable[str] | None, start: Place) -> Pages:
        async with aclosing(self._assignments.pages(self._assignments.rules(local, jobs), start)) as pages:
            async for page in pages:
                yield Page(tuple(self._sighted(row) for row in page), after(start.operation, start.part, page))

    def _sighted(self, row: Seen) -> Sighting[Application]:
        name = row.unreadable if row.number is None else codec.assignment_id(row.number)
        return Sighting(name, row.digest, lambda: self._assignments.read(row), partial=True, size=len(row.raw))

    async def _listed(self, row: Endpoint[wire.Listing], name: str, number: str) -> list[Seen] | None:
        """None where there is no such list."""
        fetch = listed(self._calls, row, {name: number}, NOTHING)
        reading = Reading(fetch, numbered("orderCandidateId"), self._size, ascending=False, operation=row.name)
        try:
            return [one async for page in reading.pages() for one in page]
        except NotFoundError:
            return None

    def _candidates(self, lists: Iterable[list[Seen] | None]) -> tuple[Sighting[Application], ...]:
        return tuple(self._candidate(row) for rows in lists for row in rows or ())

    def _candidate(self, row: Seen) -> Sighting[Application]:
        def load() -> Application:
            return codec.application_of_candidate(codec.decoded(wire.OrderCandidate, row.raw), self._settings.zone)

        return Sighting(_name(row), row.digest, load, size=len(row.raw))


def _name(row: Seen) -> str:
    try:
        ids = codec.decoded(wire.OrderCandidateIds, row.raw)
        return codec.candidate_reference(ids).id
    except MalformedReplyError:
        return row.unreadable


def _assignment(raw: bytes) -> Application:
    return codec.application_of_assignment(codec.decoded(wire.Assignment, raw))


def _start(place: str | None, parts: range) -> Place:
    return places.read(place, Place, LIST_ASSIGNMENTS.name, parts, PROVIDER)


def _beginning(part: int) -> Place:
    return Place(LIST_ASSIGNMENTS.name, part)


def _chunks(numbers: Iterable[T]) -> Iterator[list[T]]:
    each = iter(numbers)
    return iter(lambda: list(islice(each, AT_ONCE)), [])
