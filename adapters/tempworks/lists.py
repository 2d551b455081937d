"""Lists by offset over data that moves: each page begins with the last row of the one before.

Where that row is not met again, rows before it have vanished, and the reading goes back until it meets known ones: so
nothing slips by unseen, and nothing is given twice.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import attrs
import structlog

from adapters import places
from adapters.places import Natural
from adapters.rest.calls import Calls
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.routing import NOTHING, PROVIDER
from ports.errors import MalformedReplyError

T = TypeVar("T")

log = structlog.get_logger(__name__)

MOST_PAGES = 20_000

KNOWN = 5
"""How many of the last rows a place tells: where some have vanished, the others are still met again."""

Fetch = Callable[[int, int], Awaitable[wire.Listing]]
"""A page, by how many rows are passed over and how many are wanted."""


@attrs.frozen
class Seen:
    """A row by its bytes, and by how many rows it had before it. `number` is None where its id cannot be read."""

    raw: bytes
    digest: bytes
    number: int | None
    before: int

    @property
    def unreadable(self) -> str:
        """What stands for its id where it has none: so it can be told apart, and put aside."""
        return f"unreadable-{self.digest.hex()[:12]}"


class Place(places.Place, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a list is taken up again: at the first of some rows whose ids are known."""

    skip: Natural = 0
    known: tuple[int, ...] = ()


def after(operation: str, part: int, rows: Sequence[Seen]) -> str:
    """The place after these rows, which follow one another in a list."""
    last = [row for row in rows if row.number is not None][-KNOWN:]
    skip = (last or rows)[0].before
    return places.written(Place(operation, part, skip, tuple(row.number for row in last if row.number is not None)))


class Reading:
    """One run over one list.

    Where the list is asked for in the order of its ids, that order alone tells what was given before, and no memory
    grows. A list that comes in an order of its own is remembered by its ids.
    """

    def __init__(
        self,
        fetch: Fetch,
        number: Callable[[bytes], int | None],
        size: int,
        *,
        ascending: bool,
        operation: str,
        start: Place | None = None,
    ) -> None:
        self._fetch = fetch
        self._number = number
        self._size = max(2, size)
        self._ascending = ascending
        self._operation = operation
        self._skip, known = (start.skip, start.known) if start else (0, ())
        self._last: int | None = max(known, default=None)
        self._given: set[int] = set(known)
        self._put_aside: set[bytes] = set()

    async def pages(self) -> AsyncGenerator[tuple[Seen, ...], None]:
        """Raises MalformedReplyError for a list that does not end, or is not in the order that was asked for."""
        skip = self._skip
        for _ in range(MOST_PAGES):
            listing = await self._fetch(skip, self._size)
            rows = [self._sighted(raw, skip + at) for at, raw in enumerate(codec.slices(listing))]
            if skip and not any(self._is_known(row) for row in rows):
                skip = max(0, skip - self._size // 2)
                continue
            if fresh := tuple(self._new(rows)):
                yield fresh
            # A page that is short ends the list, unless its own count says that the vendor gives less than asked.
            if len(rows) < self._size and len(rows) + skip >= (listing.totalCount or 0):
                return
            if not rows:
                log.warning("list_ends_before_its_count", provider=PROVIDER, operation=self._operation, rows=skip)
                return
            skip += max(1, len(rows) - 1)
        raise self._wrong("does not end")

    def _sighted(self, raw: bytes, before: int) -> Seen:
        return Seen(raw, codec.digest_of(raw), self._number(raw), before)

    def _is_known(self, row: Seen) -> bool:
        if row.number is None:
            return row.digest in self._put_aside
        if self._ascending:
            return self._last is not None and row.number <= self._last
        return row.number in self._given

    def _new(self, rows: list[Seen]) -> Iterator[Seen]:
        first = True
        for row in rows:
            if not self._is_known(row):
                self._remember(row)
                first = False
                yield row
            elif self._ascending and not first and row.number != self._last and row.number is not None:
                raise self._wrong("is not in the order of its ids")

    def _remember(self, row: Seen) -> None:
        if row.number is None:
            self._put_aside.add(row.digest)
        elif self._ascending:
            self._last = row.number
        else:
            self._given.add(row.number)

    def _wrong(self, what: str) -> MalformedReplyError:
        message = f"{PROVIDER} {self._operation}: the list {what}"
        return MalformedReplyError(message, provider=PROVIDER, operation=self._operation)


def listed(calls: Calls, row: Endpoint[wire.Listing], path: Mapping[str, str], query: Mapping[str, str]) -> Fetch:
    """Pages of a row that lists."""

    async def fetch(skip: int, take: int) -> wire.Listing:
        return await calls.call(row, path=path, query={**query, "skip": str(skip), "take": str(take)})

    return fetch


async def at_once(
    calls: Calls,
    row: Endpoint[wire.Listing],
    shape: type[T],
    *,
    path: Mapping[str, str] = NOTHING,
    query: Mapping[str, str] = NOTHING,
) -> list[T]:
    """All rows of a list that is not known to have pages. Raises MalformedReplyError for one that cannot be read."""
    listing = await calls.call(row, path=path, query=query)
    return [codec.decoded(shape, raw) for raw in codec.slices(listing)]


async def whole(
    calls: Calls,
    row: Endpoint[wire.Listing],
    shape: type[T],
    size: int,
    *,
    path: Mapping[str, str] = NOTHING,
    query: Mapping[str, str] = NOTHING,
) -> list[T]:
    """All rows of a list that is short: of one record, or of a customer's definitions.

    Two rows with the same bytes count once. Raises MalformedReplyError for one that cannot be read.
    """
    reading = Reading(listed(calls, row, path, query), _unnumbered, size, ascending=False, operation=row.name)
    return [codec.decoded(shape, one.raw) async for page in reading.pages() for one in page]


def _unnumbered(_: bytes) -> int | None:
    return None
