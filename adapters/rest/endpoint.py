"""An endpoint is a row: what is called, how its answer is read, whether it may be called twice, who says so."""

from enum import StrEnum
from typing import Generic, TypeVar

import attrs

T = TypeVar("T")

MEBIBYTE = 1024 * 1024


class Wire(StrEnum):
    """How we know that the endpoint exists and looks like this."""

    SOURCED = "sourced"
    ASSUMED = "assumed"


@attrs.frozen(kw_only=True)
class Endpoint(Generic[T]):
    """One call of a vendor's API.

    `repeatable` is False for an effect: such a row is only callable with an attempt, is sent at most once, and its
    lost reply is `OutcomeUnknownError`. `path` may hold `{names}`; `host` names the link it goes over. `reply` is the
    type that the body decodes to: a wire type, `bytes` for the body as it came, `NoneType` to ignore it.
    `source` cites where the row comes from.
    """

    name: str
    method: str
    path: str
    reply: type[T]
    repeatable: bool
    wire: Wire
    source: str
    host: str = "standard"
    timeout: float = 60.0
    largest_reply: int = 32 * MEBIBYTE


def of_records(row: Endpoint[T]) -> Endpoint[T]:
    """The row, with larger replies: one record may be of a size that nobody expects, and the others must come."""
    return attrs.evolve(row, largest_reply=64 * MEBIBYTE)
