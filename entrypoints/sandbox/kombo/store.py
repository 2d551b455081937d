"""Records by number: those that were there from the beginning are made when they are looked at."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

import attrs

R = TypeVar("R")


@attrs.define
class Store(Generic[R]):
    """`kept` holds what was changed or added, each version with the time from which Kombo's copy shows it."""

    begun_with: int
    make: Callable[[int], R]
    kept: dict[int, list[tuple[datetime, R]]] = attrs.field(factory=dict)
    added: int = 0

    @property
    def size(self) -> int:
        return self.begun_with + self.added

    def now(self, number: int) -> R | None:
        """The record as it truly is."""
        if number in self.kept:
            return self.kept[number][-1][1]
        return self.make(number) if 0 <= number < self.begun_with else None

    def seen(self, number: int, at: datetime) -> R | None:
        """The record as Kombo's copy has it; None where it has none yet."""
        shown = [record for since, record in self.kept.get(number, ()) if since <= at]
        if shown:
            return shown[-1]
        return self.make(number) if 0 <= number < self.begun_with else None

    def put(self, number: int, record: R, seen_from: datetime) -> R:
        self.kept.setdefault(number, []).append((seen_from, record))
        return record

    def add(self, make: Callable[[int], R], seen_from: datetime) -> R:
        number = self.size
        self.added += 1
        return self.put(number, make(number), seen_from)


def truly(store: Store[R], number: int) -> R:
    """A record that is surely there."""
    found = store.now(number)
    if found is None:
        raise KeyError(number)
    return found
