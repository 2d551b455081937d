"""Candidates, live."""

from abc import abstractmethod
from typing import Protocol

from domain.candidate import Candidate, CandidateQuery, Resume
from domain.ids import CandidateId


class CandidateLookup(Protocol):
    """A candidate by id."""

    @abstractmethod
    async def candidate(self, candidate_id: CandidateId) -> Candidate:
        """Raises NotFoundError."""

    async def detail(self, candidate_id: CandidateId) -> Candidate:
        """A CandidateDetail where the ATS tells more than the record, else the record. Raises NotFoundError."""
        return await self.candidate(candidate_id)


class CandidateSearch(Protocol):
    """Candidates by what is known of them."""

    @abstractmethod
    async def find(self, query: CandidateQuery) -> tuple[Candidate, ...]:
        """Those whom the ATS thinks alike and who, where an e-mail or phone was given, really bear one of them.

        Raises InvalidInputError when the query is empty.
        """


class Resumes(Protocol):
    """Resumes of candidates."""

    @abstractmethod
    async def resume(self, candidate_id: CandidateId) -> Resume:
        """The newest one. Raises NotFoundError for the candidate, or for `resume` when there is none."""
