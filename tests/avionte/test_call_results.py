"""A call result lands in Avionté as its dry run showed; what is in doubt is looked for, or held."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from application.hand_in import DryRun
from domain.call_result import CallResult
from domain.effect import EffectKind, EffectState
from domain.ids import CandidateId, FieldId, StageId
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.screening import Verdict
from domain.writeback import WriteBackState
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.catalogue import PIPELINE
from entrypoints.sandbox.kombo.recruiter import retire
from ports.commands import WriteBack
from ports.scope import EVERYTHING
from tests import builders as b
from tests.avionte.rig import application, candidate, job, office, stage
from tests.clocks import FakeClock
from tests.kombo.rig import opened
from tests.office import CONNECTION, Office, an_office

SCREENED = 4
PERSON = candidate(4)


def a_result(person: CandidateId = PERSON) -> CallResult:
    return b.a_call_result(application_id=application(4), candidate_id=person, job_id=job(0), answers=())


def a_policy(to: StageId) -> Policy:
    return Policy(
        note_on=Where.BOTH,
        report_on=Where.CANDIDATE,
        fields=(FieldMapping(pointer="/score", on=RecordType.CANDIDATE, field=FieldId("602")),),
        verdicts={Verdict.PASSED: VerdictAction(stage=to)},
    )


@pytest.fixture
async def desk(tmp_path: Path, sandbox: KomboSandbox, clock: FakeClock) -> AsyncIterator[Office]:
    async with (
        an_office(tmp_path, clock=clock) as opening,
        opened(sandbox.connection, clock=clock, tag="Screened") as to,
    ):
        opening.without(to)
        yield opening


async def dry_run(desk: Office, result: CallResult) -> DryRun:
    return await desk.post_call_results.dry_run(EVERYTHING, CONNECTION, result)


async def done(desk: Office, result: CallResult) -> WriteBack:
    accepted = await desk.post_call_results(EVERYTHING, CONNECTION, result, (b.a_file(),))
    return await desk.work_until_finished(accepted)


def states(found: WriteBack) -> dict[str, tuple[EffectState, str | None]]:
    return {one.effect.slot: (one.state, one.reason) for one in found.effects}


async def test_all_of_a_result_lands_as_it_was_shown(sandbox: KomboSandbox, desk: Office) -> None:
    await desk.set_policy(a_policy(stage(SCREENED)))

    shown = await dry_run(desk, a_result())
    assert sandbox.writes == []
    finished = await done(desk, a_result())

    assert finished.state is WriteBackState.DONE
    assert [(one["kind"], one["target"]["type"]) for one in sandbox.writes] == [
        (str(one.effect.kind), str(one.effect.target.type))
        for one in shown.effects
        if one.effect.state is EffectState.PLANNED
    ]
    assert {(one["kind"], one["target"]["type"]) for one in sandbox.writes} == {
        ("note", "application"),
        ("note", "candidate"),
        ("file", "candidate"),
        ("field", "candidate"),
        ("tag", "candidate"),
        ("stage", "application"),
    }
    assert sandbox.writes[-1]["value"] == stage(SCREENED)


async def test_a_barred_stage_is_refused_in_the_dry_run_and_never_asked_for(
    sandbox: KomboSandbox, desk: Office
) -> None:
    await desk.set_policy(a_policy(stage(PIPELINE)))

    (barred,) = [one.effect for one in (await dry_run(desk, a_result())).effects if one.effect.kind is EffectKind.STAGE]
    await done(desk, a_result())

    assert barred.state is EffectState.REFUSED
    assert "is barred: Kombo lets nobody" in (barred.reason or "")
    assert "stage" not in {one["kind"] for one in sandbox.writes}


@pytest.mark.parametrize("fault", ["done_then_inner_500", "done_then_504", "done_reply_lost", "inner_500"])
async def test_a_note_on_a_candidate_that_is_in_doubt_is_held_and_never_written_twice(
    sandbox: KomboSandbox, desk: Office, fault: str
) -> None:
    await desk.set_policy(Policy(note_on=Where.CANDIDATE, report_on=Where.NONE, tag=False, screened_status=False))
    sandbox.faults.arm(fault, route="/note")

    finished = await done(desk, a_result())

    assert finished.state is WriteBackState.HELD
    (state, why), *_ = states(finished).values()
    assert state is EffectState.HELD
    assert "no call that lists the notes on a candidate" in (why or "")
    assert len(sandbox.writes) == (fault != "inner_500")


@pytest.mark.parametrize("fault", ["done_then_inner_500", "done_then_504", "inner_500"])
async def test_a_field_that_is_in_doubt_is_looked_for_and_set_once(
    sandbox: KomboSandbox, desk: Office, fault: str
) -> None:
    mapping = FieldMapping(pointer="/score", on=RecordType.CANDIDATE, field=FieldId("602"))
    await desk.set_policy(
        Policy(note_on=Where.NONE, report_on=Where.NONE, tag=False, screened_status=False, fields=(mapping,))
    )
    sandbox.faults.arm(fault, route="PATCH")

    finished = await done(desk, a_result())

    assert finished.state is WriteBackState.DONE
    assert [(one["kind"], one["value"]) for one in sandbox.writes] == [("field", "82.5")]


async def test_of_a_merged_candidate_the_dry_run_says_who_bears_their_name_now(
    sandbox: KomboSandbox, desk: Office, clock: FakeClock
) -> None:
    survivor = retire(office(sandbox), PERSON, clock.now(), clock.now())
    await desk.set_policy(a_policy(stage(SCREENED)))

    shown = {one.effect.slot: one.effect for one in (await dry_run(desk, a_result())).effects}
    finished = await done(desk, a_result())

    note = shown["note@candidate"]
    assert note.state is EffectState.REFUSED
    assert f"candidate {survivor} bears the same name" in (note.reason or "")
    assert finished.state is WriteBackState.REFUSED
    assert sandbox.writes == []
