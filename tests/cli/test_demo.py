"""The demo as a user runs it, in processes of its own."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from entrypoints.cli import demo_story as story
from entrypoints.settings import child_environment

LAST_LINE = re.compile(r"demo: (\d+) effects confirmed, (\d+) unknown, (\d+) doubled")


async def played(folder: Path, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "entrypoints.cli", "demo", *arguments),
        cwd=folder,
        env=child_environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


@pytest.mark.slow
async def test_a_finished_screen_lands_each_effect_once(tmp_path: Path) -> None:
    code, output = await played(tmp_path)
    found = LAST_LINE.fullmatch(output.strip().splitlines()[-1])
    assert found is not None, output
    assert (code, found.groups()) == (0, (str(len(story.expected())), "0", "0"))


@pytest.mark.slow
async def test_an_effect_that_the_ats_dropped_is_missed_and_named(tmp_path: Path) -> None:
    code, output = await played(tmp_path, "--fault", "drop_write")
    assert code == 1
    assert "missing: the note on the submission" in output
    assert output.strip().splitlines()[-1] == "demo: 7 effects confirmed, 1 unknown, 0 doubled"


@pytest.mark.slow
async def test_a_lost_reply_is_looked_for_and_nothing_is_doubled(tmp_path: Path) -> None:
    code, output = await played(tmp_path, "--fault", "done_reply_lost", "--times", "2")
    assert code == 0, output
    assert output.strip().splitlines()[-1] == "demo: 8 effects confirmed, 0 unknown, 0 doubled"


def test_what_stands_twice_or_was_never_asked_for_is_counted() -> None:
    write = {"kind": "tag", "target": {"type": "candidate", "id": "5145605"}, "value": story.TAG, "sha256": ""}
    twice = story.count([write, write])
    assert twice.doubled == ("the tag on the candidate",)
    assert not twice.good
    stranger = story.count([write | {"value": "1"}])
    assert stranger.foreign == ("tag on candidate 5145605",)
