"""What a person sets going again: nothing goes out that its plan had ruled out, and nothing is stuck for ever."""

import attrs
import pytest

from domain.effect import EffectKind, EffectState
from domain.job_application import Outcome
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.screening import Verdict
from domain.writeback import Write, WriteBackState
from ports.commands import Accepted, SettleAs, WriteBack
from ports.errors import OutcomeUnknownError, RefusedError, ThrottledError
from ports.scope import EVERYTHING
from tests import builders as b
from tests.memory_ats import Fate
from tests.office import CONNECTION, Office

NOTHING = Policy(note_on=Where.NONE, report_on=Where.NONE, tag=False, screened_status=False)
MOVING = attrs.evolve(NOTHING, verdicts={Verdict.PASSED: VerdictAction(stage=b.INTERVIEW)})
MOVING_AFTER_A_NOTE = attrs.evolve(MOVING, note_on=Where.APPLICATION)
NOT_LIKED = RefusedError("the note is not liked")


async def posted(office: Office, **changes: object) -> Accepted:
    return await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(**changes), (b.a_file(),))


async def replayed(office: Office, accepted: Accepted) -> WriteBack:
    await office.stores.commands.replay(EVERYTHING, accepted.id)
    return await office.work_until_finished(accepted)


async def settled(office: Office, accepted: Accepted, n: int, settle_as: SettleAs) -> WriteBack:
    await office.stores.commands.settle(EVERYTHING, accepted.id, n, settle_as)
    return await office.work_until_finished(accepted)


def on_the_application(office: Office) -> list[str]:
    return [one["kind"] for one in office.ats.writes if one["target"]["id"] == b.APPLICATION]


async def test_a_replay_writes_nothing_on_somebody_elses_application(office: Office) -> None:
    accepted = await posted(office, candidate_id=b.OTHER_CANDIDATE)
    await office.work_until_finished(accepted)
    again = await replayed(office, accepted)
    assert again.state is WriteBackState.REFUSED
    assert "is not one of candidate" in (again.effects[0].reason or "")
    assert on_the_application(office) == []


async def test_a_replay_writes_nothing_where_it_cannot_be_told_whose_application_it_is(office: Office) -> None:
    accepted = await posted(office, candidate_id=b.OTHER_CANDIDATE)
    await office.work_until_finished(accepted)
    office.ats.blind = "the application came without its status"
    again = await replayed(office, accepted)
    assert again.state is WriteBackState.REFUSED
    assert on_the_application(office) == []


async def test_a_replay_does_not_move_an_application_that_had_ended(office: Office) -> None:
    await office.set_policy(MOVING)
    office.ats.state.ended[b.APPLICATION] = (Outcome.REJECTED, b.NOT_QUALIFIED)
    accepted = await posted(office)
    await office.work_until_finished(accepted)
    again = await replayed(office, accepted)
    assert again.state is WriteBackState.REFUSED
    assert "stage_moves.move" not in office.ats.operations


async def test_a_replay_sends_a_move_that_has_become_possible(office: Office) -> None:
    await office.set_policy(MOVING)
    office.ats.state.stages = tuple(stage for stage in b.STAGES if stage.id != b.INTERVIEW)
    accepted = await posted(office)
    refused = await office.work_until_finished(accepted)
    assert refused.state is WriteBackState.REFUSED
    office.ats.state.stages = b.STAGES
    assert (await replayed(office, accepted)).state is WriteBackState.DONE
    assert office.ats.state.standing(b.APPLICATION).stage == b.INTERVIEW


async def test_a_replay_sends_a_rejection_whose_reason_has_become_active(office: Office) -> None:
    await office.set_policy(
        attrs.evolve(NOTHING, verdicts={Verdict.PASSED: VerdictAction(disposition_reason=b.RETIRED_REASON)})
    )
    accepted = await posted(office)
    assert (await office.work_until_finished(accepted)).state is WriteBackState.REFUSED
    office.ats.state.reasons = tuple(attrs.evolve(reason, active=True) for reason in b.REASONS)
    assert (await replayed(office, accepted)).state is WriteBackState.DONE
    assert office.ats.state.standing(b.APPLICATION).reason == b.RETIRED_REASON


