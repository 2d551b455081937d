"""Notes on applications: HTML or plain text, which both travel under the one content type that Kombo has."""

from collections.abc import AsyncIterator
from typing import Any

from adapters import rendering
from adapters.kombo import codec, wire
from adapters.kombo.endpoints import ADD_NOTE, LIST_NOTES
from adapters.kombo.evidence import OWNER, places
from adapters.kombo.routing import Wiring, single
from adapters.kombo.settings import NoteFormat
from adapters.looking import Seen, look_for
from adapters.rest.body import json_body
from adapters.rest.endpoint import Endpoint
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.note import Note
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.notes import Notes


class ApplicationNotes(Notes):
    """Notes have no kinds here, so an `action_type` says nothing."""

    uses: tuple[Endpoint[Any], ...] = (ADD_NOTE, LIST_NOTES, *OWNER)
    evidence = EvidenceGrade.PRESENCE_ONLY

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._format = wiring.settings.note_format

    def preview(self, note: Note, marker: str) -> str:
        return rendered(note, marker, self._format)

    async def add(self, record: str, note: Note, attempt: Attempt) -> Receipt:
        text = self.preview(note, attempt.marker)
        body = json_body({"content": text, "content_type": "PLAIN_TEXT"})
        done = await self._calls.call(ADD_NOTE, path={"application_id": record}, body=body, attempt=attempt)
        return codec.receipt(text.encode(), done.warnings)

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        return await look_for(marker, self._listed(single(record, "application_id", self._calls.provider)), _seen)

    async def _listed(self, application: str) -> AsyncIterator[list[wire.Note]]:
        async for place in places(self._calls, RecordType.APPLICATION, application):
            yield await self._calls.all(LIST_NOTES, {f"{place.kind}_ids": place.id}, wire.Note)


def rendered(note: Note, marker: str, note_format: NoteFormat) -> str:
    """The text of a note as the customer wants it, reference line included."""
    return rendering.as_html(note, marker) if note_format is NoteFormat.HTML else rendering.as_text(note, marker)


def _seen(note: wire.Note) -> Seen:
    return Seen(note.content_html, codec.sighted(note.id, note.remote_created_at))
