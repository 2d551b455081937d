"""Notes on applications or on candidates: HTML, under a note action of the customer's."""

from typing import Any

from adapters import rendering
from adapters.erecruit import codec, wire
from adapters.erecruit.endpoints import ADD_NOTE, APPLICATION_NOTES, CANDIDATE_NOTES
from adapters.erecruit.evidence import Lists
from adapters.erecruit.routing import Wiring, numeric
from adapters.looking import Seen, look_for
from adapters.rest.body import json_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.note import Note
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.notes import Notes

_LISTS = Lists(on_application=APPLICATION_NOTES, on_candidate=CANDIDATE_NOTES)


class RecordNotes(Notes):
    """A note goes on the record that it is meant for alone: were it on the person too, it would stand there twice
    for whoever wants notes on both.
    """

    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, kind: RecordType) -> None:
        self.uses: tuple[Endpoint[Any], ...] = (ADD_NOTE, *_LISTS.rows(kind))
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._kind = kind

    def preview(self, note: Note, marker: str) -> str:
        return rendering.as_html(note, marker)

    async def add(self, record: str, note: Note, attempt: Attempt) -> Receipt:
        number = numeric(record, f"{self._kind}_id")
        action = numeric(note.action_type or self._settings.note_action_id, "action_type")
        text = self.preview(note, attempt.marker)
        about = {"Type": self._settings.word(f"about.{self._kind}"), "ID": int(number)}
        body = json_body({"Records": [about], "NoteBody": text, "NoteActionID": int(action)})
        with naming(self._kind, record):
            made = await self._calls.call(ADD_NOTE, body=body, attempt=attempt)
        return codec.receipt(made.ID, made.CreatedOn, self._settings.zone, text.encode())

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        pages = _LISTS.things(self._calls, self._kind, numeric(record, f"{self._kind}_id"))
        return await look_for(marker, pages, self._seen)

    def _seen(self, note: wire.Note) -> Seen:
        return Seen(note.NoteBody, codec.sighted(note.ID, note.CreatedOn, self._settings.zone))
