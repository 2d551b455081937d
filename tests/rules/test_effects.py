from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.effect import (
    DECISIVE,
    IN_DOUBT,
    SETTLED,
    TAGGED,
    Effect,
    EffectKind,
    EffectState,
    Progress,
    Readiness,
    chunk_slot,
    effect_key,
    marker_of,
    readiness,
)
from domain.ids import ConnectionId, ReasonId, StageId
from domain.job_application import Outcome, Standing
from domain.writeback import WriteBackState, outcome_of
from tests.builders import an_effect

S = EffectState
STATES = tuple(EffectState)
PARTS = st.text(max_size=8) | st.text(alphabet="a1:\x1f", max_size=4)


def _key(connection: str, command: str, slot: str) -> str:
    return effect_key(ConnectionId(connection), command, slot)


def test_a_key_is_the_same_for_ever() -> None:
    assert _key("con_1", "call-result:call-1", "note@application") == _key(
        "con_1", "call-result:call-1", "note@application"
    )
    assert _key("con_1", "call-result:call-1", "note@application") == (
        "a7137d4fe0fd9cd00c1e5bc3d0553a64557eccb9eaaf538e922dab66eaaee8a8"
    )


@given(st.tuples(PARTS, PARTS, PARTS), st.tuples(PARTS, PARTS, PARTS))
def test_two_effects_have_one_key_only_if_all_their_parts_are_equal(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (_key(*one) == _key(*other)) is (one == other)


def test_parts_cannot_be_shifted_into_one_another() -> None:
    assert _key("con_1", "a\x1fb", "c") != _key("con_1", "a", "b\x1fc")


@given(PARTS, PARTS, PARTS)
def test_a_marker_is_the_first_twelve_hexadecimal_digits(connection: str, command: str, slot: str) -> None:
    marker = marker_of(_key(connection, command, slot))

    assert len(marker) == 12
    assert set(marker) <= set("0123456789abcdef")
    assert _key(connection, command, slot).startswith(marker)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (EffectKind.STATUS, "stage:screened"),
        (EffectKind.STAGE, "stage:interview"),
        (EffectKind.REJECTION, "rejected:not-qualified"),
        (EffectKind.TAG, TAGGED),
        (EffectKind.FIELD, "5200"),
        (EffectKind.NOTE, None),
        (EffectKind.FILE, None),
        (EffectKind.APPLICATION, None),
        (EffectKind.RESULT_LINK, None),
        (EffectKind.WEBHOOK, None),
    ],
)
def test_what_a_look_shows_once_an_effect_stands(kind: EffectKind, wanted: str | None) -> None:
    assert an_effect(kind).wanted == wanted


@pytest.mark.parametrize(
    ("standing", "value"),
    [
        (Standing(stage=StageId("applied")), "stage:applied"),
        (Standing(stage=None), "stage:"),
        (Standing(stage=StageId("hired"), outcome=Outcome.CLOSED), "stage:hired"),
        (Standing(stage=StageId("applied"), outcome=Outcome.REJECTED, reason=ReasonId("r")), "rejected:r"),
        (Standing(stage=StageId("applied"), outcome=Outcome.REJECTED), "rejected:"),
    ],
)
def test_a_standing_compares_as_one_text(standing: Standing, value: str) -> None:
    assert standing.value == value


def _progress(*steps: tuple[EffectKind, EffectState]) -> list[Progress]:
    return [Progress(an_effect(kind), state) for kind, state in steps]


@pytest.mark.parametrize("kind", [kind for kind in EffectKind if kind not in DECISIVE])
@pytest.mark.parametrize("state", STATES)
def test_what_does_not_decide_depends_on_nothing(kind: EffectKind, state: EffectState) -> None:
    earlier = _progress((EffectKind.NOTE, state), (EffectKind.STATUS, state))

    assert readiness(earlier, an_effect(kind)) == (Readiness.READY, None)


@pytest.mark.parametrize("state", STATES)
def test_a_later_part_of_a_note_follows_the_one_before(state: EffectState) -> None:
    note = an_effect(EffectKind.NOTE)
    first, second = (attrs.evolve(note, slot=chunk_slot(note.slot, n)) for n in (1, 2))
    expected = {
        S.CONFIRMED: Readiness.READY,
        S.REFUSED: Readiness.BLOCKED,
        S.HELD: Readiness.BLOCKED,
        S.SKIPPED: Readiness.BLOCKED,
        S.PLANNED: Readiness.WAITS,
        S.SENDING: Readiness.WAITS,
        S.UNKNOWN: Readiness.WAITS,
    }

    ready, why = readiness([Progress(first, S.CONFIRMED), Progress(second, state)], _third(note))

    assert ready is expected[state]
    assert (why is None) is (ready is Readiness.READY)


