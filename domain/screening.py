"""Screenings: answers to be judged, and the judging."""

from enum import StrEnum

import attrs

from domain.ids import ApplicationId, CandidateId


class Verdict(StrEnum):
    """What a screening says of a candidate; `review` leaves it to a person."""

    PASSED = "passed"
    FAILED = "failed"
    REVIEW = "review"


@attrs.frozen(kw_only=True)
class Answer:
    """An answer under its question's key; `text` is the question as it was asked."""

    question: str
    answer: str
    text: str | None = None


@attrs.frozen(kw_only=True)
class KnockOut:
    """A question whose answer must be one of `accept` (letter case and outer blanks do not count)."""

    question: str
    accept: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Criteria:
    """What passes. Without any criterion nothing is judged: the verdict is `review`."""

    least_score: float | None = None
    knock_outs: tuple[KnockOut, ...] = ()


@attrs.frozen(kw_only=True)
class Screening:
    """Answers of one candidate for one application, to be judged and marked in the ATS."""

    screening_id: str
    application_id: ApplicationId
    candidate_id: CandidateId
    answers: tuple[Answer, ...] = ()
    score: float | None = None


@attrs.frozen
class Judgement:
    """A verdict and what led to it, in words for a recruiter."""

    verdict: Verdict
    why: tuple[str, ...] = ()


def judge(answers: tuple[Answer, ...], score: float | None, criteria: Criteria) -> Judgement:
    """One criterion failed is `failed`; else one that cannot be judged is `review`; else `passed`."""
    checks = [_knock_out(answers, rule) for rule in criteria.knock_outs]
    if criteria.least_score is not None:
        checks.append(_score(score, criteria.least_score))
    for verdict in (Verdict.FAILED, Verdict.REVIEW):
        why = tuple(check.why[0] for check in checks if check.verdict is verdict)
        if why:
            return Judgement(verdict, why)
    return Judgement(Verdict.PASSED) if checks else Judgement(Verdict.REVIEW, ("no criteria are set",))


def _knock_out(answers: tuple[Answer, ...], rule: KnockOut) -> Judgement:
    given = [_plain(answer.answer) for answer in answers if answer.question == rule.question]
    if not given:
        return Judgement(Verdict.REVIEW, (f"{rule.question} was not answered",))
    accepted = {_plain(text) for text in rule.accept}
    if all(text in accepted for text in given):
        return Judgement(Verdict.PASSED, (f"{rule.question} is as asked for",))
    return Judgement(Verdict.FAILED, (f"{rule.question} is not as asked for",))


def _score(score: float | None, least: float) -> Judgement:
    if score is None:
        return Judgement(Verdict.REVIEW, ("there is no score",))
    if score < least:
        return Judgement(Verdict.FAILED, (f"the score {score:g} is below {least:g}",))
    return Judgement(Verdict.PASSED, (f"the score {score:g} is enough",))


def _plain(text: str) -> str:
    return text.strip().casefold()
