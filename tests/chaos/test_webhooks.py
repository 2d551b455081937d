"""The kill test of webhooks, bounded: each point once on SQLite, and a deliverer that must be found out."""

import re

import pytest

from tests.chaos.harness import harness

LAST_LINE = re.compile(
    r"chaos: (?P<runs>\d+) runs, (?P<kills>\d+) kills, (?P<events>\d+) events, (?P<lost>\d+) lost, "
    r"(?P<again>\d+) delivered again, (?P<wrong>\d+) wrong"
)


async def played(*options: str) -> tuple[int, dict[str, int], str]:
    """The exit code, the numbers of the last line, and all that was said."""
    async with harness("webhooks", "--engines", "sqlite", "--events", "20", *options) as process:
        output = (await process.communicate())[0].decode()
    found = LAST_LINE.fullmatch(output.strip().rpartition("\n")[2])
    assert found is not None, output
    return process.returncode or 0, {name: int(number) for name, number in found.groupdict().items()}, output


@pytest.mark.slow
async def test_nothing_is_lost_whatever_becomes_of_workers_and_receivers() -> None:
    code, numbers, output = await played("--runs", "11", "--lanes", "11")

    assert (code, numbers["events"], numbers["lost"], numbers["wrong"]) == (0, 220, 0, 0), output
    assert numbers["kills"] > 0, output
    assert numbers["again"] > 0, output
    assert not re.search(r"(kill|stop|chance|database) [a-z: ]+ 0", output), output


@pytest.mark.slow
async def test_a_deliverer_that_forgets_is_found_out() -> None:
    """It writes down a success before it has asked anybody."""
    code, numbers, output = await played("--runs", "1", "--lanes", "1", "--forgetful")

    assert code == 1, output
    assert numbers["lost"] > 0, output
