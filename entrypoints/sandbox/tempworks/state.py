"""What the emulated TempWorks remembers. Moments are exact here; the wire shows them local and cut to the minute."""

from datetime import datetime
from typing import Any

import attrs

from entrypoints.sandbox.zones import shipped

Row = dict[str, Any]
EMPLOYEE_ORIGIN, JOB_ORDER_ORIGIN, ASSIGNMENT_ORIGIN = 1, 8, 14


@attrs.define(kw_only=True)
class Switches:
    """Peculiarities that some installations, tokens and representatives have, and others have not."""

    upload_mode: str = "multipart"
    """Or `base64_json`: how documents are uploaded is not known of the real API."""
    error_bodies: str = "problem"
    """Or `empty`, `text`, `html`."""
    token_inactive: bool = False
    token_expired: bool = False
    missing_scopes: str = ""
    """Scopes that were not ticked, joined by commas."""
    sees_no_branch: bool = False
    unlinked_origins: bool = False
    unlinked_documents: bool = False
    rows_move: bool = False
    """After each page of people somebody is taken in and the first who is active is not any more."""
    files_elsewhere: bool = False
    """Downloads are redirected to another host."""
    token_seconds: int = 3600
    oauth_allowed: int = 25
    """Requests in five seconds of a client of the log-in server: what the vendor sold it."""


@attrs.define(kw_only=True)
class Employee:
    """`modified` is the truth about the last change of any kind, which the wire never tells."""

    number: int
    first: str
    last: str
    middle: str | None
    title: str | None
    email: str | None
    phone: str | None
    cell: str | None
    calling_code: int
    street: str
    branch: int
    activated: datetime
    status_changed: datetime
    modified: datetime
    deactivated: datetime | None = None
    is_active: bool = True
    do_not_assign: bool = False
    resume: int | None = None


@attrs.define(kw_only=True)
class JobOrder:
    number: int
    title: str
    description: str | None
    status: int
    is_active: bool
    branch: int
    customer: int
    taken: datetime
    modified: datetime


@attrs.define(kw_only=True)
class OrderCandidate:
    """`log` holds when which status was entered, with which comment."""

    number: int
    job: int
    employee: int
    status: int
    comment: str | None
    added: datetime
    modified: datetime
    log: list[tuple[datetime, int, str | None]] = attrs.field(factory=list)


@attrs.define(kw_only=True)
class Assignment:
    number: int
    job: int
    employee: int
    status: int
    assigned: datetime
    start: datetime
    end: datetime | None
    modified: datetime


@attrs.frozen(kw_only=True)
class Message:
    number: int
    employee: int
    action: int
    text: str
    at: datetime
    origins: tuple[tuple[int, int], ...] = ()
    documents: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class Document:
    number: int
    employee: int
    type: int
    name: str
    filename: str
    description: str | None
    media: str
    content: bytes = attrs.field(repr=False)
    at: datetime


@attrs.frozen(kw_only=True)
class Token:
    """Of the log-in server; one of a user can be had anew with the refresh token."""

    until: datetime
    refresh: str | None = None


@attrs.frozen(kw_only=True)
class Event:
    """Something that subscribers are to be told."""

    topic: str
    payload: Row
    at: datetime


@attrs.define(kw_only=True)
class State:
    zone: str
    credentials: dict[str, str] = attrs.field(repr=False)
    urls: dict[str, str] = attrs.field(factory=dict)
    """Where servers of this sandbox are, once they are; `files` is where downloads are redirected to."""
    switches: Switches = attrs.field(factory=Switches)
    tokens: dict[str, Token] = attrs.field(factory=dict)
    issued: int = 0
    employees: dict[int, Employee] = attrs.field(factory=dict)
    job_orders: dict[int, JobOrder] = attrs.field(factory=dict)
    candidates: dict[int, OrderCandidate] = attrs.field(factory=dict)
    candidates_of_job: dict[int, list[OrderCandidate]] = attrs.field(factory=dict)
    candidates_of_employee: dict[int, list[OrderCandidate]] = attrs.field(factory=dict)
    assignments: dict[int, Assignment] = attrs.field(factory=dict)
    assignments_of: dict[int, list[Assignment]] = attrs.field(factory=dict)
    messages: dict[int, list[Message]] = attrs.field(factory=dict)
    message_count: int = 0
    documents: dict[int, Document] = attrs.field(factory=dict)
    documents_of: dict[int, list[Document]] = attrs.field(factory=dict)
    values: dict[tuple[str, int], dict[str, Any]] = attrs.field(factory=dict)
    subscriptions: list[Row] = attrs.field(factory=list)
    events: list[Event] = attrs.field(factory=list)
    """Not sent yet."""
    cached: dict[bytes, tuple[datetime, list[int]]] = attrs.field(factory=dict)
    """Results of advanced searches, by what was asked."""

    def minute(self, moment: datetime | None) -> str | None:
        """Local, without offset, cut to the minute."""
        return None if moment is None else self.local(moment).replace(second=0).isoformat()

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(shipped(self.zone)).replace(tzinfo=None, microsecond=0)

    def announce(self, topic: str, payload: Row, now: datetime) -> None:
        self.events.append(Event(topic=topic, payload=payload, at=now))


def add_candidate(state: State, one: OrderCandidate) -> None:
    state.candidates[one.number] = one
    state.candidates_of_job.setdefault(one.job, []).append(one)
    state.candidates_of_employee.setdefault(one.employee, []).append(one)


def add_assignment(state: State, one: Assignment) -> None:
    state.assignments[one.number] = one
    state.assignments_of.setdefault(one.employee, []).append(one)


def add_document(state: State, one: Document) -> None:
    state.documents[one.number] = one
    state.documents_of.setdefault(one.employee, []).append(one)


def add_message(state: State, one: Message) -> None:
    state.message_count += 1
    state.messages.setdefault(one.employee, []).append(one)
