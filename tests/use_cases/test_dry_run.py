from typing import Any

import attrs
import pytest

from application.hand_in import digest_of
from domain.effect import Effect, EffectKind, EffectState
from domain.errors import PlanMovedError
from domain.policy import Policy, VerdictAction, Where
from domain.screening import Verdict
from domain.writeback import WriteBackState
from ports.errors import MalformedReplyError, UnavailableError
from ports.scope import EVERYTHING
from tests import builders as b
from tests.memory_gateway import without
from tests.memory_writes import LONGEST_NOTE
from tests.office import CONNECTION, Office


async def test_a_dry_run_shows_what_will_stand_there_and_writes_nothing(office: Office) -> None:
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    assert not office.ats.writes
    assert await office.stores.commands.page(EVERYTHING, after=None, limit=10) == ()
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    done = await office.work_until_finished(accepted)
    assert [(one.n, one.effect.slot, one.marker) for one in shown.effects] == [
        (one.n, one.effect.slot, one.marker) for one in done.effects
    ]
    assert shown.effects[0].preview == office.ats.writes[0]["text"]


async def test_the_plan_that_was_agreed_to_is_the_one_that_is_carried_out(office: Office) -> None:
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    accepted = await office.post_call_results(
        EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),), if_match=shown.digest
    )
    await office.set_policy(Policy(note_on=Where.NONE))
    done = await office.work_until_finished(accepted)
    assert [one.effect for one in done.effects] == [one.effect for one in shown.effects]


async def test_a_record_that_moved_since_breaks_the_agreement(office: Office) -> None:
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    office.ats.state.move(b.APPLICATION, b.INTERVIEW, office.clock.now())
    with pytest.raises(PlanMovedError):
        await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), if_match=shown.digest)
    assert await office.stores.commands.page(EVERYTHING, after=None, limit=10) == ()


async def test_an_agreed_screening_is_carried_out_as_shown(office: Office) -> None:
    shown = await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, b.a_screening())
    accepted = await office.screen_and_tag(EVERYTHING, CONNECTION, b.a_screening(), if_match=shown.digest)
    done = await office.work_until_finished(accepted)
    assert done.state is WriteBackState.DONE
    assert len(office.ats.writes) == len(shown.effects)


async def test_facts_that_cannot_be_read_are_said_not_guessed(office: Office) -> None:
    office.ats.fail_next(UnavailableError("no answer"), on="stage_moves.current")
    with pytest.raises(UnavailableError):
        await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())


async def test_what_would_be_refused_or_skipped_is_shown_with_its_reason(office: Office) -> None:
    await office.set_policy(Policy(verdicts={Verdict.PASSED: VerdictAction(stage=b.PIPELINE)}))
    office.without(without(office.connections.gateway, "application_files", why="no files here"))
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    remarks = {one.effect.slot: (one.effect.state, one.effect.reason) for one in shown.effects}
    assert remarks["stage@application"] == (EffectState.REFUSED, f"stage pipeline is barred: {b.PIPELINE_BARRED}")
    assert remarks["file@candidate"] == (EffectState.PLANNED, "goes on the candidate: no files here")


TOO_LONG = b.a_call_result(summary="x" * LONGEST_NOTE)
MOVING = Policy(verdicts={Verdict.PASSED: VerdictAction(stage=b.INTERVIEW)})


async def test_a_note_that_the_ats_would_not_take_is_shown_as_refused_and_what_hangs_on_it_as_held(
    office: Office,
) -> None:
    await office.set_policy(MOVING)
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, TOO_LONG)
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, TOO_LONG, (b.a_file(),))
    done = await office.work_until_finished(accepted)
    states = [EffectState.REFUSED, *[EffectState.PLANNED] * 3, EffectState.HELD]
    assert [one.effect.state for one in shown.effects] == states
    assert "longer than" in (shown.effects[0].effect.reason or "")
    assert shown.effects[-1].effect.reason == "effect 1 (note@application) is refused"
    ended = [EffectState.CONFIRMED if state is EffectState.PLANNED else state for state in states]
    assert [one.state for one in done.effects] == ended
    assert [one.reason or one.effect.reason for one in done.effects] == [one.effect.reason for one in shown.effects]


