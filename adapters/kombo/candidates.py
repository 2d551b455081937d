"""Candidates: by id, by what is known of them, and their resumes."""

from contextlib import aclosing
from typing import Any

from adapters.kombo import codec, wire
from adapters.kombo.endpoints import CANDIDATE_FILES, FILE_CONTENT, LIST_CANDIDATES
from adapters.kombo.routing import Wiring
from adapters.likeness import bears, digits, phone_ending, rid_of_empty
from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from domain.candidate import Candidate, CandidateQuery, Resume
from domain.ids import CandidateId
from ports.candidates import CandidateLookup, CandidateSearch, Resumes
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError


class SyncedCandidates(CandidateLookup):
    uses = (LIST_CANDIDATES,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)

    async def candidate(self, candidate_id: CandidateId) -> Candidate:
        return codec.candidate(await self._calls.record(LIST_CANDIDATES, candidate_id, wire.Candidate, "candidate"))


class FilteredSearch(CandidateSearch):
    """By e-mail, or by names, as Kombo filters; each hit is looked at again.

    There is no filter for phones: they narrow what names found. By a phone number alone everybody is read, page by
    page; a record that cannot be read is nobody's.
    """

    uses = (LIST_CANDIDATES,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._region = wiring.settings.word("phone_region")

    async def find(self, query: CandidateQuery) -> tuple[Candidate, ...]:
        asked = rid_of_empty(query)
        by_email = {"email": asked.email} if asked.email else {}
        by_names = {name: part for name in ("first_name", "last_name") if (part := getattr(asked, name))}
        if not by_email and not by_names:
            return await self._by_phone(asked)
        # With an e-mail address the names add nobody, but who bears the phone number may have another address.
        filters = [by_email] if by_email and not (asked.phone and by_names) else [by_email, by_names]
        hits: dict[CandidateId, Candidate] = {}
        for wanted in filter(None, filters):
            for row in await self._calls.all(LIST_CANDIDATES, wanted, wire.Candidate):
                hit = codec.candidate(row)
                if _named(hit, wanted) and bears(hit, asked, self._region):
                    hits[hit.id] = hit
        return tuple(hits.values())

    async def _by_phone(self, asked: CandidateQuery) -> tuple[Candidate, ...]:
        if asked.phone is None:
            message = "a search needs a name, an e-mail address or a phone number"
            raise InvalidInputError(message, provider=self._calls.provider)
        ending = phone_ending(asked.phone, self._region)
        found: list[Candidate] = []
        async with aclosing(self._calls.pages(LIST_CANDIDATES, {})) as pages:
            async for page in pages:
                found.extend(codec.candidate(row) for row in filter(None, map(_readable, page)) if _ends(row, ending))
        return tuple(hit for hit in found if bears(hit, asked, self._region))


def _readable(raw: bytes) -> wire.Candidate | None:
    try:
        return codec.decoded(wire.Candidate, raw)
    except MalformedReplyError:
        return None


def _ends(row: wire.Candidate, ending: str) -> bool:
    """To understand a number takes long: most people are told apart by the last digits of theirs."""
    return any(ending in digits(one.phone_number) for one in row.phone_numbers or ())


def _named(hit: Candidate, wanted: dict[str, str]) -> bool:
    return all(name == "email" or getattr(hit, name).casefold() == part.casefold() for name, part in wanted.items())


class AttachedResumes(Resumes):
    uses: tuple[Endpoint[Any], ...] = (CANDIDATE_FILES, FILE_CONTENT)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((CANDIDATE_FILES,))
        self._download = wiring.download

    async def resume(self, candidate_id: CandidateId) -> Resume:
        listed = await self._calls.call(CANDIDATE_FILES, path={"candidate_id": candidate_id})
        resumes = [file for file in listed.data.results if file.type == "CV"]
        if not resumes:
            raise NotFoundError("resume", candidate_id, provider=self._calls.provider, operation=CANDIDATE_FILES.name)
        # None is marked as the one: the newest is taken, those without a time last. Its address may not last.
        newest = max(resumes, key=codec.age_key)
        with naming("resume", candidate_id):
            content = await self._download(newest.data_url)
        return Resume(
            filename=newest.file_name or f"resume-{newest.id}",
            media_type=newest.content_type or "application/octet-stream",
            content=content,
        )
