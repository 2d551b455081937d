"""The gateway: the record of what an opened connection can do."""

from abc import abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from types import UnionType
from typing import Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from ports.applications import ApplicationIntake, ReasonCatalogue, Rejection, StageCatalogue, StageMoves
from ports.attachments import Files
from ports.candidates import CandidateLookup, CandidateSearch, Resumes
from ports.errors import UnsupportedError
from ports.feeds import ApplicationFeed, CandidateFeed, JobFeed
from ports.fields import CustomFields
from ports.jobs import JobDetailFeed, JobDetails, JobLookup
from ports.notes import Notes
from ports.results import ResultDelivery, ResultLinks
from ports.tags import Tagging

T = TypeVar("T")


class Row(Protocol):
    """An endpoint that a capability uses; `wire` is "sourced" or "assumed"."""

    wire: StrEnum


class Wired(Protocol):
    """What a capability over a vendor's API says of itself: each endpoint that it uses."""

    uses: tuple[Row, ...]


class Provider(StrEnum):
    """The applicant tracking systems that can be spoken to; `kombo` stands for any other behind Kombo."""

    ERECRUIT = "erecruit"
    TEMPWORKS = "tempworks"
    AVIONTE = "avionte"
    KOMBO = "kombo"
    PUBLIC_API = "public_api"


class AbsenceKind(StrEnum):
    """Why a capability is absent: it has no meaning here; the vendor does not offer it; the vendor forbids it."""

    NOT_APPLICABLE = "not_applicable"
    NOT_OFFERED = "not_offered"
    BARRED = "barred"


@attrs.frozen
class Absence:
    """A capability that a gateway lacks, with the reason in words for its users."""

    kind: AbsenceKind
    why: str


@attrs.frozen
class HostCheck:
    """What a live look at one host gave: `fault` is None when it let us in and answered."""

    host: str
    fault: str | None


class Check(Protocol):
    """A live test of a connection."""

    @abstractmethod
    async def hosts(self) -> tuple[HostCheck, ...]:
        """Log in to each host and read one cheap thing there. Never raises a PortError: faults are in the answer."""


@attrs.frozen(kw_only=True)
class Gateway:
    """An opened connection. Each capability is a port or the reason why there is none; `need` asks for one."""

    provider: Provider
    check: Check
    settle_seconds: float
    """How long after the end of a request its effect may still appear in the ATS."""

    job_feed: JobFeed | Absence
    application_feed: ApplicationFeed | Absence
    candidate_feed: CandidateFeed | Absence
    job_lookup: JobLookup | Absence
    job_detail: JobDetails | Absence
    job_detail_feed: JobDetailFeed | Absence
    candidate_lookup: CandidateLookup | Absence
    candidate_search: CandidateSearch | Absence
    resumes: Resumes | Absence
    application_intake: ApplicationIntake | Absence
    stages: StageCatalogue | Absence
    stage_moves: StageMoves | Absence
    reasons: ReasonCatalogue | Absence
    rejection: Rejection | Absence
    application_notes: Notes | Absence
    candidate_notes: Notes | Absence
    application_files: Files | Absence
    candidate_files: Files | Absence
    application_fields: CustomFields | Absence
    candidate_fields: CustomFields | Absence
    job_fields: CustomFields | Absence
    tagging: Tagging | Absence
    result_delivery: ResultDelivery | Absence
    result_links: ResultLinks | Absence


def need(capability: T | Absence) -> T:
    """The capability itself. Raises UnsupportedError with the reason when it is absent."""
    if isinstance(capability, Absence):
        raise UnsupportedError(capability.why)
    return capability


def _rows() -> tuple[str, ...]:
    hints = get_type_hints(Gateway)
    unions = {
        name for name, hint in hints.items() if get_origin(hint) in {Union, UnionType} and Absence in get_args(hint)
    }
    return tuple(field.name for field in attrs.fields(Gateway) if field.name in unions)


CAPABILITIES: tuple[str, ...] = _rows()
"""The names of the gateway's capabilities, in the order in which it states them."""


def absences(gateway: Gateway) -> Mapping[str, str]:
    """Each capability that the gateway lacks, with the reason."""
    found = {name: getattr(gateway, name) for name in CAPABILITIES}
    return {name: port.why for name, port in found.items() if isinstance(port, Absence)}
