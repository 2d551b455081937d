"""Pull changes: drain a feed from where it was left into our records, page by page; the next is fetched meanwhile."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Any

import attrs

from application.outcomes import Outcome, outcome_of_failure
from domain.ids import ConnectionId
from domain.policy import RecordType
from domain.pull import PullMode, Tally
from ports.clock import Clock
from ports.connections import Connections, ConnectionStore
from ports.errors import (
    AccessError,
    LeaseLostError,
    MalformedReplyError,
    NotFoundError,
    PortError,
    RefusedError,
    UnavailableError,
)
from ports.feeds import Page, Sighting
from ports.gateway import Gateway, need
from ports.pulls import PullClaim, PulledPage, Pulls, PutAside, SeenRecord
from ports.records import Records
from ports.scope import EVERYTHING

FEEDS: Mapping[RecordType, str] = {
    RecordType.JOB: "job_feed",
    RecordType.APPLICATION: "application_feed",
    RecordType.CANDIDATE: "candidate_feed",
}
"""The capability that gives each kind of record."""

_SHORTEST = 30.0
_LONGEST = 900.0
_TRIES = 3
_AT_A_TIME = 25
_MEGABYTE = 1024 * 1024
LARGEST_RECORD = 4 * _MEGABYTE
"""In bytes as received: more is no job, application or candidate, and would be told and listed again and again."""


@attrs.frozen(kw_only=True)
class Rhythm:
    """How often each kind is pulled, in seconds, unless a connection's `pull_seconds` says otherwise.

    `full`: how often everything is read again, to find what the pulls have missed; 0 is never. Between pages of such a
    reading there are `pause` seconds.
    """

    jobs: float = 300.0
    others: float = 900.0
    full: float = 7 * 24 * 3600.0
    pause: float = 1.0

    def every(self, kind: RecordType, settings: Mapping[str, object]) -> float | None:
        """None: only when asked for."""
        own: Any = settings.get("pull_seconds")
        usual = self.jobs if kind is RecordType.JOB else self.others
        return float((own or {}).get(kind.value, usual)) or None

    def first(self, connection: ConnectionId, kind: RecordType, settings: Mapping[str, object]) -> float | None:
        """Spread over the interval, so that a thousand connections do not begin together."""
        every = self.every(kind, settings)
        place = hashlib.sha256(f"{connection} {kind.value}".encode()).digest()
        return None if every is None else every * int.from_bytes(place[:4]) / 2**32


@attrs.frozen(kw_only=True)
class Share:
    """How many records may be put aside before a pull fails: some, and a share of those read."""

    least: int = 20
    share: float = 0.05

    def is_over(self, tally: Tally) -> bool:
        """Whether so many are too many: then it is the reading that does not fit, not some records."""
        return tally.put_aside > max(self.least, self.share * tally.read)


@attrs.frozen
class PullChanges:
    """Works on one claim until it is finished, put back or lost. Never raises for what an ATS does."""

    connections: Connections
    store: ConnectionStore
    pulls: Pulls
    records: Records
    clock: Clock
    rhythm: Rhythm = attrs.field(factory=Rhythm)
    share: Share = attrs.field(factory=Share)

    async def __call__(self, claim: PullClaim) -> None:
        """Raises only UnavailableError: when our own database is gone; the lease then runs out by itself."""
        # A connection that was removed meanwhile has no pulls any more, and nothing to be told.
        with suppress(LeaseLostError, NotFoundError):
            try:
                await self._attend(claim)
            except PortError as error:
                await self._failed(claim, error)
            except Exception:
                # A defect of ours would only come again with the same page: whoever keeps the connection shall see it.
                await self._finish(claim, "a defect of ours stopped it: the log says which")
                raise

    async def _attend(self, claim: PullClaim) -> None:
        connection = await self.store.get(EVERYTHING, claim.connection)
        try:
            connection, gateway = await self.connections.open(EVERYTHING, claim.connection, patient=True)
            await self._read(claim, gateway)
        except AccessError as error:
            if outcome_of_failure(error) is not Outcome.PARKED:
                raise
            await self.pulls.park(claim, connection.revision, error.message)
        else:
            await self._finish(claim, None)

    async def _failed(self, claim: PullClaim, error: PortError) -> None:
        match outcome_of_failure(error):
            case Outcome.LOST:
                return
            case Outcome.LATER if not isinstance(error, MalformedReplyError) or claim.failures < _TRIES:
                asked = error.retry_after if isinstance(error, UnavailableError) else None
                wait = min(_SHORTEST * 2.0 ** min(claim.failures, 10), _LONGEST) if asked is None else asked
                await self.pulls.postpone(claim, wait, error.message)
            case _:
                await self._finish(claim, error.message)

    async def _finish(self, claim: PullClaim, why: str | None) -> None:
        connection = await self.store.get(EVERYTHING, claim.connection)
        await self.pulls.finish(
            claim,
            next_in=self.rhythm.every(claim.kind, connection.settings),
            full_in=self.rhythm.full or None,
            why=why,
        )

    async def _read(self, claim: PullClaim, gateway: Gateway) -> None:
        """To its end; a source that does not know any more where we were is read from farther back."""
        while True:
            began = False
            try:
                async with aclosing(_ahead(feed_of(gateway, claim))) as pages:
                    async for page in pages:
                        began = True
                        await self._keep(claim, page)
            except RefusedError:
                if began or (claim.place is None and claim.mode is PullMode.FULL):
                    raise
                claim = await self.pulls.restart(claim)
            else:
                return

    async def _keep(self, claim: PullClaim, page: Page[Any]) -> None:
        tally = await self.pulls.keep(claim, await self._news(claim, page))
        if self.share.is_over(tally):
            raise RefusedError(f"{tally.put_aside} of {tally.read} records cannot be decoded: see what was put aside")
        if claim.mode is PullMode.FULL and claim.since is not None and not claim.asked:
            await self.clock.sleep(self.rhythm.pause)

    async def _news(self, claim: PullClaim, page: Page[Any]) -> PulledPage:
        """What is in the page that we have not seen in these very bytes."""
        known: Mapping[str, bytes] = {}
        if claim.since is not None:
            known = await self.records.digests(claim.connection, claim.kind, [one.id for one in page])
        seen, aside = [], []
        for n, one in enumerate(page):
            if n % _AT_A_TIME == 0:
                # The request for the next page has to go out first, and others wait for the loop too.
                await asyncio.sleep(0)
            if known.get(one.id) != one.digest:
                try:
                    seen.append(_decoded(one))
                except MalformedReplyError as error:
                    aside.append(PutAside(id=one.id, path=error.path, why=error.message))
        return PulledPage(read=len(page), seen=tuple(seen), put_aside=tuple(aside), place=page.place)


def _decoded(one: Sighting[Any]) -> SeenRecord:
    if one.size > LARGEST_RECORD and not one.deleted:
        message = f"it takes {one.size / _MEGABYTE:.1f} MB, and at most {LARGEST_RECORD // _MEGABYTE} MB are read"
        raise MalformedReplyError(message, path="$")
    record = None if one.deleted else one.load()
    return SeenRecord(id=one.id, digest=one.digest, record=record, partial=one.partial)


def feed_of(gateway: Gateway, claim: PullClaim) -> AsyncIterator[Page[Any]]:
    """What a claim is to read. Raises UnsupportedError for a kind that the gateway does not give."""
    since = claim.since if claim.mode is PullMode.CHANGES else None
    match claim.kind:
        case RecordType.JOB:
            return need(gateway.job_feed).changed_jobs(since, place=claim.place)
        case RecordType.APPLICATION:
            return need(gateway.application_feed).changed_applications(since, place=claim.place)
        case RecordType.CANDIDATE:
            return need(gateway.candidate_feed).changed_candidates(since, place=claim.place)


async def _ahead(feed: AsyncIterator[Page[Any]]) -> AsyncGenerator[Page[Any], None]:
    """The same pages, each asked for while the one before is worked on."""
    async with aclosing(feed) as pages:  # type: ignore[type-var]  # feeds are generators
        coming = asyncio.ensure_future(anext(pages, None))
        try:
            while (page := await coming) is not None:
                coming = asyncio.ensure_future(anext(pages, None))
                yield page
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
