"""The reading half of the memory gateway: feeds, jobs, candidates."""

import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from datetime import datetime
from typing import TypeVar

import attrs

from domain.candidate import Candidate, CandidateDetail, CandidateQuery, Resume
from domain.effect import Target
from domain.ids import CandidateId, JobId
from domain.job import Job, JobDetail, JobStatus
from domain.job_application import Application
from domain.policy import RecordType
from ports.candidates import CandidateLookup, CandidateSearch, Resumes
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError
from ports.feeds import ApplicationFeed, CandidateFeed, JobFeed, Page, Sighting
from ports.jobs import DetailPage, JobDetailFeed, JobDetails, JobLookup
from tests.memory_ats import MemoryAts, State

PAGE = 2
T = TypeVar("T", Job, Application, Candidate)


@attrs.frozen
class Feeds(JobFeed, ApplicationFeed, CandidateFeed):
    ats: MemoryAts

    def changed_jobs(
        self, updated_after: datetime | None = None, *, statuses: Collection[JobStatus] = (), place: str | None = None
    ) -> AsyncIterator[Page[Job]]:
        def choose(state: State) -> Iterable[Job]:
            jobs = (detail.job for detail in state.jobs.values())
            return (job for job in jobs if not statuses or job.status in statuses)

        return self._pages("job_feed.changed_jobs", choose, updated_after, place)

    def changed_applications(
        self,
        updated_after: datetime | None = None,
        *,
        for_jobs: Collection[JobId] | None = None,
        place: str | None = None,
    ) -> AsyncIterator[Page[Application]]:
        def choose(state: State) -> Iterable[Application]:
            return (one for one in state.applications.values() if for_jobs is None or one.job_id in for_jobs)

        return self._pages("application_feed.changed_applications", choose, updated_after, place)

    def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        def choose(state: State) -> Iterable[Candidate]:
            return state.candidates.values()

        return self._pages("candidate_feed.changed_candidates", choose, updated_after, place)

    async def _pages(
        self, operation: str, choose: Callable[[State], Iterable[T]], after: datetime | None, place: str | None
    ) -> AsyncIterator[Page[T]]:
        last, start = None if place is None else _last(place), 0
        while True:
            state = self.ats.read(operation)
            found = [one for one in choose(state) if after is None or one.changed_at is None or one.changed_at >= after]
            if last is not None:
                # Whoever was the last may have gone: then all come again.
                start, last = next((at + 1 for at, one in enumerate(found) if one.id == last), 0), None
            if page := found[start : start + PAGE]:
                sightings = tuple(self._sighting(record) for record in page)
                yield Page(sightings, None if start + PAGE >= len(found) else page[-1].id.encode().hex())
            start += PAGE
            if start >= len(found):
                return

    def _sighting(self, record: T) -> Sighting[T]:
        def load() -> T:
            if record.id in self.ats.undecodable:
                raise MalformedReplyError("the record does not fit", path="/status")
            return record

        return Sighting(record.id, hashlib.sha256(repr(record).encode()).digest(), load, size=len(repr(record)))


def _last(place: str) -> str:
    try:
        if place:
            return bytes.fromhex(place).decode()
    except ValueError:
        pass
    raise InvalidInputError("no place of ours", field="place")


@attrs.frozen
class Jobs(JobLookup, JobDetails, JobDetailFeed):
    ats: MemoryAts

    async def job(self, job_id: JobId) -> Job:
        state = self.ats.read("job_lookup.job")
        state.must_have(Target(RecordType.JOB, job_id))
        return state.jobs[job_id].job

    async def detail(self, job_id: JobId) -> JobDetail:
        state = self.ats.read("job_detail.detail")
        state.must_have(Target(RecordType.JOB, job_id))
        return state.jobs[job_id]

    async def batch(self, *, limit: int, cursor: str | None = None) -> DetailPage:
        jobs = list(self.ats.read("job_detail_feed.batch").jobs.values())
        if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
            raise InvalidInputError("not a cursor of ours", field="cursor")
        start = int(cursor or 0)
        end = start + limit
        return DetailPage(tuple(jobs[start:end]), str(end) if end < len(jobs) else None)


@attrs.frozen
class Candidates(CandidateLookup, CandidateSearch, Resumes):
    ats: MemoryAts

    async def candidate(self, candidate_id: CandidateId) -> Candidate:
        state = self.ats.read("candidate_lookup.candidate")
        state.must_have(Target(RecordType.CANDIDATE, candidate_id))
        return state.candidates[candidate_id]

    async def detail(self, candidate_id: CandidateId) -> CandidateDetail:
        record = await self.candidate(candidate_id)
        return CandidateDetail(**attrs.asdict(record, recurse=False), status="Active", address="Leeds")

    async def find(self, query: CandidateQuery) -> tuple[Candidate, ...]:
        if query == CandidateQuery():
            raise InvalidInputError("give at least one part of what is known", field="query")
        people = self.ats.read("candidate_search.find").candidates.values()
        return tuple(person for person in people if _alike(person, query) and _bears_contact(person, query))

    async def resume(self, candidate_id: CandidateId) -> Resume:
        state = self.ats.read("resumes.resume")
        state.must_have(Target(RecordType.CANDIDATE, candidate_id))
        if candidate_id not in state.resumes:
            raise NotFoundError("resume", candidate_id)
        return state.resumes[candidate_id]


def _alike(person: Candidate, query: CandidateQuery) -> bool:
    pairs = ((query.first_name, person.first_name), (query.last_name, person.last_name))
    return all(asked is None or asked.casefold() == name.casefold() for asked, name in pairs)


def _bears_contact(person: Candidate, query: CandidateQuery) -> bool:
    emails = {email.casefold() for email in person.emails}
    asked = [known for known in (query.email, query.phone) if known is not None]
    return not asked or any(one.casefold() in emails or one in person.phones for one in asked)
