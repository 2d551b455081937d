"""For each endpoint what makes the adapter call it: once for a success and once for a refusal."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

from domain.attachment import Attachment
from domain.candidate import CandidateQuery
from domain.evidence import Absent, CannotTell
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId, TagId
from domain.note import Note, bullets, heading, paragraph
from entrypoints.sandbox.kombo.fixtures import PLAIN
from entrypoints.sandbox.kombo.ids import Ids
from ports.errors import AccessError, ForbiddenError, InvalidInputError, NotFoundError
from ports.gateway import Gateway, need
from tests.erecruit.rig import Try
from tests.wire.case import Act, Case, Result, pair

_IDS = Ids(":".join(PLAIN))
# Somebody who is no canary, with a resume, one application and an open job.
PERSON, APPLICATION = CandidateId(_IDS.of("candidate", 9)), ApplicationId(_IDS.of("application", 9))
JOB, OTHER_JOB, STAGE = JobId(_IDS.of("job", 0)), JobId(_IDS.of("job", 1)), StageId(_IDS.of("stage", 1))
NOBODY, NOWHERE = CandidateId(_IDS.of("candidate", 999)), ApplicationId(_IDS.of("application", 999))
NO_JOB, NO_STAGE = JobId(_IDS.of("job", 999)), StageId(_IDS.of("stage", 999))
REASON, OLD_REASON = ReasonId(_IDS.of("reason", 0)), ReasonId(_IDS.of("reason", 3))
RESUME = _IDS.of("attachment", 91)
SINCE = datetime(2026, 10, 1, tzinfo=UTC)
NOTE = Note(
    blocks=(heading("Passed <4/5>"), paragraph("Six years & more.\nNights too."), bullets("Forklift", "Zoë's CV"))
)
FILE = Attachment(filename="report.pdf", media_type="application/pdf", content=b"%PDF-1.4\nscreen\n%%EOF\n")
LINK = "https://results.example.test/1?a=b&c"


async def rows(feed: Any) -> list[Any]:
    return [sighting.load() async for page in feed for sighting in page]


def hosts(gateway: Gateway) -> Awaitable[Any]:
    return gateway.check.hosts()


def stages(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.stages).stages()


def without_stages(sandbox: Any) -> None:
    """Jobs come without any, as those of some systems do."""
    for office in sandbox.state.integrations.values():
        office.jobs.begun_with = 0


def unlisted(sandbox: Any) -> None:
    without_stages(sandbox)
    sandbox.faults.arm("403", route="GET /v1/ats/application-stages")


def unsynced(sandbox: Any) -> None:
    sandbox.state.switches.notes_synced = False


# endpoint: what succeeds, how it is seen; what is refused, how that is seen, and the route that must be forbidden
PAIRS: dict[str, tuple[Act, Result, Act, Result, str | None]] = {
    "list_jobs": (
        lambda gateway: rows(need(gateway.job_feed).changed_jobs(SINCE)),
        lambda jobs: len(jobs) == 4 and all(job.changed_at for job in jobs),
        lambda gateway: rows(need(gateway.job_feed).changed_jobs(SINCE)),
        ForbiddenError,
        "GET /v1/ats/jobs",
    ),
    "list_candidates": (
        lambda gateway: need(gateway.candidate_search).find(CandidateQuery(email="Person.9@people.example.test")),
        lambda people: [person.id for person in people] == [PERSON],
        lambda gateway: rows(need(gateway.candidate_feed).changed_candidates(SINCE)),
        ForbiddenError,
        "GET /v1/ats/candidates",
    ),
    "candidate_files": (
        lambda gateway: need(gateway.candidate_files).find(PERSON, Try().marker),
        lambda found: found == Absent(),
        lambda gateway: need(gateway.resumes).resume(NOBODY),
        NotFoundError,
        None,
    ),
    "file_content": (
        lambda gateway: need(gateway.resumes).resume(PERSON),
        lambda resume: resume.content.startswith(b"%PDF") and resume.media_type == "application/pdf",
        lambda gateway: need(gateway.resumes).resume(PERSON),
        AccessError,
        "GET /resources/{file}",
    ),
    "list_applications": (
        lambda gateway: rows(need(gateway.application_feed).changed_applications(SINCE, for_jobs=[JOB, OTHER_JOB])),
        lambda applications: len(applications) < 3,
        lambda gateway: need(gateway.stage_moves).current(APPLICATION),
        ForbiddenError,
        "GET /v1/ats/applications",
    ),
    "list_reasons": (
        lambda gateway: need(gateway.reasons).reasons(),
        lambda reasons: [reason.active for reason in reasons] == [True, True, True, False],
        lambda gateway: need(gateway.reasons).reasons(),
        ForbiddenError,
        "GET /v1/ats/rejection-reasons",
    ),
    "list_notes": (
        lambda gateway: need(gateway.application_notes).find(APPLICATION, Try().marker),
        lambda found: found == Absent(),
        lambda gateway: need(gateway.application_notes).find(APPLICATION, Try().marker),
        ForbiddenError,
        "GET /v1/ats/notes",
    ),
    "application_files": (
        lambda gateway: need(gateway.application_files).find(APPLICATION, Try().marker),
        lambda found: found == Absent(),
        lambda gateway: need(gateway.application_files).find(NOWHERE, Try().marker),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "create_application": (
        lambda gateway: need(gateway.application_intake).create(PERSON, OTHER_JOB, Try()),
        lambda receipt: receipt.id is not None and receipt.warnings == (),
        lambda gateway: need(gateway.application_intake).create(PERSON, NO_JOB, Try()),
        NotFoundError,
        None,
    ),
    "move": (
        lambda gateway: need(gateway.stage_moves).move(APPLICATION, STAGE, Try()),
        lambda receipt: receipt.sha256 is not None,
        lambda gateway: need(gateway.stage_moves).move(APPLICATION, NO_STAGE, Try()),
        InvalidInputError,
        None,
    ),
    "reject": (
        lambda gateway: need(gateway.rejection).reject(APPLICATION, REASON, Try()),
        lambda receipt: receipt.sha256 is not None,
        lambda gateway: need(gateway.rejection).reject(APPLICATION, OLD_REASON, Try()),
        InvalidInputError,
        None,
    ),
    "add_note": (
        lambda gateway: need(gateway.application_notes).add(APPLICATION, NOTE, Try()),
        lambda receipt: receipt.id is None,
        lambda gateway: need(gateway.application_notes).add(NOWHERE, NOTE, Try()),
        NotFoundError,
        None,
    ),
    "add_application_file": (
        lambda gateway: need(gateway.application_files).add(APPLICATION, FILE, Try()),
        lambda receipt: receipt.sha256 is not None,
        lambda gateway: need(gateway.application_files).add(NOWHERE, FILE, Try()),
        NotFoundError,
        None,
    ),
    "add_candidate_file": (
        lambda gateway: need(gateway.candidate_files).add(PERSON, FILE, Try()),
        lambda receipt: receipt.sha256 is not None,
        lambda gateway: need(gateway.candidate_files).add(NOBODY, FILE, Try()),
        NotFoundError,
        None,
    ),
    "add_tag": (
        lambda gateway: need(gateway.tagging).tag(PERSON, TagId("Screened: passé"), Try()),
        lambda receipt: receipt.sha256 is not None,
        lambda gateway: need(gateway.tagging).tag(NOBODY, TagId("Screened"), Try()),
        NotFoundError,
        None,
    ),
    "add_link": (
        lambda gateway: need(gateway.result_links).add(APPLICATION, "Phone screen", LINK, Try()),
        lambda receipt: receipt.sha256 is not None,
        lambda gateway: need(gateway.result_links).add(NOWHERE, "Phone screen", LINK, Try()),
        NotFoundError,
        None,
    ),
}


CASES = (
    *(case for row, parts in PAIRS.items() for case in pair(row, *parts)),
    Case(name="check_key.success", act=hosts, result=lambda hosts: [host.fault for host in hosts] == [None]),
    Case(
        name="check_key.refusal",
        act=hosts,
        result=lambda hosts: "AUTHENTICATION_INVALID" in (hosts[0].fault or ""),
        credentials={"api_key": "wrong"},
    ),
    Case(
        name="check_key.integration",
        act=hosts,
        result=lambda hosts: "INTEGRATION_NOT_FOUND" in (hosts[0].fault or ""),
        credentials={"integration_id": "greenhouse:wrong"},
    ),
    Case(
        name="list_stages.success",
        act=stages,
        result=lambda stages: [stage.order for stage in stages] == [0, 1, 2, 3],
        prepare=without_stages,
    ),
    Case(
        name="list_stages.refusal",
        act=stages,
        result=ForbiddenError,
        prepare=unlisted,
    ),
    Case(
        name="list_jobs.stages",
        act=stages,
        result=lambda stages: STAGE in {stage.id for stage in stages},
    ),
    Case(
        name="list_notes.unsynced",
        act=lambda gateway: need(gateway.application_notes).find(APPLICATION, Try().marker),
        result=lambda found: isinstance(found, CannotTell),
        prepare=unsynced,
    ),
)
