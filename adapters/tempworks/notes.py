"""Notes: messages on the employee, linked to the order or assignment where they are about an application.

Messages have no place of their own on applications. One that could not be linked stands all the same: its receipt says
so, and it is not written again.
"""

from collections.abc import AsyncIterator
from typing import Any

import attrs

from adapters import rendering
from adapters.looking import Seen, look_for
from adapters.rest.body import json_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.actions import Actions
from adapters.tempworks.endpoints import ADD_MESSAGE, MESSAGES
from adapters.tempworks.lists import whole
from adapters.tempworks.owners import Owners, Place
from adapters.tempworks.routing import PROVIDER, Wiring
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.note import Note
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import InvalidInputError
from ports.notes import Notes

NOT_LINKED = "the note stands on the candidate and could not be linked to the application"


class EmployeeMessages(Notes):
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, kind: RecordType) -> None:
        own: tuple[Endpoint[Any], ...] = (ADD_MESSAGE, MESSAGES)
        owners = Owners.uses if kind is RecordType.APPLICATION else ()
        self.uses: tuple[Endpoint[Any], ...] = (*own, *Actions.uses, *owners)
        self._calls = wiring.calls(own)
        self._settings = wiring.settings
        self._owners = Owners(wiring)
        self._actions = Actions(wiring)
        self._kind = kind
        self._longest = int(wiring.settings.word("longest_note"))

    def chunks(self, note: Note) -> tuple[Note, ...]:
        return rendering.chunked(note, self._longest)

    def preview(self, note: Note, marker: str) -> str:
        self._actions.chosen(note.action_type)
        text = rendering.as_text(note, marker)
        if len(text) > self._longest:
            message = f"the note is longer than {self._longest} characters"
            raise InvalidInputError(message, field="note", provider=PROVIDER)
        return text

    async def add(self, record: str, note: Note, attempt: Attempt) -> Receipt:
        text = self.preview(note, attempt.marker)
        place = await self._owners.place(self._kind, record)
        body = json_body(self._body(place, await self._actions.harmless(note.action_type), text))
        with naming(self._kind, record):
            path = {"candidate_id": place.candidate}
            made = await self._calls.call(ADD_MESSAGE, path=path, body=body, attempt=attempt)
        receipt = codec.receipt(codec.ident(made.messageId), None, self._settings.zone, text.encode())
        partial = made.failedToBeLinkedOrigins or made.failedToBeLinkedDocuments
        return attrs.evolve(receipt, warnings=(NOT_LINKED,)) if partial else receipt

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        return await look_for(marker, self._listed(record), self._seen)

    async def _listed(self, record: str) -> AsyncIterator[list[wire.Message]]:
        place = await self._owners.place(self._kind, record)
        word = self._settings.word
        path, query = {"candidate_id": place.candidate}, {"startdate": word("messages_since")}
        yield await whole(self._calls, MESSAGES, wire.Message, int(word("page_size")), path=path, query=query)

    def _seen(self, row: wire.Message) -> Seen:
        return Seen(row.message, codec.sighted(codec.ident(row.id), row.date, self._settings.zone))

    def _body(self, place: Place, action: int, text: str) -> dict[str, object]:
        links = [] if place.link is None else [{"originTypeId": place.link[0], "originId": place.link[1]}]
        return {
            "actionId": action,
            "message": text,
            "linkedEntities": links,
            "linkedDocumentIds": [],
            "shouldLinkRelatedEntities": False,
            "shouldLinkOriginsOneByOne": False,
        }
