"""Effects: one request each, what it says, what its answer leaves on the receipt, and where a look finds it."""

import base64
import json
from typing import Any

import pytest

from domain.attachment import Attachment
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, believed
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId, TagId
from domain.note import Note, paragraph
from domain.policy import RecordType
from entrypoints.sandbox import people
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.fixtures import AVIONTE, PLAIN
from entrypoints.sandbox.kombo.ids import Ids
from ports.errors import ConflictError, InvalidInputError, NotFoundError
from ports.gateway import Gateway, need
from tests import builders as b
from tests.builders import MARKER, an_attempt
from tests.clocks import FakeClock
from tests.kombo.rig import a_candidate, an_application, done, listed, opened, over, refused, said
from tests.rest.raw_server import RawServer, serving

IDS = Ids(":".join(PLAIN))
NOTE = Note(blocks=(paragraph("Six years & <b>no</b> fear"),))
FILE = Attachment(filename="report.pdf", media_type="application/pdf", content=b"%PDF-1.4\n%%EOF\n")


def sent(server: RawServer, at: int = -1) -> tuple[str, str, Any]:
    seen = server.seen[at]
    return seen.method, seen.target, json.loads(seen.body)


async def test_each_action_says_what_the_contract_says() -> None:
    app, person, odd = ApplicationId("app1"), CandidateId("cand1"), ApplicationId("a/b?c,d")
    async with serving(done()) as server, over(server) as gateway:
        await need(gateway.stage_moves).move(odd, StageId("stage2"), an_attempt())
        await need(gateway.rejection).reject(app, ReasonId("r1"), an_attempt())
        await need(gateway.application_notes).add(app, NOTE, an_attempt())
        await need(gateway.application_files).add(app, FILE, an_attempt())
        await need(gateway.candidate_files).add(person, FILE, an_attempt())
        await need(gateway.tagging).tag(person, TagId("Excellent fit"), an_attempt())
        await need(gateway.result_links).add(app, "Phone screen", "https://example.com/r/1", an_attempt())

    file = {
        "name": f"report-{MARKER}.pdf",
        "type": "OTHER",
        "content_type": "application/pdf",
        "data": base64.b64encode(FILE.content).decode(),
    }
    note = f"<p>Six years &amp; &lt;b&gt;no&lt;/b&gt; fear</p><p>ref {MARKER}</p>"
    assert [sent(server, at) for at in range(7)] == [
        ("PUT", "/v1/ats/applications/a%2Fb%3Fc%2Cd/stage", {"stage_id": "stage2"}),
        ("POST", "/v1/ats/applications/app1/reject", {"rejection_reason_id": "r1"}),
        ("POST", "/v1/ats/applications/app1/notes", {"content": note, "content_type": "PLAIN_TEXT"}),
        ("POST", "/v1/ats/applications/app1/attachments", {"attachment": file}),
        ("POST", "/v1/ats/candidates/cand1/attachments", {"attachment": file}),
        ("POST", "/v1/ats/candidates/cand1/tags", {"tag": {"name": "Excellent fit"}}),
        (
            "POST",
            "/v1/ats/applications/app1/result-links",
            {"label": "Phone screen", "url": "https://example.com/r/1"},
        ),
    ]


async def test_a_plain_note_is_plain() -> None:
    async with serving(done()) as server, over(server, note_format="plain") as gateway:
        await need(gateway.application_notes).add("app1", NOTE, an_attempt())

    assert sent(server)[2]["content"] == f"Six years & <b>no</b> fear\n\nref {MARKER}"
    assert sent(server)[2]["content_type"] == "PLAIN_TEXT"


async def test_warnings_stand_on_the_receipt() -> None:
    async with serving(done("The note was shortened.")) as server, over(server) as gateway:
        receipt = await need(gateway.application_notes).add("app1", NOTE, an_attempt())

    assert receipt.warnings == ("The note was shortened.",)
    assert receipt.id is None


async def test_an_answer_without_warnings_is_a_success_too() -> None:
    async with serving(said({"status": "success", "data": {}})) as server, over(server) as gateway:
        receipt = await need(gateway.tagging).tag(CandidateId("cand1"), TagId("x"), an_attempt())

    assert receipt.warnings == ()


async def test_a_file_of_ten_megabytes_goes_and_one_byte_more_does_not(gateway: Gateway) -> None:
    files, person = need(gateway.candidate_files), IDS.of("candidate", 3)
    whole = Attachment(filename="r.pdf", media_type="application/pdf", content=b"x" * 10_000_000)
    await files.add(person, whole, an_attempt())

    attempt = an_attempt()
    with pytest.raises(InvalidInputError, match="10000000") as error:
        await files.add(person, Attachment(filename="r.pdf", media_type="a/b", content=b"x" * 10_000_001), attempt)

    assert error.value.field == "file"
    assert attempt.begun == []


