"""What is written: exactly one request each, found again afterwards, and refused in words that say whose move it is."""

import hashlib
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from domain.attachment import Attachment
from domain.custom_field import FieldUpdate
from domain.evidence import Absent, CannotTell, Found, Receipt
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId, TagId
from domain.note import Note, paragraph
from entrypoints.sandbox.erecruit import ErecruitSandbox
from entrypoints.sandbox.serving import listening
from ports.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
)
from ports.gateway import Gateway, need
from tests.erecruit.rig import MARKER, NOON, Try, opened

APPLICATION, PERSON, JOB = ApplicationId("700123"), CandidateId("5145605"), JobId("90215")
REJECTED = ApplicationId("700125")
NOTE = Note(blocks=(paragraph("Passed <b>all</b>"),))
FILE = Attachment(filename="Rapport d'entrevue.pdf", media_type="application/pdf", content=b"%PDF-1.4 %%EOF")

Act = Callable[[Gateway, Try], Awaitable[Receipt]]
EFFECTS: dict[str, Act] = {
    "application_notes": lambda gateway, once: need(gateway.application_notes).add(APPLICATION, NOTE, once),
    "candidate_notes": lambda gateway, once: need(gateway.candidate_notes).add(PERSON, NOTE, once),
    "application_files": lambda gateway, once: need(gateway.application_files).add(APPLICATION, FILE, once),
    "candidate_files": lambda gateway, once: need(gateway.candidate_files).add(PERSON, FILE, once),
    "move": lambda gateway, once: need(gateway.stage_moves).move(APPLICATION, StageId("101"), once),
    "reject": lambda gateway, once: need(gateway.rejection).reject(APPLICATION, ReasonId("14"), once),
    "tag": lambda gateway, once: need(gateway.tagging).tag(PERSON, TagId("65880"), once),
    "create": lambda gateway, once: need(gateway.application_intake).create(PERSON, JOB, once),
    "candidate_fields": lambda gateway, once: need(gateway.candidate_fields).update(PERSON, _update("41"), once),
    "application_fields": lambda gateway, once: need(gateway.application_fields).update(
        APPLICATION, _update("61"), once
    ),
    "job_fields": lambda gateway, once: need(gateway.job_fields).update(JOB, _update("51"), once),
}


def _update(field: str, value: str = "true") -> FieldUpdate:
    return FieldUpdate(FieldId(field), value)


@pytest.mark.parametrize("name", EFFECTS)
async def test_an_effect_is_one_request_with_a_receipt_of_what_was_sent(
    sandbox: ErecruitSandbox, gateway: Gateway, name: str
) -> None:
    once = Try()

    receipt = await EFFECTS[name](gateway, once)

    (written,) = sandbox.writes
    assert once.begun == 1
    assert receipt.id == written["id"]
    if name != "create":  # of which the sandbox takes another digest
        assert receipt.sha256 == written["sha256"]
    if not name.endswith("_fields"):
        assert receipt.at == NOON


@pytest.mark.parametrize("fault", ["done_reply_lost", "not_done_reply_lost", "done_then_500", "503_html", "html_200"])
@pytest.mark.parametrize("name", EFFECTS)
async def test_whatever_is_no_clear_answer_leaves_the_outcome_open(
    sandbox: ErecruitSandbox, gateway: Gateway, name: str, fault: str
) -> None:
    await gateway.check.hosts()
    for route in ("POST /webapi/Note", "POST /api/", "PUT /", "POST /webapi/CandidateApplication"):
        sandbox.faults.arm(fault, route=route)
    once = Try()

    with pytest.raises(OutcomeUnknownError):
        await EFFECTS[name](gateway, once)

    assert once.begun == 1


@pytest.mark.parametrize("name", EFFECTS)
async def test_what_was_counted_out_is_sent_again(sandbox: ErecruitSandbox, gateway: Gateway, name: str) -> None:
    for route in ("POST /webapi/Note", "POST /api/", "PUT /", "POST /webapi/CandidateApplication"):
        sandbox.faults.arm("429", route=route, after_s=0)

    await EFFECTS[name](gateway, Try())

    assert len(sandbox.writes) == 1


