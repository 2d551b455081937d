"""Several reads at once, and definitions that are remembered."""

import asyncio
from collections.abc import Mapping

import pytest

from adapters.together import Remembered, together
from ports.errors import NotFoundError


async def test_answers_come_in_the_order_of_the_questions() -> None:
    async def after(turns: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return turns

    assert await together(after(turns) for turns in (3, 1, 2)) == [3, 1, 2]
    assert await together(iter(())) == []


async def test_the_first_failure_ends_the_others_and_comes_out_itself() -> None:
    ended = []

    async def fails() -> None:
        raise NotFoundError("job", "1")

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")

    with pytest.raises(NotFoundError):
        await together([waits(), fails()])
    assert ended == ["waits"]


async def test_definitions_are_read_again_only_for_one_that_is_not_known() -> None:
    reads: list[Mapping[str, int]] = [{"a": 1}, {"a": 2, "b": 2}, {"a": 3}]

    async def read() -> Mapping[str, int]:
        return reads.pop(0)

    known = Remembered(read)

    assert await known.covering(["a"]) == {"a": 1}
    assert await known.covering(["a"]) == {"a": 1}
    assert await known.covering(["a", "b"]) == {"a": 2, "b": 2}
    assert await known.covering([]) == {"a": 2, "b": 2}
    assert await known.all() == {"a": 3}