async def test_a_file_that_the_ats_keeps_on_the_candidate_is_found_there_and_said_so(sandbox: KomboSandbox) -> None:
    sandbox.state.switches.files_on_candidate = True
    ids = Ids(":".join(AVIONTE))
    body = {**sandbox.connection, "provider": "kombo"}
    async with opened(body) as gateway:
        files = need(gateway.application_files)
        await files.add(ids.of("application", 0), FILE, an_attempt())

        here = await files.find(ids.of("application", 0), MARKER)

    # Kombo's list of an application falls back to the candidate's by itself.
    assert sandbox.writes[-1]["target"] == {"type": "candidate", "id": ids.of("candidate", 0)}
    assert isinstance(here, Found)


async def test_a_look_for_a_file_goes_on_to_the_candidate_and_says_where_it_was() -> None:
    nothing = said({"status": "success", "data": {"results": []}, "warnings": []})
    file = {"id": "f1", "type": "OTHER", "data_url": "https://x.example/f1", "file_name": f"report-{MARKER}.pdf"}
    kept = said({"status": "success", "data": {"results": [file]}, "warnings": []})
    async with serving(nothing, listed([an_application(1)]), kept) as server, over(server) as gateway:
        found = await need(gateway.application_files).find("app1", MARKER)

    assert isinstance(found, Found)
    assert found.receipt.warnings == ("the ATS keeps it on the candidate",)
    assert server.seen[-1].target == "/v1/ats/candidates/cand1/attachments"


async def test_a_file_without_a_name_makes_absence_doubtful() -> None:
    file = {"id": "f1", "type": "OTHER", "data_url": "https://x.example/f1", "file_name": None}
    kept = said({"status": "success", "data": {"results": [file]}, "warnings": []})
    async with serving(kept) as server, over(server) as gateway:
        assert isinstance(await need(gateway.candidate_files).find("cand1", MARKER), CannotTell)


async def test_a_note_is_looked_for_on_the_application_and_on_its_candidate_over_all_pages() -> None:
    other = {"id": "n1", "content_html": "<p>Call back</p>"}
    ours = {"id": "n2", "content_html": f"<div>ref <b>{MARKER}</b></div>"}
    acts = [listed([other], "c1"), listed([]), listed([an_application(1)]), listed([other], "c1"), listed([ours])]
    async with serving(*acts) as server, over(server) as gateway:
        found = await need(gateway.application_notes).find("app1", MARKER)

    assert isinstance(found, Found)
    assert found.receipt.id == "n2"
    assert "application_ids=app1" in server.seen[0].target
    assert "candidate_ids=cand1" in server.seen[3].target
    assert "cursor=c1" in server.seen[4].target


async def test_where_notes_are_not_synced_nothing_can_be_told() -> None:
    act = refused(400, "INTEGRATION.MODEL_NOT_AVAILABLE")
    async with serving(act) as server, over(server) as gateway:
        seen = await need(gateway.application_notes).find("app1", MARKER)

    assert isinstance(seen, CannotTell)


async def test_what_the_copy_does_not_show_yet_is_not_taken_for_absent(
    sandbox: KomboSandbox, gateway: Gateway, clock: FakeClock
) -> None:
    sandbox.state.switches.lag_seconds = 600
    notes, application = need(gateway.application_notes), IDS.of("application", 0)
    await notes.add(application, NOTE, an_attempt())
    effect = b.an_effect()

    early = await notes.find(application, MARKER)
    clock.advance(601)
    late = await notes.find(application, MARKER)

    assert early == Absent()
    assert isinstance(believed(effect, early, notes.evidence), CannotTell)
    assert isinstance(believed(effect, late, notes.evidence), Found)


def test_what_a_look_can_prove_is_what_the_contract_allows(gateway: Gateway) -> None:
    graded = {
        name: getattr(gateway, name).evidence
        for name in (
            "application_notes",
            "application_files",
            "candidate_files",
            "stage_moves",
            "rejection",
            "tagging",
            "application_intake",
            "result_links",
        )
    }
    live = {"application_files", "candidate_files"}
    assert {name for name, grade in graded.items() if grade is EvidenceGrade.LIVE} == live
    assert {name for name, grade in graded.items() if grade is EvidenceGrade.NONE} == {"result_links"}