async def test_a_plan_with_a_move_that_will_be_held_can_be_agreed_to(office: Office) -> None:
    await office.set_policy(MOVING)
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, TOO_LONG)
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, TOO_LONG, (b.a_file(),), if_match=shown.digest)
    assert (await office.work_until_finished(accepted)).state is WriteBackState.HELD


async def test_a_file_is_shown_under_the_name_that_it_will_have(office: Office) -> None:
    shown = await office.post_call_results.dry_run(EVERYTHING, CONNECTION, b.a_call_result())
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    await office.work_until_finished(accepted)
    (name,) = [one["name"] for one in office.ats.writes if one["kind"] == "file"]
    assert shown.effects[1].preview == name


async def test_a_tag_that_the_ats_does_not_have_is_shown_as_refused(office: Office) -> None:
    office.ats.state.all_tags -= {b.SCREENED_TAG}
    shown = await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, b.a_screening())
    tag = shown.effects[0].effect
    assert (tag.state, tag.reason) == (EffectState.REFUSED, f"tag {b.SCREENED_TAG} does not exist")


@pytest.mark.parametrize("operation", ["tagging.current", "tagging.tags", "stage_moves.current", "stages.stages"])
async def test_facts_that_come_in_an_odd_shape_are_facts_that_cannot_be_read(office: Office, operation: str) -> None:
    digest = (await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, b.a_screening())).digest
    office.ats.fail_next(MalformedReplyError("the answer cannot be read"), on=operation, times=2)
    with pytest.raises(UnavailableError, match="the facts cannot be read"):
        await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, b.a_screening())
    with pytest.raises(UnavailableError):
        await office.screen_and_tag(EVERYTHING, CONNECTION, b.a_screening(), if_match=digest)
    assert await office.stores.commands.page(EVERYTHING, after=None, limit=10) == ()


FIELD = b.an_effect(EffectKind.FIELD)
FILE = b.an_effect(EffectKind.FILE)
NOTE = b.an_effect(EffectKind.NOTE)
REPORT = b.a_report()
CHANGES: list[tuple[Effect, dict[str, Any]]] = [
    (NOTE, {"note": b.a_note("Other words.")}),
    (NOTE, {"note": b.a_note(action_type="7")}),
    (NOTE, {"target": b.ON_CANDIDATE}),
    (NOTE, {"slot": "note@application#2"}),
    (NOTE, {"state": EffectState.SKIPPED}),
    (FILE, {"file": attrs.evolve(REPORT, sha256="0" * 64)}),
    (FILE, {"file": attrs.evolve(REPORT, filename="other.pdf")}),
    (FILE, {"file": attrs.evolve(REPORT, media_type="text/plain")}),
    (FIELD, {"value": "5201"}),
    (FIELD, {"before": ("5100",)}),
    (FIELD, {"before": ()}),
    (FIELD, {"field": b.SHARE}),
]


@pytest.mark.parametrize(("effect", "change"), CHANGES, ids=[f"{one.kind}-{next(iter(of))}" for one, of in CHANGES])
def test_the_digest_follows_whatever_would_be_carried_out(effect: Effect, change: dict[str, Any]) -> None:
    changed = attrs.evolve(effect, **change)
    assert digest_of((effect,)) != digest_of((changed,))
    assert digest_of((effect, changed)) != digest_of((changed, effect))
    assert digest_of((effect,)) != digest_of((effect, effect))


def test_the_digest_does_not_follow_words_about_why() -> None:
    assert digest_of((NOTE,)) == digest_of((attrs.evolve(NOTE, reason="goes on the candidate"),))


async def test_the_digest_is_of_the_changes_not_of_the_call_or_the_hour(office: Office) -> None:
    one = await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, b.a_screening())
    office.clock.advance(3600)
    other = await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, b.a_screening(screening_id="another"))
    assert (one.digest, one.effects[0].marker) != (other.digest, other.effects[0].marker)
    assert one.digest == other.digest
