"""Files: documents of the employee. Applications have none of their own.

A message could link a document to an order. That would be a second effect, which needs the receipt of the first and
shows nothing that the note about the same call does not: so a file for an application is one upload, and its receipt
says where it is.
"""

from collections.abc import AsyncIterator
from typing import Any

import attrs

from adapters.looking import Seen, look_for
from adapters.rest.body import File, multipart_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import DOCUMENTS, UPLOAD
from adapters.tempworks.lists import whole
from adapters.tempworks.owners import Owners
from adapters.tempworks.routing import PROVIDER, Wiring
from domain.attachment import LARGEST_FILE, Attachment, marked_name
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.policy import RecordType
from ports.attachments import Files
from ports.attempt import Attempt
from ports.errors import InvalidInputError

ON_CANDIDATE = "the file is among the candidate's documents: applications have none of their own"


class EmployeeDocuments(Files):
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, kind: RecordType) -> None:
        own: tuple[Endpoint[Any], ...] = (UPLOAD, DOCUMENTS)
        self.uses = own if kind is RecordType.CANDIDATE else (*own, *Owners.uses)
        self._calls = wiring.calls(own)
        self._settings = wiring.settings
        self._owners = Owners(wiring)
        self._kind = kind

    async def add(self, record: str, file: Attachment, attempt: Attempt) -> Receipt:
        if not 0 < len(file.content) <= LARGEST_FILE:
            message = f"a file must have 1 to {LARGEST_FILE} bytes"
            raise InvalidInputError(message, field="file", provider=PROVIDER)
        name = marked_name(file.filename, attempt.marker)
        place = await self._owners.place(self._kind, record)
        part = File("file", name, file.content, file.media_type)
        with naming(self._kind, record):
            body = multipart_body({"documentName": name}, part)
            made = await self._calls.call(UPLOAD, path={"candidate_id": place.candidate}, body=body, attempt=attempt)
        receipt = codec.receipt(codec.ident(made.documentId), None, self._settings.zone, file.content)
        return attrs.evolve(receipt, warnings=(ON_CANDIDATE,)) if self._kind is RecordType.APPLICATION else receipt

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        return await look_for(marker, self._listed(record), self._seen)

    async def _listed(self, record: str) -> AsyncIterator[list[wire.Document]]:
        place = await self._owners.place(self._kind, record)
        size = int(self._settings.word("page_size"))
        yield await whole(self._calls, DOCUMENTS, wire.Document, size, path={"candidate_id": place.candidate})

    def _seen(self, row: wire.Document) -> Seen:
        # The content is not fetched again, so there is no digest of it.
        named = [name for name in (row.fileName, row.documentName) if name]
        receipt = codec.sighted(codec.ident(row.documentId), row.documentDate, self._settings.zone)
        return Seen(" ".join(named) if named else None, receipt)
