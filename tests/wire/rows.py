"""For each endpoint what makes the adapter call it: once for a success and once for a refusal."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from domain.attachment import Attachment
from domain.candidate import CandidateQuery
from domain.custom_field import FieldUpdate
from domain.evidence import CannotTell, Found
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from domain.note import Note, bullets, heading, paragraph
from entrypoints.sandbox.erecruit import ErecruitSandbox
from ports.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from ports.gateway import Gateway, need
from tests.erecruit.rig import Try

# Somebody who is no canary, with a resume, one application and an open job.
PERSON, APPLICATION, JOB = CandidateId("5145614"), ApplicationId("700132"), JobId("90210")
NOBODY, NOWHERE, NO_JOB = CandidateId("1"), ApplicationId("1"), JobId("1")
SINCE = datetime(2026, 10, 1, tzinfo=UTC)
NOTE = Note(
    blocks=(heading("Passed <4/5>"), paragraph("Six years & more.\nNights too."), bullets("Forklift", "Zoë's CV"))
)
FILE = Attachment(filename="report.pdf", media_type="application/pdf", content=b"%PDF-1.4\nscreen\n%%EOF\n")

Act = Callable[[Gateway], Awaitable[object]]
Result = type[Exception] | Callable[[Any], bool]


def _nothing(_: ErecruitSandbox) -> None:
    pass


@attrs.frozen(kw_only=True)
class Case:
    """One cassette. `result` is the error that must come, or a look at what was given."""

    name: str
    act: Act
    result: Result
    prepare: Callable[[ErecruitSandbox], None] = _nothing
    credentials: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def row(self) -> str:
        return self.name.partition(".")[0]


def _forbidden(route: str) -> Callable[[ErecruitSandbox], None]:
    return lambda sandbox: sandbox.faults.arm("403", route=route)


def _misspelled(sandbox: ErecruitSandbox) -> None:
    sandbox.state.switches.misspelled_application_route = True


def _terse(sandbox: ErecruitSandbox) -> None:
    sandbox.state.switches.communications_in_lists = False


async def _rows(feed: Any) -> list[Any]:
    return [sighting.load() async for page in feed for sighting in page]


def _find(candidate: str) -> Act:
    return lambda gateway: need(gateway.application_intake).find(CandidateId(candidate), JobId("90211"))


def _create(candidate: str) -> Act:
    return lambda gateway: need(gateway.application_intake).create(CandidateId(candidate), JobId("90211"), Try())


def _detail(gateway: Gateway) -> Awaitable[Any]:
    return need(gateway.job_detail).detail(JOB)


def _lacks(part: str) -> Callable[[Any], bool]:
    return lambda detail: bool(detail.missing == (part,) and detail.job.id == JOB)


def _fields(name: str, record: str, field: str, value: str) -> dict[str, tuple[Act, Result, Act, Result, str | None]]:
    def port(gateway: Gateway) -> Any:
        return getattr(gateway, f"{name}_fields")

    def update(target: str) -> Act:
        return lambda gateway: port(gateway).update(target, FieldUpdate(FieldId(field), value), Try())

    about = {"candidate": "Candidate", "application": "Submission", "job": "Position"}[name]
    return {
        f"{name}_fields": (
            lambda gateway: port(gateway).definitions(),
            lambda found: len(found) == 5,
            lambda gateway: port(gateway).definitions(),
            AccessError,
            f"GET /webapi/CustomField/{{about}} for {about}",
        ),
        f"{name}_values": (
            lambda gateway: port(gateway).current(record),
            lambda found: found == (),
            lambda gateway: port(gateway).current("1"),
            NotFoundError,
            None,
        ),
        f"set_{name}_field": (update(record), lambda receipt: receipt.id == field, update("1"), NotFoundError, None),
    }


# endpoint: what succeeds, how it is seen; what is refused, how that is seen, and the route that must be forbidden
PAIRS: dict[str, tuple[Act, Result, Act, Result, str | None]] = {
    "list_jobs": (
        lambda gateway: _rows(need(gateway.job_feed).changed_jobs(SINCE)),
        lambda jobs: len(jobs) == 4 and all(job.changed_at for job in jobs),
        lambda gateway: _rows(need(gateway.job_feed).changed_jobs(SINCE)),
        AccessError,
        "GET /webapi/Position",
    ),
    "job": (
        lambda gateway: need(gateway.job_lookup).job(JOB),
        lambda job: job.id == JOB and job.status == "open",
        lambda gateway: need(gateway.job_lookup).job(NO_JOB),
        NotFoundError,
        None,
    ),
    "company": (_detail, lambda detail: detail.missing == (), _detail, _lacks("company"), "Company"),
    "client_contact": (_detail, lambda detail: len(detail.parties) == 4, _detail, _lacks("contact"), "Contact/{id}"),
    "owners": (_detail, lambda detail: len(detail.parties) == 4, _detail, _lacks("owners"), "Owner"),
    "recruiter": (_detail, lambda detail: len(detail.parties) == 4, _detail, _lacks("owners"), "Recruiter/{guid}"),
    "job_address": (_detail, lambda detail: "M5H 1A1" in detail.address, _detail, _lacks("address"), "Default"),
    "list_candidates": (
        lambda gateway: _rows(need(gateway.candidate_feed).changed_candidates(SINCE)),
        lambda people: [person.id for person in people] == ["5145615", "5145616", "5145608", "5145609"],
        lambda gateway: _rows(need(gateway.candidate_feed).changed_candidates(SINCE)),
        AccessError,
        "GET /webapi/Contact",
    ),
    "candidate": (
        lambda gateway: need(gateway.candidate_lookup).candidate(PERSON),
        lambda person: person.emails == ("person.9@people.example.test",),
        lambda gateway: need(gateway.candidate_lookup).candidate(NOBODY),
        NotFoundError,
        None,
    ),
    "communications": (
        lambda gateway: need(gateway.candidate_lookup).candidate(PERSON),
        lambda person: person.phones == ("+1 204 555 0009",),
        lambda gateway: need(gateway.candidate_lookup).candidate(PERSON),
        AccessError,
        "Communication/ByAboutId",
    ),
    "duplicates": (
        lambda gateway: need(gateway.candidate_search).find(CandidateQuery(email="Person.9@People.example.test")),
        lambda people: [person.id for person in people] == [PERSON],
        lambda gateway: need(gateway.candidate_search).find(CandidateQuery(first_name="Ingrid")),
        AccessError,
        "Candidate/Duplicate",
    ),
    "candidate_files": (
        lambda gateway: need(gateway.resumes).resume(PERSON),
        lambda resume: resume.filename.endswith(".pdf"),
        lambda gateway: need(gateway.resumes).resume(NOBODY),
        NotFoundError,
        None,
    ),
    "file_content": (
        lambda gateway: need(gateway.resumes).resume(PERSON),
        lambda resume: resume.content.startswith(b"%PDF") and resume.media_type == "application/pdf",
        lambda gateway: need(gateway.resumes).resume(PERSON),
        AccessError,
        "Attachment/Content",
    ),
    "list_applications": (
        lambda gateway: _rows(need(gateway.application_feed).changed_applications(SINCE, for_jobs=[JOB, NO_JOB])),
        lambda applications: applications == [],
        lambda gateway: _rows(need(gateway.application_feed).changed_applications(SINCE)),
        AccessError,
        "GET /webapi/Submission",
    ),
    "application": (
        lambda gateway: need(gateway.stage_moves).current(APPLICATION),
        lambda standing: standing.candidate == PERSON and standing.stage == "90",
        lambda gateway: need(gateway.stage_moves).current(NOWHERE),
        NotFoundError,
        None,
    ),
    "candidate_applications": (
        _find(PERSON),
        lambda found: not isinstance(found, Found | CannotTell),
        _find(NOBODY),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "create_application": (
        _create(PERSON),
        lambda receipt: receipt.id == "700135",
        _create(NOBODY),
        NotFoundError,
        None,
    ),
    "statuses": (
        lambda gateway: need(gateway.stages).stages(),
        lambda stages: [stage.id for stage in stages] == ["90", "101", "110", "120", "150", "190"],
        lambda gateway: need(gateway.stages).stages(),
        AccessError,
        "Submission/Status",
    ),
    "move": (
        lambda gateway: need(gateway.stage_moves).move(APPLICATION, StageId("101"), Try()),
        lambda receipt: receipt.at == datetime(2026, 11, 21, 14, 0, 0, 120_000, tzinfo=UTC),
        lambda gateway: need(gateway.stage_moves).move(APPLICATION, StageId("999"), Try()),
        InvalidInputError,
        None,
    ),
    "reasons": (
        lambda gateway: need(gateway.reasons).reasons(),
        lambda reasons: [reason.active for reason in reasons] == [True, True, False],
        lambda gateway: need(gateway.reasons).reasons(),
        AccessError,
        "DispositionReason",
    ),
    "reject": (
        lambda gateway: need(gateway.rejection).reject(APPLICATION, ReasonId("14"), Try()),
        lambda receipt: receipt.id == APPLICATION,
        lambda gateway: need(gateway.rejection).reject(APPLICATION, ReasonId("16"), Try()),
        InvalidInputError,
        None,
    ),
    "add_note": (
        lambda gateway: need(gateway.application_notes).add(APPLICATION, NOTE, Try()),
        lambda receipt: receipt.id == "331200",
        lambda gateway: need(gateway.application_notes).add(APPLICATION, attrs.evolve(NOTE, action_type="999"), Try()),
        InvalidInputError,
        None,
    ),
    "application_notes": (
        lambda gateway: need(gateway.application_notes).find(APPLICATION, Try().marker),
        lambda found: not isinstance(found, Found | CannotTell),
        lambda gateway: need(gateway.application_notes).find(NOWHERE, Try().marker),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "candidate_notes": (
        lambda gateway: need(gateway.candidate_notes).find(PERSON, Try().marker),
        lambda found: not isinstance(found, Found | CannotTell),
        lambda gateway: need(gateway.candidate_notes).find(NOBODY, Try().marker),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "upload": (
        lambda gateway: need(gateway.candidate_files).add(PERSON, FILE, Try()),
        lambda receipt: receipt.id is not None,
        lambda gateway: need(gateway.candidate_files).add(PERSON, attrs.evolve(FILE, content=b""), Try()),
        InvalidInputError,
        None,
    ),
    "application_files": (
        lambda gateway: need(gateway.application_files).find(APPLICATION, Try().marker),
        lambda found: not isinstance(found, Found | CannotTell),
        lambda gateway: need(gateway.application_files).find(NOWHERE, Try().marker),
        lambda found: isinstance(found, CannotTell),
        None,
    ),
    "tags": (
        lambda gateway: need(gateway.tagging).tags(),
        lambda tags: tags == {"65880", "65881"},
        lambda gateway: need(gateway.tagging).tags(),
        AccessError,
        "GET /api/Tag",
    ),
    "candidate_tags": (
        lambda gateway: need(gateway.tagging).current(PERSON),
        lambda tags: tags == frozenset(),
        lambda gateway: need(gateway.tagging).current(NOBODY),
        NotFoundError,
        None,
    ),
    "add_tag": (
        lambda gateway: need(gateway.tagging).tag(PERSON, TagId("65880"), Try()),
        lambda receipt: receipt.id == "65880",
        lambda gateway: need(gateway.tagging).tag(PERSON, TagId("1"), Try()),
        InvalidInputError,
        None,
    ),
    **_fields("candidate", PERSON, "41", "true"),
    **_fields("application", APPLICATION, "62", "passed"),
    **_fields("job", "90211", "54", "24.5"),
}


def _pair(row: str, success: Act, seen: Result, refusal: Act, refused: Result, route: str | None) -> tuple[Case, Case]:
    forbidden = _nothing if route is None else _forbidden(route.partition(" for ")[0])
    return (
        Case(name=f"{row}.success", act=success, result=seen),
        Case(name=f"{row}.refusal", act=refusal, result=refused, prepare=forbidden),
    )


def _hosts(gateway: Gateway) -> Awaitable[Any]:
    return gateway.check.hosts()


CASES = (
    *(case for row, pair in PAIRS.items() for case in _pair(row, *pair)),
    Case(
        name="candidate_applications_misspelled.success",
        act=_find(PERSON),
        result=lambda found: not isinstance(found, Found | CannotTell),
        prepare=_misspelled,
    ),
    Case(
        name="candidate_applications_misspelled.refusal",
        act=_find(NOBODY),
        result=lambda found: isinstance(found, CannotTell),
        prepare=_misspelled,
    ),
    Case(
        name="create_application_misspelled.success",
        act=_create(PERSON),
        result=lambda receipt: receipt.id == "700135",
        prepare=_misspelled,
    ),
    Case(name="create_application_misspelled.refusal", act=_create(NOBODY), result=NotFoundError, prepare=_misspelled),
    Case(name="legacy_log_in.success", act=_hosts, result=lambda hosts: [host.fault for host in hosts] == [None, None]),
    Case(
        name="legacy_log_in.refusal",
        act=_hosts,
        result=lambda hosts: [host.fault is None for host in hosts] == [True, False],
        credentials={"legacy_password": "wrong"},
    ),
    Case(
        name="standard_log_in.refusal",
        act=_hosts,
        result=lambda hosts: [host.fault is None for host in hosts] == [False, True],
        credentials={"client_secret": "wrong"},
    ),
    Case(
        name="list_candidates.terse",
        act=PAIRS["list_candidates"][0],
        result=lambda people: [len(person.emails) for person in people] == [1, 1, 1, 1],
        prepare=_terse,
    ),
    Case(
        name="reject.conflict",
        act=lambda gateway: need(gateway.rejection).reject(ApplicationId("700133"), ReasonId("14"), Try()),
        result=ConflictError,
    ),
)
