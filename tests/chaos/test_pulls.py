"""The kill test of pulls, bounded: some runs on SQLite, and a keep that forgets, which must be found out."""

import re

import pytest

from tests.chaos.harness import harness

LAST_LINE = re.compile(
    r"chaos: (?P<runs>\d+) runs, (?P<kills>\d+) kills, (?P<records>\d+) records, (?P<lost>\d+) lost, "
    r"(?P<doubled>\d+) doubled, (?P<repeated>\d+) pages repeated"
)


async def played(*options: str) -> tuple[int, dict[str, int], str]:
    """The exit code, the numbers of the last line, and all that was said."""
    async with harness("pulls", "--engines", "sqlite", *options) as process:
        output = (await process.communicate())[0].decode()
    found = LAST_LINE.fullmatch(output.strip().rpartition("\n")[2])
    assert found is not None, output
    return process.returncode or 0, {name: int(number) for name, number in found.groupdict().items()}, output


@pytest.mark.slow
async def test_nothing_is_lost_whatever_becomes_of_workers() -> None:
    """By this seed one is killed on its way through a list, one before it keeps a page; one is stopped after that."""
    code, numbers, output = await played("--runs", "3", "--lanes", "3", "--records", "60", "--seed", "3158")

    assert (code, numbers["runs"], numbers["lost"], numbers["doubled"]) == (0, 3, 0, 0), output
    assert numbers["kills"] >= 2, output


@pytest.mark.slow
async def test_a_keep_that_forgets_is_found_out() -> None:
    """It moves the place, and keeps nothing of the page."""
    code, numbers, output = await played("--runs", "1", "--lanes", "1", "--records", "60", "--forgetful")

    assert code == 1, output
    assert numbers["lost"] > 0, output
