"""Files on applications or on candidates: uploaded on the legacy host, listed on the standard one."""

from typing import Any

from adapters.erecruit import codec, wire
from adapters.erecruit.endpoints import APPLICATION_FILES, CANDIDATE_FILES, UPLOAD
from adapters.erecruit.evidence import Lists
from adapters.erecruit.routing import Wiring, numeric
from adapters.looking import Seen, look_for
from adapters.rest.body import File, multipart_body
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from domain.attachment import Attachment, marked_name
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.policy import RecordType
from ports.attachments import Files
from ports.attempt import Attempt

_LISTS = Lists(on_application=APPLICATION_FILES, on_candidate=CANDIDATE_FILES)


class RecordFiles(Files):
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, kind: RecordType) -> None:
        self.uses: tuple[Endpoint[Any], ...] = (UPLOAD, *_LISTS.rows(kind))
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self._kind = kind

    async def add(self, record: str, file: Attachment, attempt: Attempt) -> Receipt:
        name = marked_name(file.filename, attempt.marker)
        fields = {
            "ReferenceID": numeric(record, f"{self._kind}_id"),
            "AboutType": self._settings.word(f"about.{self._kind}"),
            "AttachmentTypeID": self._settings.word("attachment_type_id"),
            "Name": name,
        }
        part = File("file", name, file.content, file.media_type)
        with naming(self._kind, record):
            made = await self._calls.call(UPLOAD, body=multipart_body(fields, part), attempt=attempt)
        return codec.receipt(made.ID, made.DateAdded, self._settings.zone, file.content)

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        pages = _LISTS.things(self._calls, self._kind, numeric(record, f"{self._kind}_id"))
        return await look_for(marker, pages, self._seen)

    def _seen(self, file: wire.Attachment) -> Seen:
        # The content is not fetched again, so there is no digest of it.
        return Seen(file.Name, codec.sighted(file.ID, file.DateAdded, self._settings.zone))
