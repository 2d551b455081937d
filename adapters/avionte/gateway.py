"""What Avionté can do: all that Kombo can, and one line for each capability that is more or less than that."""

from collections.abc import Mapping

import attrs

from adapters.avionte.applications import BarredStages, Except
from adapters.avionte.candidates import EnhancedCandidates
from adapters.avionte.codec import PROVIDER
from adapters.avionte.fields import RecordFields
from adapters.avionte.jobs import EnhancedBatches, EnhancedJobs
from adapters.avionte.notes import CandidateNotes
from adapters.avionte.routing import Targets, Wiring
from adapters.avionte.settings import read_settings
from adapters.avionte.tags import TalentTags
from adapters.deps import Deps
from adapters.kombo.applications import Standings, SyncedMoves, SyncedStages
from adapters.kombo.gateway import gateway_of
from adapters.kombo.links import opened
from adapters.kombo.settings import Dialect, read_credentials
from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.gateway import Absence, AbsenceKind, Gateway

_UNDOCUMENTED = Absence(
    AbsenceKind.NOT_OFFERED,
    "Avionté's public reference has no call that defines or changes custom fields; dialect `page` speaks one",
)


def connect(
    connection: ConnectionId, given: Mapping[str, object], credentials: Mapping[str, str] | None, deps: Deps
) -> Gateway:
    """Nothing is sent, and without credentials nothing can be. Raises `InvalidError`."""
    settings = read_settings(given)
    secrets = None if credentials is None else read_credentials(credentials)
    return avionte(Wiring(opened(connection, PROVIDER, settings, secrets, deps)))


def avionte(wiring: Wiring) -> Gateway:
    """Kombo's gateway with Avionté's own capabilities in place of Kombo's."""
    paged = wiring.kombo.settings.dialect is Dialect.PAGE
    over, targets = wiring.kombo, Targets(wiring)
    job_fields = RecordFields(wiring, targets, RecordType.JOB)
    candidate_fields = RecordFields(wiring, targets, RecordType.CANDIDATE)
    application_fields = RecordFields(wiring, targets, RecordType.APPLICATION)
    jobs = EnhancedJobs(wiring, job_fields if paged else None)
    stages = BarredStages(wiring, SyncedStages(over))
    return attrs.evolve(
        gateway_of(over),
        job_detail=jobs,
        job_detail_feed=EnhancedBatches(wiring, jobs),
        candidate_lookup=EnhancedCandidates(wiring, targets, candidate_fields if paged else None),
        candidate_notes=CandidateNotes(wiring, targets),
        tagging=TalentTags(wiring, targets),
        stages=stages,
        stage_moves=Except(SyncedMoves(over, Standings(over)), stages),
        job_fields=job_fields if paged else _UNDOCUMENTED,
        candidate_fields=candidate_fields if paged else _UNDOCUMENTED,
        application_fields=application_fields if paged else _UNDOCUMENTED,
    )
