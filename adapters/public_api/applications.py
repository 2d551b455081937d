"""New applications of candidates who were handed in."""

import attrs

from adapters.public_api.store import PROVIDER, Store, writing
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId
from domain.intake import SubmittedApplication
from domain.job_application import Application
from ports.applications import ApplicationIntake
from ports.attempt import Attempt
from ports.errors import NotFoundError


@attrs.frozen
class StoredApplications(ApplicationIntake):
    """Its id comes from the effect, so that the same one never stands there twice."""

    store: Store
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    async def create(self, candidate: CandidateId, job: JobId, attempt: Attempt) -> Receipt:
        intake, connection = self.store.intake, self.store.connection
        await intake.candidate(connection, candidate)
        await intake.job(connection, job)
        new = Application(id=ApplicationId(f"app-{attempt.marker}"), job_id=job, candidate_id=candidate)
        async with writing(attempt, "create_application"):
            taken = await intake.put(connection, SubmittedApplication(application=new))
        if taken.unknown:
            gone = taken.unknown[0].removesuffix("_id")
            raise NotFoundError(gone, job if gone == "job" else candidate, provider=PROVIDER)
        return Receipt(id=new.id)

    async def find(self, candidate: CandidateId, job: JobId) -> Found | Absent | CannotTell:
        found = await self.store.intake.applied(self.store.connection, candidate, job)
        return Absent() if found is None else Found(Receipt(id=found.id, at=found.created_at))
