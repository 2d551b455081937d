"""Reading lists by offset while rows come and go."""

from collections.abc import Callable

import msgspec
import pytest

from adapters.tempworks import wire
from adapters.tempworks.feeds import numbered
from adapters.tempworks.lists import Reading
from ports.errors import MalformedReplyError


def listing(ids: list[object], total: int | None) -> wire.Listing:
    return wire.Listing([msgspec.Raw(msgspec.json.encode({"id": one})) for one in ids], total)


class Shelf:
    """A list of ids; `between` is called with it after each page."""

    def __init__(self, ids: list[object], between: Callable[[list[object], int], None] = lambda _ids, _n: None) -> None:
        self.ids = ids
        self.asked: list[tuple[int, int]] = []
        self.most = 1_000
        self.tells = True
        self._between = between

    async def fetch(self, skip: int, take: int) -> wire.Listing:
        self.asked.append((skip, take))
        found = listing(self.ids[skip : skip + min(take, self.most)], len(self.ids) if self.tells else None)
        self._between(self.ids, len(self.asked))
        return found

    async def read(self, size: int = 4, *, ascending: bool = True) -> list[object]:
        reading = Reading(self.fetch, numbered("id"), size, ascending=ascending, operation="list")
        return [row.number for page in [page async for page in reading.pages()] for row in page]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 7, 8, 40])
@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("tells", [True, False])
async def test_every_row_is_given_once(count: int, *, ascending: bool, tells: bool) -> None:
    shelf = Shelf(list(range(count)))
    shelf.tells = tells

    assert await shelf.read(ascending=ascending) == list(range(count))
    assert len(shelf.asked) <= count // 3 + 1


async def test_rows_that_vanish_move_nothing_out_of_sight() -> None:
    def forget_some(ids: list[object], page: int) -> None:
        if page in {1, 6}:
            del ids[0:3]

    shelf = Shelf(list(range(40)), forget_some)

    assert await shelf.read() == list(range(40))


async def test_rows_that_vanish_at_the_end_end_the_list() -> None:
    def forget_most(ids: list[object], page: int) -> None:
        del ids[2:]

    assert await Shelf(list(range(40)), forget_most).read() == [0, 1, 2, 3]


async def test_rows_that_come_in_between_are_no_reason_to_give_others_again() -> None:
    def add(ids: list[object], page: int) -> None:
        ids.insert(0, 1_000 + page)

    assert sorted(map(str, await Shelf(list(range(9)), add).read(ascending=False)))[-9:] == [str(n) for n in range(9)]


async def test_a_vendor_that_gives_less_than_asked_is_read_to_the_end() -> None:
    shelf = Shelf(list(range(20)))
    shelf.most = 3

    assert await shelf.read(size=10) == list(range(20))


async def test_a_list_in_another_order_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(MalformedReplyError, match="order"):
        await Shelf([1, 2, 5, 3, 4, 6, 7]).read()


async def test_a_list_that_never_ends_is_refused() -> None:
    async def fetch(skip: int, take: int) -> wire.Listing:
        return listing([skip % 2], 9_999_999)

    reading = Reading(fetch, numbered("id"), 4, ascending=False, operation="list")
    with pytest.raises(MalformedReplyError, match="does not end"):
        [page async for page in reading.pages()]


async def test_a_row_without_an_id_is_given_once_under_a_name_of_its_own() -> None:
    shelf = Shelf([1, "x", 2, None, 3, 4, 5])
    reading = Reading(shelf.fetch, numbered("id"), 4, ascending=True, operation="list")

    seen = [row for page in [page async for page in reading.pages()] for row in page]

    assert [row.number for row in seen] == [1, None, 2, None, 3, 4, 5]
    assert len({row.unreadable for row in seen if row.number is None}) == 2
