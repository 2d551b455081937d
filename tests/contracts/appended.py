"""What is appended to a record and found again by its marker: notes, files, links."""

import hashlib

from domain.attachment import Attachment
from domain.effect import Target
from domain.evidence import Absent, CannotTell, Found, Receipt
from domain.note import Note, bullets, heading, paragraph
from domain.policy import RecordType
from ports.attachments import Files
from ports.attempt import Attempt
from ports.errors import InvalidInputError, NotFoundError
from ports.gateway import need
from ports.notes import Notes
from ports.results import ResultLinks
from tests.builders import MARKER, a_file, an_attempt
from tests.contracts.contract import (
    Act,
    Deed,
    blind,
    contract,
    done_once,
    nothing_done,
    nothing_leaves_without_leave,
)
from tests.rigs.rig import Rig

NOTES = ("application_notes", "candidate_notes")
FILES = ("application_files", "candidate_files")
APPENDED = (*NOTES, *FILES, "result_links")
KINDS = {**dict.fromkeys(NOTES, "note"), **dict.fromkeys(FILES, "file"), "result_links": "result_link"}
URL = "https://results.example.test/1"
NOTE = Note(
    blocks=(
        heading("Phone screen completed"),
        paragraph("Six years of welding & <b>no</b> fear\nof heights"),
        bullets("Forklift: yes"),
    )
)


def _on(capability: str) -> RecordType:
    return RecordType.CANDIDATE if capability.startswith("candidate") else RecordType.APPLICATION


def _notes(rig: Rig, capability: str) -> Notes:
    gateway = rig.gateway
    return need(gateway.candidate_notes if _on(capability) is RecordType.CANDIDATE else gateway.application_notes)


def _files(rig: Rig, capability: str) -> Files:
    gateway = rig.gateway
    return need(gateway.candidate_files if _on(capability) is RecordType.CANDIDATE else gateway.application_files)


def _port(rig: Rig, capability: str) -> Notes | Files | ResultLinks:
    if capability in NOTES:
        return _notes(rig, capability)
    return _files(rig, capability) if capability in FILES else need(rig.gateway.result_links)


def _appending(rig: Rig, capability: str, record: str | None = None, file: Attachment | None = None) -> Act:
    place = record or rig.world.record(_on(capability))

    async def act(attempt: Attempt) -> Receipt:
        if capability in NOTES:
            return await _notes(rig, capability).add(place, NOTE, attempt)
        if capability in FILES:
            return await _files(rig, capability).add(place, file or a_file(), attempt)
        return await need(rig.gateway.result_links).add(place, "Phone screen", URL, attempt)

    return act


def _target(rig: Rig, capability: str) -> Target:
    meant = Target(_on(capability), rig.world.record(_on(capability)))
    return rig.world.elsewhere.get(capability, meant)


async def _found(rig: Rig, capability: str, marker: str) -> Found | Absent | CannotTell:
    return await _port(rig, capability).find(rig.world.record(_on(capability)), marker)


def deed(rig: Rig, capability: str) -> Deed:
    """A note, file or link."""

    async def stands() -> bool | None:
        if blind(rig, capability):
            return None
        return isinstance(await _found(rig, capability, MARKER), Found)

    return Deed(_appending(rig, capability), stands)


@contract(*APPENDED, effect=True)
async def what_was_appended_is_found_again_by_its_marker(rig: Rig, capability: str) -> None:
    before = await _found(rig, capability, MARKER)

    written = await done_once(rig, _appending(rig, capability), KINDS[capability], _target(rig, capability))

    found = await _found(rig, capability, MARKER)
    if blind(rig, capability):
        assert isinstance(before, CannotTell)
        assert isinstance(found, CannotTell)
    else:
        assert before == Absent()
        assert isinstance(found, Found)
        assert found.receipt.id == written["id"]


@contract(*APPENDED, effect=True)
async def the_receipt_names_what_was_appended_and_its_digest(rig: Rig, capability: str) -> None:
    receipt = await _appending(rig, capability)(an_attempt())

    world = rig.world
    assert [(receipt.id, receipt.sha256)] == [(world.named(capability, one), one["sha256"]) for one in world.writes()]


@contract(*APPENDED, effect=True)
async def two_with_two_markers_are_both_found_and_a_third_is_not(rig: Rig, capability: str) -> None:
    markers = ("aaaaaaaaaaaa", "bbbbbbbbbbbb")
    for marker in markers:
        await _appending(rig, capability)(an_attempt(marker))

    found = [await _found(rig, capability, marker) for marker in markers]

    assert len(rig.world.writes()) == 2
    if blind(rig, capability):
        return
    assert len({one.receipt.id for one in found if isinstance(one, Found)}) == 2
    assert await _found(rig, capability, "cccccccccccc") == Absent()


@contract(*APPENDED)
async def nothing_is_appended_to_a_record_that_is_not_there(rig: Rig, capability: str) -> None:
    nowhere = rig.world.no_record(_on(capability))

    error = await nothing_done(rig, _appending(rig, capability, nowhere), NotFoundError)

    assert isinstance(error, NotFoundError)
    assert (error.kind, error.record_id) == (_on(capability), nowhere)


@contract(*APPENDED)
async def on_a_record_that_is_gone_nothing_can_be_told(rig: Rig, capability: str) -> None:
    seen = await _port(rig, capability).find(rig.world.no_record(_on(capability)), MARKER)

    assert isinstance(seen, CannotTell)
    assert seen.why


@contract(*APPENDED)
async def nothing_is_appended_without_leave(rig: Rig, capability: str) -> None:
    await nothing_leaves_without_leave(rig, _appending(rig, capability))

    assert isinstance(await _found(rig, capability, MARKER), CannotTell if blind(rig, capability) else Absent)


@contract(*NOTES, effect=True)
async def a_note_arrives_as_it_was_previewed_and_bears_its_marker(rig: Rig, capability: str) -> None:
    preview = _notes(rig, capability).preview(NOTE, MARKER)

    written = await done_once(rig, _appending(rig, capability), "note", _target(rig, capability))

    assert written["text"] == preview
    assert written["sha256"] == hashlib.sha256(preview.encode()).hexdigest()
    assert MARKER in preview.splitlines()[-1]
    for words in ("Phone screen completed", "Six years of welding", "Forklift: yes"):
        assert words in preview


@contract(*FILES, effect=True)
async def a_file_arrives_byte_for_byte_under_a_name_that_bears_its_marker(rig: Rig, capability: str) -> None:
    file = a_file(filename="Rapport d'entrevue – Zoé.pdf")

    written = await done_once(rig, _appending(rig, capability, file=file), "file", _target(rig, capability))

    assert written["sha256"] == hashlib.sha256(file.content).hexdigest()
    assert MARKER in written["name"]
    assert written["name"].endswith(".pdf")


@contract(*FILES)
async def an_empty_file_is_refused(rig: Rig, capability: str) -> None:
    await nothing_done(rig, _appending(rig, capability, file=a_file(content=b"")), InvalidInputError)


@contract("result_links", effect=True)
async def a_link_arrives_as_it_was_given(rig: Rig, capability: str) -> None:
    written = await done_once(rig, _appending(rig, capability), "result_link", _target(rig, capability))

    assert URL in {written.get("text"), written.get("value")}