@pytest.mark.parametrize(("options", "value"), [(("Day", "Night"), "Night"), (("Day", "Night", "Any"), "Any")])
async def test_a_replay_of_a_field_keeps_its_value(office: Office, options: tuple[str, ...], value: str) -> None:
    mapping = FieldMapping(pointer="/summary", on=RecordType.CANDIDATE, field=b.SHIFT)
    await office.set_policy(attrs.evolve(NOTHING, fields=(mapping,)))
    office.ats.state.values[b.ON_CANDIDATE] = {b.SHIFT: "Night"}
    accepted = await posted(office, summary="any")
    assert (await office.work_until_finished(accepted)).state is WriteBackState.REFUSED
    office.ats.state.definitions[RecordType.CANDIDATE] = tuple(
        attrs.evolve(one, options=options) if one.id == b.SHIFT else one for one in b.FIELDS
    )
    await replayed(office, accepted)
    assert office.ats.state.values[b.ON_CANDIDATE][b.SHIFT] == value


async def test_a_single_write_that_was_refused_is_looked_at_anew(office: Office) -> None:
    office.ats.state.ended[b.APPLICATION] = (Outcome.CLOSED, None)
    move = Write(kind=EffectKind.STAGE, targets=(b.ON_APPLICATION,), value=b.INTERVIEW)
    accepted = await office.write_one(EVERYTHING, CONNECTION, "write:1", move)
    assert (await office.work_until_finished(accepted)).state is WriteBackState.REFUSED
    del office.ats.state.ended[b.APPLICATION]
    assert (await replayed(office, accepted)).state is WriteBackState.DONE


async def test_a_move_goes_on_once_a_replay_has_brought_the_note(office: Office) -> None:
    await office.set_policy(MOVING_AFTER_A_NOTE)
    office.ats.fail_next(NOT_LIKED, on="application_notes.add")
    accepted = await posted(office)
    assert (await office.work_until_finished(accepted)).state is WriteBackState.HELD
    assert (await replayed(office, accepted)).state is WriteBackState.DONE
    assert on_the_application(office) == ["note", "stage"]


async def test_a_move_goes_on_once_a_person_has_seen_the_note(office: Office) -> None:
    await office.set_policy(MOVING_AFTER_A_NOTE)
    office.ats.fail_next(OutcomeUnknownError("the reply was lost"), fate=Fate.DONE, on="application_notes.add")
    office.ats.blind = "this ATS shows no notes"
    accepted = await posted(office)
    held = await office.work_until_finished(accepted)
    assert [one.state for one in held.effects] == [EffectState.HELD] * 2
    assert (await settled(office, accepted, 1, SettleAs.DONE)).state is WriteBackState.DONE
    assert on_the_application(office) == ["note", "stage"]


async def test_a_person_can_have_a_move_made_although_the_note_was_refused(office: Office) -> None:
    await office.set_policy(MOVING_AFTER_A_NOTE)
    office.ats.fail_next(NOT_LIKED, on="application_notes.add", times=9)
    accepted = await posted(office)
    await office.work_until_finished(accepted)
    office.ats.fail_next(ThrottledError("too many requests", retry_after=3.0), on="stage_moves.move")
    ended = await settled(office, accepted, 2, SettleAs.RESEND)
    assert (ended.state, ended.effects[1].state) == (WriteBackState.REFUSED, EffectState.CONFIRMED)
    assert on_the_application(office) == ["stage"]


async def test_what_shall_be_sent_again_is_not_if_it_has_come_to_light(office: Office) -> None:
    await office.set_policy(attrs.evolve(NOTHING, note_on=Where.APPLICATION))
    office.ats.fail_next(OutcomeUnknownError("the reply was lost"), fate=Fate.DONE, on="application_notes.add")
    office.ats.blind = "this ATS shows no notes"
    accepted = await posted(office)
    await office.work_until_finished(accepted)
    office.ats.blind = None
    assert (await settled(office, accepted, 1, SettleAs.RESEND)).state is WriteBackState.DONE
    assert on_the_application(office) == ["note"]
