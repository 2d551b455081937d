"""Jobs, live."""

from abc import abstractmethod
from typing import Protocol

import attrs

from domain.ids import JobId
from domain.job import Job, JobDetail


class JobLookup(Protocol):
    """A job by its id."""

    @abstractmethod
    async def job(self, job_id: JobId) -> Job:
        """Raises NotFoundError."""


class JobDetails(Protocol):
    """A job with all that the ATS tells of it."""

    @abstractmethod
    async def detail(self, job_id: JobId) -> JobDetail:
        """Raises NotFoundError for the job itself; parts that cannot be had are named in the answer."""


@attrs.frozen
class DetailPage:
    """Some jobs in detail, and where to go on; `next` is None at the end."""

    jobs: tuple[JobDetail, ...]
    next: str | None


class JobDetailFeed(Protocol):
    """Jobs in detail, in batches."""

    @abstractmethod
    async def batch(self, *, limit: int, cursor: str | None = None) -> DetailPage:
        """Up to `limit` jobs. Raises InvalidInputError for a cursor that is not one of ours."""
