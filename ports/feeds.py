"""Feeds: what changed in the ATS, page by page.

They are plain `def`: an implementation is an async generator. Callers close it (`contextlib.aclosing`).
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

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
    may not load.
    """

    id: str
    digest: bytes
    load: Callable[[], T]
    deleted: bool = False


Page: TypeAlias = tuple[Sighting[T], ...]


class JobFeed(Protocol):
    """Jobs that changed."""

    @abstractmethod
    def changed_jobs(
        self, updated_after: datetime | None = None, *, statuses: Collection[JobStatus] = ()
    ) -> AsyncIterator[Page[Job]]:
        """Jobs changed since an aware moment (all of them without one), in any of the statuses (any without).

        Looks back further by the provider's overlap, so records come again. Raises UnavailableError, AccessError,
        MalformedReplyError (a page, or paging that does not end).
        """


class ApplicationFeed(Protocol):
    """Applications that changed."""

    @abstractmethod
    def changed_applications(
        self, updated_after: datetime | None = None, *, for_jobs: Collection[JobId] | None = None
    ) -> AsyncIterator[Page[Application]]:
        """As `JobFeed.changed_jobs`; `for_jobs` limits to these jobs: an empty collection gives nothing."""


class CandidateFeed(Protocol):
    """Candidates that changed."""

    @abstractmethod
    def changed_candidates(self, updated_after: datetime | None = None) -> AsyncIterator[Page[Candidate]]:
        """As `JobFeed.changed_jobs`."""
