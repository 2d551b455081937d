"""New applications; stages, moves and rejections."""

from domain.effect import Target
from domain.evidence import Absent, Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId
from domain.job_application import Outcome, Standing
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import InvalidInputError, NotFoundError, StageBarredError
from ports.gateway import need
from tests.builders import an_attempt
from tests.contracts.contract import Act, Deed, contract, done_once, nothing_done, nothing_leaves_without_leave
from tests.rigs.rig import Rig


def _applying(rig: Rig, candidate: CandidateId | None = None, job: JobId | None = None) -> Act:
    async def act(attempt: Attempt) -> Receipt:
        intake, world = need(rig.gateway.application_intake), rig.world
        return await intake.create(candidate or world.person.id, job or world.job_not_applied_for, attempt)

    return act


def _moving(rig: Rig, application: ApplicationId | None = None, stage: StageId | None = None) -> Act:
    async def act(attempt: Attempt) -> Receipt:
        moves, world = need(rig.gateway.stage_moves), rig.world
        return await moves.move(application or world.application, stage or world.stage_to_enter, attempt)

    return act


def _rejecting(rig: Rig, application: ApplicationId | None = None, reason: ReasonId | None = None) -> Act:
    async def act(attempt: Attempt) -> Receipt:
        rejection, world = need(rig.gateway.rejection), rig.world
        return await rejection.reject(application or world.application, reason or world.reason, attempt)

    return act


def _acting(rig: Rig, capability: str, application: ApplicationId | None = None) -> Act:
    return _moving(rig, application) if capability == "stage_moves" else _rejecting(rig, application)


def _target(rig: Rig) -> Target:
    return Target(RecordType.APPLICATION, rig.world.application)


def deed(rig: Rig, capability: str) -> Deed:
    """An application, a move or a rejection."""

    async def applied() -> bool:
        intake, world = need(rig.gateway.application_intake), rig.world
        return isinstance(await intake.find(world.person.id, world.job_not_applied_for), Found)

    async def moved() -> bool:
        now = await need(rig.gateway.stage_moves).current(rig.world.application)
        return isinstance(now, Standing) and now.stage == rig.world.stage_to_enter

    async def rejected() -> bool:
        now = await need(rig.gateway.rejection).current(rig.world.application)
        return isinstance(now, Standing) and now.outcome is Outcome.REJECTED

    return {
        "application_intake": Deed(_applying(rig), applied),
        "stage_moves": Deed(_moving(rig), moved),
        "rejection": Deed(_rejecting(rig), rejected),
    }[capability]


@contract("application_intake", effect=True)
async def a_candidate_applies_once_and_is_then_found_to_have(rig: Rig, capability: str) -> None:
    intake, world = need(rig.gateway.application_intake), rig.world
    assert await intake.find(world.person.id, world.job_not_applied_for) == Absent()

    written = await done_once(rig, _applying(rig), "application", Target(RecordType.CANDIDATE, world.person.id))

    assert written["value"] == world.job_not_applied_for
    found = await intake.find(world.person.id, world.job_not_applied_for)
    assert isinstance(found, Found)
    assert found.receipt.id == written["id"]


@contract("application_intake", effect=True)
async def the_receipt_names_the_new_application(rig: Rig, capability: str) -> None:
    receipt = await _applying(rig)(an_attempt())

    assert [receipt.id] == [one["id"] for one in rig.world.writes()]


@contract("application_intake")
async def an_application_that_somebody_else_made_is_found(rig: Rig, capability: str) -> None:
    found = await need(rig.gateway.application_intake).find(
        rig.world.person.id, rig.world.job_of[rig.world.application]
    )

    assert isinstance(found, Found)
    assert found.receipt.id == rig.world.application


@contract("application_intake")
async def nobody_applies_for_nothing(rig: Rig, capability: str) -> None:
    await nothing_done(rig, _applying(rig, candidate=rig.world.no_candidate), NotFoundError)
    await nothing_done(rig, _applying(rig, job=rig.world.no_job), NotFoundError)


@contract("application_intake")
async def nobody_applies_without_leave(rig: Rig, capability: str) -> None:
    await nothing_leaves_without_leave(rig, _applying(rig))


