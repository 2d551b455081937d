"""The table of what a lost reply ends as follows the gateway."""

from typing import Any

import attrs
import pytest

from application.guarantee import Ending, endings
from domain.checks import CAPABILITIES
from domain.effect import EffectKind, EffectState
from domain.evidence import EvidenceGrade
from domain.policy import RecordType
from entrypoints.guarantee_page import placed
from tests.memory_gateway import memory_gateway, without

CONFIRMED, AGAIN, REFUSED, HELD = (
    EffectState.CONFIRMED,
    EffectState.PLANNED,
    EffectState.REFUSED,
    EffectState.HELD,
)
GATEWAY = memory_gateway()


def ending(kind: EffectKind, on: RecordType, grade: EvidenceGrade) -> Ending:
    row = CAPABILITIES[kind, on]
    graded: dict[str, Any] = {row: attrs.evolve(getattr(GATEWAY, row), evidence=grade)}
    (found,) = (one for one in endings(attrs.evolve(GATEWAY, **graded)) if (one.kind, one.on) == (kind, on))
    return found


@pytest.mark.parametrize(
    ("grade", "appended", "set_"),
    [
        (EvidenceGrade.LIVE, (CONFIRMED, AGAIN, None, HELD), (CONFIRMED, AGAIN, REFUSED, HELD)),
        (EvidenceGrade.PRESENCE_ONLY, (CONFIRMED, HELD, None, HELD), (CONFIRMED, HELD, HELD, HELD)),
        (EvidenceGrade.NONE, (HELD, HELD, None, HELD), (HELD, HELD, HELD, HELD)),
    ],
)
def test_what_a_lost_reply_ends_as_follows_the_grade(
    grade: EvidenceGrade, appended: tuple[Any, ...], set_: tuple[Any, ...]
) -> None:
    note = ending(EffectKind.NOTE, RecordType.CANDIDATE, grade)
    stage = ending(EffectKind.STAGE, RecordType.APPLICATION, grade)

    assert (note.evidence, stage.evidence) == (grade, grade)
    assert (note.stands, note.absent, note.otherwise, note.untold) == appended
    assert (stage.stands, stage.absent, stage.otherwise, stage.untold) == set_


def test_every_kind_that_can_be_carried_out_has_a_row_and_no_other() -> None:
    assert [(one.kind, one.on) for one in endings(GATEWAY)] == list(CAPABILITIES)
    kinds = {one.kind for one in endings(without(GATEWAY, "tagging", "stage_moves"))}
    assert kinds == {kind for kind, _ in CAPABILITIES} - {EffectKind.TAG, EffectKind.STATUS, EffectKind.STAGE}


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the table"):
        placed("# A page", "| a table |")
