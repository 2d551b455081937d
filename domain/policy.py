"""Policy: what a customer wants done in the ATS with a screening's result."""

from collections.abc import Mapping
from enum import StrEnum

import attrs

from domain.ids import FieldId, ReasonId, StageId
from domain.screening import Criteria, Verdict


class RecordType(StrEnum):
    """The kinds of record that something can be written on."""

    APPLICATION = "application"
    CANDIDATE = "candidate"
    JOB = "job"


class Where(StrEnum):
    """On which records a note or report goes; `application` falls to the candidate where there is none."""

    APPLICATION = "application"
    CANDIDATE = "candidate"
    BOTH = "both"
    NONE = "none"


@attrs.frozen(kw_only=True)
class VerdictAction:
    """What follows a verdict: a move to a stage, or a rejection for a reason. Not both."""

    stage: StageId | None = None
    disposition_reason: ReasonId | None = None


@attrs.frozen(kw_only=True)
class FieldMapping:
    """A value of the call result, found by JSON Pointer, that goes into a custom field."""

    pointer: str
    on: RecordType
    field: FieldId


@attrs.frozen(kw_only=True)
class Policy:
    """Ids are the vendor's own."""

    note_on: Where = Where.APPLICATION
    report_on: Where = Where.APPLICATION
    tag: bool = True
    screened_status: bool = True
    verdicts: Mapping[Verdict, VerdictAction] = attrs.field(factory=dict)
    fields: tuple[FieldMapping, ...] = ()
    criteria: Criteria = attrs.field(factory=Criteria)
