"""Ids of our own that sort by the time at which they were made."""

import itertools
import secrets

from adapters.persistence.moments import micros
from ports.clock import Clock

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_made = itertools.count()


def new_id(prefix: str, clock: Clock) -> str:
    """The prefix and 26 digits: microseconds, this process's count of ids (so that equal times keep order), chance."""
    parts = ((micros(clock.now()), 11), (next(_made) % 32**4, 4), (secrets.randbits(55), 11))
    return prefix + "".join(_base32(number, digits) for number, digits in parts)


def _base32(number: int, digits: int) -> str:
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(digits)))
