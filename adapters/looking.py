"""Looking for what bears our marker among the things that an ATS lists."""

from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import attrs

from domain.evidence import Absent, CannotTell, Found, Receipt
from ports.errors import NotFoundError, UnsupportedError

T = TypeVar("T")


@attrs.frozen
class Seen:
    """A thing on a record; `text` is where the marker would be, None where the ATS did not give it."""

    text: str | None
    receipt: Receipt


async def look_for(
    marker: str, pages: AsyncIterator[list[T]], seen: Callable[[T], Seen]
) -> Found | Absent | CannotTell:
    """Absent only when every list was read whole and nothing in it came without its text."""
    doubtful = False
    try:
        async for page in pages:
            for one in map(seen, page):
                if one.text is not None and marker in one.text:
                    return Found(one.receipt)
                doubtful = doubtful or one.text is None
    except (NotFoundError, UnsupportedError) as error:
        return CannotTell(f"{error.message}: gone or merged")
    return CannotTell("something is there whose text the ATS did not give") if doubtful else Absent()
