"""What eRecruit can do: one line a capability."""

from collections.abc import Mapping

from adapters.deps import Deps
from adapters.erecruit.applications import (
    CandidateApplications,
    Reasons,
    Rejections,
    Standings,
    Statuses,
    StatusMoves,
)
from adapters.erecruit.candidates import AttachedResumes, ContactLookup, DuplicateSearch
from adapters.erecruit.check import Hosts
from adapters.erecruit.feeds import ContactFeed, PositionFeed, SubmissionFeed
from adapters.erecruit.fields import RecordFields
from adapters.erecruit.files import RecordFiles
from adapters.erecruit.jobs import PositionBatches, PositionDetails, PositionLookup
from adapters.erecruit.links import opened
from adapters.erecruit.notes import RecordNotes
from adapters.erecruit.routing import Wiring
from adapters.erecruit.settings import read_credentials, read_settings
from adapters.erecruit.tags import CandidateTags
from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.gateway import Absence, AbsenceKind, Gateway, Provider


def connect(
    connection: ConnectionId, given: Mapping[str, object], credentials: Mapping[str, str] | None, deps: Deps
) -> Gateway:
    """Nothing is sent, and without credentials nothing can be. Raises `InvalidError`."""
    # Which hosts may go unverified was looked at when the settings came in, and is when a session is opened.
    settings = read_settings(given, exempt=None)
    secrets = None if credentials is None else read_credentials(credentials)
    wiring = Wiring(opened(connection, settings, secrets, deps), settings)
    standings = Standings(wiring)
    job_fields = RecordFields(wiring, RecordType.JOB)
    details = PositionDetails(wiring, job_fields)
    return Gateway(
        provider=Provider.ERECRUIT,
        check=Hosts(wiring),
        settle_seconds=settings.settle_seconds,
        job_feed=PositionFeed(wiring),
        application_feed=SubmissionFeed(wiring),
        candidate_feed=ContactFeed(wiring),
        job_lookup=PositionLookup(wiring),
        job_detail=details,
        job_detail_feed=PositionBatches(wiring, details),
        candidate_lookup=ContactLookup(wiring),
        candidate_search=DuplicateSearch(wiring),
        resumes=AttachedResumes(wiring),
        application_intake=CandidateApplications(wiring),
        stages=Statuses(wiring),
        stage_moves=StatusMoves(wiring, standings),
        reasons=Reasons(wiring),
        rejection=Rejections(wiring, standings),
        application_notes=RecordNotes(wiring, RecordType.APPLICATION),
        candidate_notes=RecordNotes(wiring, RecordType.CANDIDATE),
        application_files=RecordFiles(wiring, RecordType.APPLICATION),
        candidate_files=RecordFiles(wiring, RecordType.CANDIDATE),
        application_fields=RecordFields(wiring, RecordType.APPLICATION),
        candidate_fields=RecordFields(wiring, RecordType.CANDIDATE),
        job_fields=job_fields,
        tagging=CandidateTags(wiring),
        result_delivery=Absence(AbsenceKind.NOT_APPLICABLE, "results are written as notes, files, tags and statuses"),
        result_links=Absence(
            AbsenceKind.NOT_OFFERED, "no call for links is known: no public client, page or script of eRecruit has one"
        ),
    )
