"""`atsbridge pull`: followed to its end, with a bar on a terminal and with lines elsewhere."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from rich.console import Console

from domain.ids import ConnectionId, PullId
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from entrypoints.cli.processes import child
from entrypoints.cli.pull import LOOK_EVERY, Bars, Lines, follow, line_of, screen_of, summary
from entrypoints.sandbox import erecruit
from ports.pulls import Pull
from tests.cli.command import a_terminal
from tests.clocks import BEGINNING, FakeClock


def a_pull(state: PullState = PullState.RUNNING, read: int = 0, **changes: Any) -> Pull:
    made = Pull(
        id=PullId("pul_1"),
        connection=ConnectionId("con_1"),
        kind=RecordType.JOB,
        mode=PullMode.FULL,
        state=state,
        asked=True,
        created_at=BEGINNING,
        tally=Tally(read=read, new=read),
    )
    return attrs.evolve(made, **changes)


async def followed(screen: Bars | Lines, clock: FakeClock, stands: Sequence[Pull]) -> Pull:
    coming = iter(stands[1:])

    async def look(_: Pull) -> Pull:
        return next(coming)

    with screen:
        (ended,) = await follow(stands[:1], look, screen.show, clock)
    return ended


async def test_lines_tell_each_change_and_every_few_seconds_how_far_it_is() -> None:
    clock, said = FakeClock(), list[str]()
    running = [a_pull(read=100 * n, expected=2_000) for n in range(1, 21)]
    stands = [a_pull(PullState.WAITING), *running, a_pull(PullState.DONE, 2_000)]
    ended = await followed(Lines(said.append, clock), clock, stands)

    assert ended.state is PullState.DONE
    assert said == [
        "jobs: waiting for a worker",
        "jobs: running, 100 of about 2000 read",
        "jobs: running, 1100 of about 2000 read",
        "jobs: done, 2000 read",
    ]
    assert clock.slept == [LOOK_EVERY] * (len(stands) - 1)


async def test_bars_are_drawn_on_a_terminal() -> None:
    clock, drawn = FakeClock(), io.StringIO()
    console = Console(file=drawn, force_terminal=True, width=100)
    screen = screen_of(console, clock)
    assert isinstance(screen, Bars)
    await followed(screen, clock, [a_pull(PullState.WAITING), a_pull(read=7, expected=20), a_pull(PullState.DONE, 20)])
    assert "jobs: done, 20 read" in drawn.getvalue()
    assert "━" in drawn.getvalue()


async def test_no_bars_are_drawn_elsewhere() -> None:
    assert isinstance(screen_of(Console(file=io.StringIO()), FakeClock()), Lines)


def test_a_pull_that_is_put_back_or_failed_says_why() -> None:
    assert line_of(a_pull(PullState.WAITING, reason="too many requests")) == "jobs: waiting: too many requests"
    failed = a_pull(PullState.FAILED, 5, reason="no sense in it")
    assert line_of(failed) == "jobs: failed, 5 read: no sense in it"


def test_the_last_line_counts_everything() -> None:
    ended = [a_pull(PullState.DONE, 7), a_pull(PullState.FAILED, tally=Tally(read=3, put_aside=2, late=1))]
    assert summary(ended) == (
        "pull: 1 done, 1 failed; 10 read, 7 new, 0 changed, 0 unchanged, 0 deleted, 2 put aside, 1 late, 0 missed"
    )


@pytest.mark.slow
async def test_what_an_ats_has_is_pulled_by_a_worker_and_counted(tmp_path: Path) -> None:
    terminal = a_terminal(tmp_path)
    async with erecruit.running(rate_limit=None) as sandbox:
        body = json.dumps(sandbox.connection).encode()
        (added,) = (await terminal.run("connections", "add", "-", stdin=body)).lines()
        async with child("work", folder=tmp_path, environment=terminal.settings):
            first = await terminal.run("pull", added["id"])
            again = await terminal.run("pull", added["id"], "--kind", "job", "--kind", "candidate", "--full")
    lines = first.out.splitlines()
    assert (first.code, lines[-1].startswith("pull: 3 done, 0 failed; ")) == (0, True), first
    assert {line.partition(":")[0] for line in lines[:-1]} == {"jobs", "applications", "candidates"}
    assert (again.code, "pull: 2 done, 0 failed; " in again.out, " 0 new, 0 changed, " in again.out) == (0, True, True)


async def test_what_cannot_be_pulled_is_said_in_a_line(tmp_path: Path) -> None:
    terminal = a_terminal(tmp_path)
    body = b'{"provider": "public_api", "name": "No ATS", "settings": {}, "credentials": {}}'
    (added,) = (await terminal.run("connections", "add", "-", stdin=body)).lines()
    for arguments in (("con_none",), (added["id"], "--kind", "job")):
        ended = await terminal.run("pull", *arguments)
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)
