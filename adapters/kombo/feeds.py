"""What changed: jobs, applications and candidates, page by page, each record by its bytes until somebody wants it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Annotated, TypeVar

import msgspec

from adapters import places
from adapters.kombo import codec, wire
from adapters.kombo.endpoints import LIST_APPLICATIONS, LIST_CANDIDATES, LIST_JOBS
from adapters.kombo.routing import Lists, Wiring, single
from adapters.rest.endpoint import Endpoint
from domain.candidate import Candidate
from domain.ids import JobId
from domain.job import Job, JobStatus
from domain.job_application import Application
from domain.window import ChangeWindow
from ports.errors import InvalidInputError, MalformedReplyError
from ports.feeds import ApplicationFeed, CandidateFeed, JobFeed, Page, Sighting

T = TypeVar("T")

MOST_IDS = 50
"""How many ids one address bears."""


class Place(places.Place, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Before the page of this cursor, of the query that is its part."""

    cursor: Annotated[str, msgspec.Meta(min_length=1)] | None = None


class Reading:
    """Runs over one list: a query stays the same for all its pages. What comes again is given again."""

    def __init__(self, wiring: Wiring, row: Endpoint[wire.Page]) -> None:
        self._calls: Lists = wiring.calls([row])
        self._row = row
        self._overlap = timedelta(seconds=wiring.settings.overlap_seconds)
        self.provider = wiring.provider

    def query(self, updated_after: datetime | None) -> dict[str, str]:
        """Deleted records come too. A filter that the integration cannot apply must not be ignored."""
        every = {"include_deleted": "true", "ignore_unsupported_filters": "false"}
        if updated_after is None:
            return every
        if updated_after.utcoffset() is None:
            message = "updated_after must have an offset: which hour is meant cannot be guessed"
            raise InvalidInputError(message, field="updated_after", provider=self.provider)
        window = ChangeWindow(updated_after, self._overlap)
        return {**every, "updated_after": codec.moment_text(window.start)}

    async def pages(
        self,
        queries: Sequence[Mapping[str, str]],
        load: Callable[[bytes], T],
        place: str | None,
        wanted: Callable[[wire.Glance], bool] | None = None,
    ) -> AsyncGenerator[Page[T], None]:
        """One query after the other. Raises MalformedReplyError when a cursor comes twice."""
        start = places.read(place, Place, self._row.name, range(len(queries)), self.provider)
        cursor = start.cursor
        for part in range(start.part, len(queries)):
            last = part + 1 == len(queries)
            async with aclosing(self._calls.pages(self._row, queries[part], cursor)) as pages:
                async for page in pages:
                    if seen := tuple(_sighted(page, load, wanted)):
                        yield Page(seen, self._after(part, page.next, last=last))
            cursor = None

    def _after(self, part: int, cursor: str | None, *, last: bool) -> str | None:
        if cursor:
            return places.written(Place(self._row.name, part, cursor))
        return None if last else places.written(Place(self._row.name, part + 1))


def _sighted(
    page: Iterable[bytes], load: Callable[[bytes], T], wanted: Callable[[wire.Glance], bool] | None
) -> list[Sighting[T]]:
    seen = []
    for raw in page:
        digest = codec.digest_of(raw)
        try:
            glance = codec.decoded(wire.Glance, raw)
        except MalformedReplyError:
            # Without an id it can still be told apart, and put aside.
            seen.append(Sighting(f"unreadable-{digest.hex()[:12]}", digest, partial(load, raw), size=len(raw)))
            continue
        if wanted is None or wanted(glance):
            gone = glance.remote_deleted_at is not None
            seen.append(Sighting(glance.id, digest, partial(load, raw), gone, size=len(raw)))
    return seen


class SyncedJobFeed(JobFeed):
    uses = (LIST_JOBS,)

    def __init__(self, wiring: Wiring) -> None:
        self._reading = Reading(wiring, LIST_JOBS)

    def changed_jobs(
        self, updated_after: datetime | None = None, *, statuses: Collection[JobStatus] = (), place: str | None = None
    ) -> AsyncIterator[Page[Job]]:
        query = self._reading.query(updated_after)
        if not statuses or JobStatus.UNKNOWN in statuses:
            # Statuses that we do not know have words that we do not know: all are asked for, then looked through.
            wanted = (lambda glance: codec.job_status(glance.status) in statuses) if statuses else None
            return self._reading.pages([query], _job, place, wanted)
        words = [word for word, status in codec.STATUSES.items() if status in statuses]
        return self._reading.pages([{**query, "statuses": ",".join(words)}] if words else [], _job, place)


class SyncedApplicationFeed(ApplicationFeed):
    uses = (LIST_APPLICATIONS,)

    def __init__(self, wiring: Wiring) -> None:
        self._reading = Reading(wiring, LIST_APPLICATIONS)

    def changed_applications(
        self,
        updated_after: datetime | None = None,
        *,
        for_jobs: Collection[JobId] | None = None,
        place: str | None = None,
    ) -> AsyncIterator[Page[Application]]:
        query = self._reading.query(updated_after)
        if for_jobs is None:
            return self._reading.pages([query], _application, place)
        wanted = {single(job, "for_jobs", self._reading.provider) for job in for_jobs}
        # Sorted, so that a part is the same one when the reading is taken up again.
        ids = iter(sorted(wanted, key=lambda one: (len(one), one)))
        chunks = iter(lambda: list(islice(ids, MOST_IDS)), [])
        return self._reading.pages([{**query, "job_ids": ",".join(chunk)} for chunk in chunks], _application, place)


class SyncedCandidateFeed(CandidateFeed):
    uses = (LIST_CANDIDATES,)

    def __init__(self, wiring: Wiring) -> None:
        self._reading = Reading(wiring, LIST_CANDIDATES)

    def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        return self._reading.pages([self._reading.query(updated_after)], _candidate, place)


def _job(raw: bytes) -> Job:
    return codec.job(codec.decoded(wire.Job, raw))


def _application(raw: bytes) -> Application:
    return codec.application(codec.decoded(wire.Application, raw))


def _candidate(raw: bytes) -> Candidate:
    return codec.candidate(codec.decoded(wire.Candidate, raw))
