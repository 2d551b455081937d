"""Repeating a call after a pause. The only module that knows backoff."""

import random
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import attrs
import backoff
from backoff.types import Details

from ports.clock import Clock

T = TypeVar("T")

LONGEST_HINT = 7 * 24 * 3600.0
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
_chance = random.SystemRandom()


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often and how patiently: `attempts` tries in all; the rest is in seconds.

    The pause before try n+1 is the vendor's Retry-After plus a random part of `base * 2**(n-1)`, at most `cap`. A
    Retry-After above `longest_wait` ends the call at once: such a wait belongs to the queue, not to a connection.
    `spread` gives that random part, from 0 to 1.
    """

    attempts: int = 4
    base: float = 0.5
    cap: float = 20.0
    longest_wait: float = 30.0
    spread: Callable[[], float] = attrs.field(default=_chance.random, repr=False)
    waits: bool = True

    @classmethod
    def instant(cls, *, attempts: int = 4) -> "RetryPolicy":
        """As many tries, no pauses, whatever the vendor asks for."""
        return cls(attempts=attempts, waits=False)

    def pause(self, tries: int, hint: float | None) -> float:
        """Seconds to wait after `tries` tries, the last of which came with `hint` as its Retry-After."""
        if not self.waits:
            return 0.0
        return (hint or 0.0) + self.spread() * min(self.cap, self.base * 2.0 ** (tries - 1))

    def bears(self, hint: float | None) -> bool:
        """Whether a Retry-After of `hint` seconds is short enough to be waited for here."""
        return hint is None or hint <= self.longest_wait


async def repeated(
    policy: RetryPolicy,
    clock: Clock,
    attempt: Callable[[int], Awaitable[T]],
    again: Callable[[T], bool],
    hint: Callable[[T], float | None],
) -> T:
    """Call `attempt(number)` until `again` says no or the policy does; gives the last result, whatever it is.

    `hint` tells the Retry-After of a result. Exceptions of `attempt` end the call.
    """
    tries = 0

    async def one() -> T:
        nonlocal tries
        tries += 1
        return await attempt(tries)

    async def wait(details: Details) -> None:
        # backoff would sleep by the event loop; we wait here, by the clock we were given, and let it sleep nothing.
        await clock.sleep(policy.pause(details["tries"], hint(details["value"])))

    repeating = backoff.on_predicate(
        backoff.constant,
        lambda result: again(result) and policy.bears(hint(result)),
        max_tries=policy.attempts,
        jitter=None,
        on_backoff=wait,
        logger=None,
        interval=0,
    )
    result: T = await repeating(one)()
    return result


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: digits or an HTTP date; None if there is none to understand."""
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return min(float(value), LONGEST_HINT)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), LONGEST_HINT)
