"""Applications are of two kinds, and an application's id says which: `candidate:5997-700` is the candidate 700 on the
order 5997, `assignment:2433` somebody's assignment. Stages and reasons are named alike.
"""

import re
from enum import StrEnum

import attrs

from adapters.tempworks.routing import PROVIDER
from domain.ids import ApplicationId
from ports.errors import InvalidInputError


class Kind(StrEnum):
    """A candidate on an order, not placed yet; or the placement itself."""

    CANDIDATE = "candidate"
    ASSIGNMENT = "assignment"


@attrs.frozen
class Reference:
    """An application; `order` is empty for an assignment, whose order is not needed to reach it."""

    kind: Kind
    number: str
    order: str = ""

    @property
    def id(self) -> ApplicationId:
        """As people outside see it."""
        return ApplicationId(f"{self.kind}:{self.order}-{self.number}" if self.order else f"{self.kind}:{self.number}")


_CANDIDATE = re.compile(r"candidate:([0-9]{1,19})-([0-9]{1,19})")
_ASSIGNMENT = re.compile(r"assignment:([0-9]{1,19})")
_STATUS = re.compile(r"(candidate|assignment):([0-9]{1,19})")


def reference(application: str) -> Reference:
    """Raises InvalidInputError, before anything is sent, for an id that cannot be any."""
    if found := _CANDIDATE.fullmatch(application):
        return Reference(Kind.CANDIDATE, str(int(found[2])), str(int(found[1])))
    if found := _ASSIGNMENT.fullmatch(application):
        return Reference(Kind.ASSIGNMENT, str(int(found[1])))
    message = "application_id must be candidate:<order>-<number> or assignment:<number>, in numbers"
    raise InvalidInputError(message, field="application_id", provider=PROVIDER)


def of_candidate(order: str, number: str) -> Reference:
    return Reference(Kind.CANDIDATE, number, order)


def status(value: str, field: str) -> tuple[Kind, str]:
    """The kind and number of a stage or reason. Raises InvalidInputError."""
    found = _STATUS.fullmatch(value)
    if not found:
        raise InvalidInputError(f"{field} must be such as candidate:3", field=field, provider=PROVIDER)
    return Kind(found[1]), str(int(found[2]))


def status_id(kind: Kind, number: object) -> str:
    return f"{kind}:{number}"
