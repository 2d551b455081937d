"""Requests of one token, counted in windows of five seconds that begin and end for all at the same time."""

from datetime import UTC, datetime, timedelta

import attrs

from entrypoints.sandbox.limits import Counted, Excess

SECONDS = 5
ALLOWED = 25


@attrs.define
class Windows(Counted):
    """`allowed` is None where nothing is limited, and then nothing is told of counts either."""

    allowed: int | None = None
    number: int = -1
    count: int = 0
    windows: int = 0
    most: int = 0

    def take(self, now: datetime) -> Excess | None:
        """Count one request, or say that it is one too many."""
        number = int(now.timestamp() // SECONDS)
        if number != self.number:
            self.number, self.count, self.windows = number, 0, self.windows + 1
        self.requests += 1
        self.count += 1
        self.most = max(self.most, self.count)
        if self.allowed is None or self.count <= self.allowed:
            return None
        self.refused += 1
        return Excess(f"{self.allowed} per window", SECONDS)

    def headers(self, *, oauth: bool) -> dict[str, str]:
        if self.allowed is None:
            return {}
        counted = {"x-rate-limit-count": str(self.count)}
        if not oauth:
            return counted
        end = datetime.fromtimestamp(self.number * SECONDS, UTC) + timedelta(seconds=SECONDS)
        left = str(max(0, self.allowed - self.count))
        return {**counted, "x-rate-limit-remaining": left, "x-rate-limit-reset": end.isoformat()}

    def shown(self) -> dict[str, int]:
        """`windows` are those in which something was asked, `most` is what the fullest of them held."""
        return {"requests": self.requests, "refused": self.refused, "windows": self.windows, "most": self.most}
