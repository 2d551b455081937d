"""The kill test itself, bounded: each point once on SQLite, some on PostgreSQL, and a ledger that must be found out."""

import asyncio
import re
import signal

import psutil  # type: ignore[import-untyped]
import pytest

from tests.chaos.harness import descendants, harness
from tests.chaos.writebacks import EVERY_ATS

LAST_LINE = re.compile(
    r"chaos: (?P<runs>\d+) runs, (?P<kills>\d+) kills, (?P<effects>\d+) effects, "
    r"(?P<lost>\d+) lost, (?P<doubled>\d+) doubled, (?P<held>\d+) held of (?P<hidden>\d+) hidden"
)
AIM = ("--least", "1", "--bounded")
ON_POSTGRESQL = (
    "kill begin:after (erecruit note)",
    "kill done (erecruit file)",
    "kill testify:before (erecruit field)",
    "kill decide:after (erecruit tag)",
    "kill claim:after",
    "kill finish:before",
    "stop begin:after (erecruit note)",
    "fault late_effect (erecruit note)",
    "database dies between reply and record (erecruit note)",
    "database restart under load",
)


async def played(*options: str) -> tuple[int, dict[str, int], str]:
    """The exit code, the numbers of the last line, and all that was said."""
    async with harness("writebacks", *AIM, *options) as process:
        output = (await process.communicate())[0].decode()
    found = LAST_LINE.fullmatch(output.strip().rpartition("\n")[2])
    assert found is not None, output
    return process.returncode or 0, {name: int(number) for name, number in found.groupdict().items()}, output


@pytest.mark.slow
async def test_each_point_is_survived_on_sqlite() -> None:
    """Of the sandbox's faults those that strike notes and tags: the contracts meet them for every kind of effect."""
    only = ("--providers", "erecruit", "--only", "kill,stop,hide,database,chance, note), tag)")
    code, numbers, output = await played("--engines", "sqlite", "--no-broker", "--runs", "140", *only)

    assert (code, numbers["lost"], numbers["doubled"]) == (0, 0, 0), output
    assert "hit too rarely" not in output
    assert 0 < numbers["held"] <= numbers["hidden"], output


@pytest.mark.slow
@pytest.mark.parametrize("provider", sorted(EVERY_ATS.keys() - {"erecruit"}))
async def test_each_kind_of_effect_is_survived_with(provider: str) -> None:
    only = "kill begin:after,kill done,stop begin:after,fault late_effect,fault done_then_500,hide"
    way = ("--providers", provider, "--engines", "sqlite", "--no-broker", "--lanes", "6")
    code, numbers, output = await played(*way, "--only", only, "--runs", "60")

    assert (code, numbers["lost"], numbers["doubled"]) == (0, 0, 0), output
    assert "hit too rarely" not in output


@pytest.mark.slow
async def test_some_points_are_survived_on_postgresql_and_over_a_broker() -> None:
    only = ",".join(ON_POSTGRESQL)
    way = ("--providers", "erecruit", "--engines", "postgresql", "--lanes", "4")
    code, numbers, output = await played(*way, "--only", only, "--runs", "40")

    assert (code, numbers["lost"], numbers["doubled"]) == (0, 0, 0), output
    assert "hit too rarely" not in output


@pytest.mark.slow
async def test_a_ledger_that_forgets_what_it_was_sending_is_found_out() -> None:
    points = ("--only", "kill done (note),kill done (file),kill testify:before (erecruit note)")
    way = ("--providers", "erecruit", "--engines", "sqlite", "--no-broker", "--lanes", "2")
    code, numbers, output = await played(*way, *points, "--forgetful")

    assert code == 1, output
    assert numbers["doubled"] > 0, output


@pytest.mark.slow
async def test_it_can_be_stopped_at_any_time_and_leaves_nothing_behind() -> None:
    async with harness(
        "writebacks", *AIM, "--engines", "sqlite", "--lanes", "1", "--runs", "1000", "--every", "0.5"
    ) as process:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while b" 1 of 1000 runs" not in await process.stdout.readline():
                pass
            everybody = descendants(process.pid)
            process.send_signal(signal.SIGINT)
            await process.communicate()

    assert process.returncode == 130
    assert everybody
    assert not psutil.wait_procs(everybody, timeout=10)[1]
