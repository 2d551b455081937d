"""Jobs: what a candidate is screened for."""

from datetime import datetime
from enum import StrEnum

import attrs

from domain.custom_field import FieldValue
from domain.ids import JobId


class JobStatus(StrEnum):
    """Where a job stands; a vendor's word that we do not know is UNKNOWN, and `Job.status_text` keeps it."""

    DRAFT = "draft"
    OPEN = "open"
    ON_HOLD = "on_hold"
    FILLED = "filled"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Job:
    """A job as lists show it. Times are aware UTC; `description` is HTML with simple tags only."""

    id: JobId
    title: str
    status: JobStatus
    status_text: str | None = None
    company: str | None = None
    employment_type: str | None = None
    location: str | None = None
    description: str | None = None
    opened_at: datetime | None = None
    changed_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Party:
    """A person or company on the customer's side of a job."""

    name: str
    role: str
    email: str | None = None


@attrs.frozen(kw_only=True)
class JobDetail:
    """A job with all that the ATS tells of it; parts that could not be read are named in `missing`.

    `link` is where the public finds it.
    """

    job: Job
    fields: tuple[FieldValue, ...] = ()
    parties: tuple[Party, ...] = ()
    address: str | None = None
    link: str | None = None
    missing: tuple[str, ...] = ()
