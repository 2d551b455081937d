"""What becomes of an effect, or of its command, for each way in which the outside can fail. Total, by type."""

from collections.abc import Mapping
from enum import StrEnum

from ports.errors import (
    AccessError,
    ForbiddenError,
    LeaseLostError,
    MalformedReplyError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
    RefusedError,
    UnavailableError,
    UnsupportedError,
)


class Outcome(StrEnum):
    """`refused`: it was said no. `in_doubt`: look. `later`: surely not done, try again.

    `parked`: nothing of the connection works until the customer's admin acts. `lost`: somebody else works on it now.
    """

    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    LATER = "later"
    PARKED = "parked"
    LOST = "lost"


OUTCOMES: Mapping[type[PortError], Outcome] = {
    UnsupportedError: Outcome.REFUSED,
    NotFoundError: Outcome.REFUSED,
    RefusedError: Outcome.REFUSED,
    AccessError: Outcome.PARKED,
    ForbiddenError: Outcome.REFUSED,
    UnavailableError: Outcome.LATER,
    OutcomeUnknownError: Outcome.IN_DOUBT,
    MalformedReplyError: Outcome.LATER,
    LeaseLostError: Outcome.LOST,
}
"""Subclasses follow their nearest parent; a test walks them all."""


def outcome_of_failure(error: PortError) -> Outcome:
    """The row of the error's type, or of its nearest parent. Raises KeyError for a type without a row."""
    for kind in type(error).__mro__:
        if kind in OUTCOMES:
            return OUTCOMES[kind]
    raise KeyError(type(error).__name__)
