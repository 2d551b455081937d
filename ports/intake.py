"""What customers without an ATS hand in, kept."""

from abc import abstractmethod
from typing import Protocol

import attrs

from domain.candidate import Resume
from domain.ids import ApplicationId, CandidateId, ConnectionId, JobId
from domain.intake import Submission, SubmittedCandidate
from domain.job import Job
from domain.job_application import Application
from domain.policy import RecordType


@attrs.frozen(kw_only=True)
class Envelope:
    """The message that brought a submission: of one `id` there is one `content`, for ever. Both are digests."""

    id: bytes
    content: bytes


@attrs.frozen(kw_only=True)
class Taken:
    """What became of a submission. `unknown` names the members that refer to nothing; then nothing was kept."""

    new: bool = False
    changed: bool = False
    unknown: tuple[str, ...] = ()


class Intake(Protocol):
    """Rows of one connection each; candidates and resumes are kept for a time."""

    @abstractmethod
    async def put(self, connection: ConnectionId, submission: Submission, envelope: Envelope | None = None) -> Taken:
        """Durable when it returns, with the event that tells of a new application. The same again changes nothing.

        Raises NotFoundError for the connection, ConflictError for an envelope's id with another content.
        """

    @abstractmethod
    async def job(self, connection: ConnectionId, job: JobId) -> Job:
        """Raises NotFoundError."""

    @abstractmethod
    async def candidate(self, connection: ConnectionId, candidate: CandidateId) -> SubmittedCandidate:
        """Raises NotFoundError."""

    @abstractmethod
    async def resume(self, connection: ConnectionId, candidate: CandidateId) -> Resume:
        """Raises NotFoundError for the candidate, or for `resume` when there is none."""

    @abstractmethod
    async def application(self, connection: ConnectionId, application: ApplicationId) -> Application:
        """Raises NotFoundError."""

    @abstractmethod
    async def applied(self, connection: ConnectionId, candidate: CandidateId, job: JobId) -> Application | None:
        """The candidate's first application for the job."""

    @abstractmethod
    async def remove(self, connection: ConnectionId, kind: RecordType, record: str) -> None:
        """Of a job or an application; a person is erased. Raises NotFoundError; ConflictError for a job applied for."""

    @abstractmethod
    async def forget(self, older_than_days: float) -> int:
        """Erases candidates whose last result was delivered so long ago, with resume and applications; how many.

        A bounded number at a time: call it again while it is above 0.
        """
