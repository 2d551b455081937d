"""Pages by `skip` and `take`, in an envelope with the count of all that match."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from entrypoints.sandbox.fields import BOOLEAN, INTEGER, Field, Kind
from entrypoints.sandbox.tempworks.manners import invalid
from entrypoints.sandbox.tempworks.state import Row, State
from entrypoints.sandbox.wire import Ask, Paging, Refusal, Reply

T = TypeVar("T")

# What is left out is given empty by some clients, and means the same.
MAYBE = Kind(
    "true, false or empty",
    lambda value: None if value in (None, "") else BOOLEAN.from_json(value),
    lambda value: BOOLEAN.from_text(value) if value else None,
)
PAGED = (Field("skip", INTEGER), Field("take", INTEGER))
# Nobody knows what the real one is: whoever leaves `take` out must notice.
USUAL = 10


def envelope(rows: Sequence[Row]) -> Reply:
    return Reply(body={"data": list(rows), "totalCount": len(rows)})


def paged(state: State, ask: Ask, found: Sequence[T], show: Callable[[T], Any]) -> Reply:
    """A representative who sees no branch finds nothing, and is not told why."""
    rows: Sequence[T] = [] if state.switches.sees_no_branch else found
    return Reply(body={"data": [show(one) for one in cut(ask, rows)], "totalCount": len(rows)})


def cut(ask: Ask, rows: Sequence[T], given: Row | None = None) -> Sequence[T]:
    """The page that the query asks for, or else the body."""
    asked = ask.query if given is None else given
    skip, take = asked.get("skip", 0), asked.get("take", USUAL)
    if skip < 0 or take < 1:
        raise Refusal(invalid({"take": ["skip must be 0 or more, take 1 or more."]}))
    if ask.paging is Paging.ENDLESS and rows:
        return [rows[(skip + at) % len(rows)] for at in range(take)]
    start = 0 if ask.paging is Paging.REPEATED else skip
    return rows[start : start + take]
