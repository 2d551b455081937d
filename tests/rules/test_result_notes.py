from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.call_result import CallOutcome
from domain.note import BlockKind, Note, bullets, heading, paragraph, reference_line
from domain.result_note import note_of
from domain.screening import Answer, Judgement, Verdict
from tests.builders import MARKER, SPOKEN, a_call_result

FAILED = Judgement(Verdict.FAILED, ("the score 40 is below 60",))


def _text(note: Note) -> str:
    return "\n".join(line for block in note.blocks for line in (block.text, *block.items))


def test_a_completed_call_reads_from_verdict_to_report() -> None:
    result = a_call_result(summary="Six years of welding.", score=40.0)

    assert note_of(result, FAILED).blocks == (
        heading("Phone screen completed"),
        paragraph("Call ended: 2026-11-21 09:12 UTC\nVerdict: failed\n- the score 40 is below 60\nScore: 40 of 100"),
        paragraph("Six years of welding."),
        heading("Answers"),
        bullets("Do you hold a forklift licence? Yes"),
        paragraph("Report: report.pdf"),
    )


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        (CallOutcome.COMPLETED, "Phone screen completed"),
        (CallOutcome.NO_ANSWER, "Phone screen: no answer"),
        (CallOutcome.DECLINED, "Phone screen: declined"),
        (CallOutcome.FAILED, "Phone screen: call failed"),
    ],
)
def test_the_heading_tells_how_the_call_ended(outcome: CallOutcome, title: str) -> None:
    note = note_of(a_call_result(outcome=outcome), Judgement(Verdict.REVIEW))

    assert note.blocks[0] == heading(title)
    assert ("Verdict:" in _text(note)) is (outcome is CallOutcome.COMPLETED)


def test_what_the_result_does_not_hold_is_not_spoken_of() -> None:
    bare = a_call_result(summary="", answers=(), report=None, score=None)

    assert [block.kind for block in note_of(bare, Judgement(Verdict.PASSED)).blocks] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]


def test_a_question_without_words_is_shown_by_its_key() -> None:
    result = a_call_result(answers=(Answer(question="shift", answer="Night"),))

    assert bullets("shift: Night") in note_of(result, FAILED).blocks


def test_a_score_of_nought_is_a_score() -> None:
    assert "Score: 0 of 100" in _text(note_of(a_call_result(score=0.0), FAILED))


def test_the_time_bears_its_zone() -> None:
    eastern = timezone(timedelta(hours=-5), "EST")
    ended = datetime(2026, 11, 21, 4, 12, tzinfo=eastern)

    assert "04:12 EST" in _text(note_of(a_call_result(ended_at=ended), FAILED))
    assert "09:12 UTC" in _text(note_of(a_call_result(ended_at=ended.astimezone(UTC)), FAILED))


@given(st.sampled_from(CallOutcome), st.sampled_from(Verdict))
def test_no_transcript_ever_gets_into_a_note(outcome: CallOutcome, verdict: Verdict) -> None:
    result = a_call_result(outcome=outcome)

    assert SPOKEN in result.transcript[0].text
    assert SPOKEN not in _text(note_of(result, Judgement(verdict)))


def test_the_reference_line_bears_the_bare_marker() -> None:
    assert reference_line(MARKER) == f"ref {MARKER}"
