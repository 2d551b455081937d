"""A note that is too long for one message: parts in order, each an effect of its own, each found again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.effect import EffectKind, EffectState, Target
from domain.note import Note, bullets, heading, paragraph
from domain.policy import RecordType
from domain.writeback import Write, WriteBackState
from entrypoints.sandbox.tempworks import TempWorksSandbox
from ports.scope import EVERYTHING
from tests.office import CONNECTION, Office, an_office
from tests.tempworks.rig import opened

PERSON = "43769"
ANSWERS = [f"Question {number}? {'word ' * 60}" for number in range(40)]
NOTE = Note(blocks=(heading("Phone screen completed"), paragraph("Verdict: passed"), bullets(*ANSWERS)))
WRITE = Write(kind=EffectKind.NOTE, targets=(Target(RecordType.CANDIDATE, PERSON),), note=NOTE)
SLOTS = ["note@candidate", "note@candidate#2", "note@candidate#3", "note@candidate#4"]


@pytest.fixture
async def office(sandbox: TempWorksSandbox, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as office, opened(sandbox.connection, clock=office.clock) as gateway:
        office.without(gateway)
        yield office


async def test_a_dry_run_shows_each_part_and_these_are_what_stands_then(
    office: Office, sandbox: TempWorksSandbox
) -> None:
    run = await office.write_one.dry_run(EVERYTHING, CONNECTION, "write:1", WRITE)
    done = await office.work_until_finished(await office.write_one(EVERYTHING, CONNECTION, "write:1", WRITE))

    assert [shown.effect.slot for shown in run.effects] == SLOTS
    assert [shown.preview for shown in run.effects] == [one["text"] for one in sandbox.writes]
    assert done.state is WriteBackState.DONE
    assert len({one.marker for one in done.effects}) == len(SLOTS)
    for number, (shown, written) in enumerate(zip(run.effects, sandbox.writes, strict=True), start=1):
        assert written["text"].startswith(f"(part {number} of {len(SLOTS)})\n")
        assert written["text"].endswith(f"\nref {shown.marker}")
        assert len(written["text"]) <= 4_000
    assert [answer.strip() in "".join(one["text"] for one in sandbox.writes) for answer in ANSWERS] == [True] * 40


@pytest.mark.parametrize("fault", ["done_reply_lost", "not_done_reply_lost"])
async def test_a_part_whose_reply_was_lost_is_settled_before_the_next_goes(
    office: Office, sandbox: TempWorksSandbox, fault: str
) -> None:
    sandbox.faults.arm(fault, route="POST /Employees/{id}/messages")
    accepted = await office.write_one(EVERYTHING, CONNECTION, "write:1", WRITE)
    await office.work()
    early = await office.show(accepted)

    done = await office.work_until_finished(accepted)

    if fault == "not_done_reply_lost":
        assert [one.state for one in early.effects] == [EffectState.UNKNOWN, *[EffectState.PLANNED] * 3]
    assert done.state is WriteBackState.DONE
    assert [one["text"][:12] for one in sandbox.writes] == [f"(part {n} of 4"[:12] for n in range(1, 5)]


async def test_a_part_that_is_refused_leaves_the_later_ones_to_a_person(
    office: Office, sandbox: TempWorksSandbox
) -> None:
    sandbox.faults.arm("403", route="POST /Employees/{id}/messages")

    done = await office.work_until_finished(await office.write_one(EVERYTHING, CONNECTION, "write:1", WRITE))

    assert [one.state for one in done.effects] == [EffectState.REFUSED, *[EffectState.HELD] * 3]
    assert sandbox.writes == []


async def test_a_note_that_fits_is_one_effect_under_its_usual_name(office: Office) -> None:
    short = Note(blocks=(paragraph("x" * 3_980),))
    write = Write(kind=EffectKind.NOTE, targets=WRITE.targets, note=short)

    run = await office.write_one.dry_run(EVERYTHING, CONNECTION, "write:1", write)

    assert [shown.effect.slot for shown in run.effects] == ["note@candidate"]
