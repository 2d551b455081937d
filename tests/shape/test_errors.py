"""Each failure that can leave an adapter has an answer of its own, on every way in."""

from collections.abc import Iterator

import pytest

from application.outcomes import OUTCOMES
from domain.errors import DomainError
from entrypoints.web.errors import ANSWERS
from ports.errors import PortError
from tests.shape.source import PACKAGES


def _kinds(kind: type[Exception]) -> Iterator[type[Exception]]:
    """All that descend from it in what is shipped."""
    for child in kind.__subclasses__():
        if child.__module__.partition(".")[0] in PACKAGES:
            yield child
        yield from _kinds(child)


def test_there_are_failures_to_speak_of() -> None:
    assert {"UnsupportedError", "OutcomeUnknownError", "ThrottledError"} <= {
        kind.__name__ for kind in _kinds(PortError)
    }


@pytest.mark.parametrize("root", [PortError, DomainError])
def test_every_failure_has_its_answer_over_http(root: type[Exception]) -> None:
    answered: set[type[Exception]] = set(ANSWERS)

    assert {kind.__name__ for kind in _kinds(root) if kind not in answered} == set()


def test_every_failure_has_its_consequence_in_the_worker() -> None:
    """A row of its own, or that of the nearest parent; there is none for failures at large."""
    rows: set[type[Exception]] = set(OUTCOMES)

    assert PortError not in rows
    assert {kind.__name__ for kind in _kinds(PortError) if not rows & set(kind.__mro__)} == set()
