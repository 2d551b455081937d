"""Room for files: how many large ones a process has in memory at once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs

from domain.attachment import FileReference
from domain.ids import ConnectionId

LARGE = 1024 * 1024
"""Bytes from which on a file needs room; smaller ones come and go freely."""


@attrs.frozen
class FileRoom:
    """`places` large files in all, and one of each connection: an ATS that takes them slowly holds up itself alone."""

    places: asyncio.Semaphore = attrs.field(factory=lambda: asyncio.Semaphore(2))
    _own: defaultdict[ConnectionId, asyncio.Lock] = attrs.field(factory=lambda: defaultdict(asyncio.Lock))

    @asynccontextmanager
    async def taken(self, connection: ConnectionId, file: FileReference) -> AsyncIterator[None]:
        """Waits until there is room; leaving gives it back."""
        if file.size < LARGE:
            yield
            return
        async with self._own[connection], self.places:
            yield
