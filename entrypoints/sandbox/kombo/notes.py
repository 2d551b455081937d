"""Notes: written to applications, read from the synced copy if the customer's ATS is synced that far."""

from datetime import datetime
from typing import Any

from entrypoints.sandbox.fields import OBJECT, TEXT, Field, one_of
from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.auth import integration, permit
from entrypoints.sandbox.kombo.lists import IDS, PAGED, Listing, by_ids, paged
from entrypoints.sandbox.kombo.manners import answered, refused, wrong
from entrypoints.sandbox.kombo.state import Integration, Note, State, seen_from, stamp
from entrypoints.sandbox.wire import Ask, Reply, Write

Row = dict[str, Any]

NOTE_QUERY = (*PAGED, Field("candidate_ids", IDS), Field("application_ids", IDS))
NOTE_FIELDS = (
    Field("content", TEXT, required=True),
    Field("content_type", one_of("PLAIN_TEXT"), required=True),
    Field("remote_fields", OBJECT),
)
FIRST_REMOTE_ID = 990_001_234


def list_notes(state: State, ask: Ask) -> Reply:
    if not state.switches.notes_synced:
        raise refused(400, "INTEGRATION.MODEL_NOT_AVAILABLE", "Notes are not synced for this integration.")
    office = integration(state, ask)
    listing = Listing[Note](
        model="note",
        store=office.notes,
        show=lambda note: _shown(office, note),
        remote_id=lambda note: str(note.remote_id),
        changed=_changed,
        tests={
            "candidate_ids": lambda note, ids: office.ids.of("candidate", note.candidate) in ids,
            "application_ids": lambda note, ids: _application_id(office, note) in ids,
        },
        numbers=by_ids(ask, office, "note"),
    )
    return paged(state, ask, listing)


def _changed(note: Note) -> datetime:
    return note.changed


def _application_id(office: Integration, note: Note) -> str | None:
    return None if note.application is None else office.ids.of("application", note.application)


def _shown(office: Integration, note: Note) -> Row:
    return {
        "id": office.ids.of("note", note.number),
        "remote_id": str(note.remote_id),
        "candidate_id": office.ids.of("candidate", note.candidate),
        "application_id": _application_id(office, note),
        "author_id": None,
        "title": None,
        "content_html": note.content,
        "is_private": None,
        "remote_created_at": None,
        "remote_updated_at": None,
        "changed_at": stamp(note.changed),
        "remote_deleted_at": None,
        "author": None,
    }


def add_note(state: State, ask: Ask) -> Reply:
    """The content is kept as it came; no id is given back."""
    permit(state, "note")
    office = integration(state, ask)
    application = records.application(office, ask.params["application"])
    if not ask.body["content"]:
        raise wrong("content: a text is needed.")
    note = keep(state, ask, office, application.candidate, application.number, ask.body["content"])
    return answered({}, written(office, note))


def keep(state: State, ask: Ask, office: Integration, candidate: int, application: int | None, content: str) -> Note:
    def make(number: int) -> Note:
        return Note(
            number=number,
            remote_id=FIRST_REMOTE_ID + number,
            candidate=candidate,
            application=application,
            content=content,
            changed=ask.now,
        )

    return office.notes.add(make, seen_from(state, ask.now, ask.seen_after))


def written(office: Integration, note: Note) -> Write:
    """Under the id by which who wrote it can know it: Kombo's on an application, Avionté's on a candidate."""
    target, number = ("candidate", office.ids.of("candidate", note.candidate)), str(note.remote_id)
    if (application := _application_id(office, note)) is not None:
        target, number = ("application", application), office.ids.of("note", note.number)
    return Write(kind="note", target=target, id=number, content=note.content.encode(), text=note.content)
