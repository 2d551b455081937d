"""Readings of lists end, whatever the vendor does."""

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from typing import Any

import pytest

from adapters.rest.paging import Page, by_cursor, by_link, by_offset, by_page
from ports.errors import MalformedReplyError

Pages = AsyncGenerator[Iterable[int], None]


def same(record: int) -> int:
    return record


class Vendor:
    """Answers from a script by what it is asked for, and remembers that."""

    def __init__(self, answers: dict[Any, Any]) -> None:
        self.answers = answers
        self.asked: list[Any] = []

    async def __call__(self, key: Any) -> Any:
        self.asked.append(key)
        return self.answers[key]


async def whole(pages: Pages) -> list[int]:
    async with aclosing(pages):
        return [record async for page in pages for record in page]


async def test_pages_end_with_a_short_one() -> None:
    vendor = Vendor({1: [1, 2], 2: [3, 4], 3: [5]})
    assert await whole(by_page(vendor, 2, identity=same)) == [1, 2, 3, 4, 5]
    assert vendor.asked == [1, 2, 3]


async def test_pages_end_with_an_empty_one() -> None:
    vendor = Vendor({0: [1, 2], 1: []})
    assert await whole(by_page(vendor, 2, identity=same, first=0)) == [1, 2]


async def test_pages_of_a_vendor_that_gives_less_than_asked_end_with_an_empty_one() -> None:
    pages, offsets = Vendor({1: [1, 2], 2: [3], 3: []}), Vendor({0: [1, 2], 2: [3], 3: []})
    assert await whole(by_page(pages, 500, identity=same, to_empty=True)) == [1, 2, 3]
    assert await whole(by_offset(offsets, 500, identity=same, to_empty=True)) == [1, 2, 3]


async def test_offsets_go_on_by_the_size_and_end_with_a_short_page() -> None:
    vendor = Vendor({0: [1, 2], 2: [3, 4], 4: []})
    assert await whole(by_offset(vendor, 2, identity=same)) == [1, 2, 3, 4]
    assert vendor.asked == [0, 2, 4]


async def test_a_vendor_that_ignores_the_page_number_is_found_out() -> None:
    for reading in (by_page, by_offset):
        vendor = Vendor({number: [1, 2] for number in range(5)})
        with pytest.raises(MalformedReplyError, match="a page came twice"):
            await whole(reading(vendor, 2, identity=same, operation="people"))
        assert len(vendor.asked) == 2


async def test_a_page_that_comes_back_later_is_found_out_too() -> None:
    vendor = Vendor({1: [1, 2], 2: [3, 4], 3: [1, 2]})
    with pytest.raises(MalformedReplyError):
        await whole(by_page(vendor, 2, identity=same))


async def test_cursors_end_without_a_next_one_and_not_with_an_empty_page() -> None:
    vendor = Vendor({None: Page([1], "a"), "a": Page([], "b"), "b": Page([2], ""), "": Page([9], None)})
    assert await whole(by_cursor(vendor)) == [1, 2]
    assert vendor.asked == [None, "a", "b"]


async def test_a_cursor_seen_before_is_an_error_and_not_only_the_last_one() -> None:
    vendor = Vendor({None: Page([1], "a"), "a": Page([2], "b"), "b": Page([3], "a")})
    with pytest.raises(MalformedReplyError, match="token"):
        await whole(by_cursor(vendor))
    assert vendor.asked == [None, "a", "b"]


async def test_a_cursor_that_leads_back_to_where_the_reading_began_is_an_error() -> None:
    vendor = Vendor({"a": Page([1], "a")})
    with pytest.raises(MalformedReplyError, match="token"):
        await whole(by_cursor(vendor, start="a"))


async def test_new_cursors_to_the_same_page_are_found_out_by_its_first_record() -> None:
    vendor = Vendor({None: Page([1], "a"), "a": Page([1], "b"), "b": Page([1], "c")})
    with pytest.raises(MalformedReplyError, match="a page came twice"):
        await whole(by_cursor(vendor, identity=same))


class Endless:
    def __init__(self, answer: Callable[[int], Any]) -> None:
        self.calls = 0
        self._answer = answer

    async def __call__(self, key: Any) -> Any:
        self.calls += 1
        return self._answer(self.calls)


async def test_a_reading_ends_with_its_budget() -> None:
    readings: list[Callable[[Endless], Pages]] = [
        lambda vendor: by_page(vendor, 1, identity=same, budget=7),
        lambda vendor: by_offset(vendor, 1, identity=same, budget=7),
    ]
    cursors: list[Callable[[Endless], Pages]] = [
        lambda vendor: by_cursor(vendor, budget=7),
        lambda vendor: by_link(vendor, "https://a.example", budget=7),
    ]
    for reading in readings:
        vendor = Endless(lambda calls: [calls])
        with pytest.raises(MalformedReplyError, match="does not end"):
            await whole(reading(vendor))
        assert vendor.calls <= 8
    for reading in cursors:
        vendor = Endless(lambda calls: Page([], f"https://a.example/{calls}"))
        with pytest.raises(MalformedReplyError, match="does not end"):
            await whole(reading(vendor))
        assert vendor.calls <= 8


async def test_a_reading_of_exactly_its_budget_is_fine() -> None:
    vendor = Vendor({1: [1], 2: [2], 3: []})
    assert await whole(by_page(vendor, 1, identity=same, budget=3)) == [1, 2]


async def test_links_are_followed_on_the_own_origin() -> None:
    first, second = "https://a.example/people?page=2", "https://a.example/people?page=3"
    vendor = Vendor({None: Page([1], first), first: Page([2], "/people?page=3"), second: Page([3], None)})
    assert await whole(by_link(vendor, "https://a.example/v1")) == [1, 2, 3]


@pytest.mark.parametrize(
    "link",
    ["https://evil.example/", "http://a.example/", "https://a.example:8443/", "//evil.example/", "https://u@a.example/",
     "page2", "https://a.example.evil.example/", "https://[", "javascript:1"],
)  # fmt: skip
async def test_links_to_another_origin_are_refused(link: str) -> None:
    vendor = Vendor({None: Page([1], link)})
    with pytest.raises(MalformedReplyError, match="another origin"):
        await whole(by_link(vendor, "https://a.example"))
    assert vendor.asked == [None]


def test_a_reading_that_could_not_end_is_refused_where_it_is_set_up() -> None:
    vendor = Vendor({})
    for size in (0, -1):
        with pytest.raises(ValueError, match="size"):
            by_page(vendor, size, identity=same)
        with pytest.raises(ValueError, match="size"):
            by_offset(vendor, size, identity=same)
    with pytest.raises(ValueError, match="budget"):
        by_cursor(vendor, budget=0)
    with pytest.raises(ValueError, match="origin"):
        by_link(vendor, "/people")
