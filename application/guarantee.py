"""The guarantee: what a lost reply of each kind of effect ends as, derived from the rules that carry effects out."""

from collections.abc import Iterator

import attrs

from application.effects import grade_of
from domain.checks import CAPABILITIES
from domain.effect import Effect, EffectKind, EffectState, Target
from domain.evidence import Absent, CannotTell, Current, Evidence, EvidenceGrade, Found, Receipt, believed, verdict
from domain.policy import RecordType
from ports.gateway import Absence, Gateway


@attrs.frozen(kw_only=True)
class Ending:
    """One kind of effect: what is proved of it, and what becomes of it once its request has surely ended.

    By what a look shows: that it stands, that it does not, another value (None where there can be none), or nothing.
    """

    kind: EffectKind
    on: RecordType
    evidence: EvidenceGrade
    stands: EffectState
    absent: EffectState
    otherwise: EffectState | None
    untold: EffectState


def endings(gateway: Gateway) -> tuple[Ending, ...]:
    """One for each kind of effect that can be carried out over the gateway."""
    return tuple(_endings(gateway))


def _endings(gateway: Gateway) -> Iterator[Ending]:
    for (kind, on), row in CAPABILITIES.items():
        if isinstance(getattr(gateway, row), Absence):
            continue
        effect = Effect(slot=f"{kind}@{on}", kind=kind, target=Target(on, "1"), value="wanted", before=("before",))
        grade, is_set = grade_of(gateway, effect), effect.wanted is not None
        yield Ending(
            kind=kind,
            on=on,
            evidence=grade,
            stands=_state(effect, Current(effect.wanted or "") if is_set else Found(Receipt()), grade),
            absent=_state(effect, Current("before") if is_set else Absent(), grade),
            otherwise=_state(effect, Current("another"), grade) if is_set and kind is not EffectKind.TAG else None,
            untold=_state(effect, CannotTell("gone or merged"), grade),
        )


def _state(effect: Effect, evidence: Evidence, grade: EvidenceGrade) -> EffectState:
    state = verdict(effect, believed(effect, evidence, grade), settled=True).state
    return EffectState.UNKNOWN if state is None else state
