"""Effects: changes in the outside world, each made by exactly one unsafe request."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum

import attrs

from domain.attachment import FileReference
from domain.ids import ConnectionId, FieldId, ReasonId, StageId
from domain.job_application import in_stage, rejected_for
from domain.note import Note
from domain.policy import RecordType

TAGGED = "tagged"
UNTAGGED = "untagged"


class EffectKind(StrEnum):
    """The kinds of change; a status is a stage set to show that somebody was screened."""

    NOTE = "note"
    FILE = "file"
    FIELD = "field"
    TAG = "tag"
    STATUS = "status"
    STAGE = "stage"
    REJECTION = "rejection"
    APPLICATION = "application"
    RESULT_LINK = "result_link"
    WEBHOOK = "webhook"


class EffectState(StrEnum):
    """`planned -> sending -> confirmed | refused | planned | unknown`; `unknown -> ... | held`; or `skipped`."""

    PLANNED = "planned"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"
    SKIPPED = "skipped"


BY_HAND = "to be sent again: settled by hand"
"""The reason of a planned effect that a person wants sent whatever it depends on."""
SETTLED = frozenset({EffectState.CONFIRMED, EffectState.REFUSED, EffectState.SKIPPED})
IN_DOUBT = frozenset({EffectState.SENDING, EffectState.UNKNOWN})
DECISIVE = frozenset({EffectKind.STAGE, EffectKind.REJECTION})
EVIDENCE_FOR_DECISION = frozenset({EffectKind.NOTE, EffectKind.FILE})


@attrs.frozen
class Target:
    """The record that an effect is on."""

    type: RecordType
    id: str


@attrs.frozen(kw_only=True)
class Effect:
    """One change, as it was planned.

    `slot` is its kind and role in the write-back, the same for ever. `value` is what is set: an id of a stage, reason,
    tag or job, or a field's canonical text. `before` holds the values from which it may be set: any other, found at
    the moment of sending or later, means that somebody moved the record on. It is empty where none could be read.
    `reason` says why it was skipped or refused when planned, or why it goes elsewhere than asked.
    """

    slot: str
    kind: EffectKind
    target: Target
    note: Note | None = None
    file: FileReference | None = None
    field: FieldId | None = None
    value: str | None = None
    before: tuple[str, ...] = ()
    state: EffectState = EffectState.PLANNED
    reason: str | None = None

    @property
    def wanted(self) -> str | None:
        """The value that a look at the ATS shows once the effect stands; None for things appended."""
        match self.kind:
            case EffectKind.STATUS | EffectKind.STAGE:
                return in_stage(StageId(self.value or ""))
            case EffectKind.REJECTION:
                return rejected_for(ReasonId(self.value or ""))
            case EffectKind.TAG:
                return TAGGED
            case EffectKind.FIELD:
                return self.value
            case _:
                return None


def effect_key(connection: ConnectionId, command_key: str, slot: str) -> str:
    """The name of an effect for ever: the same call result gives the same key, whatever way it came in."""
    parts = (connection, command_key, slot)
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def marker_of(key: str) -> str:
    """The part of an effect's key that is written into notes and file names."""
    return key[:12]


def chunk_slot(slot: str, n: int) -> str:
    """The slot of the n-th part of a note that is too long for one: the first keeps the note's own."""
    return slot if n == 1 else f"{slot}#{n}"


def _chunk_before(effect: Effect) -> str | None:
    """The slot of the part that comes before this one."""
    slot, _, n = effect.slot.rpartition("#")
    return chunk_slot(slot, int(n) - 1) if effect.kind is EffectKind.NOTE and slot and n.isdecimal() else None


class Readiness(StrEnum):
    """Whether an effect may be carried out now."""

    READY = "ready"
    WAITS = "waits"
    BLOCKED = "blocked"


@attrs.frozen
class Progress:
    """An effect and how far it has come."""

    effect: Effect
    state: EffectState


def foreseen(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """The effects as they end if the ATS does all that it is asked: what will be held says so."""
    told: list[Effect] = []
    for effect in effects:
        ready, why = readiness([_gone_well(one) for one in told], effect)
        held = effect.state is EffectState.PLANNED and ready is Readiness.BLOCKED
        told.append(attrs.evolve(effect, state=EffectState.HELD, reason=why) if held else effect)
    return tuple(told)


def _gone_well(effect: Effect) -> Progress:
    return Progress(effect, EffectState.CONFIRMED if effect.state is EffectState.PLANNED else effect.state)


def readiness(earlier: Sequence[Progress], effect: Effect) -> tuple[Readiness, str | None]:
    """A move or rejection waits until all before it is settled, and is blocked when a note or file did not get there.

    A later part of a note waits for the one before, and is blocked without it. Other effects depend on nothing, and
    no decision on another one. The text is the reason.
    """
    if effect.kind not in DECISIVE:
        return _after_its_chunk(earlier, _chunk_before(effect))
    for n, one in enumerate(earlier, start=1):
        if one.effect.kind in DECISIVE:
            continue
        lost = one.state in {EffectState.REFUSED, EffectState.HELD} and one.effect.kind in EVIDENCE_FOR_DECISION
        if lost:
            return Readiness.BLOCKED, f"effect {n} ({one.effect.slot}) is {one.state}"
        if one.state not in SETTLED:
            return Readiness.WAITS, f"waits for effect {n} ({one.effect.slot})"
    return Readiness.READY, None


def _after_its_chunk(earlier: Sequence[Progress], before: str | None) -> tuple[Readiness, str | None]:
    for n, one in enumerate(earlier, start=1):
        if one.effect.slot == before and one.state is not EffectState.CONFIRMED:
            lost = one.state in {EffectState.REFUSED, EffectState.HELD, EffectState.SKIPPED}
            why = f"effect {n} ({before}) is {one.state}" if lost else f"waits for effect {n} ({before})"
            return Readiness.BLOCKED if lost else Readiness.WAITS, why
    return Readiness.READY, None
