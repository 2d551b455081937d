"""The table of errors leaves none out."""

import re
from collections.abc import Iterator

import pytest

from domain.errors import DomainError, Fault, InvalidError
from entrypoints.web.errors import ANSWERS, problem_of
from ports.errors import InvalidInputError, LeaseLostError, PortError, UnavailableError


def _below(kind: type[Exception]) -> Iterator[type[Exception]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


OURS = [
    one for one in (*_below(PortError), *_below(DomainError)) if one.__module__ in {"ports.errors", "domain.errors"}
]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_error_has_its_answer(kind: type[PortError]) -> None:
    answer = ANSWERS[kind]
    assert 400 <= answer.status < 600
    assert answer.status != 500
    assert re.fullmatch("[a-z-]+", answer.kind)


def test_the_table_holds_nothing_else() -> None:
    assert set(ANSWERS) == set(OURS)


class OddError(UnavailableError):
    """A kind that the table does not know."""


def test_an_error_below_a_known_one_is_answered_like_it() -> None:
    assert problem_of(OddError("away")).status == 503


def test_faults_keep_their_pointers() -> None:
    known = problem_of(InvalidInputError("no such stage", field="stage_id"))
    unknown = problem_of(InvalidInputError("no"))
    ours = problem_of(InvalidError(Fault("/a", "is wrong"), Fault("/b", "too")))

    assert known.faults == (Fault("/stage_id", "no such stage"),)
    assert unknown.faults == ()
    assert [one.pointer for one in ours.faults] == ["/a", "/b"]


def test_who_shall_come_again_is_told_when() -> None:
    assert problem_of(LeaseLostError("lost")).headers == {"Retry-After": "5"}
    assert problem_of(UnavailableError("away", retry_after=0)).headers == {"Retry-After": "1"}
