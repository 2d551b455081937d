"""What changed: jobs, applications and candidates, page by page, each record by its bytes until somebody wants it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, Any, TypeVar

import attrs
import msgspec

from adapters import places
from adapters.erecruit import codec, wire
from adapters.erecruit.endpoints import COMMUNICATIONS, LIST_APPLICATIONS, LIST_CANDIDATES, LIST_JOBS, Rows
from adapters.erecruit.routing import PROVIDER, Wiring, job_statuses, numeric
from adapters.erecruit.settings import Settings
from adapters.rest.calls import Calls
from adapters.rest.endpoint import Endpoint
from adapters.rest.paging import by_page
from adapters.together import together
from domain.candidate import Candidate
from domain.ids import JobId
from domain.job import Job, JobStatus
from domain.job_application import Application
from domain.window import ChangeWindow
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError
from ports.feeds import ApplicationFeed, CandidateFeed, JobFeed, Page, Sighting

T = TypeVar("T")

MOST_IDS = 50
"""How many ids one address bears."""

KNOWN = 3
"""How many of the last rows of a page are told by their bytes, so that they are found again."""

PASSES = 3
"""How often the same pages are read at most, where rows that were read move while they are."""


@attrs.frozen
class Seen:
    """A record by its bytes. `glance` is None where not even its id can be read."""

    raw: bytes
    digest: bytes
    glance: wire.Glance | None

    @property
    def id(self) -> str:
        """A record without an id can still be told apart, and put aside."""
        return str(self.glance.ID) if self.glance else f"unreadable-{self.digest.hex()[:12]}"


class Place(places.Place, frozen=True, array_like=True, forbid_unknown_fields=True):
    """At the page that was given last, of the query that is its part; `known` are the digests of its last rows."""

    page: Annotated[int, msgspec.Meta(ge=1)] = 1
    known: tuple[str, ...] = ()


@attrs.frozen
class Turned:
    """What a page has that was not given before, and the place after it."""

    seen: tuple[Seen, ...]
    place: str


class Reading:
    """One run over one list: a query stays the same for all its pages, and nothing is given twice.

    Where a row is changed or removed while it runs, those behind it move up, and one of them may slip by between two
    pages. A changed one comes again at the end, and tells so: then the pages from where it stood are read once more,
    but not for ever. A removed one tells nothing: who slipped by comes with a later full read.
    """

    def __init__(self, calls: Calls, settings: Settings, row: Endpoint[Rows]) -> None:
        self._calls = calls
        self._settings = settings
        self._row = row
        self._size = int(settings.word("page_size"))
        self._given: set[tuple[str, bytes]] = set()
        self._stood: dict[str, int] = {}
        self._moved: set[int] = set()

    async def pages(self, queries: Sequence[Mapping[str, str]], place: str | None) -> AsyncGenerator[Turned, None]:
        """One query after the other. Raises MalformedReplyError when a page comes twice."""
        start = places.read(place, Place, self._row.name, range(len(queries)), PROVIDER)
        for part in range(start.part, len(queries)):
            first = await self._first(queries[part], start) if part == start.part else 1
            for _ in range(PASSES):
                async with aclosing(self._numbered(queries[part], first)) as pages:
                    async for number, page in pages:
                        known = tuple(_told(one) for one in page[-KNOWN:])
                        after = places.written(Place(self._row.name, part, number, known))
                        yield Turned(tuple(self._new(page, number)), after)
                if not self._moved:
                    break
                first = min(self._moved)
                self._moved.clear()

    async def _first(self, query: Mapping[str, str], start: Place) -> int:
        """The page to go on with.

        Rows that vanish, or are changed and so moved to the end, let all behind them move up. Whoever was not given
        stands behind any row that was, and is as it was. Where the last row is still the last of its page nothing has
        moved: so a reading that is broken off after each single page gets on all the same.
        """
        if not start.known:
            return 1
        for number in range(start.page, 0, -1):
            told = [_told(one) for one in (await self._asked(query, number))[0]]
            if told[-1:] == [start.known[-1]]:
                return number + 1
            if not set(told).isdisjoint(start.known):
                return number
        return 1

    async def _numbered(self, query: Mapping[str, str], first: int) -> AsyncGenerator[tuple[int, Sequence[Seen]], None]:
        number, whole = first, False

        async def fetch(wanted: int) -> Sequence[Seen]:
            nonlocal number, whole
            if whole:
                return ()
            number = wanted
            rows, whole = await self._asked(query, number)
            return rows

        numbered = by_page(fetch, self._size, identity=_identity, first=first, to_empty=True, operation=self._row.name)
        async with aclosing(numbered) as pages:
            async for page in pages:
                yield number, page

    async def _asked(self, query: Mapping[str, str], number: int) -> tuple[list[Seen], bool]:
        """The rows of a page, and whether it is the last."""
        word = self._settings.word
        paged = {word("query.page"): str(number), word("query.page_size"): str(self._size)}
        reply = await self._calls.call(self._row, query={**query, **paged})
        rows = [_seen(raw) for raw in codec.slices(reply)]
        # Pages may be smaller than asked for, and then they say so; a bare array says nothing.
        return rows, len(rows) < codec.page_size(reply, self._size)

    def _new(self, page: Iterable[Seen], number: int) -> Iterator[Seen]:
        for one in page:
            stood = self._stood.get(one.id, number)
            self._stood[one.id] = number
            if _identity(one) not in self._given:
                self._given.add(_identity(one))
                if stood < number:
                    self._moved.add(stood)
                yield one


def _seen(raw: bytes) -> Seen:
    try:
        glance = codec.decoded(wire.Glance, raw)
    except MalformedReplyError:
        glance = None
    return Seen(raw, codec.digest_of(raw), glance)


def _identity(one: Seen) -> tuple[str, bytes]:
    return one.id, one.digest


def _told(one: Seen) -> str:
    return one.digest.hex()[:16]


def since(settings: Settings, updated_after: datetime | None) -> dict[str, str]:
    """The part of a query that limits it to changes: the overlap is taken in UTC, and then the time made local."""
    if updated_after is None:
        return {}
    if updated_after.utcoffset() is None:
        message = "updated_after must have an offset: which hour is meant cannot be guessed"
        raise InvalidInputError(message, field="updated_after", provider=PROVIDER)
    window = ChangeWindow(updated_after, timedelta(seconds=settings.overlap_seconds))
    return {settings.word("query.modified_after"): codec.local_text(window.start, settings.zone)}


class PositionFeed(JobFeed):
    uses = (LIST_JOBS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._numbers = job_statuses(wiring.settings)

    def changed_jobs(
        self, updated_after: datetime | None = None, *, statuses: Collection[JobStatus] = (), place: str | None = None
    ) -> AsyncIterator[Page[Job]]:
        return self._pages({**since(self._settings, updated_after), **self._asked(statuses)}, statuses, place)

    def _asked(self, statuses: Collection[JobStatus]) -> dict[str, str]:
        if not statuses or JobStatus.UNKNOWN in statuses:
            # Statuses that we do not know have numbers that we do not know: all are asked for, then looked through.
            return {}
        numbers = [number for number, status in self._numbers.items() if status in statuses]
        return {self._settings.word("query.statuses"): ",".join(numbers)}

    async def _pages(
        self, query: dict[str, str], statuses: Collection[JobStatus], place: str | None
    ) -> AsyncIterator[Page[Job]]:
        async with aclosing(Reading(self._calls, self._settings, LIST_JOBS).pages([query], place)) as pages:
            async for page in pages:
                if wanted := [one for one in page.seen if self._wanted(one, statuses)]:
                    yield Page(_sightings(wanted, self._load), page.place)

    def _wanted(self, one: Seen, statuses: Collection[JobStatus]) -> bool:
        if not statuses or one.glance is None:
            return True
        return codec.job_status(one.glance.StatusID, one.glance.Status, self._numbers) in statuses

    def _load(self, one: Seen) -> Job:
        return codec.job(codec.decoded(wire.Position, one.raw), self._settings.zone, self._numbers)


class SubmissionFeed(ApplicationFeed):
    uses = (LIST_APPLICATIONS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings

    def changed_applications(
        self,
        updated_after: datetime | None = None,
        *,
        for_jobs: Collection[JobId] | None = None,
        place: str | None = None,
    ) -> AsyncIterator[Page[Application]]:
        query = since(self._settings, updated_after)
        if for_jobs is None:
            return self._pages([query], place)
        # Sorted, so that a part is the same one when the reading is taken up again.
        numbers = iter(sorted({numeric(job, "for_jobs") for job in for_jobs}, key=lambda one: (len(one), one)))
        chunks = iter(lambda: list(islice(numbers, MOST_IDS)), [])
        word = self._settings.word("query.jobs")
        return self._pages([{**query, word: ",".join(chunk)} for chunk in chunks], place)

    async def _pages(self, queries: Sequence[dict[str, str]], place: str | None) -> AsyncIterator[Page[Application]]:
        async with aclosing(Reading(self._calls, self._settings, LIST_APPLICATIONS).pages(queries, place)) as pages:
            async for page in pages:
                if page.seen:
                    yield Page(_sightings(page.seen, self._load), page.place)

    def _load(self, one: Seen) -> Application:
        return codec.application(codec.decoded(wire.Submission, one.raw), self._settings.zone)


class ContactFeed(CandidateFeed):
    """Lists hold people of client companies too: they are left out."""

    uses: tuple[Endpoint[Any], ...] = (LIST_CANDIDATES, COMMUNICATIONS)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings

    def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        return self._pages(since(self._settings, updated_after), place)

    async def _pages(self, query: dict[str, str], place: str | None) -> AsyncIterator[Page[Candidate]]:
        async with aclosing(Reading(self._calls, self._settings, LIST_CANDIDATES).pages([query], place)) as pages:
            async for page in pages:
                people = [one for one in page.seen if one.glance is None or not codec.is_client(one.glance)]
                if people:
                    yield Page(tuple(await together(self._sighted(one) for one in people)), page.place)

    async def _sighted(self, one: Seen) -> Sighting[Candidate]:
        """How people are reached belongs to their record, whether it came with the row or has to be asked for."""
        inline = bytes(one.glance.Communications) if one.glance else b"[]"
        if inline not in {b"", b"null"}:
            return Sighting(one.id, one.digest, lambda: self._load(one, inline), size=len(one.raw))
        fetched = msgspec.json.encode(await self._reached(one.id))
        digest, size = codec.digest_of(one.raw, fetched), len(one.raw) + len(fetched)
        return Sighting(one.id, digest, lambda: self._load(one, fetched), size=size)

    async def _reached(self, number: str) -> list[wire.Communication]:
        try:
            return await self._calls.call(COMMUNICATIONS, path={"candidate_id": number})
        except NotFoundError:
            return []  # Gone since the page was made: the next run will not see them at all.

    def _load(self, one: Seen, reached: bytes) -> Candidate:
        known = codec.decoded(list[wire.Communication], reached)
        return codec.candidate(codec.decoded(wire.Person, one.raw), known, self._settings.zone)


def _sightings(page: Iterable[Seen], load: Callable[[Seen], T]) -> tuple[Sighting[T], ...]:
    return tuple(Sighting(one.id, one.digest, _loader(load, one), size=len(one.raw)) for one in page)


def _loader(load: Callable[[Seen], T], one: Seen) -> Callable[[], T]:
    return lambda: load(one)
