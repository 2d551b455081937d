"""Assignments as searches show them: the only way to one by its id, and to those that changed."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import ASSIGNMENT_STATUSES, SEARCH
from adapters.tempworks.lists import Place, Seen, whole
from adapters.tempworks.routing import PROVIDER, Wiring
from adapters.tempworks.search import (
    ASSIGNED_EMPLOYEE,
    ASSIGNED_ORDER,
    ASSIGNMENT_ID,
    ASSIGNMENT_STATUS,
    LAST_MODIFIED,
    Column,
    Origin,
    Rule,
    Searches,
    Wanted,
    cells,
)
from domain.ids import CandidateId, JobId
from domain.job_application import Application, Stage
from ports.errors import ForbiddenError, NotFoundError

_SHOWN = (ASSIGNMENT_ID, ASSIGNED_EMPLOYEE, ASSIGNED_ORDER, ASSIGNMENT_STATUS, LAST_MODIFIED)


class Assignments:
    uses: tuple[Endpoint[Any], ...] = (*Searches.uses, ASSIGNMENT_STATUSES)

    def __init__(self, wiring: Wiring) -> None:
        self._searches = Searches(wiring, Origin.ASSIGNMENT)
        self._calls = wiring.calls((ASSIGNMENT_STATUSES,))
        self._settings = wiring.settings
        self._statuses: Mapping[str, Stage] = {}

    def rules(self, since: str | None, orders: Iterable[str] | None) -> tuple[Rule, ...]:
        """Changed since a local time, and on one of these orders."""
        changed = () if since is None else (self._searches.since(LAST_MODIFIED, since),)
        return changed if orders is None else (*changed, self._searches.equals(ASSIGNED_ORDER, orders))

    async def pages(
        self, rules: tuple[Rule, ...], start: Place | None = None
    ) -> AsyncGenerator[tuple[Seen, ...], None]:
        """Those that all rules fit, in the order of their ids, from a place on."""
        wanted = Wanted(rules=rules, shown=_SHOWN, sorted_by=ASSIGNMENT_ID)
        reading = await self._searches.reading(wanted, start)
        self._statuses = await self._named()
        async with aclosing(reading.pages()) as pages:
            async for page in pages:
                yield page

    async def one(self, number: str) -> Application:
        """Raises NotFoundError."""
        async with aclosing(self.pages((self._searches.equals(ASSIGNMENT_ID, [number]),))) as pages:
            async for page in pages:
                for row in page:
                    if row.number == int(number):
                        return self.read(row)
        raise NotFoundError("application", codec.assignment_id(number), provider=PROVIDER, operation=SEARCH.name)

    def read(self, row: Seen) -> Application:
        """Raises MalformedReplyError."""
        shown = cells(row)

        def value(column: Column) -> object:
            return self._searches.value(shown, column)

        shows = str(value(ASSIGNMENT_STATUS) or "").strip()
        status = self._statuses.get(shows.casefold())
        return Application(
            id=codec.assignment_id(value(ASSIGNMENT_ID)),
            job_id=JobId(codec.ident(value(ASSIGNED_ORDER), "$.OrderId")),
            candidate_id=CandidateId(codec.ident(value(ASSIGNED_EMPLOYEE), "$.aident")),
            stage_id=None if status is None else status.id,
            stage_text=shows or None if status is None else status.name,
            changed_at=codec.moment(value(LAST_MODIFIED), self._settings.zone, "$.LastModified"),
        )

    async def _named(self) -> Mapping[str, Stage]:
        """Whether searches show what a status is called, or its number, was not seen: so by both."""
        size = int(self._settings.word("page_size"))
        try:
            rows = await whole(self._calls, ASSIGNMENT_STATUSES, wire.AssignmentStatus, size)
        except (NotFoundError, ForbiddenError):
            return {}
        stages = {codec.ident(row.assignmentStatusId): codec.stage_of_assignments(row, 0) for row in rows}
        return {**{stage.name.casefold(): stage for stage in stages.values()}, **stages}
