"""Tags on candidates, which Kombo puts there."""

from adapters.avionte.routing import Targets, Wiring
from adapters.kombo.tags import NamedTags
from domain.evidence import CannotTell
from domain.ids import CandidateId, TagId
from ports.errors import NotFoundError


class TalentTags(NamedTags):
    """Plans look at the tags to learn whether somebody is there: of who was merged it is said who they are now."""

    def __init__(self, wiring: Wiring, targets: Targets) -> None:
        super().__init__(wiring.kombo)
        self.uses = (*NamedTags.uses, *targets.uses)
        self._targets = targets

    async def current(self, candidate: CandidateId) -> frozenset[TagId] | CannotTell:
        try:
            return await super().current(candidate)
        except NotFoundError as error:
            raise await self._targets.retired(candidate, error) from None
