"""Jobs: by id, with what stands round them, and in batches of such. TempWorks calls them job orders."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

import attrs
import msgspec

from adapters.rest.endpoint import Endpoint
from adapters.tempworks import codec, wire
from adapters.tempworks.endpoints import BOARD, JOB_ORDER, LIST_JOB_ORDERS, WORKSITE
from adapters.tempworks.fields import CustomData
from adapters.tempworks.lists import whole
from adapters.tempworks.routing import PROVIDER, Wiring, numeric
from adapters.together import together
from domain.custom_field import FieldValue
from domain.ids import JobId
from domain.job import Job, JobDetail
from ports.clock import Clock
from ports.errors import AccessError, InvalidInputError, NotFoundError, UnsupportedError
from ports.jobs import DetailPage, JobDetailFeed, JobDetails, JobLookup

LARGEST_PAGE = 100
_FRESH_SECONDS = 60.0


class JobOrderLookup(JobLookup):
    uses: tuple[Endpoint[Any], ...] = (JOB_ORDER,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._zone = wiring.settings.zone

    async def job(self, job_id: JobId) -> Job:
        raw = await self._calls.call(JOB_ORDER, path={"job_id": numeric(job_id, "job_id")})
        return codec.job(codec.decoded(wire.JobOrder, bytes(raw)), self._zone)


class _Board:
    """The public board, which can only be read whole: once for all jobs of a batch, and for a minute."""

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls((BOARD,))
        self._size = int(wiring.settings.word("page_size"))
        self._clock: Clock = wiring.clock
        self._known: dict[str, wire.BoardJob] = {}
        self._until = float("-inf")
        self._reading = asyncio.Lock()

    async def job(self, number: str) -> wire.BoardJob | None:
        """The job as the public sees it, if it does."""
        async with self._reading:
            if self._clock.monotonic() >= self._until:
                rows = await whole(self._calls, BOARD, wire.BoardJob, self._size)
                self._known = {codec.ident(row.orderId, "$.orderId"): row for row in rows}
                self._until = self._clock.monotonic() + _FRESH_SECONDS
        return self._known.get(number)


@attrs.frozen(kw_only=True)
class _Part:
    """One part of a job in detail; `missing` where it was not to be had."""

    fields: tuple[FieldValue, ...] = ()
    address: str | None = None
    place: str | None = None
    link: str | None = None
    missing: tuple[str, ...] = ()


class JobOrderDetails(JobDetails):
    """An order with its custom data, its worksite, and how the public sees it. That they make up the whole of a job
    is a choice of ours.
    """

    def __init__(self, wiring: Wiring, fields: CustomData) -> None:
        own: tuple[Endpoint[Any], ...] = (JOB_ORDER, WORKSITE, BOARD)
        self.uses = (*own, *fields.reads)
        self._calls = wiring.calls((JOB_ORDER, WORKSITE))
        self._board = _Board(wiring)
        self._fields = fields
        self._zone = wiring.settings.zone

    async def detail(self, job_id: JobId) -> JobDetail:
        """Each part that is missing, or not to be seen by us, is named."""
        number = numeric(job_id, "job_id")
        raw = await self._calls.call(JOB_ORDER, path={"job_id": number})
        row = codec.decoded(wire.JobOrder, bytes(raw))
        wanted: dict[str, Callable[[str], Awaitable[_Part]]] = {
            "fields": self._custom_fields,
            "address": self._worksite,
        }
        if row.publicPostingDate and codec.flag(row.doNotPostPublicly) is not True:
            wanted["board"] = self._public
        parts = await together(_unless_missing(name, read, number) for name, read in wanted.items())
        return JobDetail(
            job=codec.job(row, self._zone, location=next((part.place for part in parts if part.place), None)),
            fields=tuple(field for part in parts for field in part.fields),
            parties=codec.parties(row),
            address=next((part.address for part in parts if part.address), None),
            link=next((part.link for part in parts if part.link), None),
            missing=tuple(name for part in parts for name in part.missing),
        )

    async def _custom_fields(self, number: str) -> _Part:
        return _Part(fields=await self._fields.current(number))

    async def _worksite(self, number: str) -> _Part:
        row = await self._calls.call(WORKSITE, path={"job_id": number})
        return _Part(address=codec.address(row.address), place=codec.address(row.address, short=True))

    async def _public(self, number: str) -> _Part:
        row = await self._board.job(number)
        if row is None:
            return _Part()
        place = codec.address(wire.Address(municipality=row.municipality, region=row.region), short=True)
        return _Part(place=place, link=codec.text(row.jobBoardUrl) or None)


async def _unless_missing(name: str, read: Callable[[str], Awaitable[_Part]], number: str) -> _Part:
    try:
        return await read(number)
    except (NotFoundError, AccessError, UnsupportedError):
        return _Part(missing=(name,))


@attrs.frozen
class _Cursor:
    """Where a reading in batches goes on: how many orders were passed over, and how many a batch has."""

    skip: int
    size: int

    def text(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()


class JobOrderBatches(JobDetailFeed):
    """The list of orders has no order of its own that could be asked for: one that comes between two batches may move
    another one out of sight.
    """

    def __init__(self, wiring: Wiring, details: JobOrderDetails) -> None:
        self.uses = (LIST_JOB_ORDERS, *details.uses)
        self._calls = wiring.calls((LIST_JOB_ORDERS,))
        self._details = details

    async def batch(self, *, limit: int, cursor: str | None = None) -> DetailPage:
        at = _begun(limit) if cursor is None else _continued(limit, cursor)
        query = {"skip": str(at.skip), "take": str(at.size)}
        listing = await self._calls.call(LIST_JOB_ORDERS, query=query)
        rows = [codec.decoded(wire.JobOrderRow, raw) for raw in codec.slices(listing)]
        jobs = await together(self._details.detail(JobId(codec.ident(row.orderId, "$.orderId"))) for row in rows)
        seen = at.skip + len(rows)
        more = bool(rows) and (len(rows) >= at.size or seen < (listing.totalCount or 0))
        return DetailPage(tuple(jobs), attrs.evolve(at, skip=seen).text() if more else None)


def _begun(limit: int) -> _Cursor:
    if limit < 1:
        raise InvalidInputError("limit must be 1 or more", field="limit", provider=PROVIDER)
    return _Cursor(0, min(limit, LARGEST_PAGE))


def _continued(limit: int, cursor: str) -> _Cursor:
    try:
        at = msgspec.json.decode(base64.b64decode(cursor.encode(), b"-_", validate=True), type=_Cursor)
    except (binascii.Error, ValueError):
        at = _Cursor(0, 0)
    if at.skip < 1 or not 1 <= at.size <= LARGEST_PAGE or at.size > max(limit, 0):
        message = "the cursor is not one that this connection gave for this limit"
        raise InvalidInputError(message, field="cursor", provider=PROVIDER)
    return at