NAMELESS: tuple[tuple[dict[str, object], str], ...] = (
    ({"email_addresses": None}, "email_address"),
    ({"email_addresses": [{"email_address": None}]}, "email_address"),
    ({"first_name": None}, "first_name"),
    ({"last_name": ""}, "last_name"),
)


@pytest.mark.parametrize(("changes", "lacking"), NAMELESS)
async def test_whoever_has_no_name_or_address_cannot_apply_and_nothing_is_sent(
    changes: dict[str, object], lacking: str
) -> None:
    attempt = an_attempt()
    async with serving(listed([a_candidate(1, **changes)])) as server, over(server) as gateway:
        with pytest.raises(InvalidInputError, match=lacking):
            await need(gateway.application_intake).create(CandidateId("cand1"), JobId("job1"), attempt)

    assert attempt.begun == []
    assert [seen.method for seen in server.seen] == ["GET"]


async def test_a_person_applies_by_name_and_address_and_the_job_may_be_named_by_the_ats() -> None:
    made = said({"status": "success", "warnings": [], "data": {"id": "app9", "candidate_id": "cand1"}})
    async with serving(listed([a_candidate(1)]), made) as server, over(server) as gateway:
        receipt = await need(gateway.application_intake).create(
            CandidateId("cand1"), JobId("remote:51000123"), an_attempt()
        )

    assert sent(server) == (
        "POST",
        "/v1/ats/jobs/remote:51000123/applications",
        {"candidate": {"first_name": "Jo", "last_name": "Doe", "email_address": "jo.1@example.test"}},
    )
    assert (receipt.id, receipt.warnings) == ("app9", ())


async def test_an_application_that_went_to_somebody_else_says_so(sandbox: KomboSandbox, gateway: Gateway) -> None:
    sandbox.state.switches.matches_email = False
    intake, person = need(gateway.application_intake), CandidateId(IDS.of("candidate", 9))
    job = JobId(IDS.of("job", 1))

    receipt = await intake.create(person, job, an_attempt())
    found = await intake.find(person, job)

    (warning,) = receipt.warnings
    assert sandbox.writes[-1]["target"]["id"] in warning
    assert isinstance(found, Found)
    assert found.receipt.id == receipt.id
    assert person not in found.receipt.warnings[0]


async def test_a_closed_job_and_one_that_is_not_there(gateway: Gateway) -> None:
    intake, person = need(gateway.application_intake), CandidateId(IDS.of("candidate", 9))

    closed = next(job for job in people.jobs(50) if not job.open)

    with pytest.raises(ConflictError):
        await intake.create(person, JobId(IDS.of("job", closed.number)), an_attempt())
    with pytest.raises(NotFoundError) as missing:
        await intake.create(person, JobId("remote:99"), an_attempt())

    assert (missing.value.kind, missing.value.record_id) == ("job", "remote:99")


@pytest.mark.parametrize("url", ["ftp://example.com", "javascript:alert(1)", "example.com", ""])
async def test_a_link_that_is_no_web_address_is_refused_before_the_wire(url: str) -> None:
    async with serving(done()) as server, over(server) as gateway:
        with pytest.raises(InvalidInputError):
            await need(gateway.result_links).add("app1", "Phone screen", url, an_attempt())

    assert server.seen == []


@pytest.mark.parametrize("record", ["", ".", ".."])
async def test_an_id_that_would_lead_elsewhere_is_refused_before_the_wire(record: str) -> None:
    attempt = an_attempt()
    async with serving(done()) as server, over(server) as gateway:
        with pytest.raises(InvalidInputError):
            await need(gateway.application_notes).add(record, NOTE, attempt)

    assert (server.seen, attempt.begun) == ([], [])


async def test_the_screened_tag_is_the_setting() -> None:
    async with serving(done()) as server, over(server, tag="Screened") as gateway:
        assert need(gateway.tagging).screened_tag == "Screened"
    async with serving(done()) as server, over(server) as gateway:
        assert need(gateway.tagging).screened_tag is None


@pytest.mark.parametrize("kind", [RecordType.APPLICATION, RecordType.CANDIDATE])
async def test_a_file_that_is_refused_was_not_put_anywhere(
    sandbox: KomboSandbox, gateway: Gateway, kind: RecordType
) -> None:
    sandbox.state.switches.forbidden = "file"
    files = need(gateway.application_files if kind is RecordType.APPLICATION else gateway.candidate_files)

    with pytest.raises(Exception, match="PERMISSION_MISSING"):
        await files.add(IDS.of(kind, 0), FILE, an_attempt())

    assert await files.find(IDS.of(kind, 0), MARKER) == Absent()
