"""What every rig gives to a contract: something to act through, and something to look at."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

import attrs

from domain.custom_field import FieldKind
from domain.effect import Target
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from domain.policy import RecordType
from ports.errors import ConflictError, RefusedError
from ports.gateway import Gateway

LATE_SECONDS = 60.0
"""How late a late effect comes."""


class Trouble(Enum):
    """What can become of the next unsafe request whose reply is lost."""

    DONE = "done"
    NOT_DONE = "not_done"
    LATE = "late"


@attrs.frozen(kw_only=True)
class Person:
    """A candidate as the ATS really has them."""

    id: CandidateId
    first_name: str
    last_name: str
    email: str
    phone: str


@attrs.frozen(kw_only=True)
class FieldCase:
    """A value for one field, in canonical text, and as the ATS keeps it."""

    field: FieldId
    kind: FieldKind
    value: str
    kept: str


@attrs.frozen(kw_only=True)
class World:
    """The ATS behind a gateway, known without asking the gateway.

    `writes` are the effects that became real, in the sandbox's own shape. `jobs`, `applications` and `candidates` hold
    the moment of each record's last change. `barred_stage` is None where every stage may be entered, `no_tag` where
    every name makes a tag. `nameless` are the capabilities whose effects are answered without an id;
    `refuses_ended_with` is how the ATS says that an application has ended. `undated` are the capabilities whose
    records bear no time of change, `looser` the feeds whose windows show older records too. `elsewhere` is where the
    effects of a capability become real instead of on the record that they are meant for. `with_fields` is the
    application that has custom fields, `no_fields` one that is not there, where not every kind of application has any.
    `remove` takes a record of a feed away, `add` adds one, as people in the ATS do; None where there are no feeds.
    """

    writes: Callable[[], list[dict[str, Any]]]
    lose_next_reply: Callable[[Trouble], None]
    advance: Callable[[float], None]
    overlap_seconds: float
    jobs: Mapping[JobId, datetime]
    open_jobs: frozenset[JobId]
    applications: Mapping[ApplicationId, datetime]
    job_of: Mapping[ApplicationId, JobId]
    candidates: Mapping[CandidateId, datetime]

    job: JobId
    job_title: str
    job_not_applied_for: JobId
    person: Person
    resume: bytes
    without_resume: CandidateId
    application: ApplicationId
    other_application: ApplicationId
    ended_application: ApplicationId
    stage: StageId
    stage_to_enter: StageId
    barred_stage: StageId | None
    reason: ReasonId
    inactive_reason: ReasonId
    tag: TagId
    fields: Mapping[RecordType, tuple[FieldCase, ...]]

    no_job: JobId
    no_candidate: CandidateId
    no_application: ApplicationId
    no_stage: StageId
    no_reason: ReasonId
    no_tag: TagId | None
    no_field: FieldId

    nameless: frozenset[str] = frozenset()
    refuses_ended_with: type[RefusedError] = ConflictError
    undated: frozenset[str] = frozenset()
    looser: frozenset[str] = frozenset()
    elsewhere: Mapping[str, Target] = attrs.field(factory=dict)
    with_fields: ApplicationId | None = None
    no_fields: ApplicationId | None = None
    remove: Callable[[str, str], None] | None = None
    add: Callable[[str], None] | None = None

    def named(self, capability: str, written: Mapping[str, Any]) -> str | None:
        """The id that a receipt of this effect bears."""
        return None if capability in self.nameless else written["id"]

    def record(self, kind: RecordType) -> str:
        """The record of this kind that contracts write on."""
        return {
            RecordType.JOB: str(self.job),
            RecordType.CANDIDATE: str(self.person.id),
            RecordType.APPLICATION: str(self.application),
        }[kind]

    def bearer(self, kind: RecordType) -> str:
        """The record of this kind that has custom fields."""
        return str(self.with_fields) if kind is RecordType.APPLICATION and self.with_fields else self.record(kind)

    def no_bearer(self, kind: RecordType) -> str:
        """An id of such a record that the ATS does not have."""
        return str(self.no_fields) if kind is RecordType.APPLICATION and self.no_fields else self.no_record(kind)

    def no_record(self, kind: RecordType) -> str:
        """An id of this kind that the ATS does not have."""
        return {
            RecordType.JOB: str(self.no_job),
            RecordType.CANDIDATE: str(self.no_candidate),
            RecordType.APPLICATION: str(self.no_application),
        }[kind]


@attrs.frozen(kw_only=True)
class Rig:
    """A hollow rig answers success to every write and does nothing."""

    name: str
    gateway: Gateway
    world: World


class OpenRig(Protocol):
    """Starts a rig."""

    def __call__(self, *, hollow: bool = False) -> AbstractAsyncContextManager[Rig]:
        """The rig, for as long as the context lasts."""
