"""Tags on candidates, on the legacy host."""

from adapters.erecruit import codec
from adapters.erecruit.endpoints import ADD_TAG, CANDIDATE_TAGS, TAGS
from adapters.erecruit.routing import Wiring, numeric, unlike
from adapters.rest.body import json_body
from domain.evidence import CannotTell, EvidenceGrade, Receipt
from domain.ids import CandidateId, TagId
from ports.attempt import Attempt
from ports.tags import Tagging


class CandidateTags(Tagging):
    uses = (ADD_TAG, CANDIDATE_TAGS, TAGS)
    evidence = EvidenceGrade.LIVE

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._settings = wiring.settings
        self.screened_tag = TagId(wiring.settings.tag_id)

    async def tag(self, candidate: CandidateId, tag: TagId, attempt: Attempt) -> Receipt:
        path = {"candidate_id": numeric(candidate, "candidate_id")}
        number = numeric(tag, "tag_id")
        added = await self._calls.call(ADD_TAG, path=path, body=json_body({"TagID": int(number)}), attempt=attempt)
        if str(added.ID) != number:
            raise unlike(ADD_TAG)
        return codec.receipt(added.ID, added.AddedOn, self._settings.zone, number.encode())

    async def current(self, candidate: CandidateId) -> frozenset[TagId] | CannotTell:
        path = {"candidate_id": numeric(candidate, "candidate_id")}
        rows = await self._calls.call(CANDIDATE_TAGS, path=path)
        return frozenset(TagId(str(row.ID)) for row in rows)

    async def tags(self) -> frozenset[TagId] | CannotTell:
        query = {self._settings.word("query.about"): self._settings.word("about.candidate")}
        return frozenset(TagId(str(row.ID)) for row in await self._calls.call(TAGS, query=query))
