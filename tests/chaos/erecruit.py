"""eRecruit, as the harness must know it."""

from adapters.rendering import as_html
from domain.effect import EffectKind
from domain.note import Note, reference_line
from entrypoints.sandbox import erecruit
from entrypoints.sandbox.erecruit import ErecruitSandbox
from entrypoints.sandbox.erecruit.fixtures import CANDIDATE, POSITION, SUBMISSION
from ports.gateway import Provider
from tests.chaos.ats import RECORDS, Ats, Person

_STATUS = ("PUT /api/Submission/{id}/Status", "GET /webapi/Submission/")


def _bare(note: str) -> str:
    text, line, _ = note.rpartition(f"<p>{reference_line('')}")
    return text if line else note


def _rendered(note: Note) -> str:
    return _bare(as_html(note, "0" * 12))


def _forget(sandbox: ErecruitSandbox, record: str) -> None:
    for table in (sandbox.world.state.submissions, sandbox.world.state.contacts):
        if int(record) in table.rows:
            del table.rows[int(record)]
            table._order = None


def _person(number: int) -> Person:
    return Person(
        candidate_id=str(CANDIDATE + number),
        application_id=str(SUBMISSION + number),
        job=str(POSITION + (number * 7 + 3) % RECORDS),
    )


ERECRUIT = Ats(
    provider=Provider.ERECRUIT,
    kinds=(
        EffectKind.NOTE,
        EffectKind.FILE,
        EffectKind.FIELD,
        EffectKind.TAG,
        EffectKind.STATUS,
        EffectKind.STAGE,
        EffectKind.REJECTION,
        EffectKind.APPLICATION,
    ),
    start=lambda: erecruit.running(records=RECORDS, rate_limit=None),
    # Those whose application stands where the sandbox's applications begin.
    people=tuple(_person(number) for number in range(3, RECORDS) if number % 5 != 3 and number % 11 != 10),
    routes={
        "note": ("POST /webapi/Note", "GET /webapi/Note/"),
        "file": ("POST /api/Attachment", "GET /webapi/Attachment/"),
        "field": ("PUT /webapi/CustomField/", "GET /webapi/CustomField/{about}/{id}"),
        "tag": ("POST /api/Tag/", "GET /api/Tag/"),
        "status": _STATUS,
        "stage": _STATUS,
        "rejection": ("PUT /api/Submission/{id}/Reject", "GET /webapi/Submission/"),
        "application": ("POST /webapi/CandidateApplication", "GET /webapi/CandidateApplication/Candidate/"),
    },
    stage="110",
    reason="14",
    score_field="63",
    summary_field="45",
    number_field="44",
    rendered=_rendered,
    bare=_bare,
    forget=_forget,
    tag="65880",
    screened="101",
)
