"""Reading lists page by page, so that every reading ends: by its own rule, by a token seen before, or by a budget."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterator, Sequence
from typing import Generic, TypeVar

import attrs
from yarl import URL

from ports.errors import MalformedReplyError

T = TypeVar("T")

PAGES = 10_000


@attrs.frozen
class Page(Generic[T]):
    """One page of a list that says itself how it goes on: `next` is a cursor or an address, None or "" at the end."""

    items: Sequence[T]
    next: str | None

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


def by_page(
    fetch: Callable[[int], Awaitable[Sequence[T]]],
    size: int,
    *,
    identity: Callable[[T], Hashable],
    first: int = 1,
    to_empty: bool = False,
    budget: int = PAGES,
    operation: str = "",
) -> AsyncGenerator[Sequence[T], None]:
    """Pages of a list that is asked for by page number, from `first` on, until one has fewer than `size` records.

    With `to_empty` only an empty page ends it: for vendors that give less than asked. `identity` names a record; the
    same first record twice means that the vendor ignores the number. Raises `ValueError` here for a reading that
    could not end, and `MalformedReplyError` on the way.
    """
    return _counted(fetch, first, 1, 1 if to_empty else _at_least_one(size), _Seen(identity, budget, operation))


def by_offset(
    fetch: Callable[[int], Awaitable[Sequence[T]]],
    size: int,
    *,
    identity: Callable[[T], Hashable],
    to_empty: bool = False,
    budget: int = PAGES,
    operation: str = "",
) -> AsyncGenerator[Sequence[T], None]:
    """As `by_page`, asked for by the number of records before: 0, then as many as came (`to_empty`) or as asked."""
    step, least = (0, 1) if to_empty else (_at_least_one(size), size)
    return _counted(fetch, 0, step, least, _Seen(identity, budget, operation))


def by_cursor(
    fetch: Callable[[str | None], Awaitable[Page[T]]],
    *,
    identity: Callable[[T], Hashable] | None = None,
    start: str | None = None,
    budget: int = PAGES,
    operation: str = "",
) -> AsyncGenerator[Page[T], None]:
    """Pages of a list that gives a cursor for the next one, from `start` on. One without records may still have one."""
    return _followed(fetch, start, _Seen(identity, budget, operation))


def by_link(
    fetch: Callable[[str | None], Awaitable[Page[T]]],
    origin: str,
    *,
    identity: Callable[[T], Hashable] | None = None,
    budget: int = PAGES,
    operation: str = "",
) -> AsyncGenerator[Page[T], None]:
    """Pages of a list that gives the address of the next one, relative or on `origin`: any other is refused."""
    home = URL(origin)
    if not home.absolute:
        raise ValueError("links need an origin to lie on")
    return _followed(fetch, None, _Seen(identity, budget, operation), home.origin())


def _at_least_one(size: int) -> int:
    if size < 1:
        raise ValueError("no page is shorter than a size below one: the reading would not end")
    return size


class _Seen(Generic[T]):
    """What a reading has met so far; raises when it goes in circles or on and on."""

    def __init__(self, identity: Callable[[T], Hashable] | None, budget: int, operation: str) -> None:
        if budget < 1:
            raise ValueError("a reading needs a budget of at least one page")
        self._identity = identity
        self._left = budget
        self._operation = operation
        self._firsts: set[Hashable] = set()
        self._tokens: set[Hashable] = set()

    def page(self, items: Sequence[T]) -> None:
        if self._left == 0:
            raise self.wrong("the list does not end")
        self._left -= 1
        if items and self._identity is not None:
            self._new(self._firsts, self._identity(items[0]), "a page came twice")

    def token(self, token: str) -> None:
        self._new(self._tokens, token, "the token of a page came twice")

    def _new(self, known: set[Hashable], value: Hashable, what: str) -> None:
        if value in known:
            raise self.wrong(what)
        known.add(value)

    def wrong(self, what: str) -> MalformedReplyError:
        return MalformedReplyError(f"{self._operation or 'list'}: {what}", operation=self._operation)


async def _counted(
    fetch: Callable[[int], Awaitable[Sequence[T]]], first: int, step: int, least: int, seen: _Seen[T]
) -> AsyncGenerator[Sequence[T], None]:
    number = first
    while True:
        items = await fetch(number)
        seen.page(items)
        if items:
            yield items
        if len(items) < least:
            return
        number += step or len(items)


async def _followed(
    fetch: Callable[[str | None], Awaitable[Page[T]]], start: str | None, seen: _Seen[T], home: URL | None = None
) -> AsyncGenerator[Page[T], None]:
    token = start
    while True:
        if token is not None:
            seen.token(token)
        page = await fetch(token)
        seen.page(page.items)
        if page.items:
            yield page
        if not page.next:
            return
        token = page.next if home is None else _at_home(page.next, home, seen)


def _at_home(link: str, home: URL, seen: _Seen[T]) -> str:
    try:
        address = home.join(URL(link)) if link.startswith("/") else URL(link)
        if address.origin() == home and address.user is None:
            return str(address)
    except ValueError:
        pass
    raise seen.wrong("the next page lies on another origin")
