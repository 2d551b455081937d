"""Stages that nobody may enter from outside, and moves into all others."""

from collections.abc import Iterable
from typing import Any

import attrs
import structlog

from adapters.avionte.assumed import BARRED
from adapters.avionte.codec import PROVIDER
from adapters.avionte.routing import Wiring
from adapters.kombo import wire
from adapters.kombo.applications import SyncedMoves, SyncedStages
from adapters.rest.endpoint import Endpoint
from domain.evidence import CannotTell, Receipt
from domain.ids import ApplicationId, StageId
from domain.job_application import Stage, Standing
from ports.applications import StageCatalogue, StageMoves
from ports.attempt import Attempt
from ports.errors import InvalidInputError, StageBarredError

WHY = "Kombo lets nobody be moved into this stage of Avionté"

log = structlog.get_logger(__name__)


class BarredStages(StageCatalogue):
    """Kombo's stages, with the reason at those that are barred: by their remote id, whatever its case.

    A stage that only has the name of a barred one may be a customer's own: it is not barred, but logged.
    """

    def __init__(self, wiring: Wiring, stages: SyncedStages) -> None:
        self.uses = stages.uses
        self._stages = stages
        self._barred = {wiring.word(name).casefold() for name in BARRED}

    async def stages(self) -> tuple[Stage, ...]:
        barred = self._found(await self._stages.rows())
        return tuple(
            attrs.evolve(stage, barred=WHY) if stage.id in barred else stage for stage in await self._stages.stages()
        )

    def _found(self, rows: Iterable[wire.Stage]) -> set[str]:
        barred: set[str] = set()
        for row in rows:
            if (row.remote_id or "").casefold() in self._barred:
                barred.add(row.id)
            elif (row.name or "").strip().casefold().replace(" ", "_") in self._barred:
                log.warning("a stage has the name of a barred one, and another id", stage=row.id)
        return barred


class Except(StageMoves):
    """Moves, except into the stages of a catalogue that are barred.

    An application in Avionté's pipeline always reads back as standing in "Pipeline": evidence is of presence only, so
    that never disproves a move.
    """

    def __init__(self, moves: SyncedMoves, stages: BarredStages) -> None:
        self.uses: tuple[Endpoint[Any], ...] = (*moves.uses, *stages.uses)
        self.evidence = moves.evidence
        self.screened_status = moves.screened_status
        self._moves = moves
        self._stages = stages

    async def move(self, application: ApplicationId, stage: StageId, attempt: Attempt) -> Receipt:
        known = {one.id: one for one in await self._stages.stages()}.get(stage)
        if known is None:
            # Of a stage that is not known nobody can say that it is not a barred one.
            raise InvalidInputError(f"there is no stage {stage}", field="stage_id", provider=PROVIDER)
        if known.barred is not None:
            raise StageBarredError(f"stage {stage} is barred: {known.barred}", provider=PROVIDER)
        return await self._moves.move(application, stage, attempt)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        return await self._moves.current(application)
