"""Candidates and their resumes as they were handed in, for as long as they are kept."""

import attrs

from adapters.public_api.store import Store
from domain.candidate import Candidate, Resume
from domain.ids import CandidateId
from ports.candidates import CandidateLookup, Resumes


@attrs.frozen
class SubmittedCandidates(CandidateLookup):
    store: Store

    async def candidate(self, candidate_id: CandidateId) -> Candidate:
        return (await self.store.intake.candidate(self.store.connection, candidate_id)).candidate


@attrs.frozen
class SubmittedResumes(Resumes):
    store: Store

    async def resume(self, candidate_id: CandidateId) -> Resume:
        return await self.store.intake.resume(self.store.connection, candidate_id)
