import pytest

from domain.call_result import CallOutcome
from domain.effect import EffectState, Target
from domain.ids import ConnectionId
from domain.policy import Policy, RecordType, VerdictAction, Where
from domain.screening import Verdict
from domain.writeback import WriteBackState
from ports.commands import Accepted
from ports.errors import ConflictError, NotFoundError
from ports.scope import EVERYTHING, Scope
from tests import builders as b
from tests.memory_gateway import without
from tests.office import CONNECTION, Office


async def posted(office: Office, **changes: object) -> Accepted:
    return await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(**changes), (b.a_file(),))


async def test_a_result_becomes_note_report_tag_and_status_each_once(office: Office) -> None:
    done = await office.work_until_finished(await posted(office))
    assert done.state is WriteBackState.DONE
    assert office.effects() == [
        ("note", "application", b.APPLICATION),
        ("file", "application", b.APPLICATION),
        ("tag", "candidate", b.CANDIDATE),
        ("stage", "application", b.APPLICATION),
    ]
    assert [effect.state for effect in done.effects] == [EffectState.CONFIRMED] * 4
    assert all(effect.receipt and effect.receipt.sha256 for effect in done.effects)


async def test_the_note_says_what_a_recruiter_needs_and_holds_no_transcript(office: Office) -> None:
    done = await office.work_until_finished(await posted(office))
    text = office.ats.writes[0]["text"]
    for part in ("passed", "82.5", "six years of TIG welding", "forklift licence? Yes", "report.pdf"):
        assert part in text
    assert text.rstrip().endswith(f"ref {done.effects[0].marker}")
    assert b.SPOKEN not in text


async def test_the_same_result_again_is_the_same_write_back(office: Office) -> None:
    first = await posted(office)
    await office.work_until_finished(first)
    again = await posted(office)
    await office.work()
    assert (again.id, again.new) == (first.id, False)
    assert len(office.ats.writes) == 4


async def test_another_result_under_the_same_call_id_is_a_conflict(office: Office) -> None:
    await posted(office)
    with pytest.raises(ConflictError):
        await posted(office, score=12.0)


async def test_a_key_of_another_connection_does_not_see_this_one(office: Office) -> None:
    with pytest.raises(NotFoundError):
        await office.post_call_results(Scope(ConnectionId("con_other")), CONNECTION, b.a_call_result())


async def test_an_unknown_connection_is_not_found(office: Office) -> None:
    with pytest.raises(NotFoundError):
        await office.post_call_results(EVERYTHING, ConnectionId("con_nobody"), b.a_call_result())


async def test_a_sourcing_call_is_written_on_the_candidate(office: Office) -> None:
    done = await office.work_until_finished(await posted(office, application_id=None))
    assert [one[:2] for one in office.effects()] == [("note", "candidate"), ("file", "candidate"), ("tag", "candidate")]
    status = done.effects[-1]
    assert status.state is EffectState.SKIPPED
    assert "no application" in (status.reason or "")


async def test_a_call_that_was_not_completed_marks_nobody(office: Office) -> None:
    done = await office.work_until_finished(await posted(office, outcome=CallOutcome.NO_ANSWER, verdict=None))
    assert [one[0] for one in office.effects()] == ["note", "file"]
    assert done.state is WriteBackState.DONE


async def test_the_verdicts_move_comes_last(office: Office) -> None:
    await office.set_policy(Policy(verdicts={Verdict.PASSED: VerdictAction(stage=b.INTERVIEW)}))
    await office.work_until_finished(await posted(office))
    assert [one["value"] for one in office.ats.writes if one["kind"] == "stage"] == [b.SCREENED, b.INTERVIEW]
    assert office.ats.writes[-1]["value"] == b.INTERVIEW


async def test_a_rejection_needs_an_active_reason(office: Office) -> None:
    await office.set_policy(Policy(verdicts={Verdict.PASSED: VerdictAction(disposition_reason=b.RETIRED_REASON)}))
    done = await office.work_until_finished(await posted(office))
    assert done.state is WriteBackState.REFUSED
    assert "no longer active" in (done.reason or "")
    assert len(office.ats.writes) == 4


async def test_notes_and_reports_go_where_the_policy_says(office: Office) -> None:
    await office.set_policy(Policy(note_on=Where.BOTH, report_on=Where.NONE, tag=False, screened_status=False))
    await office.work_until_finished(await posted(office))
    assert office.effects() == [("note", "application", b.APPLICATION), ("note", "candidate", b.CANDIDATE)]


async def test_a_missing_capability_is_skipped_with_its_reason(office: Office) -> None:
    office.without(without(office.connections.gateway, "tagging", why="this ATS has no tags"))
    done = await office.work_until_finished(await posted(office))
    (tag,) = [effect for effect in done.effects if effect.effect.kind == "tag"]
    assert (tag.state, tag.reason) == (EffectState.SKIPPED, "this ATS has no tags")
    assert done.state is WriteBackState.DONE


async def test_an_application_of_somebody_else_gets_nothing(office: Office) -> None:
    done = await office.work_until_finished(await posted(office, candidate_id=b.OTHER_CANDIDATE))
    assert done.state is WriteBackState.REFUSED
    assert office.effects() == [("tag", "candidate", b.OTHER_CANDIDATE)]


async def test_records_that_do_not_exist_are_refused_with_their_names(office: Office) -> None:
    done = await office.work_until_finished(await posted(office, application_id="app-9", candidate_id="cand-9"))
    assert done.state is WriteBackState.REFUSED
    assert {effect.reason for effect in done.effects} == {
        "application app-9 was not found",
        "candidate cand-9 was not found",
    }
    assert not office.ats.writes


async def test_the_report_goes_out_byte_for_byte_under_a_marked_name(office: Office) -> None:
    done = await office.work_until_finished(await posted(office))
    (kept,) = office.ats.state.files[Target(RecordType.APPLICATION, b.APPLICATION)]
    assert kept.content == b.a_file().content
    assert kept.name == f"report-{done.effects[1].marker}.pdf"
