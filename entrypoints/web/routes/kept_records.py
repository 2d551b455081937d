"""Records as pulls have kept them, page by page or a line each; jobs also live, in detail."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import attrs
import msgspec
from msgspec import Meta

from domain.errors import Fault
from domain.job import JobDetail, JobStatus
from domain.policy import RecordType
from entrypoints.json_schemas import Either
from entrypoints.values import TEXT_PATTERN, Id, Limit, Moment
from entrypoints.web.live import gateway_of, reading
from entrypoints.web.operation import Call, Handler, Operation, Reply
from entrypoints.web.paging import Items
from entrypoints.web.problems import bad_query
from entrypoints.web.pull_schemas import ApplicationRow, CandidateRow, JobRow, kept_reply
from entrypoints.web.streaming import NDJSON, takes_lines
from ports.errors import InvalidInputError, UnsupportedError
from ports.gateway import need
from ports.records import RecordPage, RecordQuery

Cursor = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=TEXT_PATTERN)]
_AT_ONCE = 200
_LINES = msgspec.json.Encoder()


@attrs.frozen(kw_only=True)
class KeptQuery:
    """`updated_after`: kept so after a moment; only then those are among them that were deleted.

    `cursor` is the `next` of the page before.
    """

    limit: Limit = 50
    cursor: Cursor | None = None
    updated_after: Moment | None = None


@attrs.frozen(kw_only=True)
class JobsQuery(KeptQuery):
    """`detail=true` reads whole jobs live, in batches."""

    status: JobStatus | None = None
    detail: bool = False


@attrs.frozen(kw_only=True)
class ApplicationsQuery(KeptQuery):
    """`status` is the id of a stage."""

    status: Id | None = None


async def list_jobs(call: Call[None, JobsQuery]) -> Reply:
    query = call.query
    if not query.detail:
        return await _kept(call, RecordType.JOB, query.status)
    faults = [
        Fault(f"/query/{name}", "is for jobs as they are kept, without detail")
        for name in ("updated_after", "status")
        if getattr(query, name) is not None
    ]
    if faults:
        raise bad_query(*faults)
    feed = need((await gateway_of(call)).job_detail_feed)
    try:
        page = await feed.batch(limit=query.limit, cursor=query.cursor)
    except InvalidInputError as error:
        raise bad_query(Fault("/query/cursor", error.message)) from None
    return Reply(value=Items(items=page.jobs, next=page.next))


async def list_applications(call: Call[None, ApplicationsQuery]) -> Reply:
    return await _kept(call, RecordType.APPLICATION, call.query.status)


async def list_candidates(call: Call[None, KeptQuery]) -> Reply:
    return await _kept(call, RecordType.CANDIDATE)


async def _kept(call: Call[None, Any], kind: RecordType, status: str | None = None) -> Reply:
    absent = await call.services.ask_pulls.absent(call.scope, call.connection)
    if kind in absent:
        raise UnsupportedError(absent[kind])
    query = RecordQuery(kind=kind, updated_after=call.query.updated_after, status=status)
    as_lines = takes_lines(call.headers)
    try:
        page = await _page(call, query, call.query.cursor, _AT_ONCE if as_lines else call.query.limit)
    except InvalidInputError as error:
        raise bad_query(Fault("/query/cursor", error.message)) from None
    if as_lines:
        return Reply(pieces=_lines(call, query, page), media_type=NDJSON)
    return Reply(value=Items(items=tuple(map(kept_reply, page.items)), next=page.next))


async def _page(call: Call[None, Any], query: RecordQuery, cursor: str | None, limit: int) -> RecordPage:
    return await call.services.records.page(call.scope, call.connection, query, cursor=cursor, limit=limit)


async def _lines(call: Call[None, Any], query: RecordQuery, page: RecordPage) -> AsyncGenerator[bytes, None]:
    yield _LINES.encode_lines(map(kept_reply, page.items))
    while page.next is not None:
        page = await _page(call, query, page.next, _AT_ONCE)
        yield _LINES.encode_lines(map(kept_reply, page.items))


_ABOUT = (
    "As the last pulls have kept them, in the order in which they came to be so: whoever goes on from `next` misses "
    "nothing. With `Accept: application/x-ndjson` the whole list is sent, from `cursor` on, a record a line, however "
    "long it is; `limit` does not count there. If that cannot be ended, the connection is broken off: the list is "
    "whole only where its end was told."
)


def _listing(
    kinds: str, handler: Handler[None, Any], query: type[Any], row: type[Either], *returns: Any
) -> Operation[None, Any]:
    path, summary = f"/v1/connections/{{connection}}/{kinds}", f"{kinds.capitalize()} as they were pulled"
    return attrs.evolve(reading(path, summary, handler, query, *returns), lines=row.kinds, about=_ABOUT)


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    _listing("jobs", list_jobs, JobsQuery, JobRow, Items[JobRow], Items[JobDetail]),
    _listing("applications", list_applications, ApplicationsQuery, ApplicationRow, Items[ApplicationRow]),
    _listing("candidates", list_candidates, KeptQuery, CandidateRow, Items[CandidateRow]),
)
