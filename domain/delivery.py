"""The rules of delivering an event to an endpoint: when to try again, and when to stop."""

from enum import StrEnum
from http import HTTPStatus

import attrs

WAITS = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds between the attempts, less or more by a tenth: 10 attempts over 75 hours and 35 minutes."""
ATTEMPTS = len(WAITS) + 1
JITTER = 0.1
LONGEST_ASKED = 86_400.0
"""An endpoint that asks for more silence than a day is asked again after one."""
FAILING_SECONDS = 5 * 86_400.0
"""An endpoint that has answered nothing with a success for so long is disabled by its next failure."""
OVERLAP_SECONDS = 86_400.0
"""How long a secret that was replaced still signs beside the new one."""


class DeliveryState(StrEnum):
    """`failed`: all attempts were made, or the endpoint is gone; a replay begins anew."""

    WAITING = "waiting"
    RUNNING = "running"
    DELIVERED = "delivered"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class Reply:
    """What an attempt came to: the answer's status, or why there was none. `asked` is Retry-After, in seconds."""

    status: int | None = None
    error: str | None = None
    asked: float | None = None
    seconds: float = 0.0

    @property
    def succeeded(self) -> bool:
        """2xx alone is a success."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver says that nobody is to send there any more."""
        return self.status == HTTPStatus.GONE


def wait_after(tries: int, chance: float, asked: float | None) -> float | None:
    """Seconds until the next attempt after so many that failed; None when there is to be none.

    `chance` is anything from 0 to 1: endpoints that were away together are not to be asked together.
    """
    if tries >= ATTEMPTS:
        return None
    wait = WAITS[tries - 1] * (1 - JITTER + 2 * JITTER * chance)
    return wait if asked is None else max(wait, min(asked, LONGEST_ASKED))


SLOW_SECONDS = 1.0
"""An endpoint that has not answered a request for so long is slow."""
SLOW_ROOM = 2


def room_of(each: int, *, failing: bool, slow: bool) -> int:
    """How many requests may be under way to an endpoint at once: one that keeps us waiting must not keep the others."""
    if failing:
        return 1
    return min(each, SLOW_ROOM) if slow else each
