"""What changed: candidates and jobs. Of nearly nothing TempWorks tells when it was changed: what it tells is searched.

A full read gives what the lists hold. A read of changes finds ids by their dates, and reads each record.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any, TypeVar

import attrs
from msgspec import Raw

from adapters import places
from adapters.rest.calls import Calls
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import EMPLOYEE, JOB_ORDER, LIST_EMPLOYEES, LIST_JOB_ORDERS
from adapters.tempworks.lists import Place, Reading, Seen, after, listed
from adapters.tempworks.routing import NOTHING, PROVIDER, Wiring
from adapters.tempworks.search import (
    ACTIVATED,
    DOCUMENT_MADE,
    EMPLOYEE_ID,
    JOB_ORDER_ID,
    JOB_ORDER_MODIFIED,
    LAST_MESSAGE,
    OR,
    STATUS_MODIFIED,
    Column,
    Origin,
    Searches,
    Wanted,
    cells,
)
from adapters.tempworks.settings import Settings
from adapters.together import together
from domain.candidate import Candidate
from domain.job import Job, JobStatus
from domain.window import ChangeWindow
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError
from ports.feeds import CandidateFeed, JobFeed, Page, Sighting

T = TypeVar("T")

WHOLE, CHANGES = range(1), range(1, 2)
"""The parts of a full read, and of a read of changes: a place of one is none of the other."""


def since(settings: Settings, updated_after: datetime) -> str:
    """From which local time on to ask: the overlap is taken in UTC, and then the time made local."""
    if updated_after.utcoffset() is None:
        message = "updated_after must have an offset: which hour is meant cannot be guessed"
        raise InvalidInputError(message, field="updated_after", provider=PROVIDER)
    window = ChangeWindow(updated_after, timedelta(seconds=settings.lookback))
    return codec.local_text(window.start, settings.zone)


def numbered(key: str) -> Callable[[bytes], int | None]:
    """The id of a row that stands under this key."""

    def number(raw: bytes) -> int | None:
        try:
            return int(codec.ident(codec.decoded(dict[str, object], raw).get(key)))
        except MalformedReplyError:
            return None

    return number


def sightings(page: Sequence[Seen], name: Callable[[int], str], load: Callable[[bytes], T]) -> tuple[Sighting[T], ...]:
    """Rows as they were listed, each decoded when somebody wants it: they tell less than the record by its id."""
    return tuple(
        Sighting(
            row.unreadable if row.number is None else name(row.number),
            row.digest,
            _loader(load, row.raw),
            partial=True,
            size=len(row.raw),
        )
        for row in page
    )


def _loader(load: Callable[[bytes], T], raw: bytes) -> Callable[[], T]:
    return lambda: load(raw)


@attrs.frozen(kw_only=True)
class _Changes:
    """A search for what changed, and the record by its id."""

    searches: Searches
    rules: tuple[Column, ...]
    times: tuple[Column, ...]
    id: Column
    record: Endpoint[Raw]
    name: str

    async def found(
        self, calls: Calls, local: str, load: Callable[[bytes, list[object]], T], start: Place
    ) -> AsyncGenerator[Page[T], None]:
        """Those of which any of the dates is this local time or later."""
        wanted = Wanted(
            rules=tuple(self.searches.since(column, local) for column in self.rules),
            condition=OR,
            shown=(self.id, *self.times),
            sorted_by=self.id,
        )
        async with aclosing((await self.searches.reading(wanted, start)).pages()) as pages:
            async for page in pages:
                read = await together(self._sighted(calls, row, load) for row in page)
                if there := tuple(one for one in read if one is not None):
                    yield Page(there, after(start.operation, start.part, page))

    async def _sighted(self, calls: Calls, row: Seen, load: Callable[[bytes, list[object]], T]) -> Sighting[T] | None:
        if row.number is None:
            return Sighting(row.unreadable, row.digest, lambda: load(b"", []), size=len(row.raw))
        try:
            answer = await calls.call(self.record, path={self.name: str(row.number)})
        except NotFoundError:
            return None  # Out of our sight since the page was made.
        shown, raw = cells(row), bytes(answer)
        times = [self.searches.value(shown, column) for column in self.times]
        # The record tells more than a row, but not all that a row does: other phone numbers, where a job is.
        digest, size = codec.digest_of(row.raw, raw), len(row.raw) + len(raw)
        return Sighting(str(row.number), digest, lambda: load(raw, times), partial=True, size=size)


class EmployeeFeed(CandidateFeed):
    """Active people and those who are not any more.

    Nothing tells when a person was last changed. Changes are found by when they were activated, when their status
    changed, by their last message and their documents: an edit that touches none of these, as of a name, an address
    or a phone number, is missed until the next full read.
    """

    uses: tuple[Endpoint[Any], ...] = (LIST_EMPLOYEES, EMPLOYEE, *Searches.uses)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((LIST_EMPLOYEES, EMPLOYEE))
        self._settings = wiring.settings
        self._changes = _Changes(
            searches=Searches(wiring, Origin.EMPLOYEE),
            rules=(ACTIVATED, STATUS_MODIFIED, LAST_MESSAGE, DOCUMENT_MADE),
            times=(ACTIVATED, STATUS_MODIFIED, LAST_MESSAGE),
            id=EMPLOYEE_ID,
            record=EMPLOYEE,
            name="candidate_id",
        )

    def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        parts = WHOLE if updated_after is None else CHANGES
        start = places.read(place, Place, LIST_EMPLOYEES.name, parts, PROVIDER)
        if updated_after is None:
            return self._all(start)
        return self._changes.found(self._calls, since(self._settings, updated_after), self._changed, start)

    async def _all(self, start: Place) -> AsyncIterator[Page[Candidate]]:
        fetch = listed(self._calls, LIST_EMPLOYEES, NOTHING, {"orderBy": "employeeId", "orderByAscending": "true"})
        size = int(self._settings.word("page_size"))
        name = LIST_EMPLOYEES.name
        reading = Reading(fetch, numbered("employeeId"), size, ascending=True, operation=name, start=start)
        async with aclosing(reading.pages()) as pages:
            async for page in pages:
                yield Page(sightings(page, str, _candidate_of_row), after(name, start.part, page))

    def _changed(self, raw: bytes, times: list[object]) -> Candidate:
        return codec.candidate(codec.decoded(wire.Employee, raw), self._settings.zone, changed=times)


def _candidate_of_row(raw: bytes) -> Candidate:
    return codec.candidate_of_row(codec.decoded(wire.EmployeeRow, raw))


class JobOrderFeed(JobFeed):
    """All orders, or those that changed where searches have a column that says so: where not, all of them again."""

    uses: tuple[Endpoint[Any], ...] = (LIST_JOB_ORDERS, JOB_ORDER, *Searches.uses)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((LIST_JOB_ORDERS, JOB_ORDER))
        self._settings = wiring.settings
        self._changes = _Changes(
            searches=Searches(wiring, Origin.JOB_ORDER),
            rules=(JOB_ORDER_MODIFIED,),
            times=(JOB_ORDER_MODIFIED,),
            id=JOB_ORDER_ID,
            record=JOB_ORDER,
            name="job_id",
        )

    def changed_jobs(
        self, updated_after: datetime | None = None, *, statuses: Collection[JobStatus] = (), place: str | None = None
    ) -> AsyncIterator[Page[Job]]:
        return self._wanted(None if updated_after is None else since(self._settings, updated_after), statuses, place)

    async def _wanted(
        self, local: str | None, statuses: Collection[JobStatus], place: str | None
    ) -> AsyncIterator[Page[Job]]:
        changes = local is not None and await self._changes.searches.knows(JOB_ORDER_ID, JOB_ORDER_MODIFIED)
        start = places.read(place, Place, LIST_JOB_ORDERS.name, CHANGES if changes else WHOLE, PROVIDER)
        searched = self._changes.found(self._calls, local or "", self._changed, start)
        async with aclosing(searched if changes else self._all(start)) as pages:
            async for page in pages:
                if wanted := tuple(one for one in page if not statuses or _stands(one, statuses)):
                    yield attrs.evolve(page, sightings=wanted)

    async def _all(self, start: Place) -> AsyncGenerator[Page[Job], None]:
        async with aclosing(orders(self._calls, self._settings, start)) as pages:
            async for page in pages:
                yield Page(sightings(page, str, _job_of_row), after(start.operation, start.part, page))

    def _changed(self, raw: bytes, times: list[object]) -> Job:
        return codec.job(codec.decoded(wire.JobOrder, raw), self._settings.zone, changed=times[0] if times else None)


def orders(calls: Calls, settings: Settings, start: Place) -> AsyncGenerator[tuple[Seen, ...], None]:
    """All orders from a place on. They cannot be asked for in an order of their own, so their ids are remembered."""
    fetch, size = listed(calls, LIST_JOB_ORDERS, NOTHING, NOTHING), int(settings.word("page_size"))
    name = LIST_JOB_ORDERS.name
    return Reading(fetch, numbered("orderId"), size, ascending=False, operation=name, start=start).pages()


def _job_of_row(raw: bytes) -> Job:
    return codec.job_of_row(codec.decoded(wire.JobOrderRow, raw))


def _stands(one: Sighting[Job], statuses: Collection[JobStatus]) -> bool:
    try:
        return one.load().status in statuses
    except MalformedReplyError:
        return True  # It is put aside by whoever loads it, rather than passed over here.
