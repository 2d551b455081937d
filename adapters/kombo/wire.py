"""What Kombo answers, in its own words; only what is used. All that it may leave out or null is optional.

Structs, not attrs: lists of fifty thousand are read with them.
"""

from typing import Any, Literal

from msgspec import Raw, Struct

Success = Literal["success"]


class Listed(Struct, frozen=True):
    """The part of a list's answer that says how it goes on."""

    next: str | None
    results: list[Raw]


class Page(Struct, frozen=True):
    """A page of a list, its records as they came."""

    status: Success
    data: Listed


class Warned(Struct, frozen=True):
    """Something that went otherwise than asked, in the vendor's words."""

    message: str | None = None


class Done(Struct, frozen=True):
    """An action that was carried out; none of these gives back an id."""

    status: Success
    data: dict[str, Any]
    warnings: list[Warned] = []


class Fault(Struct, frozen=True):
    code: str | None = None


class Refusal(Struct, frozen=True):
    """Every answer but a success, if Kombo's application gave it. Only the code says what it means."""

    status: Literal["error"]
    error: Fault


class Environment(Struct, frozen=True):
    environment_id: str


class KeyChecked(Struct, frozen=True):
    status: Success
    data: Environment


class Glance(Struct, frozen=True, gc=False):
    """As much of a record as is looked at before it is decoded."""

    id: str
    status: object = None
    remote_deleted_at: str | None = None


class Location(Struct, frozen=True):
    city: str | None = None
    country: str | None = None
    raw: str | None = None
    state: str | None = None
    street_1: str | None = None
    street_2: str | None = None
    zip_code: str | None = None


class Stage(Struct, frozen=True):
    id: str
    remote_id: str | None
    name: str | None
    remote_deleted_at: str | None = None


class JobRole(Struct, frozen=True):
    remote_label: str | None = None
    unified_type: str | None = None


class TeamMember(Struct, frozen=True):
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    hiring_team_roles: list[str] = []
    job_roles: list[JobRole] = []


class Job(Struct, frozen=True):
    id: str
    remote_id: str
    name: str | None
    changed_at: str
    stages: list[Stage]
    hiring_team: list[TeamMember]
    description: str | None = None
    employment_type: str | None = None
    status: str | None = None
    location: Location | None = None
    opened_at: str | None = None
    remote_created_at: str | None = None
    custom_fields: dict[str, Any] | None = None


class JobStages(Struct, frozen=True):
    """Of a job only what can be entered on it."""

    stages: list[Stage]


class Application(Struct, frozen=True):
    id: str
    remote_id: str
    outcome: Literal["PENDING", "HIRED", "DECLINED"] | None
    current_stage_id: str | None
    job_id: str | None
    candidate_id: str | None
    changed_at: str
    rejection_reason_name: str | None = None
    current_stage: Stage | None = None
    remote_created_at: str | None = None


class New(Struct, frozen=True):
    """Of an application that was just made no more than what is needed: it stands, whatever else is odd about it."""

    id: str
    candidate_id: str | None = None
    remote_created_at: str | None = None


class Created(Struct, frozen=True):
    status: Success
    data: New
    warnings: list[Warned] = []


class EmailAddress(Struct, frozen=True, gc=False):
    email_address: str | None = None
    type: str | None = None


class PhoneNumber(Struct, frozen=True, gc=False):
    phone_number: str
    type: str | None = None


class Ref(Struct, frozen=True, gc=False):
    """A record named by another."""

    id: str
    remote_id: str | None = None


class CandidateApplication(Struct, frozen=True, gc=False):
    id: str
    job: Ref | None = None
    remote_created_at: str | None = None


class Tag(Struct, frozen=True, gc=False):
    name: str | None = None


class Candidate(Struct, frozen=True, gc=False):
    id: str
    remote_id: str
    first_name: str | None
    last_name: str | None
    changed_at: str
    applications: list[CandidateApplication]
    tags: list[Tag]
    title: str | None = None
    email_addresses: list[EmailAddress] | None = None
    phone_numbers: list[PhoneNumber] | None = None
    remote_created_at: str | None = None


class Reason(Struct, frozen=True):
    id: str
    name: str | None
    remote_deleted_at: str | None = None


class Note(Struct, frozen=True):
    id: str
    content_html: str | None = None
    remote_created_at: str | None = None


class Attachment(Struct, frozen=True):
    id: str
    type: Literal["CV", "COVER_LETTER", "OTHER"]
    data_url: str
    file_name: str | None
    content_type: str | None = None
    remote_created_at: str | None = None


class Attached(Struct, frozen=True):
    results: list[Attachment]


class Attachments(Struct, frozen=True):
    status: Success
    data: Attached
