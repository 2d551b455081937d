"""What goes back, as JSON: members that are not there are left out."""

from datetime import datetime
from typing import Any, TypeVar

import attrs
from msgspec import UNSET, UnsetType

from application.check_connection import Checkup
from application.hand_in import DryRun, Shown
from domain.attachment import FileReference
from domain.effect import EffectKind, EffectState, Target
from domain.evidence import Receipt
from domain.policy import RecordType
from domain.writeback import EffectRecord, WriteBackState
from entrypoints.web.policies import policy_json
from entrypoints.web.problems import FaultReply
from entrypoints.web.schemas import PolicyBody
from ports.api_keys import ApiKey, Permission
from ports.commands import CommandKind, WriteBack
from ports.connections import Connection

T = TypeVar("T")


def unless_none(value: T | None) -> T | UnsetType:
    """Left out where there is none."""
    return UNSET if value is None else value


@attrs.frozen(kw_only=True)
class ApiKeyReply:
    """A key without its secret."""

    id: str
    name: str
    scopes: tuple[Permission, ...]
    created_at: datetime
    connection: str | UnsetType = UNSET
    expires_at: datetime | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class NewApiKeyReply(ApiKeyReply):
    """A new key; `key` is shown this once."""

    key: str = attrs.field(repr=False)


def api_key_reply(key: ApiKey) -> ApiKeyReply:
    """A key as it is shown."""
    return ApiKeyReply(
        id=key.id,
        name=key.name,
        scopes=tuple(sorted(key.permissions)),
        created_at=key.created_at,
        connection=unless_none(key.connection),
        expires_at=unless_none(key.expires_at),
    )


@attrs.frozen(kw_only=True)
class ConnectionReply:
    """A connection without its credentials. `parked` says why no write-back of it is started."""

    id: str
    provider: str
    name: str
    settings: dict[str, Any]
    policy: PolicyBody
    revision: int
    created_at: datetime
    parked: str | UnsetType = UNSET


def connection_reply(connection: Connection) -> dict[str, object]:
    """A `ConnectionReply`."""
    shown: dict[str, object] = {
        "id": connection.id,
        "provider": connection.provider,
        "name": connection.name,
        "settings": dict(connection.settings),
        "policy": policy_json(connection.policy),
        "revision": connection.revision,
        "created_at": connection.created_at,
    }
    return shown if connection.parked is None else {**shown, "parked": connection.parked}


@attrs.frozen(kw_only=True)
class TargetReply:
    """The record that an effect is on; the id is empty where there is none."""

    type: RecordType
    id: str


@attrs.frozen(kw_only=True)
class ReceiptReply:
    """What the ATS said of an effect, and the SHA-256 of what was sent; `warnings` tell what went otherwise."""

    id: str | UnsetType = UNSET
    at: datetime | UnsetType = UNSET
    sha256: str | UnsetType = UNSET
    warnings: tuple[str, ...] | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class EffectReply:
    """One change in the ATS, and how far it has come."""

    n: int
    slot: str
    kind: EffectKind
    target: TargetReply
    state: EffectState
    marker: str
    receipt: ReceiptReply | UnsetType = UNSET
    reason: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class WriteBackReply:
    """A call result, a screening or a single write on its way to the ATS."""

    id: str
    connection: str
    kind: CommandKind
    key: str
    state: WriteBackState
    created_at: datetime
    effects: tuple[EffectReply, ...]
    reason: str | UnsetType = UNSET


def write_back_reply(found: WriteBack) -> WriteBackReply:
    """A write-back as it is shown."""
    return WriteBackReply(
        id=found.id,
        connection=found.connection,
        kind=found.kind,
        key=found.key,
        state=found.state,
        created_at=found.created_at,
        reason=unless_none(found.reason),
        effects=tuple(_effect(record) for record in found.effects),
    )


def _effect(record: EffectRecord) -> EffectReply:
    return EffectReply(
        n=record.n,
        slot=record.effect.slot,
        kind=record.effect.kind,
        target=_target(record.effect.target),
        state=record.state,
        marker=record.marker,
        receipt=UNSET if record.receipt is None else _receipt(record.receipt),
        reason=unless_none(record.reason or record.effect.reason),
    )


def _target(target: Target) -> TargetReply:
    return TargetReply(type=target.type, id=target.id)


def _receipt(receipt: Receipt) -> ReceiptReply:
    return ReceiptReply(
        id=unless_none(receipt.id),
        at=unless_none(receipt.at),
        sha256=unless_none(receipt.sha256),
        warnings=receipt.warnings or UNSET,
    )


@attrs.frozen(kw_only=True)
class AcceptedReply:
    """A write-back was accepted; look at `href` for how far it has come."""

    writeback_id: str
    href: str


@attrs.frozen(kw_only=True)
class PlannedReply:
    """An effect that would be carried out (`planned`), or why it would not (`skipped`, `refused`, `held`).

    `before` are the values from which it may be set, `wanted` the one it leaves. `preview` is what the ATS will show: a
    note's text, a file's name. `reason` says why it is not carried out, or goes elsewhere than asked.
    """

    n: int
    slot: str
    kind: EffectKind
    target: TargetReply
    state: EffectState
    marker: str
    value: str | UnsetType = UNSET
    field: str | UnsetType = UNSET
    before: tuple[str, ...] | UnsetType = UNSET
    wanted: str | UnsetType = UNSET
    preview: str | UnsetType = UNSET
    file: FileReference | UnsetType = UNSET
    reason: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class PlanReply:
    """What would be carried out, in order."""

    effects: tuple[PlannedReply, ...]


def plan_reply(run: DryRun) -> PlanReply:
    """A dry run as it is shown."""
    return PlanReply(effects=tuple(_planned(shown) for shown in run.effects))


def _planned(shown: Shown) -> PlannedReply:
    effect = shown.effect
    return PlannedReply(
        n=shown.n,
        slot=effect.slot,
        kind=effect.kind,
        target=_target(effect.target),
        state=effect.state,
        marker=shown.marker,
        value=unless_none(effect.value),
        field=unless_none(effect.field),
        before=effect.before or UNSET,
        wanted=unless_none(effect.wanted if effect.value else None),
        preview=unless_none(shown.preview),
        file=unless_none(effect.file),
        reason=unless_none(effect.reason),
    )


@attrs.frozen(kw_only=True)
class HostReply:
    """A host of the connection; `fault` says why it did not let us in or did not answer."""

    host: str
    ok: bool
    fault: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class CheckReply:
    """What a live look found: each host, and each id of settings or policy that cannot be used."""

    ok: bool
    hosts: tuple[HostReply, ...]
    policy: tuple[FaultReply, ...]


def check_reply(found: Checkup) -> CheckReply:
    """A checkup as it is shown."""
    return CheckReply(
        ok=found.ok,
        hosts=tuple(
            HostReply(host=one.host, ok=one.fault is None, fault=unless_none(one.fault)) for one in found.hosts
        ),
        policy=tuple(FaultReply(pointer=one.pointer, message=one.message) for one in found.policy),
    )
