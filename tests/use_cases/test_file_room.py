"""Large files are few in memory at once, and no connection has all the room."""

import asyncio
from collections.abc import Sequence

from application.file_room import LARGE, FileRoom
from domain.attachment import FileReference
from domain.ids import ConnectionId

EVEN_MORE = 8


def a_file(size: int) -> FileReference:
    return FileReference(filename="report.pdf", media_type="application/pdf", sha256="0" * 64, size=size)


async def inside_at_once(connections: Sequence[str], size: int) -> int:
    """How many get in while nobody leaves; afterwards all of them do, one after another."""
    room, leaving, inside = FileRoom(), asyncio.Event(), 0

    async def hold(connection: str) -> None:
        nonlocal inside
        async with room.taken(ConnectionId(connection), a_file(size)):
            inside += 1
            await leaving.wait()

    async with asyncio.TaskGroup() as group:
        for connection in connections:
            group.create_task(hold(connection))
        for _ in range(EVEN_MORE):
            await asyncio.sleep(0)
        at_once = inside
        leaving.set()
    assert inside == len(connections)
    return at_once


async def test_two_large_files_are_in_memory_at_once() -> None:
    assert await inside_at_once(["a", "b", "c", "d", "e"], LARGE) == 2


async def test_a_connection_has_one_of_them() -> None:
    assert await inside_at_once(["a", "a", "a", "b"], LARGE) == 2


async def test_small_files_need_no_room() -> None:
    assert await inside_at_once(["a"] * 10, LARGE - 1) == 10
