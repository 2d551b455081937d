"""Commands in the database."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from math import inf

import attrs

from adapters.persistence import accepting, claiming, forgetting, leases, parking, reviving, showing
from adapters.persistence.database import Database
from adapters.persistence.effects import values_of
from adapters.persistence.ids import new_id
from adapters.persistence.leases import lease_of
from adapters.persistence.serial import (
    UnreadableError,
    decode_request,
    encode,
    kind_of,
    plain,
    request_digest,
    without_nul,
)
from adapters.persistence.tables import AnyRow
from adapters.persistence.wake import Bell
from domain.attachment import Attachment, reference_to
from domain.call_result import CallResult
from domain.ids import CommandId, ConnectionId
from domain.policy import RecordType
from domain.screening import Screening
from domain.writeback import Request, WriteBackState
from ports.clock import Clock
from ports.commands import Accepted, Claim, Commands, NewCommand, SettleAs, WriteBack
from ports.errors import ConflictError, LeaseLostError, UnavailableError
from ports.scope import Scope


class CommandTable(Commands):
    """Leases last `lease_seconds` unless they are renewed. `outbox` is rung for whoever delivers events.

    `connection_concurrency` is how many commands of one connection run at once, over all workers; None: no limit.
    One whose workers ended `crashes_allowed` times in a row without a verdict is given up.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bell: Bell,
        outbox: Bell | None = None,
        *,
        lease_seconds: float = 20.0,
        connection_concurrency: int | None = None,
        crashes_allowed: int = 5,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._outbox = outbox or bell
        self._lease_seconds = lease_seconds
        self._connection_concurrency = connection_concurrency
        self._crashes_allowed = crashes_allowed
        self._again = inf

    async def accept(self, new: NewCommand) -> Accepted:
        command = CommandId(new_id("wb_", self._clock))
        files = await asyncio.to_thread(_digests, new.files) if new.files else ()
        accepted = await self._database.write(accepting.accept, _acceptance(command, new, files))
        self._bell.ring_everywhere()
        return accepted

    async def claim(self, most: int) -> tuple[Claim, ...]:
        order = claiming.Order(
            most=most,
            lease_seconds=self._lease_seconds,
            at_once=self._connection_concurrency,
            crashes_allowed=self._crashes_allowed,
        )
        try:
            taken = await self._database.write(claiming.claim, order)
        except ConflictError:
            taken = await self._database.write(claiming.claim, attrs.evolve(order, one_by_one=True))
        self._again = inf if taken.again is None else self._clock.monotonic() + (taken.again - taken.now) / 1_000_000
        claims = [(row, _claim_of(row, taken.now)) for row in taken.rows]
        await asyncio.gather(*[self._give_up(row) for row, claim in claims if claim is None])
        return tuple(claim for _, claim in claims if claim is not None)

    async def renew(self, claims: Sequence[Claim]) -> frozenset[CommandId]:
        held = frozenset(lease_of(claim) for claim in claims)
        return await self._database.write(leases.renew, leases.Renewal(held, self._lease_seconds))

    async def postpone(self, claim: Claim, seconds: float, why: str | None = None) -> None:
        await self._put_down(claim, WriteBackState.WAITING, why, seconds)

    async def park(self, claim: Claim, revision: int, why: str) -> None:
        seen = parking.Parking(lease_of(claim), claim.connection, revision, without_nul(why) or "")
        await self._database.write(parking.park, seen)
        self._bell.ring()
        self._outbox.ring()

    async def finish(self, claim: Claim, state: WriteBackState, why: str | None = None) -> None:
        await self._put_down(claim, state, why)

    async def wait(self, seconds: float) -> None:
        left, self._again = self._again - self._clock.monotonic(), inf
        await self._bell.heard(max(0.0, min(seconds, left)))

    async def get(self, scope: Scope, command: CommandId) -> WriteBack:
        return await self._database.read(partial(showing.write_back, scope=scope, command=command))

    async def with_key(self, scope: Scope, connection: ConnectionId, key: str) -> WriteBack:
        return await self._database.read(partial(showing.with_key, scope=scope, connection=connection, key=key))

    async def request(self, scope: Scope, connection: ConnectionId, key: str) -> Request | None:
        return await self._database.read(partial(showing.request, scope=scope, connection=connection, key=key))

    async def file(self, scope: Scope, connection: ConnectionId, key: str, sha256: str) -> bytes:
        wanted = partial(showing.file, scope=scope, connection=connection, key=key, sha256=sha256)
        return await self._database.read(wanted)

    async def page(
        self,
        scope: Scope,
        *,
        state: WriteBackState | None = None,
        connection: ConnectionId | None = None,
        after: str | None,
        limit: int,
    ) -> tuple[WriteBack, ...]:
        wanted = partial(showing.page, scope=scope, state=state, connection=connection, after=after, limit=limit)
        return await self._database.read(wanted)

    async def replay(self, scope: Scope, command: CommandId) -> WriteBack:
        shown = await self._database.write(reviving.replay, reviving.Replay(scope, command))
        self._bell.ring_everywhere()
        return shown

    async def settle(self, scope: Scope, command: CommandId, n: int, settle_as: SettleAs) -> WriteBack:
        shown = await self._database.write(reviving.settle, reviving.Settlement(scope, command, n, settle_as))
        self._bell.ring_everywhere()
        return shown

    async def forget(self, older_than_days: float) -> int:
        forgotten = await self._database.write(forgetting.forget, older_than_days)
        if forgotten:
            await self._database.scrub()
        return forgotten

    async def _put_down(self, claim: Claim, state: WriteBackState, why: str | None, seconds: float = 0.0) -> None:
        end = leases.PutDown(lease_of(claim), state, without_nul(why), seconds)
        await self._database.write(leases.put_down, end)
        self._bell.ring()  # its subject is free for the next one
        self._outbox.ring()  # and somebody may want to hear of it

    async def _give_up(self, row: AnyRow) -> None:
        """The others that were claimed with it are not to suffer, whatever becomes of this."""
        lease = leases.Lease(CommandId(row.id), row.fence)
        end = leases.PutDown(lease, WriteBackState.DEAD, "its request cannot be read by this version")
        with suppress(LeaseLostError, UnavailableError):
            await self._database.write(leases.put_down, end)


