"""The contracts of places find out feeds that take up a reading at the wrong page."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import attrs
import pytest

from domain.candidate import Candidate
from ports.feeds import CandidateFeed, Page
from ports.gateway import need
from tests.contracts import feeds
from tests.rigs.every import RIGS


@attrs.frozen
class Astray(CandidateFeed):
    """Its place is how many pages came, and `passed` how many of them are passed over when it is taken up again."""

    real: CandidateFeed
    passed: Callable[[int], int]

    async def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        number, over = 0, 0 if place is None else self.passed(int(place))
        async for page in self.real.changed_candidates(updated_after):
            number += 1
            if number > over:
                yield Page(page.sightings, str(number))


@pytest.mark.parametrize(
    ("passed", "promise"),
    [
        (lambda _: 0, feeds.what_is_broken_off_after_any_page_is_taken_up_again_without_loss),
        (lambda _: 1_000, feeds.what_is_broken_off_after_any_page_is_taken_up_again_without_loss),
        (lambda came: came + 1, feeds.what_is_broken_off_after_any_page_is_taken_up_again_without_loss),
        # Nothing is lost while nothing moves, and nothing while rows are only added behind.
        (lambda came: came, feeds.what_is_taken_away_meanwhile_takes_nothing_along),
    ],
    ids=["from_the_beginning", "nothing_more", "a_page_too_late", "by_the_count_of_pages"],
)
async def test_a_feed_that_goes_on_somewhere_else_is_found_out(passed: Callable[[int], int], promise: Any) -> None:
    async with RIGS["erecruit"]() as rig:
        real = need(rig.gateway.candidate_feed)
        astray = attrs.evolve(rig, gateway=attrs.evolve(rig.gateway, candidate_feed=Astray(real, passed)))
        with pytest.raises(AssertionError):
            await promise(astray, "candidate_feed")
