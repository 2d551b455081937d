"""Whose an application is, and what a message about it is linked to."""

from typing import Any

import attrs

from adapters.rest.calls import naming
from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.assignments import Assignments
from adapters.tempworks.endpoints import ORDER_CANDIDATES
from adapters.tempworks.lists import whole
from adapters.tempworks.references import Kind, Reference, reference
from adapters.tempworks.routing import PROVIDER, Wiring, numeric
from domain.policy import RecordType
from ports.errors import NotFoundError


@attrs.frozen
class Place:
    """An employee, and the record that a message on them is linked to: an origin type and its id."""

    candidate: str
    link: tuple[int, int] | None = None


class Owners:
    uses: tuple[Endpoint[Any], ...] = (ORDER_CANDIDATES, *Assignments.uses)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((ORDER_CANDIDATES,))
        self._settings = wiring.settings
        self.assignments = Assignments(wiring)

    async def place(self, kind: RecordType, record: str) -> Place:
        """Where what is meant for this record goes. Raises InvalidInputError, NotFoundError."""
        if kind is RecordType.CANDIDATE:
            return Place(numeric(record, "candidate_id"))
        meant = reference(record)
        word = self._settings.word
        if meant.kind is Kind.ASSIGNMENT:
            found = await self.assignments.one(meant.number)
            return Place(found.candidate_id, (int(word("origin.assignment")), int(meant.number)))
        row = await self.on_order(meant)
        employee = codec.ident(row.employeeId, "$.employeeId")
        return Place(employee, (int(word("origin.job_order")), int(meant.order)))

    async def on_order(self, meant: Reference) -> wire.OrderCandidate:
        """The candidate on the order, read live. Raises NotFoundError."""
        size = int(self._settings.word("page_size"))
        with naming("application", meant.id):
            rows = await whole(self._calls, ORDER_CANDIDATES, wire.OrderCandidate, size, path={"job_id": meant.order})
        for row in rows:
            if codec.ident(row.orderCandidateId, "$.orderCandidateId") == meant.number:
                return row
        raise NotFoundError("application", meant.id, provider=PROVIDER, operation=ORDER_CANDIDATES.name)
