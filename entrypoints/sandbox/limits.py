"""Rate limits, counted on the sandbox's own clock so that a test can move time."""

import math
from collections import deque
from datetime import datetime

import attrs


@attrs.frozen(kw_only=True)
class RateLimit:
    """Requests that one host takes; the smaller of the two holds."""

    per_second: int = 10
    per_minute: int = 300

    @property
    def sustained(self) -> int:
        """Whole requests a second that a caller may send for ever, with a tenth to spare."""
        return max(1, math.floor(min(self.per_second, self.per_minute / 60) * 0.9))


@attrs.frozen
class Excess:
    most: str
    retry_after: int


@attrs.define
class Counted:
    """The requests of the last minute on one host; and of all of them how many there were, and were one too many."""

    limit: RateLimit | None
    taken: deque[float] = attrs.field(factory=deque)
    requests: int = 0
    refused: int = 0

    def take(self, now: datetime) -> Excess | None:
        """Count one request, or say why it is one too many; a refused request does not count against the limit."""
        self.requests += 1
        if self.limit is None:
            return None
        moment = now.timestamp()
        while self.taken and self.taken[0] <= moment - 60:
            self.taken.popleft()
        for most, seconds, unit in ((self.limit.per_minute, 60, "Minute"), (self.limit.per_second, 1, "Second")):
            if len(self.taken) >= most and (wait := self.taken[-most] + seconds - moment) > 0:
                self.refused += 1
                return Excess(f"{most} per {unit}", max(1, math.ceil(wait)))
        self.taken.append(moment)
        return None

    def shown(self) -> dict[str, int]:
        return {"requests": self.requests, "refused": self.refused}
