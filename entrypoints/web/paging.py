"""Pages: as many as were asked for, and where to go on."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import attrs

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Items(Generic[T]):
    """Some of what there is; `next` is the `cursor` of the next page, null on the last one."""

    items: tuple[T, ...]
    next: str | None = None


def page_of(found: Sequence[Any], limit: int, show: Callable[[Any], object]) -> Items[object]:
    """Of one more than `limit`, which tells whether there is a next page."""
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return Items(items=tuple(show(one) for one in shown), next=following)
