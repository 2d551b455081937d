"""Files on applications or on candidates. Reading them asks the ATS itself, so a look proves both ways."""

from collections.abc import AsyncIterator
from typing import Any

from adapters.kombo import codec, wire
from adapters.kombo.endpoints import ADD_APPLICATION_FILE, ADD_CANDIDATE_FILE, APPLICATION_FILES, CANDIDATE_FILES
from adapters.kombo.evidence import OWNER, Place, places
from adapters.kombo.routing import Wiring
from adapters.looking import Seen, look_for
from adapters.rest.body import json_body
from adapters.rest.endpoint import Endpoint
from domain.attachment import Attachment, marked_name
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.policy import RecordType
from ports.attachments import Files
from ports.attempt import Attempt
from ports.errors import InvalidInputError

_ADD = {RecordType.APPLICATION: ADD_APPLICATION_FILE, RecordType.CANDIDATE: ADD_CANDIDATE_FILE}
_LISTS = {RecordType.APPLICATION: APPLICATION_FILES, RecordType.CANDIDATE: CANDIDATE_FILES}


class RecordFiles(Files):
    """Where an ATS has no files on applications, Kombo puts them on the candidate."""

    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring, kind: RecordType) -> None:
        on_candidate: tuple[Endpoint[Any], ...] = (_ADD[kind], CANDIDATE_FILES)
        self.uses = on_candidate if kind is RecordType.CANDIDATE else (*on_candidate, APPLICATION_FILES, *OWNER)
        self._calls = wiring.calls(self.uses)
        self._largest = int(wiring.settings.word("largest_file"))
        self._kind = kind

    async def add(self, record: str, file: Attachment, attempt: Attempt) -> Receipt:
        self._check(file)
        attachment = {
            "name": marked_name(file.filename, attempt.marker),
            "type": "OTHER",
            "content_type": file.media_type,
            "data": file.content,
        }
        path = {f"{self._kind}_id": record}
        done = await self._calls.call(
            _ADD[self._kind], path=path, body=json_body({"attachment": attachment}), attempt=attempt
        )
        return codec.receipt(file.content, done.warnings)

    def _check(self, file: Attachment) -> None:
        if not 0 < len(file.content) <= self._largest:
            message = f"a file must have 1 to {self._largest} bytes here"
            raise InvalidInputError(message, field="file", provider=self._calls.provider)

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        return await look_for(marker, self._listed(record), _seen)

    async def _listed(self, record: str) -> AsyncIterator[list[tuple[str | None, Receipt]]]:
        async for place in places(self._calls, self._kind, record):
            listed = await self._calls.call(_LISTS[place.kind], path={f"{place.kind}_id": place.id})
            yield [(file.file_name, self._sighted(file, place)) for file in listed.data.results]

    def _sighted(self, file: wire.Attachment, place: Place) -> Receipt:
        elsewhere = () if place.kind is self._kind else (f"the ATS keeps it on the {place.kind}",)
        # The content is not fetched again, so there is no digest of it.
        return codec.sighted(file.id, file.remote_created_at, *elsewhere)


def _seen(named: tuple[str | None, Receipt]) -> Seen:
    return Seen(*named)
