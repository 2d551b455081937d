"""Groups of writes: one transaction for all of them, and for each alone where one of them fails."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa

from adapters.persistence.failures import translated, uncommitted
from ports.errors import PortError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

Op: TypeAlias = Callable[[sa.Connection, Sequence[Item]], Sequence[Outcome | PortError]]
"""What a store does with a list of items: an outcome for each, in order; an error among them is one caller's alone."""

LARGEST = 512


class Waiting:
    """A caller's item, and where the caller waits for the outcome."""

    __slots__ = ("item", "op", "outcome")

    def __init__(self, op: Op[Any, Any], item: Any, outcome: asyncio.Future[Any]) -> None:
        self.op = op
        self.item = item
        self.outcome = outcome


class _OpFailedError(Exception):
    """An operation raised: the transaction is rolled back, and another item may be to blame."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


def write(c: sa.Connection, group: Sequence[Waiting]) -> list[Any]:
    """The outcome of each, committed; an exception where it came to nothing."""
    try:
        with c.begin():
            return _perform(c, group)
    except _OpFailedError as failure:
        if len(group) == 1 or _is_outage(failure.cause):
            return [translated(failure.cause)] * len(group)
    except Exception as error:
        # Nothing was begun or committed, and that is nobody's fault in particular: every caller must hear of it.
        return [uncommitted(error)] * len(group)
    return [outcome for one in group for outcome in write(c, [one])]


def _is_outage(cause: Exception) -> bool:
    """No item is to blame, and to try each alone would take as long again for each."""
    lost = isinstance(cause, sa.exc.DBAPIError) and cause.connection_invalidated
    return lost or isinstance(cause, TimeoutError | OSError)


def _perform(c: sa.Connection, group: Sequence[Waiting]) -> list[Any]:
    runs: dict[Op[Any, Any], list[int]] = {}
    for place, one in enumerate(group):
        runs.setdefault(one.op, []).append(place)
    outcomes: list[Any] = [None] * len(group)
    try:
        for op, places in runs.items():
            found = op(c, [group[place].item for place in places])
            for place, outcome in zip(places, found, strict=True):
                outcomes[place] = outcome
    except Exception as error:
        raise _OpFailedError(error) from None
    return outcomes


def answer(group: Sequence[Waiting], outcomes: Sequence[Any]) -> None:
    """Tells the callers; to be called on their loop."""
    for one, outcome in zip(group, outcomes, strict=True):
        if one.outcome.done():  # its caller was cancelled
            continue
        if isinstance(outcome, Exception):
            one.outcome.set_exception(outcome)
        else:
            one.outcome.set_result(outcome)
