"""Candidates: by id, by what is known of them, and their resumes."""

from pathlib import PurePosixPath
from typing import Any

from adapters.erecruit import codec, wire
from adapters.erecruit.endpoints import CANDIDATE, CANDIDATE_FILES, COMMUNICATIONS, DUPLICATES, FILE_CONTENT
from adapters.erecruit.routing import PROVIDER, Wiring, numeric
from adapters.likeness import bears, rid_of_empty
from adapters.media_types import media_type_of
from adapters.rest.body import json_body
from adapters.rest.endpoint import Endpoint
from adapters.together import together
from domain.candidate import Candidate, CandidateQuery, Resume
from domain.ids import CandidateId
from ports.candidates import CandidateLookup, CandidateSearch, Resumes
from ports.errors import InvalidInputError, NotFoundError


class ContactLookup(CandidateLookup):
    uses: tuple[Endpoint[Any], ...] = (CANDIDATE, COMMUNICATIONS)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._zone = wiring.settings.zone

    async def candidate(self, candidate_id: CandidateId) -> Candidate:
        path = {"candidate_id": numeric(candidate_id, "candidate_id")}
        row = await self._calls.call(CANDIDATE, path=path)
        if codec.is_client(row):
            raise NotFoundError("candidate", candidate_id, provider=PROVIDER, operation=CANDIDATE.name)
        reached = await self._calls.call(COMMUNICATIONS, path=path)
        return codec.candidate(row, reached, self._zone)


class DuplicateSearch(CandidateSearch):
    """The vendor's search for duplicates: fuzzy, so each hit is looked at again. It changes nothing."""

    uses: tuple[Endpoint[Any], ...] = (DUPLICATES, COMMUNICATIONS)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._zone = wiring.settings.zone
        self._region = wiring.settings.word("phone_region")

    async def find(self, query: CandidateQuery) -> tuple[Candidate, ...]:
        asked = rid_of_empty(query)
        given = {
            "First": asked.first_name,
            "Last": asked.last_name,
            "Emails": asked.email and [asked.email],
            "Phones": asked.phone and [asked.phone],
        }
        body = {name: value for name, value in given.items() if value}
        if not body:
            raise InvalidInputError("a search needs a name, an e-mail address or a phone number", provider=PROVIDER)
        rows = await self._calls.call(DUPLICATES, body=json_body(body))
        hits = await together(self._whole(row) for row in rows if not codec.is_client(row))
        return tuple(hit for hit in hits if bears(hit, asked, self._region))

    async def _whole(self, row: wire.Person) -> Candidate:
        reached = await self._calls.call(COMMUNICATIONS, path={"candidate_id": str(row.ID)})
        return codec.candidate(row, reached, self._zone)


class AttachedResumes(Resumes):
    uses: tuple[Endpoint[Any], ...] = (CANDIDATE_FILES, FILE_CONTENT)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._zone = wiring.settings.zone
        self._type = int(wiring.settings.word("resume_type_id"))

    async def resume(self, candidate_id: CandidateId) -> Resume:
        path = {"candidate_id": numeric(candidate_id, "candidate_id")}
        files = await self._calls.call(CANDIDATE_FILES, path=path)
        # By the number of the type: its name bears an accent, and customers rename it.
        resumes = [file for file in files if file.TypeID == self._type and file.IsNewestVersion is not False]
        if not resumes:
            raise NotFoundError("resume", candidate_id, provider=PROVIDER, operation=CANDIDATE_FILES.name)
        newest = max(resumes, key=lambda file: codec.age_key(file, self._zone))
        content = await self._calls.call(FILE_CONTENT, path={"file_id": str(newest.ID)})
        return _resume(newest, content)


def _resume(file: wire.Attachment, content: bytes) -> Resume:
    name = file.Name or f"resume-{file.ID}"
    if not PurePosixPath(name).suffix and file.Extension:
        name = f"{name}.{file.Extension.lstrip('.')}"
    # The vendor says of every file that it is a stream of octets.
    return Resume(filename=name, media_type=media_type_of(name), content=content)
