"""Several reads at once, and definitions that are read once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


async def together(jobs: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All at once (the host's turns bound how many are under way), in order; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


class Remembered(Generic[K, T]):
    """Definitions of a customer's ATS: read once, and again when one is asked for that is not among them."""

    def __init__(self, read: Callable[[], Awaitable[Mapping[K, T]]]) -> None:
        self._read = read
        self._known: Mapping[K, T] = {}

    async def all(self) -> Mapping[K, T]:
        """As they are now."""
        self._known = await self._read()
        return self._known

    async def covering(self, keys: Iterable[K]) -> Mapping[K, T]:
        """Those known, after another look if one of `keys` is not among them."""
        known = self._known
        return known if all(key in known for key in keys) else await self.all()
