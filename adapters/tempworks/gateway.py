"""What TempWorks can do: one line a capability."""

from collections.abc import Mapping

from adapters.deps import Deps
from adapters.tempworks.application_feed import PlacementFeed
from adapters.tempworks.applications import OrderCandidates, Rejections, Standings, StatusMoves
from adapters.tempworks.candidates import EmployeeLookup, EmployeeResumes, UniversalSearch
from adapters.tempworks.check import Hosts
from adapters.tempworks.feeds import EmployeeFeed, JobOrderFeed
from adapters.tempworks.fields import CustomData
from adapters.tempworks.files import EmployeeDocuments
from adapters.tempworks.jobs import JobOrderBatches, JobOrderDetails, JobOrderLookup
from adapters.tempworks.links import Downloads, opened
from adapters.tempworks.notes import EmployeeMessages
from adapters.tempworks.routing import Wiring
from adapters.tempworks.settings import read_credentials, read_settings
from adapters.tempworks.statuses import RefusedStatuses, Statuses
from domain.ids import ConnectionId
from domain.policy import RecordType
from ports.gateway import Absence, AbsenceKind, Gateway, Provider


def connect(
    connection: ConnectionId, given: Mapping[str, object], credentials: Mapping[str, str] | None, deps: Deps
) -> Gateway:
    """Nothing is sent, and without credentials nothing can be. Raises `InvalidError`."""
    settings = read_settings(given)
    secrets = None if credentials is None else read_credentials(credentials)
    wiring = Wiring(opened(connection, settings, secrets, deps), settings, deps.clock)
    standings = Standings(wiring)
    candidate_fields = CustomData(wiring, RecordType.CANDIDATE)
    job_fields = CustomData(wiring, RecordType.JOB)
    details = JobOrderDetails(wiring, job_fields)
    return Gateway(
        provider=Provider.TEMPWORKS,
        check=Hosts(wiring),
        settle_seconds=settings.settle_seconds,
        job_feed=JobOrderFeed(wiring),
        application_feed=PlacementFeed(wiring),
        candidate_feed=EmployeeFeed(wiring),
        job_lookup=JobOrderLookup(wiring),
        job_detail=details,
        job_detail_feed=JobOrderBatches(wiring, details),
        candidate_lookup=EmployeeLookup(wiring, candidate_fields),
        candidate_search=UniversalSearch(wiring),
        resumes=EmployeeResumes(wiring, Downloads(connection, settings, wiring.api, deps)),
        application_intake=OrderCandidates(wiring),
        stages=Statuses(wiring),
        stage_moves=StatusMoves(wiring, standings),
        reasons=RefusedStatuses(wiring),
        rejection=Rejections(wiring, standings),
        application_notes=EmployeeMessages(wiring, RecordType.APPLICATION),
        candidate_notes=EmployeeMessages(wiring, RecordType.CANDIDATE),
        application_files=EmployeeDocuments(wiring, RecordType.APPLICATION),
        candidate_files=EmployeeDocuments(wiring, RecordType.CANDIDATE),
        application_fields=CustomData(wiring, RecordType.APPLICATION),
        candidate_fields=candidate_fields,
        job_fields=job_fields,
        tagging=Absence(
            AbsenceKind.NOT_OFFERED, "no call for tags is known: the contract (sections 1 and 3) names none"
        ),
        result_delivery=Absence(AbsenceKind.NOT_APPLICABLE, "results are written as notes, files and statuses"),
        result_links=Absence(
            AbsenceKind.NOT_OFFERED, "no call for links is known: the contract (sections 1 and 3) names none"
        ),
    )