@contract("stages")
async def the_catalogue_holds_every_stage_once(rig: Rig, capability: str) -> None:
    stages = await need(rig.gateway.stages).stages()

    ids = [stage.id for stage in stages]
    assert len(ids) == len(set(ids))
    assert {rig.world.stage, rig.world.stage_to_enter} <= set(ids)
    assert rig.world.no_stage not in ids
    assert all(stage.name for stage in stages)
    assert [stage.order for stage in stages] == sorted(stage.order for stage in stages)


@contract("stages")
async def barred_stages_are_shown_with_the_reason(rig: Rig, capability: str) -> None:
    barred = {stage.id: stage.barred for stage in await need(rig.gateway.stages).stages() if stage.barred is not None}

    assert (rig.world.barred_stage in barred) is (rig.world.barred_stage is not None)
    assert rig.world.stage_to_enter not in barred
    assert all(barred.values())


@contract("reasons")
async def the_catalogue_tells_active_reasons_from_others(rig: Rig, capability: str) -> None:
    active = {reason.id: reason.active for reason in await need(rig.gateway.reasons).reasons()}

    assert active[rig.world.reason] is True
    assert active[rig.world.inactive_reason] is False
    assert rig.world.no_reason not in active


@contract("stage_moves", effect=True)
async def a_moved_application_stands_in_its_new_stage(rig: Rig, capability: str) -> None:
    moves, world = need(rig.gateway.stage_moves), rig.world
    before = await moves.current(world.application)
    assert before == Standing(stage=world.stage, candidate=world.person.id)

    written = await done_once(rig, _moving(rig), "stage", _target(rig))

    assert written["value"] == world.stage_to_enter
    after = await moves.current(world.application)
    assert after == Standing(stage=world.stage_to_enter, candidate=world.person.id)


@contract("stage_moves")
async def nothing_moves_to_where_it_cannot(rig: Rig, capability: str) -> None:
    await nothing_done(rig, _moving(rig, stage=rig.world.no_stage), InvalidInputError)
    await nothing_done(rig, _moving(rig, application=rig.world.no_application), NotFoundError)
    if rig.world.barred_stage is not None:
        await nothing_done(rig, _moving(rig, stage=rig.world.barred_stage), StageBarredError)


@contract("rejection", effect=True)
async def a_rejected_application_stands_so_with_its_reason(rig: Rig, capability: str) -> None:
    rejection, world = need(rig.gateway.rejection), rig.world
    before = await rejection.current(world.application)
    assert before == Standing(stage=world.stage, candidate=world.person.id)

    written = await done_once(rig, _rejecting(rig), "rejection", _target(rig))

    assert written["value"] == world.reason
    after = await rejection.current(world.application)
    assert isinstance(after, Standing)
    assert (after.outcome, after.reason) == (Outcome.REJECTED, world.reason)


@contract("rejection")
async def nobody_is_rejected_for_no_good_reason(rig: Rig, capability: str) -> None:
    await nothing_done(rig, _rejecting(rig, reason=rig.world.no_reason), InvalidInputError)
    await nothing_done(rig, _rejecting(rig, reason=rig.world.inactive_reason), InvalidInputError)
    await nothing_done(rig, _rejecting(rig, application=rig.world.no_application), NotFoundError)


@contract("rejection", effect=True)
async def each_of_several_applications_is_rejected_by_itself(rig: Rig, capability: str) -> None:
    both = (rig.world.application, rig.world.other_application)
    for application in both:
        await done_once(rig, _rejecting(rig, application), "rejection", Target(RecordType.APPLICATION, application))

    assert [one["target"]["id"] for one in rig.world.writes()] == list(both)


@contract("stage_moves", "rejection")
async def an_application_that_has_ended_stays_as_it_is(rig: Rig, capability: str) -> None:
    act = _acting(rig, capability, rig.world.ended_application)

    await nothing_done(rig, act, rig.world.refuses_ended_with)


@contract("stage_moves", "rejection")
async def a_standing_is_not_found_where_there_is_no_application(rig: Rig, capability: str) -> None:
    async def look(_: Attempt) -> Receipt:
        if capability == "stage_moves":
            await need(rig.gateway.stage_moves).current(rig.world.no_application)
        else:
            await need(rig.gateway.rejection).current(rig.world.no_application)
        return Receipt()

    await nothing_done(rig, look, NotFoundError)


@contract("stage_moves", "rejection")
async def nothing_is_decided_without_leave(rig: Rig, capability: str) -> None:
    await nothing_leaves_without_leave(rig, _acting(rig, capability))
