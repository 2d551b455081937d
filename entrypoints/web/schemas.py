"""Bodies of requests beside call results and screenings."""

from typing import Annotated, Any

import attrs
from msgspec import Meta

from domain.note import BlockKind
from domain.policy import RecordType, Where
from entrypoints.values import FullText, Id, Moment, Name, Pointer, Score, ShortText, Value
from ports.api_keys import Permission
from ports.commands import SettleAs


@attrs.frozen(kw_only=True)
class ApiKeyBody:
    """A new key; without `connection` it is for all of them."""

    name: Name
    scopes: Annotated[tuple[Permission, ...], Meta(min_length=1, max_length=6)]
    connection: Id | None = None
    expires_at: Moment | None = None


@attrs.frozen(kw_only=True)
class VerdictActionBody:
    """What follows a verdict: either a move to a stage or a rejection for a reason."""

    stage: Id | None = None
    disposition_reason: Id | None = None


@attrs.frozen(kw_only=True)
class VerdictsBody:
    """What follows which verdict."""

    passed: VerdictActionBody | None = None
    failed: VerdictActionBody | None = None
    review: VerdictActionBody | None = None


@attrs.frozen(kw_only=True)
class FieldMappingBody:
    """A value of the call result that goes into a custom field."""

    from_: Pointer
    on: RecordType
    field: Id


@attrs.frozen(kw_only=True)
class KnockOutBody:
    """A question whose answer must be one of `accept`; letter case and outer blanks do not count."""

    question: Id
    accept: Annotated[tuple[ShortText, ...], Meta(min_length=1, max_length=100)]


@attrs.frozen(kw_only=True)
class CriteriaBody:
    """What passes when no verdict came with the result."""

    least_score: Score | None = None
    knock_outs: Annotated[tuple[KnockOutBody, ...], Meta(max_length=100)] = ()


@attrs.frozen(kw_only=True)
class PolicyBody:
    """What is done in the ATS with a result. Ids are the vendor's own."""

    note_on: Where = Where.APPLICATION
    report_on: Where = Where.APPLICATION
    tag: bool = True
    screened_status: bool = True
    verdicts: VerdictsBody = VerdictsBody()
    fields: Annotated[tuple[FieldMappingBody, ...], Meta(max_length=200)] = ()
    criteria: CriteriaBody = CriteriaBody()


@attrs.frozen(kw_only=True)
class ConnectionBody:
    """A new connection. Settings and credentials are the provider's own; credentials are never shown again."""

    provider: Id
    name: Name
    settings: dict[str, Any] = attrs.field(factory=dict)
    credentials: dict[str, Any] = attrs.field(factory=dict, repr=False)
    policy: PolicyBody = PolicyBody()


@attrs.frozen(kw_only=True)
class ConnectionPatch:
    """A merge patch (RFC 7396) of name, settings and policy; credentials are replaced whole."""

    name: Name | None = None
    settings: dict[str, Any] | None = None
    credentials: dict[str, Any] | None = attrs.field(default=None, repr=False)
    policy: dict[str, Any] | None = None


@attrs.frozen(kw_only=True)
class ConnectionParts:
    """What a merge patch comes to."""

    name: Name
    settings: dict[str, Any] = attrs.field(factory=dict)
    policy: PolicyBody = PolicyBody()


@attrs.frozen(kw_only=True)
class ApplicationBody:
    """A new application of a known candidate."""

    candidate_id: Id
    job_id: Id


@attrs.frozen(kw_only=True)
class StageBody:
    """A move to a stage."""

    stage_id: Id


@attrs.frozen(kw_only=True)
class RejectionBody:
    """A rejection for a reason."""

    reason_id: Id


@attrs.frozen(kw_only=True)
class RejectionsBody:
    """Many rejections for one reason: one effect and one result an application."""

    application_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=200)]
    reason_id: Id


@attrs.frozen(kw_only=True)
class BlockBody:
    """A heading or paragraph has `text`, bullets have `items`."""

    kind: BlockKind
    text: FullText | None = None
    items: Annotated[tuple[ShortText, ...], Meta(max_length=500)] = ()


@attrs.frozen(kw_only=True)
class NoteBody:
    """A note: either a plain text or blocks."""

    text: FullText | None = None
    blocks: Annotated[tuple[BlockBody, ...], Meta(max_length=200)] = ()
    action_type: Id | None = None


@attrs.frozen(kw_only=True)
class TagBody:
    """A tag by its id."""

    tag: Id


@attrs.frozen(kw_only=True)
class FieldBody:
    """A value for a custom field."""

    field: Id
    value: Value


@attrs.frozen(kw_only=True)
class FieldsBody:
    """Values for custom fields: one effect a field."""

    updates: Annotated[tuple[FieldBody, ...], Meta(min_length=1, max_length=200)]


@attrs.frozen(kw_only=True)
class SettleBody:
    """What a person found out of a held effect."""

    as_: SettleAs
