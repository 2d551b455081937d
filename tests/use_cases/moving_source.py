"""A source that moves while it is read: a list by offset, and what happens to it after each of its pages."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from domain.candidate import Candidate
from domain.ids import CandidateId
from ports.feeds import CandidateFeed, Page, Sighting
from tests.clocks import BEGINNING, FakeClock

OVERLAP = 60.0


class What(StrEnum):
    """Rows come, are edited and go; `late_*`: with an own time some while ago; `tie`: with that of another row."""

    NEW = "new"
    EDIT = "edit"
    GONE = "gone"
    LATE_NEW = "late_new"
    LATE_EDIT = "late_edit"
    TIE = "tie"
    CLOCK_BACK = "clock_back"


@attrs.frozen
class Happening:
    what: What
    row: int
    seconds: float


@attrs.frozen
class Row:
    number: int
    name: str
    at: float
    deleted: bool = False

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(repr(self).encode()).digest()

    def load(self) -> Candidate:
        at = BEGINNING + timedelta(seconds=self.at)
        return Candidate(id=CandidateId(str(self.number)), first_name=self.name, last_name="Row", changed_at=at)


@attrs.define
class MovingSource(CandidateFeed):
    """`by_time`: the list is in the order of its own times, so that what is edited moves to its end; else of ids."""

    clock: FakeClock
    size: int
    by_time: bool
    happenings: Iterator[Sequence[Happening]]
    rows: dict[int, Row] = attrs.field(factory=dict)
    behind: float = 0.0
    """How many seconds its clock has been put back."""
    given: dict[int, str] = attrs.field(factory=dict)
    late: int = 0
    """How often it gave a version of a row for the first time, to a read that began after that row's own time."""
    since: datetime | None = None
    """When the last finished read began, for counting; the reader knows it for itself."""

    def start(self, count: int) -> None:
        """Three rows each have the same time."""
        now = self.clock.monotonic()
        self.rows = {n: Row(n, f"first {n}", now - 1000.0 + n // 3) for n in range(count)}

    @property
    def alive(self) -> dict[str, str]:
        return {str(row.number): row.name for row in self.rows.values() if not row.deleted}

    def changed_candidates(
        self, updated_after: datetime | None = None, *, place: str | None = None
    ) -> AsyncIterator[Page[Candidate]]:
        least = None if updated_after is None else (updated_after - BEGINNING).total_seconds() - OVERLAP
        return self._pages(least, int(place or 0))

    async def _pages(self, least: float | None, offset: int) -> AsyncIterator[Page[Candidate]]:
        while True:
            listed = [row for row in self.rows.values() if least is None or row.at >= least]
            listed.sort(key=lambda row: (row.at, row.number) if self.by_time else (0.0, row.number))
            page = listed[offset : offset + self.size]
            for row in page:
                self._note(row)
            offset += len(page)
            for one in next(self.happenings, ()):
                self._happen(one)
            self.clock.advance(0.25)
            whole = len(page) < self.size
            sightings = tuple(Sighting(str(row.number), row.digest, row.load, row.deleted, size=1) for row in page)
            yield Page(sightings, None if whole else str(offset))
            if whole:
                return

    def _note(self, row: Row) -> None:
        if self.given.get(row.number) == row.name or row.deleted:
            return
        self.given[row.number] = row.name
        since = None if self.since is None else (self.since - BEGINNING).total_seconds()
        self.late += since is not None and row.at < since

    def _happen(self, one: Happening) -> None:
        now = self.clock.monotonic() - self.behind
        numbers = sorted(self.rows)
        number = numbers[one.row % len(numbers)]
        old = self.rows[number]
        name = f"{one.what.value} {self.clock.monotonic()} {one.row} {one.seconds}"
        match one.what:
            case What.NEW:
                self.rows[numbers[-1] + 1] = Row(numbers[-1] + 1, name, now)
            case What.LATE_NEW:
                self.rows[numbers[-1] + 1] = Row(numbers[-1] + 1, name, now - one.seconds)
            case What.CLOCK_BACK:
                self.behind = 3600.0
            case _ if old.deleted:
                return
            case What.EDIT:
                self.rows[number] = Row(number, name, now)
            case What.LATE_EDIT:
                self.rows[number] = Row(number, name, now - one.seconds)
            case What.TIE:
                self.rows[number] = Row(number, name, self.rows[numbers[(one.row + 1) % len(numbers)]].at)
            case What.GONE:
                self.rows[number] = Row(number, old.name, now, deleted=True)
