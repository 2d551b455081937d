"""Evidence: what a look at the ATS shows of an effect whose reply was lost, and what follows from it."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import attrs

from domain.effect import Effect, EffectState
from domain.ids import CandidateId


class EvidenceGrade(StrEnum):
    """What a look can prove: both ways; presence only (a synced copy lags); nothing."""

    LIVE = "live"
    PRESENCE_ONLY = "presence_only"
    NONE = "none"


@attrs.frozen(kw_only=True)
class Receipt:
    """What the ATS said of an effect: its id there, its time there; and the SHA-256 of what we sent.

    `warnings` tell what went otherwise than asked, each in a few words that are safe to show.
    """

    id: str | None = None
    at: datetime | None = None
    sha256: str | None = None
    warnings: tuple[str, ...] = ()


@attrs.frozen
class Found:
    """The effect stands in the ATS."""

    receipt: Receipt


@attrs.frozen
class Absent:
    """A fully read, live list does not have it."""


@attrs.frozen
class CannotTell:
    """The ATS gives no way to know, or not any more (the record is gone or merged).

    `owner` is whose the record is, if at least that is known.
    """

    why: str
    owner: CandidateId | None = None


@attrs.frozen
class Current:
    """The value that a thing which can be set has right now."""

    value: str


Evidence: TypeAlias = Found | Absent | CannotTell | Current


@attrs.frozen(kw_only=True)
class Finding:
    """What becomes of the effect. A state of None: too early to tell, look again once the flight has settled."""

    state: EffectState | None
    reason: str | None = None
    receipt: Receipt | None = None


WAIT = Finding(state=None)


def believed(effect: Effect, evidence: Evidence, grade: EvidenceGrade) -> Evidence:
    """Evidence as far as a look of this grade can be believed: a copy that lags shows what is there, no more."""
    match evidence:
        case _ if grade is EvidenceGrade.LIVE:
            return evidence
        case CannotTell():
            return evidence
        case _ if grade is EvidenceGrade.NONE:
            return CannotTell("the ATS gives no way to look")
        case Found():
            return evidence
        case Current(value) if value == effect.wanted:
            return evidence
        case _:
            return CannotTell("only a copy that lags can be looked at, and it does not show the effect")


def verdict(effect: Effect, evidence: Evidence, *, settled: bool) -> Finding:
    """What evidence says of an effect that may have happened.

    `settled`: no request of ours can still land. Before that only presence counts, for what is missing now may yet
    appear, and a value that is not ours may yet be overwritten by it.
    """
    match evidence:
        case Found(receipt):
            return Finding(state=EffectState.CONFIRMED, reason="found in the ATS", receipt=receipt)
        case Current(value) if value == effect.wanted:
            return Finding(state=EffectState.CONFIRMED, reason="found in the ATS", receipt=Receipt())
        case _ if not settled:
            return WAIT
        case Absent():
            return Finding(state=EffectState.PLANNED)
        case Current(value) if value in effect.before:
            return Finding(state=EffectState.PLANNED)
        case Current(value) if effect.before:
            return superseded(value)
        case Current():
            return Finding(state=EffectState.HELD, reason="what stood there before could not be read, so who set it?")
        case CannotTell(why):
            return Finding(state=EffectState.HELD, reason=why)


def before_sending(effect: Effect, evidence: Evidence) -> Finding:
    """What a look directly before the first request says: go on (planned), already so, or moved on by somebody."""
    match evidence:
        case Found(receipt):
            return Finding(state=EffectState.CONFIRMED, reason="stood there already", receipt=receipt)
        case Current(value) if value == effect.wanted:
            return Finding(state=EffectState.CONFIRMED, reason="was so already", receipt=Receipt())
        case Current(value) if effect.before and value not in effect.before:
            return superseded(value)
        case _:
            return Finding(state=EffectState.PLANNED)


def superseded(value: str) -> Finding:
    shown = value or "empty"
    return Finding(state=EffectState.REFUSED, reason=f"superseded: it is now {shown}, which nobody here planned from")
