"""Feeds: what changed in the ATS, page by page.

They are plain `def`: an implementation is an async generator. Callers close it (`contextlib.aclosing`).
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import attrs

from domain.candidate import Candidate
from domain.ids import JobId
from domain.job import Job, JobStatus
from domain.job_application import Application

T = TypeVar("T")


@attrs.frozen
class Sighting(Generic[T]):
    """A record as a feed saw it.

    `digest` is the SHA-256 of its bytes as received. `load` decodes it (MalformedReplyError with the path if it
    cannot be decoded), so that an unchanged record never is. A `deleted` one is gone in the ATS; what is left of it
    may not load. A `partial` one does not tell all that the record holds: what it leaves out is not known to be empty.
    `size` is that of its bytes.
    """

    id: str
    digest: bytes
    load: Callable[[], T]
    deleted: bool = False
    partial: bool = False
    size: int = attrs.field(kw_only=True)


@attrs.frozen
class Page(Generic[T]):
    """A page of a feed.

    `place` is where a reading that ends with this page is taken up again later, with the same arguments: what comes
    then may begin with records that have come before, and leaves out none. None only on the last page.
    """

    sightings: tuple[Sighting[T], ...]
    place: str | None = None

    def __iter__(self) -> Iterator[Sighting[T]]:
        return iter(self.sightings)

    def __len__(self) -> int:
        return len(self.sightings)


class JobFeed(Protocol):
    """Jobs that changed."""

    @abstractmethod
    def changed_jobs(
        self, updated_after: datetime | None = None, *, statuses: Collection[JobStatus] = (), place: str | None = None
    ) -> AsyncIterator[Page[Job]]:
        """Jobs changed since an aware moment (all of them without one), in any of the statuses (any without).

        Looks back further by the provider's overlap, so records come again. With a `place`, goes on from there. Raises
        UnavailableError, AccessError, MalformedReplyError (a page, or paging that does not end), InvalidInputError
        for a time or a place that cannot be used (any more).
        """


class ApplicationFeed(Protocol):
    """Applications that changed."""

    @abstractmethod
    def changed_applications(
        self,
        updated_after: datetime | None = None,
        *,
        for_jobs: Collection[JobId] | None = None,
        place: str | None = None,
    ) -> AsyncIterator[Page[Application]]:
        """As `JobFeed.changed_jobs`; `for_jobs` limits to these jobs: an empty collection gives nothing."""


class CandidateFeed(Protocol):
    """Candidates that changed."""

    @abstractmethod
    def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        """As `JobFeed.changed_jobs`."""
