"""Ids of our own that sort by the time at which they were made."""

import itertools
import random

from adapters.persistence.moments import micros
from ports.clock import Clock

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_PLACES = range(120, -1, -10)
_made = itertools.count()


def new_id(prefix: str, clock: Clock) -> str:
    return id_at(prefix, micros(clock.now()))


def id_at(prefix: str, us: int) -> str:
    """The prefix and 26 digits: microseconds, this process's count of ids (so that equal times keep order), chance."""
    # Nobody relies on ids being secret. The system's own chance would let go of the interpreter each time.
    number = us << 75 | next(_made) % 32**4 << 55 | random.getrandbits(55)
    return prefix + "".join([_PAIRS[number >> place & 1023] for place in _PLACES])
