"""What Kombo can do for any ATS behind it: one line a capability."""

from collections.abc import Mapping

from adapters.deps import Deps
from adapters.kombo.applications import (
    PersonalApplications,
    Standings,
    SyncedMoves,
    SyncedReasons,
    SyncedRejections,
    SyncedStages,
)
from adapters.kombo.candidates import AttachedResumes, FilteredSearch, SyncedCandidates
from adapters.kombo.check import Hosts
from adapters.kombo.feeds import SyncedApplicationFeed, SyncedCandidateFeed, SyncedJobFeed
from adapters.kombo.files import RecordFiles
from adapters.kombo.jobs import SyncedBatches, SyncedDetails, SyncedJobs
from adapters.kombo.links import opened
from adapters.kombo.notes import ApplicationNotes
from adapters.kombo.result_links import ApplicationLinks
from adapters.kombo.routing import Wiring
from adapters.kombo.settings import read_credentials, read_settings
from adapters.kombo.tags import NamedTags
from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.gateway import Absence, AbsenceKind, Gateway, Provider

_NO_CANDIDATE_NOTES = Absence(
    AbsenceKind.NOT_OFFERED,
    "Kombo has no call that puts a note on a candidate: its SDK 1.4.0 knows notes on applications only",
)
_NO_FIELDS = Absence(
    AbsenceKind.NOT_OFFERED,
    "Kombo shows custom fields with its records, and its SDK 1.4.0 has no call that defines or sets them",
)


def connect(
    connection: ConnectionId, given: Mapping[str, object], credentials: Mapping[str, str] | None, deps: Deps
) -> Gateway:
    """Nothing is sent, and without credentials nothing can be. Raises `InvalidError`."""
    settings = read_settings(given)
    secrets = None if credentials is None else read_credentials(credentials)
    return gateway_of(opened(connection, Provider.KOMBO, settings, secrets, deps))


def gateway_of(wiring: Wiring) -> Gateway:
    """What Kombo itself can do over this wiring. Whoever knows the ATS behind it may have more."""
    standings = Standings(wiring)
    return Gateway(
        provider=Provider(wiring.provider),
        check=Hosts(wiring),
        settle_seconds=wiring.settings.settle_seconds,
        job_feed=SyncedJobFeed(wiring),
        application_feed=SyncedApplicationFeed(wiring),
        candidate_feed=SyncedCandidateFeed(wiring),
        job_lookup=SyncedJobs(wiring),
        job_detail=SyncedDetails(wiring),
        job_detail_feed=SyncedBatches(wiring),
        candidate_lookup=SyncedCandidates(wiring),
        candidate_search=FilteredSearch(wiring),
        resumes=AttachedResumes(wiring),
        application_intake=PersonalApplications(wiring),
        stages=SyncedStages(wiring),
        stage_moves=SyncedMoves(wiring, standings),
        reasons=SyncedReasons(wiring),
        rejection=SyncedRejections(wiring, standings),
        application_notes=ApplicationNotes(wiring),
        candidate_notes=_NO_CANDIDATE_NOTES,
        application_files=RecordFiles(wiring, RecordType.APPLICATION),
        candidate_files=RecordFiles(wiring, RecordType.CANDIDATE),
        application_fields=_NO_FIELDS,
        candidate_fields=_NO_FIELDS,
        job_fields=_NO_FIELDS,
        tagging=NamedTags(wiring),
        result_delivery=Absence(AbsenceKind.NOT_APPLICABLE, "results are written as notes, files, tags and statuses"),
        result_links=ApplicationLinks(wiring),
    )
