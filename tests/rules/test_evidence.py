"""The verdict of evidence as a whole table: what was seen, of which kind of effect, before and after settling."""

from datetime import UTC, datetime

import pytest

from domain.effect import Effect, EffectKind, EffectState
from domain.evidence import (
    WAIT,
    Absent,
    CannotTell,
    Current,
    Evidence,
    EvidenceGrade,
    Finding,
    Found,
    Receipt,
    before_sending,
    believed,
    verdict,
)
from tests.builders import an_effect

RECEIPT = Receipt(id="n-17", at=datetime(2026, 11, 21, 9, 31, tzinfo=UTC))
GONE = CannotTell("the record was merged")
APPENDED = [an_effect(kind) for kind in EffectKind if an_effect(kind).wanted is None]
SET = [an_effect(kind) for kind in EffectKind if an_effect(kind).wanted is not None]
ALL = [*APPENDED, *SET]
EARLY_AND_LATE = pytest.mark.parametrize("settled", [False, True])


def _each(effects: list[Effect]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("effect", effects, ids=[effect.kind for effect in effects])


def _seen_of(effect: Effect) -> list[Evidence]:
    """Everything that a look can show: of a thing that is set, also each sort of value."""
    values = [Current(effect.wanted or ""), *map(Current, effect.before), Current("another")]
    return [Found(RECEIPT), Absent(), GONE, *(values if effect.wanted is not None else [])]


@_each(ALL)
@EARLY_AND_LATE
def test_what_is_found_is_confirmed_with_its_receipt(effect: Effect, settled: bool) -> None:
    assert verdict(effect, Found(RECEIPT), settled=settled) == Finding(
        state=EffectState.CONFIRMED, reason="found in the ATS", receipt=RECEIPT
    )


@_each(SET)
@EARLY_AND_LATE
def test_the_wanted_value_is_confirmed(effect: Effect, settled: bool) -> None:
    finding = verdict(effect, Current(effect.wanted or ""), settled=settled)

    assert finding == Finding(state=EffectState.CONFIRMED, reason="found in the ATS", receipt=Receipt())


@_each(ALL)
def test_while_a_request_may_still_land_nothing_but_presence_counts(effect: Effect) -> None:
    for seen in _seen_of(effect):
        if seen not in (Found(RECEIPT), Current(effect.wanted or "")):
            assert verdict(effect, seen, settled=False) == WAIT, seen


@_each(ALL)
def test_absent_after_settling_is_planned_again(effect: Effect) -> None:
    assert verdict(effect, Absent(), settled=True) == Finding(state=EffectState.PLANNED)


@_each(SET)
def test_the_value_before_is_planned_again_after_settling(effect: Effect) -> None:
    assert verdict(effect, Current(effect.before[0]), settled=True) == Finding(state=EffectState.PLANNED)


@_each(SET)
def test_any_other_value_means_that_somebody_moved_it_on(effect: Effect) -> None:
    assert verdict(effect, Current("another"), settled=True) == Finding(
        state=EffectState.REFUSED, reason="superseded: it is now another, which nobody here planned from"
    )


def test_an_emptied_value_is_shown_as_empty() -> None:
    status = an_effect(EffectKind.STATUS)

    assert "it is now empty" in (verdict(status, Current(""), settled=True).reason or "")


@_each(ALL)
def test_what_cannot_be_told_is_held_for_a_person(effect: Effect) -> None:
    assert verdict(effect, GONE, settled=True) == Finding(state=EffectState.HELD, reason="the record was merged")


@_each(ALL)
@EARLY_AND_LATE
def test_the_table_is_total_and_never_guesses(effect: Effect, settled: bool) -> None:
    for seen in _seen_of(effect):
        finding = verdict(effect, seen, settled=settled)
        shown = seen == Found(RECEIPT) or seen == Current(effect.wanted or "")

        assert (finding.state is EffectState.CONFIRMED) is shown, seen
        assert settled or finding.state is not EffectState.PLANNED, seen
        assert (finding.state is None) is (not settled and not shown), seen
        assert finding.state not in {EffectState.SENDING, EffectState.UNKNOWN, EffectState.SKIPPED}, seen
        assert finding.state in {None, EffectState.PLANNED} or finding.reason, seen


@_each(SET)
def test_where_nothing_was_read_before_only_the_wanted_value_is_safe(effect: Effect) -> None:
    blind = an_effect(effect.kind, before=())

    in_doubt = verdict(blind, Current(effect.before[0]), settled=True)
    assert in_doubt.state in {EffectState.REFUSED, EffectState.HELD}, "neither taken for done nor sent again"
    assert in_doubt.reason
    assert verdict(blind, Current(effect.wanted or ""), settled=True).state is EffectState.CONFIRMED


@_each(ALL)
def test_before_sending_what_stands_there_is_not_sent_again(effect: Effect) -> None:
    assert before_sending(effect, Found(RECEIPT)) == Finding(
        state=EffectState.CONFIRMED, reason="stood there already", receipt=RECEIPT
    )


@_each(SET)
def test_before_sending_three_ways_lead_on(effect: Effect) -> None:
    as_wanted = before_sending(effect, Current(effect.wanted or ""))
    as_planned = before_sending(effect, Current(effect.before[0]))
    moved_on = before_sending(effect, Current("another"))

    assert as_wanted == Finding(state=EffectState.CONFIRMED, reason="was so already", receipt=Receipt())
    assert as_planned == Finding(state=EffectState.PLANNED)
    assert moved_on.state is EffectState.REFUSED
    assert "superseded" in (moved_on.reason or "")


@_each(SET)
def test_before_sending_without_a_value_before_nothing_can_be_superseded(effect: Effect) -> None:
    blind = an_effect(effect.kind, before=())

    assert before_sending(blind, Current("another")) == Finding(state=EffectState.PLANNED)


@_each(ALL)
@pytest.mark.parametrize("seen", [Absent(), GONE], ids=["absent", "cannot_tell"])
def test_before_sending_nothing_seen_means_go_on(effect: Effect, seen: Evidence) -> None:
    assert before_sending(effect, seen) == Finding(state=EffectState.PLANNED)


@_each(ALL)
def test_a_live_look_is_believed(effect: Effect) -> None:
    assert [believed(effect, seen, EvidenceGrade.LIVE) for seen in _seen_of(effect)] == _seen_of(effect)


@_each(ALL)
def test_a_copy_that_lags_is_believed_in_what_it_shows_alone(effect: Effect) -> None:
    for seen in _seen_of(effect):
        shown = seen == Found(RECEIPT) or seen == Current(effect.wanted or "")
        told = believed(effect, seen, EvidenceGrade.PRESENCE_ONLY)
        assert told == seen if shown or seen == GONE else isinstance(told, CannotTell), seen


@_each(ALL)
def test_where_there_is_no_evidence_nothing_is_believed(effect: Effect) -> None:
    told = [believed(effect, seen, EvidenceGrade.NONE) for seen in _seen_of(effect)]
    assert all(isinstance(one, CannotTell) for one in told)
