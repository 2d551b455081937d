"""Stages that nobody may be moved into: in what is offered, before the wire, and known by their remote id alone."""

from typing import Any

import attrs
import pytest
import structlog

from domain.effect import Effect, EffectKind, EffectState, Target
from domain.evidence import Current, EvidenceGrade, believed, verdict
from domain.ids import StageId
from domain.job_application import Standing
from domain.policy import RecordType
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.catalogue import NOMINATION, PIPELINE, WEB_APPLICATION, Named
from ports.errors import InvalidInputError, StageBarredError
from ports.gateway import Gateway, need
from tests.avionte.rig import application, office, stage
from tests.builders import an_attempt
from tests.clocks import FakeClock
from tests.kombo.rig import opened

SCREENED = 4


async def barred(gateway: Gateway) -> dict[str, str | None]:
    return {one.id: one.barred for one in await need(gateway.stages).stages()}


async def test_barred_stages_are_offered_with_the_reason(gateway: Gateway) -> None:
    offered = await barred(gateway)

    assert {one for one, why in offered.items() if why} == {stage(WEB_APPLICATION), stage(PIPELINE)}
    assert len(offered) == 6


@pytest.mark.parametrize("number", [WEB_APPLICATION, PIPELINE])
async def test_a_move_into_a_barred_stage_is_refused_before_the_wire(
    sandbox: KomboSandbox, gateway: Gateway, number: int
) -> None:
    attempt = an_attempt()

    with pytest.raises(StageBarredError, match="Kombo lets nobody"):
        await need(gateway.stage_moves).move(application(0), stage(number), attempt)

    assert (attempt.begun, sandbox.writes) == ([], [])
    assert not [label for label in sandbox.journal.requests_by_route if "/stage" in label and "PUT" in label]


@pytest.mark.parametrize("spelled", ["PIPELINE", "pipeline", "remote:PIPELINE", "WEB_APPLICATION", "Pipeline", ""])
async def test_what_is_no_stage_of_the_customers_is_refused_before_the_wire(
    sandbox: KomboSandbox, gateway: Gateway, spelled: str
) -> None:
    attempt = an_attempt()

    with pytest.raises(InvalidInputError) as refused:
        await need(gateway.stage_moves).move(application(0), StageId(spelled), attempt)

    assert (refused.value.field, attempt.begun, sandbox.writes) == ("stage_id", [], [])


async def test_a_legal_move_is_made(sandbox: KomboSandbox, gateway: Gateway) -> None:
    await need(gateway.stage_moves).move(application(0), stage(SCREENED), an_attempt())

    assert [(one["kind"], one["value"]) for one in sandbox.writes] == [("stage", stage(SCREENED))]


def _staged(sandbox: KomboSandbox, *stages: Named) -> None:
    office(sandbox).stages = (*office(sandbox).stages[: NOMINATION + 1], *stages)


@pytest.mark.parametrize("remote", ["pipeline", "Web_Application"])
async def test_the_remote_id_counts_whatever_its_case(
    sandbox: KomboSandbox, clock: FakeClock, gateway: Gateway, remote: str
) -> None:
    _staged(sandbox, Named(number=3, remote_id=remote, name="Anything"))

    assert (await barred(gateway))[stage(3)]
    with pytest.raises(StageBarredError):
        await need(gateway.stage_moves).move(application(0), stage(3), an_attempt())


async def test_a_name_alone_bars_nothing_and_is_warned_of(sandbox: KomboSandbox, gateway: Gateway) -> None:
    _staged(sandbox, Named(number=3, remote_id="77", name="Pipeline"), Named(number=4, remote_id="78", name="Web Apps"))

    with structlog.testing.capture_logs() as logs:
        offered = await barred(gateway)

    assert (offered[stage(3)], offered[stage(4)]) == (None, None)
    assert [one["stage"] for one in logs if one["log_level"] == "warning"] == [stage(3)]
    await need(gateway.stage_moves).move(application(0), stage(3), an_attempt())
    assert len(sandbox.writes) == 1


async def test_which_stages_are_barred_is_a_word_of_the_customers(sandbox: KomboSandbox, clock: FakeClock) -> None:
    async with opened(sandbox.connection, clock=clock, assumed={"stage.pipeline": "NOMINATION"}) as gateway:
        offered = await barred(gateway)

    assert {one for one, why in offered.items() if why} == {stage(WEB_APPLICATION), stage(NOMINATION)}


async def test_a_pipeline_application_reads_back_as_pipeline_and_that_disproves_nothing(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    moves = need(gateway.stage_moves)
    await moves.move(application(1), stage(SCREENED), an_attempt())

    now = await moves.current(application(1))

    assert isinstance(now, Standing)
    assert now.stage == stage(PIPELINE)
    assert [one["value"] for one in sandbox.writes] == [stage(SCREENED)]
    finding = _judged(now, moves.evidence)
    assert (finding.state, finding.reason is not None) == (EffectState.HELD, True)
    assert _judged(now, EvidenceGrade.LIVE).state is EffectState.PLANNED, "it would be sent again"


def _judged(now: Standing, grade: EvidenceGrade) -> Any:
    effect = Effect(
        slot="stage",
        kind=EffectKind.STAGE,
        target=Target(RecordType.APPLICATION, application(1)),
        value=stage(SCREENED),
        before=(Standing(stage=stage(PIPELINE)).value,),
    )
    seen = believed(effect, Current(now.value), grade)
    return verdict(attrs.evolve(effect), seen, settled=True)
