"""Jobs: by id, with what stands round them, and in batches of such."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

import attrs
import msgspec

from adapters.erecruit import codec, wire
from adapters.erecruit.endpoints import CLIENT_CONTACT, COMPANY, JOB, JOB_ADDRESS, LIST_JOBS, OWNERS, RECRUITER
from adapters.erecruit.fields import RecordFields
from adapters.erecruit.routing import PROVIDER, Wiring, job_statuses, numeric
from adapters.rest.endpoint import Endpoint
from adapters.together import together
from domain.custom_field import FieldValue
from domain.ids import JobId
from domain.job import Job, JobDetail, Party
from ports.errors import AccessError, InvalidInputError, NotFoundError, UnsupportedError
from ports.jobs import DetailPage, JobDetailFeed, JobDetails, JobLookup

LARGEST_PAGE = 500


class PositionLookup(JobLookup):
    uses = (JOB,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._zone = wiring.settings.zone
        self._statuses = job_statuses(wiring.settings)

    async def job(self, job_id: JobId) -> Job:
        row = await self._calls.call(JOB, path={"job_id": numeric(job_id, "job_id")})
        return codec.job(row, self._zone, self._statuses)


@attrs.frozen(kw_only=True)
class _Part:
    """One part of a job in detail; `missing` where it was not to be had."""

    fields: tuple[FieldValue, ...] = ()
    parties: tuple[Party, ...] = ()
    address: str | None = None
    missing: tuple[str, ...] = ()


_Read = Callable[[str], Awaitable[_Part]]


class PositionDetails(JobDetails):
    """A position with its custom fields, client, client contact, owners and address. That they make up the whole of
    a job is a choice of ours.
    """

    def __init__(self, wiring: Wiring, fields: RecordFields) -> None:
        own: tuple[Endpoint[Any], ...] = (JOB, COMPANY, CLIENT_CONTACT, OWNERS, RECRUITER, JOB_ADDRESS)
        self.uses = (*own, *fields.reads)
        self._calls = wiring.calls(own)
        self._fields = fields
        self._zone = wiring.settings.zone
        self._statuses = job_statuses(wiring.settings)

    async def detail(self, job_id: JobId) -> JobDetail:
        row = await self._calls.call(JOB, path={"job_id": numeric(job_id, "job_id")})
        return await self.around(row)

    async def around(self, row: wire.Position) -> JobDetail:
        """The position with its parts; each that is missing, or not to be seen by us, is named."""
        wanted: dict[str, tuple[_Read, object]] = {
            "fields": (self._custom_fields, row.ID),
            "owners": (self._owners, row.ID),
            "address": (self._address, row.ID),
            "company": (self._company, row.CompanyID),
            "contact": (self._contact, row.ContactID),
        }
        parts = await together(
            _unless_missing(name, read, str(about)) for name, (read, about) in wanted.items() if about is not None
        )
        return JobDetail(
            job=codec.job(row, self._zone, self._statuses),
            fields=tuple(field for part in parts for field in part.fields),
            parties=tuple(party for part in parts for party in part.parties),
            address=next((part.address for part in parts if part.address), None),
            missing=tuple(name for part in parts for name in part.missing),
        )

    async def _custom_fields(self, number: str) -> _Part:
        return _Part(fields=await self._fields.current(number))

    async def _address(self, number: str) -> _Part:
        row = await self._calls.call(JOB_ADDRESS, path={"job_id": number})
        return _Part(address=codec.address(row))

    async def _company(self, number: str) -> _Part:
        company = await self._calls.call(COMPANY, path={"company_id": number})
        return _Part(parties=_named(company.Name, "company"))

    async def _contact(self, number: str) -> _Part:
        contact = await self._calls.call(CLIENT_CONTACT, path={"contact_id": number})
        return _Part(parties=_named(f"{contact.First or ''} {contact.Last or ''}", "contact"))

    async def _owners(self, number: str) -> _Part:
        owners = await self._calls.call(OWNERS, path={"job_id": number})
        first = sorted(owners, key=lambda owner: not owner.IsPrimary)
        found = await together(self._recruiter(str(owner.RecruiterID)) for owner in first)
        return _Part(parties=tuple(party for parties in found for party in parties))

    async def _recruiter(self, number: str) -> tuple[Party, ...]:
        one = await self._calls.call(RECRUITER, path={"recruiter_id": number})
        return _named(f"{one.First or ''} {one.Last or ''}", "owner", one.EmailAddress)


def _named(name: str | None, role: str, email: str | None = None) -> tuple[Party, ...]:
    name = (name or "").strip()
    return (Party(name=name, role=role, email=email or None),) if name else ()


async def _unless_missing(name: str, read: _Read, about: str) -> _Part:
    try:
        return await read(about)
    except (NotFoundError, AccessError, UnsupportedError):
        return _Part(missing=(name,))


@attrs.frozen
class _Cursor:
    """Where a reading in batches goes on: a page, and how many records pages have."""

    page: int
    size: int

    def text(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()


class PositionBatches(JobDetailFeed):
    def __init__(self, wiring: Wiring, details: PositionDetails) -> None:
        self.uses = (LIST_JOBS, *details.uses)
        self._calls = wiring.calls((LIST_JOBS,))
        self._settings = wiring.settings
        self._details = details

    async def batch(self, *, limit: int, cursor: str | None = None) -> DetailPage:
        at = _begun(limit) if cursor is None else _continued(limit, cursor)
        word = self._settings.word
        query = {word("query.page"): str(at.page), word("query.page_size"): str(at.size)}
        reply = await self._calls.call(LIST_JOBS, query=query)
        rows = codec.slices(reply)
        jobs = await together(self._details.around(codec.decoded(wire.Position, row)) for row in rows)
        more = len(rows) >= codec.page_size(reply, at.size)
        return DetailPage(tuple(jobs), attrs.evolve(at, page=at.page + 1).text() if more else None)


def _begun(limit: int) -> _Cursor:
    if limit < 1:
        raise InvalidInputError("limit must be 1 or more", field="limit", provider=PROVIDER)
    return _Cursor(1, min(limit, LARGEST_PAGE))


def _continued(limit: int, cursor: str) -> _Cursor:
    try:
        at = msgspec.json.decode(base64.b64decode(cursor.encode(), b"-_", validate=True), type=_Cursor)
    except (binascii.Error, ValueError):
        at = _Cursor(0, 0)
    # Pages of another size would begin elsewhere: some jobs would be left out.
    if at.page < 1 or not 1 <= at.size <= LARGEST_PAGE or at.size > max(limit, 0):
        message = "the cursor is not one that this connection gave for this limit"
        raise InvalidInputError(message, field="cursor", provider=PROVIDER)
    return at