Look = Callable[[Gateway, str], Awaitable[Found | Absent | CannotTell]]
LOOKS: dict[str, tuple[str, Look]] = {
    "application_notes": (APPLICATION, lambda gateway, on: need(gateway.application_notes).find(on, MARKER)),
    "candidate_notes": (PERSON, lambda gateway, on: need(gateway.candidate_notes).find(on, MARKER)),
    "application_files": (APPLICATION, lambda gateway, on: need(gateway.application_files).find(on, MARKER)),
    "candidate_files": (PERSON, lambda gateway, on: need(gateway.candidate_files).find(on, MARKER)),
    "create": (PERSON, lambda gateway, on: need(gateway.application_intake).find(CandidateId(on), JOB)),
}


@pytest.mark.parametrize("name", LOOKS)
async def test_a_look_tells_what_became_of_it(sandbox: ErecruitSandbox, gateway: Gateway, name: str) -> None:
    record, look = LOOKS[name]
    assert await look(gateway, record) == Absent()
    assert isinstance(await look(gateway, "1"), CannotTell)
    await gateway.check.hosts()
    for route in ("POST /webapi/Note", "POST /api/", "POST /webapi/CandidateApplication"):
        sandbox.faults.arm("done_reply_lost", route=route)
    with pytest.raises(OutcomeUnknownError):
        await EFFECTS[name](gateway, Try())

    found = await look(gateway, record)

    assert isinstance(found, Found)
    assert found.receipt.id == sandbox.writes[0]["id"]
    assert found.receipt.at == NOON


@pytest.mark.parametrize("name", ["application_notes", "application_files"])
async def test_what_landed_on_the_candidate_is_found_from_the_application(gateway: Gateway, name: str) -> None:
    await EFFECTS[name.replace("application", "candidate")](gateway, Try())

    assert isinstance(await LOOKS[name][1](gateway, APPLICATION), Found)


@pytest.mark.parametrize("name", ["application_notes", "candidate_notes", "candidate_files"])
async def test_a_list_with_gaps_is_no_proof_of_absence(sandbox: ErecruitSandbox, gateway: Gateway, name: str) -> None:
    record, look = LOOKS[name]
    await EFFECTS[name](gateway, Try("aaaaaaaaaaaa"))
    sandbox.faults.arm("null_fields", times=5)

    assert isinstance(await look(gateway, record), CannotTell)


async def test_a_list_that_cannot_be_listed_is_no_proof_either(sandbox: ErecruitSandbox) -> None:
    async with opened(sandbox.connection, assumed={"path.candidate_notes": "/Nowhere/{candidate_id}"}) as gateway:
        assert isinstance(await LOOKS["candidate_notes"][1](gateway, PERSON), CannotTell)


