"""Call results land in TempWorks as their dry run showed: on both kinds of applications, and on nobody's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.call_result import CallResult
from domain.effect import EffectState
from domain.ids import ApplicationId, CandidateId, FieldId, ReasonId, StageId
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction
from domain.screening import Verdict
from domain.writeback import WriteBackState
from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.properties import EMPLOYEE, property_id
from ports.scope import EVERYTHING
from tests import builders as b
from tests.office import CONNECTION, Office, an_office
from tests.tempworks.rig import opened

PERSON = CandidateId("43769")
PLACED = ApplicationId("assignment:2443")
POLICY = Policy(
    verdicts={
        Verdict.PASSED: VerdictAction(stage=StageId("candidate:6")),
        Verdict.FAILED: VerdictAction(disposition_reason=ReasonId("candidate:9")),
    },
    fields=(FieldMapping(pointer="/score", on=RecordType.CANDIDATE, field=FieldId(property_id(EMPLOYEE, "Score"))),),
)


@pytest.fixture
async def office(sandbox: TempWorksSandbox, tmp_path: Path) -> AsyncIterator[Office]:
    async with (
        an_office(tmp_path, policy=POLICY) as office,
        opened(sandbox.connection, clock=office.clock, screened_status_id="candidate:5") as gateway,
    ):
        office.without(gateway)
        yield office


async def landed(office: Office, sandbox: TempWorksSandbox, result: CallResult) -> dict[str, tuple[EffectState, str]]:
    """What each effect ended as and why; all that was shown as planned stands, in that order."""
    run = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, result)
    assert sandbox.writes == []
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, result, (b.a_file(),), if_match=run.digest)
    done = await office.work_until_finished(accepted)
    kinds = {"status": "stage"}
    planned = [str(one.effect.kind) for one in run.effects if one.effect.state is EffectState.PLANNED]
    assert [one["kind"] for one in sandbox.writes] == [kinds.get(one, one) for one in planned]
    assert done.state in {WriteBackState.DONE, WriteBackState.REFUSED}
    return {one.effect.slot: (one.state, one.reason or "") for one in done.effects}


def a_result(candidate: CandidateId, application: ApplicationId | None, verdict: Verdict) -> CallResult:
    return b.a_call_result(
        candidate_id=candidate, application_id=application, job_id=None, verdict=verdict, report=b.a_report()
    )


async def test_whoever_has_passed_is_marked_and_moved(office: Office, sandbox: TempWorksSandbox) -> None:
    (number,) = (one.job for one in sandbox.state.candidates.values() if one.number == 709)

    ended = await landed(office, sandbox, a_result(PERSON, ApplicationId(f"candidate:{number}-709"), Verdict.PASSED))

    assert {slot for slot, (state, _) in ended.items() if state is not EffectState.CONFIRMED} == {"tag@candidate"}
    assert [one["value"] for one in sandbox.writes if one["kind"] == "stage"] == ["candidate:5", "candidate:6"]
    assert sandbox.state.candidates[709].status == 6


async def test_whoever_has_failed_is_refused_for_the_reason(office: Office, sandbox: TempWorksSandbox) -> None:
    (number,) = (one.job for one in sandbox.state.candidates.values() if one.number == 709)

    await landed(office, sandbox, a_result(PERSON, ApplicationId(f"candidate:{number}-709"), Verdict.FAILED))

    assert sandbox.writes[-1]["kind"] == "rejection"
    assert sandbox.state.candidates[709].status == 9


async def test_nobodys_placement_is_touched(office: Office, sandbox: TempWorksSandbox) -> None:
    before = sandbox.state.assignments[2443].status

    ended = await landed(office, sandbox, a_result(CandidateId("43770"), PLACED, Verdict.FAILED))

    assert {one["kind"] for one in sandbox.writes} == {"note", "file", "field"}
    for slot in ("status@application", "rejection@application"):
        assert ended[slot] == (EffectState.REFUSED, "the application has ended: closed (stage:assignment:26)")
    assert sandbox.state.assignments[2443].status == before


async def test_a_sourcing_call_needs_no_application(office: Office, sandbox: TempWorksSandbox) -> None:
    ended = await landed(office, sandbox, a_result(PERSON, None, Verdict.PASSED))

    assert [one["target"] for one in sandbox.writes] == [{"type": "candidate", "id": PERSON}] * 3
    assert ended["stage@application"][0] is EffectState.SKIPPED
