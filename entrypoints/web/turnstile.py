"""How often anybody may call for a connection, before anything else is known of them."""

import math

import attrs

from entrypoints.web.problems import ProblemError
from ports.clock import Clock

INTERVAL = 0.05
"""Seconds between calls, in the long run."""
BURST = 100
"""Calls at once after a silence."""
_MOST_REMEMBERED = 10_000


@attrs.define
class Turnstile:
    """Counts by the name in the path, whether there is such a connection or not; each process by itself."""

    clock: Clock
    _due: dict[str, float] = attrs.field(factory=dict)

    def enter(self, connection: str) -> None:
        """Raises ProblemError (429)."""
        now = self.clock.monotonic()
        due = max(self._due.pop(connection, now), now)
        wait = due - now - (BURST - 0.5) * INTERVAL  # half an interval for what floats lose
        # Who is turned away keeps what they had; the one that came longest ago makes room.
        self._due[connection] = due if wait > 0 else due + INTERVAL
        if len(self._due) > _MOST_REMEMBERED:
            del self._due[next(iter(self._due))]
        if wait > 0:
            headers = {"Retry-After": str(max(1, math.ceil(wait)))}
            raise ProblemError(429, "too-many-requests", "too many calls for this connection", headers=headers)