async def test_a_note_goes_on_the_record_it_is_meant_for_alone(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    await EFFECTS["application_notes"](gateway, Try())

    (written,) = sandbox.writes
    assert written["records"] == [{"type": "application", "id": APPLICATION}]
    assert written["text"] == f"<p>Passed &lt;b&gt;all&lt;/b&gt;</p><p>ref {MARKER}</p>"


async def test_a_note_may_have_an_action_of_its_own(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    notes = need(gateway.candidate_notes)

    await notes.add(PERSON, NOTE, Try())
    await notes.add(PERSON, Note(blocks=NOTE.blocks, action_type="100"), Try())

    assert [note.row["NoteActionID"] for note in sandbox.state.notes.values()] == [496, 100]
    with pytest.raises(InvalidInputError) as error:
        await notes.add(PERSON, Note(blocks=NOTE.blocks, action_type="prescreen"), Try())
    assert error.value.field == "action_type"


async def test_a_file_goes_out_whole_under_a_name_with_the_marker(sandbox: ErecruitSandbox, gateway: Gateway) -> None:
    await EFFECTS["candidate_files"](gateway, Try())

    (written,) = sandbox.writes
    assert written["name"] == f"Rapport d'entrevue-{MARKER}.pdf"
    assert written["sha256"] == hashlib.sha256(FILE.content).hexdigest()


REFUSED: dict[str, tuple[Act, type[PortError]]] = {
    "unknown stage": (
        lambda gateway, once: need(gateway.stage_moves).move(APPLICATION, StageId("999"), once),
        InvalidInputError,
    ),
    "move out of the end": (
        lambda gateway, once: need(gateway.stage_moves).move(REJECTED, StageId("101"), once),
        ConflictError,
    ),
    "second rejection": (
        lambda gateway, once: need(gateway.rejection).reject(REJECTED, ReasonId("14"), once),
        ConflictError,
    ),
    "inactive reason": (
        lambda gateway, once: need(gateway.rejection).reject(APPLICATION, ReasonId("16"), once),
        InvalidInputError,
    ),
    "no such application": (
        lambda gateway, once: need(gateway.rejection).reject(ApplicationId("1"), ReasonId("14"), once),
        NotFoundError,
    ),
    "unknown tag": (lambda gateway, once: need(gateway.tagging).tag(PERSON, TagId("1"), once), InvalidInputError),
    "empty file": (
        lambda gateway, once: need(gateway.candidate_files).add(
            PERSON, Attachment(filename="a.pdf", media_type="application/pdf", content=b""), once
        ),
        InvalidInputError,
    ),
    "no such job": (
        lambda gateway, once: need(gateway.application_intake).create(PERSON, JobId("1"), once),
        NotFoundError,
    ),
    "no such candidate": (
        lambda gateway, once: need(gateway.candidate_notes).add("1", NOTE, once),
        NotFoundError,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_is_positive_and_nothing_was_done(
    sandbox: ErecruitSandbox, gateway: Gateway, name: str
) -> None:
    act, kind = REFUSED[name]

    with pytest.raises(PortError) as error:
        await act(gateway, Try())

    assert type(error.value) is kind
    assert sandbox.writes == []


async def test_a_refusal_names_the_field_and_quotes_no_value(gateway: Gateway) -> None:
    with pytest.raises(InvalidInputError) as error:
        await need(gateway.stage_moves).move(APPLICATION, StageId("987654"), Try())

    assert "model.StatusID" in str(error.value)
    assert "987654" not in str(error.value)


async def test_standings_follow_what_was_done(gateway: Gateway) -> None:
    moves, rejection = need(gateway.stage_moves), need(gateway.rejection)
    values = []
    for act in ("move", "reject"):
        await EFFECTS[act](gateway, Try())
        values.append([getattr(await port.current(APPLICATION), "value", "") for port in (moves, rejection)])

    assert values == [["stage:101"] * 2, ["rejected:14"] * 2]


OTHERWISE: dict[str, dict[str, object]] = {
    "move": {"ID": 700123, "StatusID": 90},
    "reject": {"ID": 700123, "DispositionReasonID": 15},
    "tag": {"ID": 65881, "Name": "Do Not Call"},
    "candidate_fields": {"ID": 41, "Name": "Self Identified?", "Value": "False"},
}


@pytest.mark.parametrize("name", OTHERWISE)
async def test_an_answer_that_shows_another_value_leaves_the_outcome_open(sandbox: ErecruitSandbox, name: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/t/token":
            return web.json_response({"access_token": "t"})
        if request.method == "GET":
            return web.json_response([{"ID": 41, "Name": "Self Identified?", "FieldType": "Boolean"}])
        return web.json_response(OTHERWISE[name])

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with listening(app, 0) as port:
        here = {"base_url": f"http://127.0.0.1:{port}", "login_url": f"http://127.0.0.1:{port}"}
        routes = dict.fromkeys(("move", "reject", "add_tag"), "standard")
        body = {**sandbox.connection, "settings": {**sandbox.connection["settings"], **here}}
        async with opened(body, routes=routes) as gateway:
            with pytest.raises(OutcomeUnknownError, match="another value"):
                await EFFECTS[name](gateway, Try())
