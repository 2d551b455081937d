"""Jobs as they were handed in."""

import attrs

from adapters.public_api.store import Store
from domain.ids import JobId
from domain.job import Job, JobDetail
from ports.jobs import JobDetails, JobLookup


@attrs.frozen
class SubmittedJobs(JobLookup):
    store: Store

    async def job(self, job_id: JobId) -> Job:
        return await self.store.intake.job(self.store.connection, job_id)


@attrs.frozen
class SubmittedDetails(JobDetails):
    """There is nobody who could tell more."""

    store: Store

    async def detail(self, job_id: JobId) -> JobDetail:
        return JobDetail(job=await self.store.intake.job(self.store.connection, job_id))
