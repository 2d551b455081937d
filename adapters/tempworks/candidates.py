"""Candidates: by id, by what is known of them, and their resumes. TempWorks calls them employees."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any

import attrs

from adapters.likeness import bears, phone_key, rid_of_empty
from adapters.media_types import media_type_of
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import DOCUMENTS, DOWNLOAD, EMPLOYEE, FILE_ELSEWHERE, FIND_EMAIL, FIND_PHONE
from adapters.tempworks.fields import CustomData
from adapters.tempworks.links import Downloads
from adapters.tempworks.lists import whole
from adapters.tempworks.routing import PROVIDER, Wiring, numeric
from adapters.together import together
from domain.candidate import Candidate, CandidateDetail, CandidateQuery, Resume
from domain.custom_field import FieldValue
from domain.ids import CandidateId
from ports.candidates import CandidateLookup, CandidateSearch, Resumes
from ports.errors import ForbiddenError, InvalidInputError, NotFoundError

FEWEST_DIGITS = 7


class EmployeeLookup(CandidateLookup):
    """In detail a person comes with status, branch, address and custom data; with nothing about taxes or origin."""

    def __init__(self, wiring: Wiring, fields: CustomData) -> None:
        self.uses: tuple[Endpoint[Any], ...] = (EMPLOYEE, *fields.reads)
        self._calls = wiring.calls((EMPLOYEE,))
        self._fields = fields
        self._zone = wiring.settings.zone

    async def candidate(self, candidate_id: CandidateId) -> Candidate:
        return codec.candidate(await self._read(candidate_id), self._zone)

    async def detail(self, candidate_id: CandidateId) -> CandidateDetail:
        row = await self._read(candidate_id)
        fields: tuple[FieldValue, ...] = ()
        missing: tuple[str, ...] = ()
        try:
            fields = await self._fields.current(codec.ident(row.employeeId))
        except (NotFoundError, ForbiddenError):
            missing = ("fields",)
        return CandidateDetail(
            **attrs.asdict(codec.candidate(row, self._zone), recurse=False),
            status=codec.text(row.employeeStatus) or None,
            office=codec.text(row.branch) or None,
            address=codec.address(row.address),
            fields=fields,
            missing=missing,
        )

    async def _read(self, candidate_id: CandidateId) -> wire.Employee:
        path = {"candidate_id": numeric(candidate_id, "candidate_id")}
        raw = await self._calls.call(EMPLOYEE, path=path)
        return codec.decoded(wire.Employee, bytes(raw))


class UniversalSearch(CandidateSearch):
    """By phone or e-mail: several people share a number, so names are compared where they were given.

    A phone is asked for with its country code and without: records have it either way.
    """

    uses: tuple[Endpoint[Any], ...] = (FIND_PHONE, FIND_EMAIL, EMPLOYEE)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._zone = wiring.settings.zone
        self._region = wiring.settings.word("phone_region")
        self._country = wiring.settings.word("country_calling_code")

    async def find(self, query: CandidateQuery) -> tuple[Candidate, ...]:
        asked = rid_of_empty(query)
        if asked.email is None and asked.phone is None:
            message = "a search needs an e-mail address or a phone number: names alone cannot be asked for"
            raise InvalidInputError(message, provider=PROVIDER)
        asking = [self._calls.call(FIND_PHONE, query={"phone": number}) for number in self._spellings(asked.phone)]
        if asked.email is not None:
            asking.append(self._calls.call(FIND_EMAIL, query={"emailAddress": asked.email}))
        answers = await together(asking)
        numbers: dict[str, list[str | None]] = {}
        for hit in (hit for answer in answers for hit in answer.hits):
            numbers.setdefault(codec.ident(hit.employeeId), []).append(hit.phoneNumber)
        hits = await together(self._whole(number, phones) for number, phones in numbers.items())
        return tuple(hit for hit in hits if bears(hit, asked, self._region) and _is_named(hit, asked))

    def _spellings(self, phone: str | None) -> tuple[str, ...]:
        """Digits alone, with the country code and without. Raises InvalidInputError for too few."""
        if phone is None:
            return ()
        digits = re.sub("[^0-9]", "", phone)
        bare = digits.removeprefix(self._country) if len(digits) > 10 else digits
        if len(bare) < FEWEST_DIGITS:
            message = f"a phone number needs at least {FEWEST_DIGITS} digits"
            raise InvalidInputError(message, field="phone", provider=PROVIDER)
        return (bare, self._country + bare)

    async def _whole(self, number: str, phones: list[str | None]) -> Candidate:
        raw = await self._calls.call(EMPLOYEE, path={"candidate_id": number})
        row = codec.decoded(wire.Employee, bytes(raw))
        own = phone_key(codec.text(row.primaryPhoneNumber), self._region)
        # The number that was found may be one that the record itself does not show.
        others = [phone for phone in phones if phone_key(codec.text(phone), self._region) != own]
        return codec.candidate(row, self._zone, phones=others)


def _is_named(hit: Candidate, asked: CandidateQuery) -> bool:
    pairs = ((asked.first_name, hit.first_name), (asked.last_name, hit.last_name))
    return all(wanted is None or _folded(wanted) == _folded(name) for wanted, name in pairs)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


class EmployeeResumes(Resumes):
    """The document that the employee names as their resume; else the newest one of such a type."""

    uses: tuple[Endpoint[Any], ...] = (EMPLOYEE, DOCUMENTS, DOWNLOAD, FILE_ELSEWHERE)

    def __init__(self, wiring: Wiring, download: Downloads) -> None:
        self._calls = wiring.calls((EMPLOYEE, DOCUMENTS))
        self._download = download
        self._settings = wiring.settings

    async def resume(self, candidate_id: CandidateId) -> Resume:
        path = {"candidate_id": numeric(candidate_id, "candidate_id")}
        raw = await self._calls.call(EMPLOYEE, path=path)
        row = codec.decoded(wire.Employee, bytes(raw))
        named = _Document(str(row.resumeDocumentId), codec.text(row.resumeFileName))
        found = named if row.resumeDocumentId is not None else await self._newest(candidate_id, path)
        with naming("resume", candidate_id):
            content = await self._download({**path, "document_id": found.number})
        name = found.name if PurePosixPath(found.name).suffix else f"resume-{found.number}"
        return Resume(filename=name, media_type=media_type_of(name), content=content)

    async def _newest(self, candidate_id: CandidateId, path: dict[str, str]) -> "_Document":
        word = self._settings.word
        rows = await whole(self._calls, DOCUMENTS, wire.Document, int(word("page_size")), path=path)
        wanted = word("resume_type").casefold()
        resumes = [row for row in rows if wanted in codec.text(row.documentType).casefold()]
        if not resumes:
            raise NotFoundError("resume", candidate_id, provider=PROVIDER, operation=DOCUMENTS.name)
        newest = max(resumes, key=lambda row: codec.document_age(row, self._settings.zone))
        return _Document(codec.ident(newest.documentId), codec.text(newest.fileName) or codec.text(newest.documentName))


@attrs.frozen
class _Document:
    number: str
    name: str
