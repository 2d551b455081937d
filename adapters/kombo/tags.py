"""Tags on candidates. They go by their names: the ATS makes one when it is first used."""

from typing import Any

from adapters.kombo import codec, wire
from adapters.kombo.endpoints import ADD_TAG, LIST_CANDIDATES
from adapters.kombo.routing import Wiring
from adapters.rest.body import json_body
from adapters.rest.endpoint import Endpoint
from domain.evidence import CannotTell, EvidenceGrade, Receipt
from domain.ids import CandidateId, TagId
from ports.attempt import Attempt
from ports.errors import InvalidInputError
from ports.tags import Tagging


class NamedTags(Tagging):
    uses: tuple[Endpoint[Any], ...] = (ADD_TAG, LIST_CANDIDATES)
    evidence = EvidenceGrade.PRESENCE_ONLY

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self.screened_tag = None if wiring.settings.tag is None else TagId(wiring.settings.tag)

    async def tag(self, candidate: CandidateId, tag: TagId, attempt: Attempt) -> Receipt:
        if not tag.strip():
            raise InvalidInputError("a tag needs a name", field="tag", provider=self._calls.provider)
        body = json_body({"tag": {"name": tag}})
        done = await self._calls.call(ADD_TAG, path={"candidate_id": candidate}, body=body, attempt=attempt)
        return codec.receipt(tag.encode(), done.warnings)

    async def current(self, candidate: CandidateId) -> frozenset[TagId] | CannotTell:
        row = await self._calls.record(LIST_CANDIDATES, candidate, wire.Candidate, "candidate")
        return frozenset(TagId(tag.name) for tag in row.tags if tag.name)

    async def tags(self) -> frozenset[TagId] | CannotTell:
        return CannotTell("any tag can be given: one that is new is made")
