"""Jobs with what Avionté itself knows of them: one by its id, and in batches."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog

from adapters.avionte import codec, wire
from adapters.avionte.codec import Field
from adapters.avionte.endpoints import JOB, JOBS_BY_IDS
from adapters.avionte.fields import RecordFields
from adapters.avionte.routing import MISSING, NUMBER, Wiring
from adapters.kombo import wire as kombo
from adapters.kombo.endpoints import LIST_JOBS
from adapters.kombo.jobs import JobPages
from adapters.rest.endpoint import Endpoint
from adapters.together import together
from domain.ids import FieldId, JobId
from domain.job import JobDetail
from ports.errors import MalformedReplyError
from ports.jobs import DetailPage, JobDetailFeed, JobDetails

log = structlog.get_logger(__name__)


class EnhancedJobs(JobDetails):
    """Kombo's job with Avionté's custom fields, client and worksite.

    `fields` is None where the dialect has no definitions: then values are shown as Avionté has them.
    """

    def __init__(self, wiring: Wiring, fields: RecordFields | None) -> None:
        reads = () if fields is None else fields.reads
        self.uses: tuple[Endpoint[Any], ...] = (LIST_JOBS, JOB, *reads)
        self._calls = wiring.kombo.calls((LIST_JOBS,))
        self._avionte = wiring.beyond((JOB,))
        self._word = wiring.word
        self._fields = fields

    async def detail(self, job_id: JobId) -> JobDetail:
        job = await self._calls.record(LIST_JOBS, job_id, kombo.Job, "job")
        record = await self._record(job.remote_id)
        return (await self.joined([job], {job.remote_id: record} if record is not None else {}))[0]

    async def joined(self, jobs: Iterable[kombo.Job], records: Mapping[str, wire.Keyed]) -> tuple[JobDetail, ...]:
        """Each job with what Avionté has of it, by its number there; where there is nothing, that is named."""
        known = await self._known(records.values())
        return tuple(self._joined(job, records.get(job.remote_id), known) for job in jobs)

    def _joined(self, job: kombo.Job, record: wire.Keyed | None, known: Mapping[FieldId, Field]) -> JobDetail:
        try:
            if record is not None:
                return codec.job_detail(job, codec.job(record), codec.values(record, "job", known, self._word))
        except MalformedReplyError as error:
            log.warning("what Avionté tells of a job cannot be read", job=job.id, path=error.path)
        return codec.job_detail(job, None, ())

    async def _known(self, records: Iterable[wire.Keyed]) -> Mapping[FieldId, Field]:
        try:
            return {} if self._fields is None else await self._fields.known(records)
        except (*MISSING, MalformedReplyError) as error:
            log.warning("without definitions values are shown as Avionté has them", why=error.message)
            return {}

    async def _record(self, number: str) -> wire.Keyed | None:
        if not NUMBER.fullmatch(number):
            return None
        try:
            return await self._avionte.call(JOB, path={"job_id": number})
        except MISSING:
            return None


class EnhancedBatches(JobDetailFeed):
    """Kombo's jobs, page by page, joined by number with what Avionté has of them. Numbers that do not come back
    leave their job with its missing parts named.
    """

    def __init__(self, wiring: Wiring, jobs: EnhancedJobs) -> None:
        self.uses: tuple[Endpoint[Any], ...] = (*JobPages.uses, JOBS_BY_IDS, *jobs.uses)
        self._pages = JobPages(wiring.kombo)
        self._avionte = wiring.beyond((JOBS_BY_IDS,))
        self._jobs = jobs
        self._most = int(wiring.word("multi_query.most"))

    async def batch(self, *, limit: int, cursor: str | None = None) -> DetailPage:
        rows, after = await self._pages.page(limit, cursor)
        records = await self._records(row.remote_id for row in rows)
        return DetailPage(await self._jobs.joined(rows, records), after)

    async def _records(self, remote_ids: Iterable[str]) -> Mapping[str, wire.Keyed]:
        numbers = list(dict.fromkeys(int(one) for one in remote_ids if NUMBER.fullmatch(one)))
        chunks = [numbers[at : at + self._most] for at in range(0, len(numbers), self._most)]
        answers = await together(self._avionte.call(JOBS_BY_IDS, data=chunk) for chunk in chunks)
        return codec.by_number(record for answer in answers for record in answer)
