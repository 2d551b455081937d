"""Jobs: by id, and with all that Kombo's own record tells."""

import base64
import binascii

import attrs
import msgspec

from adapters.kombo import codec, wire
from adapters.kombo.endpoints import LIST_JOBS
from adapters.kombo.routing import Wiring
from domain.ids import JobId
from domain.job import Job, JobDetail
from ports.errors import InvalidInputError
from ports.jobs import DetailPage, JobDetailFeed, JobDetails, JobLookup


class SyncedJobs(JobLookup):
    uses = (LIST_JOBS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def job(self, job_id: JobId) -> Job:
        return codec.job(await self._calls.record(LIST_JOBS, job_id, wire.Job, "job"))


class SyncedDetails(JobDetails):
    """The record of the list holds the hiring team, the address and the custom fields that Kombo maps."""

    uses = (LIST_JOBS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def detail(self, job_id: JobId) -> JobDetail:
        return codec.job_detail(await self._calls.record(LIST_JOBS, job_id, wire.Job, "job"))


@attrs.frozen
class Cursor:
    """Where a reading in batches goes on: Kombo's own cursor, and how many records pages have."""

    after: str
    size: int

    def text(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()


class JobPages:
    """Jobs in batches of a size that stays: pages of another would begin elsewhere."""

    uses = (LIST_JOBS,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._largest = int(wiring.settings.word("page_size"))

    async def page(self, limit: int, cursor: str | None) -> tuple[list[wire.Job], str | None]:
        """The jobs, and where to go on. Raises InvalidInputError for a cursor that is not one of ours."""
        at = self._begun(limit) if cursor is None else self._continued(limit, cursor)
        query = {"page_size": str(at.size), **({"cursor": at.after} if at.after else {})}
        page = await self._calls.call(LIST_JOBS, query=query)
        rows = [codec.decoded(wire.Job, bytes(row)) for row in page.data.results]
        return rows, attrs.evolve(at, after=page.data.next).text() if page.data.next else None

    def _begun(self, limit: int) -> Cursor:
        if limit < 1:
            raise InvalidInputError("limit must be 1 or more", field="limit", provider=self._calls.provider)
        return Cursor("", min(limit, self._largest))

    def _continued(self, limit: int, cursor: str) -> Cursor:
        try:
            at = msgspec.json.decode(base64.b64decode(cursor.encode(), b"-_", validate=True), type=Cursor)
        except (binascii.Error, ValueError):
            at = Cursor("", 0)
        if not at.after or not 1 <= at.size <= min(max(limit, 0), self._largest):
            message = "the cursor is not one that this connection gave for this limit"
            raise InvalidInputError(message, field="cursor", provider=self._calls.provider)
        return at


class SyncedBatches(JobDetailFeed):
    uses = JobPages.uses

    def __init__(self, wiring: Wiring) -> None:
        self._pages = JobPages(wiring)

    async def batch(self, *, limit: int, cursor: str | None = None) -> DetailPage:
        rows, after = await self._pages.page(limit, cursor)
        return DetailPage(tuple(codec.job_detail(row) for row in rows), after)
