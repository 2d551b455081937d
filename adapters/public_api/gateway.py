"""What can be done for customers without an ATS: one line a capability."""

from collections.abc import Mapping

from adapters.deps import Deps
from adapters.public_api.applications import StoredApplications
from adapters.public_api.candidates import SubmittedCandidates, SubmittedResumes
from adapters.public_api.check import NoHosts
from adapters.public_api.jobs import SubmittedDetails, SubmittedJobs
from adapters.public_api.results import ToldResults
from adapters.public_api.settings import check_credentials, read_settings
from adapters.public_api.store import PROVIDER, Store
from domain.ids import ConnectionId
from ports.gateway import Absence, AbsenceKind, Gateway


def _not_applicable(why: str) -> Absence:
    return Absence(AbsenceKind.NOT_APPLICABLE, why)


_JOBS_COME_IN = _not_applicable("jobs are handed in over the public API and kept here: there is nothing to stream")
_APPLICATIONS_COME_IN = _not_applicable("applications are made by calls of the public API")
_CANDIDATES_COME_IN = _not_applicable("candidates are handed in over the public API")
_NO_BATCHES = _not_applicable("jobs come from the public API: there is no ATS to read them from in batches")
_NOT_SEARCHED = _not_applicable("candidates are handed in over the public API, not searched for")
_NO_STAGES = _not_applicable("stages are managed by the customer, outside of any ATS known here")
_NO_REASONS = _not_applicable("results go out by webhook: there are no disposition reasons")
_NO_REJECTION = _not_applicable("applications are managed by the customer, outside of any ATS known here")
_NOWHERE = _not_applicable("there is no ATS to write to: results go out by webhook")
_NO_FIELDS = _not_applicable("there is no ATS that manages custom fields")
_NO_TAGS = _not_applicable("there is no ATS that tags candidates")


def connect(
    connection: ConnectionId, given: Mapping[str, object], credentials: Mapping[str, str] | None, deps: Deps
) -> Gateway:
    """Nothing is sent. Raises `InvalidError`."""
    read_settings(given)
    check_credentials(credentials or {})
    store = Store(connection, deps.intake, deps.outbox)
    return Gateway(
        provider=PROVIDER,
        check=NoHosts(),
        settle_seconds=0.0,
        job_feed=_JOBS_COME_IN,
        application_feed=_APPLICATIONS_COME_IN,
        candidate_feed=_CANDIDATES_COME_IN,
        job_lookup=SubmittedJobs(store),
        job_detail=SubmittedDetails(store),
        job_detail_feed=_NO_BATCHES,
        candidate_lookup=SubmittedCandidates(store),
        candidate_search=_NOT_SEARCHED,
        resumes=SubmittedResumes(store),
        application_intake=StoredApplications(store),
        stages=_NO_STAGES,
        stage_moves=_NO_STAGES,
        reasons=_NO_REASONS,
        rejection=_NO_REJECTION,
        application_notes=_NOWHERE,
        candidate_notes=_NOWHERE,
        application_files=_NOWHERE,
        candidate_files=_NOWHERE,
        application_fields=_NO_FIELDS,
        candidate_fields=_NO_FIELDS,
        job_fields=_NO_FIELDS,
        tagging=_NO_TAGS,
        result_delivery=ToldResults(store),
        result_links=_NOWHERE,
    )
