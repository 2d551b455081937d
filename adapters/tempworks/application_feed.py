"""What changed: applications, which are assignments and candidates on orders."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Iterator
from contextlib import aclosing
from datetime import datetime
from itertools import islice
from typing import Any

from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.assignments import Assignments
from adapters.tempworks.endpoints import CANDIDACIES, LIST_ASSIGNMENTS, LIST_JOB_ORDERS, ORDER_CANDIDATES
from adapters.tempworks.feeds import numbered, orders, sightings, since
from adapters.tempworks.lists import Reading, Seen, listed
from adapters.tempworks.routing import NOTHING, PROVIDER, Wiring, numeric
from adapters.tempworks.search import CANDIDATE_ADDED, EMPLOYEE_ID, LAST_MESSAGE, OR, Origin, Searches, Wanted
from adapters.together import together
from domain.ids import JobId
from domain.job_application import Application
from ports.errors import MalformedReplyError, NotFoundError
from ports.feeds import ApplicationFeed, Page, Sighting

AT_ONCE = 20
"""Orders or people whose lists are read at a time, and orders that one search names."""

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
        self, updated_after: datetime | None = None, *, for_jobs: Collection[JobId] | None = None
    ) -> AsyncIterator[Page[Application]]:
        start = None if updated_after is None else since(self._settings, updated_after)
        if for_jobs is None:
            return self._all() if start is None else self._changed(start)
        return self._of_jobs(tuple(dict.fromkeys(numeric(job, "for_jobs") for job in for_jobs)), start)

    async def _all(self) -> Pages:
        fetch = listed(self._calls, LIST_ASSIGNMENTS, NOTHING, NOTHING)
        number = numbered("assignmentId")
        reading = Reading(fetch, number, self._size, ascending=False, operation=LIST_ASSIGNMENTS.name)
        async with aclosing(reading.pages()) as pages:
            async for page in pages:
                yield sightings(page, codec.assignment_id, _assignment)
        asked, answered = 0, 0
        async with aclosing(orders(self._calls, self._settings)) as lists:
            async for page in lists:
                for numbers in _chunks(str(row.number) for row in page if row.number is not None):
                    lists_of = await together(self._listed(ORDER_CANDIDATES, "job_id", one) for one in numbers)
                    asked, answered = asked + len(numbers), answered + sum(rows is not None for rows in lists_of)
                    if found := self._page(lists_of):
                        yield found
        if asked and not answered:
            # One order may have gone out of our sight, but all of them: then this is not the way to their candidates.
            message = f"{PROVIDER} {ORDER_CANDIDATES.name}: no order that is listed has such a list"
            raise MalformedReplyError(message, provider=PROVIDER, operation=ORDER_CANDIDATES.name)

    async def _changed(self, start: str) -> Pages:
        async with aclosing(self._searched(start, None)) as assigned:
            async for found in assigned:
                yield found
        rules = tuple(self._people.since(column, start) for column in (CANDIDATE_ADDED, LAST_MESSAGE))
        wanted = Wanted(rules=rules, condition=OR, shown=(EMPLOYEE_ID,), sorted_by=EMPLOYEE_ID)
        async with aclosing((await self._people.reading(wanted)).pages()) as people:
            async for page in people:
                for numbers in _chunks(str(row.number) for row in page if row.number is not None):
                    lists = await together(self._listed(CANDIDACIES, "candidate_id", one) for one in numbers)
                    if found := self._page(lists):
                        yield found

    async def _of_jobs(self, jobs: tuple[str, ...], start: str | None) -> Pages:
        for numbers in _chunks(jobs):
            async with aclosing(self._searched(start, numbers)) as assigned:
                async for found in assigned:
                    yield found
            if found := self._page(await together(self._listed(ORDER_CANDIDATES, "job_id", one) for one in numbers)):
                yield found

    async def _searched(self, start: str | None, jobs: Iterable[str] | None) -> Pages:
        async with aclosing(self._assignments.pages(self._assignments.rules(start, jobs))) as pages:
            async for page in pages:
                yield tuple(self._sighted(row) for row in page)

    def _sighted(self, row: Seen) -> Sighting[Application]:
        name = row.unreadable if row.number is None else codec.assignment_id(row.number)
        return Sighting(name, row.digest, lambda: self._assignments.read(row))

    async def _listed(self, row: Endpoint[wire.Listing], name: str, number: str) -> list[Seen] | None:
        """None where there is no such list."""
        fetch = listed(self._calls, row, {name: number}, NOTHING)
        reading = Reading(fetch, numbered("orderCandidateId"), self._size, ascending=False, operation=row.name)
        try:
            return [one async for page in reading.pages() for one in page]
        except NotFoundError:
            return None

    def _page(self, lists: Iterable[list[Seen] | None]) -> Page[Application]:
        return tuple(self._candidate(row) for rows in lists for row in rows or ())

    def _candidate(self, row: Seen) -> Sighting[Application]:
        def load() -> Application:
            return codec.application_of_candidate(codec.decoded(wire.OrderCandidate, row.raw), self._settings.zone)

        return Sighting(_name(row), row.digest, load)


def _name(row: Seen) -> str:
    try:
        ids = codec.decoded(wire.OrderCandidateIds, row.raw)
        return codec.candidate_reference(ids).id
    except MalformedReplyError:
        return row.unreadable


def _assignment(raw: bytes) -> Application:
    return codec.application_of_assignment(codec.decoded(wire.Assignment, raw))


def _chunks(numbers: Iterable[str]) -> Iterator[list[str]]:
    each = iter(numbers)
    return iter(lambda: list(islice(each, AT_ONCE)), [])
