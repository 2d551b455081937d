import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.screening import Answer, Criteria, Judgement, KnockOut, Verdict, judge

FORKLIFT = KnockOut(question="forklift", accept=("Yes", "Oui"))
NIGHTS = KnockOut(question="nights", accept=("yes",))
YES, NO = Answer(question="forklift", answer="yes"), Answer(question="forklift", answer="no")
PASSED, FAILED, REVIEW = Verdict.PASSED, Verdict.FAILED, Verdict.REVIEW


@pytest.mark.parametrize(
    ("answers", "score", "criteria", "expected"),
    [
        ((), None, Criteria(), Judgement(REVIEW, ("no criteria are set",))),
        ((YES,), 99, Criteria(), Judgement(REVIEW, ("no criteria are set",))),
        ((), 70, Criteria(least_score=70), Judgement(PASSED)),
        ((), 69.9, Criteria(least_score=70), Judgement(FAILED, ("the score 69.9 is below 70",))),
        ((), 0, Criteria(least_score=0), Judgement(PASSED)),
        ((), None, Criteria(least_score=0), Judgement(REVIEW, ("there is no score",))),
        ((YES,), None, Criteria(knock_outs=(FORKLIFT,)), Judgement(PASSED)),
        ((NO,), None, Criteria(knock_outs=(FORKLIFT,)), Judgement(FAILED, ("forklift is not as asked for",))),
        ((), None, Criteria(knock_outs=(FORKLIFT,)), Judgement(REVIEW, ("forklift was not answered",))),
        ((YES, NO), None, Criteria(knock_outs=(FORKLIFT,)), Judgement(FAILED, ("forklift is not as asked for",))),
        (
            (NO,),
            None,
            Criteria(knock_outs=(FORKLIFT, NIGHTS), least_score=1),
            Judgement(FAILED, ("forklift is not as asked for",)),
        ),
        (
            (YES,),
            None,
            Criteria(knock_outs=(FORKLIFT, NIGHTS), least_score=1),
            Judgement(REVIEW, ("nights was not answered", "there is no score")),
        ),
    ],
)
def test_the_table_of_verdicts(
    answers: tuple[Answer, ...], score: float | None, criteria: Criteria, expected: Judgement
) -> None:
    assert judge(answers, score, criteria) == expected


@pytest.mark.parametrize("given_answer", ["YES", "  yes\n", "oui", "OUI "])
def test_letter_case_and_outer_blanks_do_not_count(given_answer: str) -> None:
    answers = (Answer(question="forklift", answer=given_answer),)

    assert judge(answers, None, Criteria(knock_outs=(FORKLIFT,))).verdict is PASSED


QUESTIONS = st.sampled_from(("forklift", "nights", "visa"))
ANSWERS = st.lists(st.builds(Answer, question=QUESTIONS, answer=st.sampled_from(("yes", "no", "maybe"))), max_size=5)
KNOCK_OUTS = st.lists(
    st.builds(KnockOut, question=QUESTIONS, accept=st.tuples(st.sampled_from(("yes", "no")))), max_size=4
)
SCORES = st.none() | st.floats(0, 100)
CRITERIA = st.builds(Criteria, least_score=SCORES, knock_outs=KNOCK_OUTS.map(tuple))


@given(ANSWERS, SCORES, CRITERIA)
def test_the_order_of_answers_does_not_matter(answers: list[Answer], score: float | None, criteria: Criteria) -> None:
    assert judge(tuple(answers), score, criteria) == judge(tuple(reversed(answers)), score, criteria)


@given(ANSWERS, SCORES, CRITERIA, st.builds(KnockOut, question=QUESTIONS, accept=st.just(("yes",))))
def test_one_more_criterion_never_makes_things_better(
    answers: list[Answer], score: float | None, criteria: Criteria, more: KnockOut
) -> None:
    if criteria == Criteria():
        return
    badness = {PASSED: 0, REVIEW: 1, FAILED: 2}
    stricter = Criteria(least_score=criteria.least_score, knock_outs=(*criteria.knock_outs, more))

    before = judge(tuple(answers), score, criteria)
    after = judge(tuple(answers), score, stricter)

    assert badness[after.verdict] >= badness[before.verdict]


@given(ANSWERS, SCORES, CRITERIA)
def test_whatever_is_not_passed_has_reasons_and_what_passed_has_none(
    answers: list[Answer], score: float | None, criteria: Criteria
) -> None:
    judgement = judge(tuple(answers), score, criteria)

    assert bool(judgement.why) is (judgement.verdict is not PASSED)


@given(ANSWERS, st.floats(0, 100), st.floats(0, 100), CRITERIA)
def test_a_higher_score_never_makes_things_worse(
    answers: list[Answer], one: float, other: float, criteria: Criteria
) -> None:
    badness = {PASSED: 0, REVIEW: 1, FAILED: 2}
    lower, higher = sorted((one, other))

    worse = judge(tuple(answers), lower, criteria).verdict
    better = judge(tuple(answers), higher, criteria).verdict

    assert badness[better] <= badness[worse]