def _claim_of(row: AnyRow, now: int) -> Claim | None:
    """None for a request that cannot be read, or is gone."""
    if row.body is None:
        return None
    try:
        kind = kind_of(row.kind)
        request = decode_request(row.body, kind)
    except UnreadableError:
        return None
    return Claim(
        command=CommandId(row.id),
        connection=ConnectionId(row.connection_id),
        key=row.key,
        kind=kind,
        subject=row.subject,
        fence=row.fence,
        request=request,
        planned=row.planned,
        age=(now - row.since) / 1_000_000,
    )


def _digests(files: Iterable[Attachment]) -> tuple[tuple[str, bytes], ...]:
    """Each content once, by digest. Hashing 25 MiB takes long enough to be done in a thread."""
    return tuple({reference_to(file).sha256: file.content for file in files}.items())


def _acceptance(command: CommandId, new: NewCommand, files: tuple[tuple[str, bytes], ...]) -> accepting.Acceptance:
    key = plain(new.key, "key")
    return accepting.Acceptance(
        id=command,
        connection=new.connection,
        key=key,
        digest=request_digest(new.kind, new.request),
        kind=new.kind.value,
        subject=plain(new.subject, "subject"),
        candidate=_candidate(new.request),
        body=encode(new.request),
        files=files,
        effects=None if new.plan is None else values_of(command, new.connection, key, new.plan),
    )


def _candidate(request: Request) -> str | None:
    """Whom the request itself names, so that they can be found when they are to be forgotten."""
    if isinstance(request, CallResult | Screening):
        return plain(request.candidate_id, "candidate_id")
    named = [target.id for target in request.targets if target.type is RecordType.CANDIDATE]
    return plain(named[0], "target") if len(named) == 1 else None
