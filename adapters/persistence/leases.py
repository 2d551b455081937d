"""Who holds a command: a worker may decide only while its fence is the newest and its lease has not run out."""

from collections.abc import Collection, Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.many import Many
from adapters.persistence.moments import now_us, span
from adapters.persistence.tables import RUNNING, commands
from domain.ids import CommandId
from domain.writeback import WriteBackState
from ports.commands import Claim
from ports.errors import LeaseLostError


@attrs.frozen
class Lease:
    """A worker's hold on a command."""

    command: CommandId
    fence: int


def lease_of(claim: Claim) -> Lease:
    return Lease(claim.command, claim.fence)


def lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"{lease.command} is no longer in this worker's hands")


_RUNNING_ONES = (
    sa.select(commands.c.id, commands.c.fence, commands.c.lease_until)
    .where(commands.c.id.in_(sa.bindparam("ids", expanding=True)), commands.c.state == RUNNING)
    .order_by(commands.c.id)
    .with_for_update()
)


def holding(c: sa.Connection, leases: Collection[Lease]) -> tuple[frozenset[Lease], int]:
    """Which of the leases hold, and the time. The commands' rows are locked: the answer is true until the commit."""
    rows = c.execute(_RUNNING_ONES, {"ids": [lease.command for lease in leases]}).all()
    now = now_us(c)  # after the locks: waiting for one may have taken longer than the lease lasts
    fences = {command: fence for command, fence, until in rows if until > now}
    return frozenset(lease for lease in leases if fences.get(lease.command) == lease.fence), now


@attrs.frozen
class Renewal:
    """Leases of one worker, to be lengthened."""

    leases: frozenset[Lease]
    seconds: float


_RENEW = Many(
    sa.update(commands)
    .where(commands.c.id == sa.bindparam("of"), commands.c.fence == sa.bindparam("mine"))
    .values(lease_until=sa.bindparam("until"))
)


def renew(c: sa.Connection, renewals: Sequence[Renewal]) -> list[frozenset[CommandId]]:
    """The answer names, for each renewal, the commands that are lost."""
    held, now = holding(c, frozenset().union(*(renewal.leases for renewal in renewals)))
    rows = [
        {"of": lease.command, "mine": lease.fence, "until": now + span(renewal.seconds)}
        for renewal in renewals
        for lease in sorted(renewal.leases & held, key=lambda lease: lease.command)
    ]
    if rows:
        _RENEW.execute(c, rows)
    return [frozenset(lease.command for lease in renewal.leases - held) for renewal in renewals]


@attrs.frozen
class PutDown:
    """The end of a claim: waiting again in so many seconds, or finished."""

    lease: Lease
    state: WriteBackState
    why: str | None
    seconds: float = 0.0


_PUT_DOWN = Many(
    sa.update(commands)
    .where(commands.c.id == sa.bindparam("of"), commands.c.fence == sa.bindparam("mine"))
    .values(
        state=sa.bindparam("to"),
        reason=sa.bindparam("why"),
        due_at=sa.bindparam("due"),
        finished_at=sa.bindparam("ended"),
        lease_until=None,
        crashes=0,
    )
)


def put_down(c: sa.Connection, ends: Sequence[PutDown]) -> list[LeaseLostError | None]:
    held, now = holding(c, [end.lease for end in ends])
    first = {end.lease: end for end in reversed(ends) if end.lease in held}  # a lease ends once
    rows = [
        {
            "of": end.lease.command,
            "mine": end.lease.fence,
            "to": end.state.value,
            "why": end.why,
            "due": now + span(end.seconds),
            "ended": None if end.state is WriteBackState.WAITING else now,
        }
        for end in first.values()
    ]
    if rows:
        _PUT_DOWN.execute(c, rows)
    return [None if first.get(end.lease) is end else lost(end.lease) for end in ends]
