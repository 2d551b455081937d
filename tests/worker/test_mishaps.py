"""What goes wrong in the worker itself: the loop outlives it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from structlog.testing import capture_logs

from domain.errors import InvalidError
from domain.ids import CommandId
from entrypoints.worker.envelope import decode
from entrypoints.worker.loop import Worker
from ports.commands import Claim, Commands
from ports.errors import UnavailableError
from tests.clocks import HandClock
from tests.office import LEASE_SECONDS, Office, an_office
from tests.worker.test_loop import Desk, results


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, clock=HandClock()) as office:
        yield office


@attrs.define
class Mishaps:
    """The table of commands, of which some calls fail: as many as `errors` has for their method."""

    commands: Commands
    claim_errors: list[Exception] = attrs.field(factory=list)
    renew_errors: list[Exception] = attrs.field(factory=list)
    renewed: list[list[int]] = attrs.field(factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.commands, name)

    async def claim(self, most: int) -> tuple[Claim, ...]:
        if self.claim_errors:
            raise self.claim_errors.pop()
        return await self.commands.claim(most)

    async def renew(self, claims: Sequence[Claim]) -> frozenset[CommandId]:
        if self.renew_errors:
            raise self.renew_errors.pop()
        self.renewed.append(sorted(claim.fence for claim in claims))
        return await self.commands.renew(claims)


def a_worker(office: Office, commands: Mishaps, desk: Any) -> "Worker[Claim]":
    return Worker(
        commands,
        desk,
        office.clock,
        concurrency=2,
        lease_seconds=LEASE_SECONDS,
        stop_seconds=1.0,
    )


async def pass_time(office: Office, seconds: int) -> None:
    for _ in range(seconds):
        office.clock.advance(1.0)
        await turn_over(office)


async def turn_over(office: Office) -> None:
    """Lets the worker do what it is about to: some round trips through the one writer that it uses too."""
    for _ in range(4):
        await office.stores.commands.renew([])


async def test_a_claim_that_fails_for_whatever_reason_does_not_end_the_loop(office: Office) -> None:
    await results(office, 1)
    desk = Desk()
    desk.let_go.set()
    worker = a_worker(office, Mishaps(office.stores.commands, claim_errors=[RuntimeError("a defect")]), desk)
    with capture_logs() as logs:
        running = asyncio.create_task(worker.run())
        await pass_time(office, 5)
        worker.stop()
        await asyncio.wait_for(running, 10)
    assert len(desk.seen) == 1
    assert "claiming failed" in [line["event"] for line in logs]


async def test_leases_are_renewed_again_after_whatever_went_wrong(office: Office) -> None:
    await results(office, 1)
    desk = Desk()
    commands = Mishaps(office.stores.commands, renew_errors=[RuntimeError("a defect")])
    worker = a_worker(office, commands, desk)
    with capture_logs() as logs:
        running = asyncio.create_task(worker.run())
        await pass_time(office, 30)
        desk.let_go.set()
        worker.stop()
        await asyncio.wait_for(running, 10)
    assert [claim.fence for claim in desk.seen] == [1]
    assert "renewing failed" in [line["event"] for line in logs]


class Gates:
    """Each claim waits at a gate of its own."""

    def __init__(self) -> None:
        self.passed: list[tuple[int, asyncio.Event]] = []

    async def __call__(self, claim: Claim) -> None:
        gate = asyncio.Event()
        self.passed.append((claim.fence, gate))
        await gate.wait()


async def test_a_command_that_comes_back_keeps_its_new_lease_when_the_old_work_ends(office: Office) -> None:
    await results(office, 1)
    gates = Gates()
    gone = UnavailableError("the database is gone")
    commands = Mishaps(office.stores.commands, renew_errors=[gone] * 4)
    worker = a_worker(office, commands, gates)
    with capture_logs():
        running = asyncio.create_task(worker.run())
        await pass_time(office, 30)
        assert [fence for fence, _ in gates.passed] == [1, 2]
        gates.passed[0][1].set()
        await turn_over(office)
        commands.renewed.clear()
        await pass_time(office, 40)
        gates.passed[1][1].set()
        worker.stop()
        await asyncio.wait_for(running, 10)
    assert len(gates.passed) == 2, "nobody else took it over"
    assert commands.renewed
    assert all(fences == [2] for fences in commands.renewed)


def test_an_event_without_bottom_is_no_event() -> None:
    with pytest.raises(InvalidError):
        decode(b"[" * 200_000)
