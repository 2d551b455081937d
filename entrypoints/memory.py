"""What a process does with its memory once it has started."""

import ctypes
import gc

_M_MMAP_THRESHOLD = -3
_LARGE = 1024 * 1024


def give_back_large() -> None:
    """Pieces of 1 MiB and more get pages of their own, which end with them.

    By itself the C library of Linux raises that limit to the largest piece that it has seen, and keeps the room of
    every report that a thread ever read. Where it has no such switch, nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)


_YOUNG = 10_000


def settled_in() -> None:
    """What is there now stays: the collector, which stops everything, need not go through it again and again.

    Nor need it look after each few hundred new things: a hundred requests under way are that many, and no garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)
