"""A clock that stands still until it is told otherwise."""

from datetime import UTC, datetime, timedelta

import attrs


@attrs.define
class Clock:
    now: datetime = datetime(2026, 11, 21, 14, 0, 0, 120_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
