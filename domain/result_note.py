"""The note that a recruiter reads: verdict, score, summary, answers, the report's name. No transcript."""

from domain.call_result import CallOutcome, CallResult
from domain.note import Block, Note, bullets, heading, paragraph
from domain.screening import Answer, Judgement

_OUTCOMES = {
    CallOutcome.COMPLETED: "Phone screen completed",
    CallOutcome.NO_ANSWER: "Phone screen: no answer",
    CallOutcome.DECLINED: "Phone screen: declined",
    CallOutcome.FAILED: "Phone screen: call failed",
}


def note_of(result: CallResult, judgement: Judgement) -> Note:
    blocks = [heading(_OUTCOMES[result.outcome]), paragraph(_facts(result, judgement))]
    if result.summary:
        blocks.append(paragraph(result.summary))
    if result.answers:
        blocks += [heading("Answers"), _answers(result.answers)]
    if result.report:
        blocks.append(paragraph(f"Report: {result.report.filename}"))
    return Note(blocks=tuple(blocks))


def _facts(result: CallResult, judgement: Judgement) -> str:
    lines = [f"Call ended: {result.ended_at:%Y-%m-%d %H:%M %Z}".rstrip()]
    if result.outcome is CallOutcome.COMPLETED:
        lines.append(f"Verdict: {judgement.verdict}")
        lines += [f"- {why}" for why in judgement.why]
    if result.score is not None:
        lines.append(f"Score: {result.score:g} of 100")
    return "\n".join(lines)


def _answers(answers: tuple[Answer, ...]) -> Block:
    return bullets(*(_answer(answer.text or answer.question, answer.answer) for answer in answers))


def _answer(question: str, answer: str) -> str:
    return f"{question} {answer}" if question.endswith(("?", ":", ".")) else f"{question}: {answer}"
