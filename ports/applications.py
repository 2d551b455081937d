"""Applications: stages, moves, rejections, and new ones."""

from abc import abstractmethod
from typing import Protocol

from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId
from domain.job_application import DispositionReason, Stage, Standing
from ports.attempt import Attempt


class StageCatalogue(Protocol):
    """The stages of the workflow."""

    @abstractmethod
    async def stages(self) -> tuple[Stage, ...]:
        """All of them, in order; the barred ones say why."""


class StageMoves(Protocol):
    """Moving an application."""

    evidence: EvidenceGrade
    screened_status: StageId | None
    """The stage that shows that somebody was screened, if the connection has one."""

    @abstractmethod
    async def move(self, application: ApplicationId, stage: StageId, attempt: Attempt) -> Receipt:
        """Raises NotFoundError, StageBarredError, InvalidInputError, ConflictError (a terminal status)."""

    @abstractmethod
    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        """Where the application stands, read live. Raises NotFoundError."""


class ReasonCatalogue(Protocol):
    """Why applications are rejected."""

    @abstractmethod
    async def reasons(self) -> tuple[DispositionReason, ...]:
        """All of them, the inactive ones included."""


class Rejection(Protocol):
    """Rejecting an application."""

    evidence: EvidenceGrade

    @abstractmethod
    async def reject(self, application: ApplicationId, reason: ReasonId, attempt: Attempt) -> Receipt:
        """Raises NotFoundError, InvalidInputError (the reason), ConflictError (a terminal status)."""

    @abstractmethod
    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        """As `StageMoves.current`."""


class ApplicationIntake(Protocol):
    """New applications of known candidates."""

    evidence: EvidenceGrade

    @abstractmethod
    async def create(self, candidate: CandidateId, job: JobId, attempt: Attempt) -> Receipt:
        """The receipt's id is the application's. Raises NotFoundError, InvalidInputError, ConflictError."""

    @abstractmethod
    async def find(self, candidate: CandidateId, job: JobId) -> Found | Absent | CannotTell:
        """The candidate's application for the job, whoever made it."""
