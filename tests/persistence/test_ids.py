"""Ids sort by the time at which they were made."""

import re

from adapters.persistence.ids import new_id
from tests.persistence.worlds import StoppedClock


def test_ids_of_one_moment_keep_their_order() -> None:
    clock = StoppedClock()
    ids = [new_id("wb_", clock) for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


def test_later_ids_come_later() -> None:
    clock = StoppedClock()
    ids = []
    for seconds in (0.000001, 1, 3600, 10**9):
        ids.append(new_id("con_", clock))
        clock.passed += seconds
    assert ids == sorted(ids)


def test_their_shape() -> None:
    assert re.fullmatch(r"key_[0-9a-hjkmnp-tv-z]{26}", new_id("key_", StoppedClock()))
