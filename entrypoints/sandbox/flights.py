"""Requests under way at the same time: how many a caller may have, has, and had at most."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import attrs


class FullError(Exception):
    """The caller has as many requests under way as it may have."""


@attrs.define
class Flights:
    under_way: Counter[str] = attrs.field(factory=Counter)
    most: Counter[str] = attrs.field(factory=Counter)
    refused: Counter[str] = attrs.field(factory=Counter)

    @contextmanager
    def taken(self, who: str, limit: int) -> Iterator[int]:
        """One more is under way for as long as the context lasts; yields how many more there may be.

        Raises FullError.
        """
        if self.under_way[who] >= limit:
            self.refused[who] += 1
            raise FullError
        self.under_way[who] += 1
        self.most[who] = max(self.most[who], self.under_way[who])
        try:
            yield limit - self.under_way[who]
        finally:
            self.under_way[who] -= 1

    def shown(self) -> dict[str, dict[str, int]]:
        names = sorted(self.most.keys() | self.refused.keys())
        return {
            name: {"now": self.under_way[name], "most": self.most[name], "refused": self.refused[name]}
            for name in names
        }

    def forget(self) -> None:
        """What is under way stays so."""
        self.most.clear()
        self.refused.clear()
