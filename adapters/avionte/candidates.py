"""Candidates with what Avionté itself knows of them."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from adapters.avionte import codec, wire
from adapters.avionte.endpoints import TALENT
from adapters.avionte.fields import RecordFields
from adapters.avionte.routing import MISSING, Targets, Wiring
from adapters.kombo.candidates import SyncedCandidates
from adapters.rest.endpoint import Endpoint
from domain.candidate import Candidate, CandidateDetail
from domain.ids import CandidateId
from domain.policy import RecordType
from ports.candidates import CandidateLookup
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError

T = TypeVar("T")


class EnhancedCandidates(CandidateLookup):
    """In detail, some fields of the talent are shown: those that `wire.Talent` names, and no other is decoded.

    `fields` is None where the dialect has none.
    """

    def __init__(self, wiring: Wiring, targets: Targets, fields: RecordFields | None) -> None:
        reads = () if fields is None else fields.reads
        self.uses: tuple[Endpoint[Any], ...] = (TALENT, *SyncedCandidates.uses, *targets.uses, *reads)
        self._records = SyncedCandidates(wiring.kombo)
        self._avionte = wiring.beyond((TALENT,))
        self._targets = targets
        self._fields = fields

    async def candidate(self, candidate_id: CandidateId) -> Candidate:
        try:
            return await self._records.candidate(candidate_id)
        except NotFoundError as error:
            raise await self._targets.retired(candidate_id, error) from None

    async def detail(self, candidate_id: CandidateId) -> CandidateDetail:
        record = await self.candidate(candidate_id)
        talent = await _unless_missing(self._talent(candidate_id))
        fields = None if self._fields is None else await _unless_missing(self._fields.current(candidate_id))
        missing = {"talent": talent is None, "fields": fields is None and self._fields is not None}
        return codec.candidate_detail(record, talent, fields or (), [name for name, is_so in missing.items() if is_so])

    async def _talent(self, candidate_id: CandidateId) -> wire.Talent:
        number = await self._targets.id_of(RecordType.CANDIDATE, candidate_id)
        return await self._avionte.call(TALENT, path={"candidate_id": number})


async def _unless_missing(reading: Awaitable[T]) -> T | None:
    try:
        return await reading
    except (*MISSING, InvalidInputError, MalformedReplyError):
        return None
