"""What changed: jobs, applications and candidates, page by page, each record by its bytes until somebody wants it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

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


class Reading:
    """Runs over one list: the query stays the same for all its pages. What comes again is given again."""

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
        self, query: Mapping[str, str], load: Callable[[bytes], T], wanted: Callable[[wire.Glance], bool] | None = None
    ) -> AsyncGenerator[Page[T], None]:
        """Raises MalformedReplyError when a cursor comes twice."""
        async with aclosing(self._calls.pages(self._row, query)) as pages:
            async for page in pages:
                if seen := tuple(_sighted(page, load, wanted)):
                    yield seen


def _sighted(
    page: Sequence[bytes], load: Callable[[bytes], T], wanted: Callable[[wire.Glance], bool] | None
) -> list[Sighting[T]]:
    seen = []
    for raw in page:
        digest = codec.digest_of(raw)
        try:
            glance = codec.decoded(wire.Glance, raw)
        except MalformedReplyError:
            # Without an id it can still be told apart, and put aside.
            seen.append(Sighting(f"unreadable-{digest.hex()[:12]}", digest, partial(load, raw)))
            continue
        if wanted is None or wanted(glance):
            seen.append(Sighting(glance.id, digest, partial(load, raw), glance.remote_deleted_at is not None))
    return seen


class SyncedJobFeed(JobFeed):
    uses = (LIST_JOBS,)

    def __init__(self, wiring: Wiring) -> None:
        self._reading = Reading(wiring, LIST_JOBS)

    def changed_jobs(
        self, updated_after: datetime | None = None, *, statuses: Collection[JobStatus] = ()
    ) -> AsyncIterator[Page[Job]]:
        query = self._reading.query(updated_after)
        if not statuses or JobStatus.UNKNOWN in statuses:
            # Statuses that we do not know have words that we do not know: all are asked for, then looked through.
            wanted = (lambda glance: codec.job_status(glance.status) in statuses) if statuses else None
            return self._reading.pages(query, _job, wanted)
        words = [word for word, status in codec.STATUSES.items() if status in statuses]
        if not words:
            return _nothing()
        return self._reading.pages({**query, "statuses": ",".join(words)}, _job)


class SyncedApplicationFeed(ApplicationFeed):
    uses = (LIST_APPLICATIONS,)

    def __init__(self, wiring: Wiring) -> None:
        self._reading = Reading(wiring, LIST_APPLICATIONS)

    def changed_applications(
        self, updated_after: datetime | None = None, *, for_jobs: Collection[JobId] | None = None
    ) -> AsyncIterator[Page[Application]]:
        query = self._reading.query(updated_after)
        if for_jobs is None:
            return self._reading.pages(query, _application)
        ids = iter(dict.fromkeys(single(job, "for_jobs", self._reading.provider) for job in for_jobs))
        chunks = iter(lambda: list(islice(ids, MOST_IDS)), [])
        return self._chunked([{**query, "job_ids": ",".join(chunk)} for chunk in chunks])

    async def _chunked(self, queries: Sequence[Mapping[str, str]]) -> AsyncIterator[Page[Application]]:
        for query in queries:
            async with aclosing(self._reading.pages(query, _application)) as pages:
                async for page in pages:
                    yield page


class SyncedCandidateFeed(CandidateFeed):
    uses = (LIST_CANDIDATES,)

    def __init__(self, wiring: Wiring) -> None:
        self._reading = Reading(wiring, LIST_CANDIDATES)

    def changed_candidates(self, updated_after: datetime | None = None) -> AsyncIterator[Page[Candidate]]:
        return self._reading.pages(self._reading.query(updated_after), _candidate)


def _job(raw: bytes) -> Job:
    return codec.job(codec.decoded(wire.Job, raw))


def _application(raw: bytes) -> Application:
    return codec.application(codec.decoded(wire.Application, raw))


def _candidate(raw: bytes) -> Candidate:
    return codec.candidate(codec.decoded(wire.Candidate, raw))


async def _nothing() -> AsyncIterator[Page[Job]]:
    pages: tuple[Page[Job], ...] = ()
    for page in pages:
        yield page