def _third(note: Effect) -> Effect:
    return attrs.evolve(note, slot=chunk_slot(note.slot, 3))


def test_what_only_looks_like_a_part_waits_for_nothing() -> None:
    field = attrs.evolve(an_effect(EffectKind.FIELD), slot="field:1@job#2")
    first = attrs.evolve(an_effect(EffectKind.FIELD), slot="field:1@job")

    assert readiness([Progress(first, S.REFUSED)], field) == (Readiness.READY, None)


@pytest.mark.parametrize("kind", sorted(DECISIVE))
@pytest.mark.parametrize("before", [EffectKind.NOTE, EffectKind.FILE])
@pytest.mark.parametrize("state", STATES)
def test_a_decision_follows_its_evidence(kind: EffectKind, before: EffectKind, state: EffectState) -> None:
    expected = {
        S.CONFIRMED: Readiness.READY,
        S.SKIPPED: Readiness.READY,
        S.REFUSED: Readiness.BLOCKED,
        S.HELD: Readiness.BLOCKED,
        S.PLANNED: Readiness.WAITS,
        S.SENDING: Readiness.WAITS,
        S.UNKNOWN: Readiness.WAITS,
    }

    ready, why = readiness(_progress((EffectKind.TAG, S.CONFIRMED), (before, state)), an_effect(kind))

    assert ready is expected[state]
    assert (why is None) is (ready is Readiness.READY)
    assert why is None or f"effect 2 ({before}@application)" in why


@pytest.mark.parametrize("kind", sorted(DECISIVE))
@pytest.mark.parametrize("before", [EffectKind.TAG, EffectKind.STATUS, EffectKind.FIELD])
@pytest.mark.parametrize("state", STATES)
def test_a_decision_waits_for_marks_but_is_not_lost_with_them(
    kind: EffectKind, before: EffectKind, state: EffectState
) -> None:
    ready, _ = readiness(_progress((before, state)), an_effect(kind))

    assert ready is (Readiness.READY if state in SETTLED else Readiness.WAITS)


@pytest.mark.parametrize("kind", sorted(DECISIVE))
@pytest.mark.parametrize("state", STATES)
def test_a_decision_does_not_depend_on_another_decision(kind: EffectKind, state: EffectState) -> None:
    others = _progress((EffectKind.REJECTION, state), (EffectKind.STAGE, state))

    assert readiness(others, an_effect(kind)) == (Readiness.READY, None)


@given(st.lists(st.tuples(st.sampled_from(EffectKind), st.sampled_from(STATES)), max_size=5))
def test_a_decision_is_ready_only_over_settled_evidence(earlier: list[tuple[EffectKind, EffectState]]) -> None:
    ready, _ = readiness(_progress(*earlier), an_effect(EffectKind.STAGE))

    unsettled = [kind for kind, state in earlier if kind not in DECISIVE and state not in SETTLED]
    lost = [kind for kind, state in earlier if kind in {EffectKind.NOTE, EffectKind.FILE} and state is S.REFUSED]
    assert (ready is Readiness.READY) is (not unsettled and not lost)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ((), WriteBackState.DONE),
        ((S.CONFIRMED, S.SKIPPED), WriteBackState.DONE),
        ((S.SKIPPED,), WriteBackState.DONE),
        ((S.CONFIRMED, S.REFUSED), WriteBackState.REFUSED),
        ((S.REFUSED, S.HELD), WriteBackState.HELD),
        ((S.HELD, S.PLANNED), WriteBackState.HELD),
        ((S.CONFIRMED, S.PLANNED), None),
        ((S.REFUSED, S.SENDING), None),
        ((S.UNKNOWN,), None),
        ((S.HELD, S.UNKNOWN), None),
        ((S.SENDING, S.HELD), None),
    ],
)
def test_what_a_write_back_has_come_to(states: Sequence[EffectState], outcome: WriteBackState | None) -> None:
    assert outcome_of(states) is outcome


@given(st.lists(st.sampled_from(STATES), max_size=6))
def test_a_write_back_never_ends_over_an_effect_in_doubt(states: list[EffectState]) -> None:
    outcome = outcome_of(states)

    assert outcome is None or not set(states) & IN_DOUBT
    assert outcome is not WriteBackState.DONE or set(states) <= {S.CONFIRMED, S.SKIPPED}


@given(st.permutations((S.HELD, S.REFUSED, S.CONFIRMED, S.PLANNED)))
def test_the_order_of_effects_does_not_change_the_outcome(states: list[EffectState]) -> None:
    assert outcome_of(states) is outcome_of(sorted(states))


def test_an_effect_is_a_value() -> None:
    assert an_effect(EffectKind.TAG) == attrs.evolve(an_effect(EffectKind.TAG))
