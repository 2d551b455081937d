"""Write-backs: what is asked for, what is known when it is planned, and how far it has come."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

import attrs

from domain.attachment import FileReference
from domain.call_result import CallResult
from domain.custom_field import FieldDefinition
from domain.effect import IN_DOUBT, Effect, EffectKind, EffectState, Target
from domain.evidence import Receipt
from domain.ids import ApplicationId, CandidateId, FieldId, ReasonId, StageId, TagId
from domain.job_application import DispositionReason, Stage, Standing
from domain.note import Note
from domain.policy import RecordType
from domain.screening import Screening


@attrs.frozen(kw_only=True)
class FieldWish:
    """A value as somebody sent it for a field, not yet coerced to the field's type."""

    field: FieldId
    value: str | int | float | bool


@attrs.frozen(kw_only=True)
class Write:
    """A single write: one effect on each target, or one for each field wished for.

    `value` is the id of a stage, reason, tag or (for an application) job.
    """

    kind: EffectKind
    targets: tuple[Target, ...]
    note: Note | None = None
    file: FileReference | None = None
    value: str | None = None
    fields: tuple[FieldWish, ...] = ()


Request: TypeAlias = CallResult | Screening | Write


@attrs.frozen(kw_only=True)
class Facts:
    """All that planning needs to know of the ATS, read once.

    `absent` names each capability that the gateway lacks, with the reason; `missing` each record that the ATS does
    not have. What a request does not touch was not read and is empty here. `all_tags` are those that there are, None
    where that cannot be told.
    """

    absent: Mapping[str, str] = attrs.field(factory=dict)
    missing: Mapping[Target, str] = attrs.field(factory=dict)
    standings: Mapping[ApplicationId, Standing] = attrs.field(factory=dict)
    stages: Mapping[StageId, Stage] = attrs.field(factory=dict)
    reasons: Mapping[ReasonId, DispositionReason] = attrs.field(factory=dict)
    tags: Mapping[CandidateId, frozenset[TagId]] = attrs.field(factory=dict)
    all_tags: frozenset[TagId] | None = None
    definitions: Mapping[RecordType, Mapping[FieldId, FieldDefinition]] = attrs.field(factory=dict)
    values: Mapping[Target, Mapping[FieldId, str]] = attrs.field(factory=dict)
    screened_tag: TagId | None = None
    screened_status: StageId | None = None


class WriteBackState(StrEnum):
    """`waiting` and `running` go on by themselves; `held` waits for a person; `dead` was given up."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    HELD = "held"
    DEAD = "dead"


UNFINISHED = frozenset({WriteBackState.WAITING, WriteBackState.RUNNING})


@attrs.frozen(kw_only=True)
class EffectRecord:
    """An effect as the ledger has it.

    `attempt` counts requests begun. `flight_left`: seconds until the last request can no longer be under way
    (negative: so long ago), by the clock of the ledger, read with the record; None if none was begun.
    """

    n: int
    effect: Effect
    state: EffectState
    marker: str
    attempt: int = 0
    receipt: Receipt | None = None
    reason: str | None = None
    flight_left: float | None = None


def outcome_of(states: Sequence[EffectState]) -> WriteBackState | None:
    """What a write-back has come to; None while an effect can still be carried out or looked for.

    What waits for a held effect does not keep the write-back going.
    """
    if any(state in IN_DOUBT for state in states):
        return None
    if EffectState.HELD in states:
        return WriteBackState.HELD
    if EffectState.PLANNED in states:
        return None
    return WriteBackState.REFUSED if EffectState.REFUSED in states else WriteBackState.DONE
