"""Who holds a command: a worker may decide only while its fence is the newest and its lease has not run out."""

from collections.abc import Collection, Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.many import Many
from adapters.persistence.moments import now_us, span
from adapters.persistence.tables import RUNNING, WAITING, commands
from adapters.persistence.telling import tell_of_write_backs
from domain.ids import CommandId
from domain.writeback import WriteBackState
from ports.commands import Claim
from ports.errors import LeaseLostError


@attrs.frozen(cache_hash=True)
class Lease:
    """A worker's hold on a command."""

    command: CommandId
    fence: int


def lease_of(claim: Claim) -> Lease:
    return Lease(claim.command, claim.fence)


def lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"{lease.command} is no longer in this worker's hands")


_LEASES = {"command": sa.Text, "mine": sa.BigInteger}
_RUNNING_ONES = Many(
    _LEASES,
    lambda given: (
        sa.select(commands.c.id, commands.c.fence, commands.c.lease_until)
        .where(commands.c.id == given.c.command, commands.c.fence == given.c.mine, commands.c.state == RUNNING)
        .order_by(commands.c.id)
        .with_for_update(of=commands)
    ),
)


def holding(c: sa.Connection, leases: Collection[Lease]) -> tuple[frozenset[Lease], int]:
    """Which of the leases hold, and the time. The commands' rows are locked: the answer is true until the commit."""
    rows = _RUNNING_ONES.rows(c, [(lease.command, lease.fence) for lease in leases])
    now = now_us(c)  # after the locks: waiting for one may have taken longer than the lease lasts
    return frozenset(Lease(CommandId(command), fence) for command, fence, until in rows if until > now), now


_ADVANCED = (
    sa.update(commands)
    .where(commands.c.id.in_(sa.bindparam("ids", expanding=True)), commands.c.crashes > 0)
    .values(crashes=0)
)


def advanced(c: sa.Connection, ids: Collection[str]) -> None:
    """An effect of theirs was settled: workers that ended before were not ended by what cannot be carried out."""
    if ids:
        c.execute(_ADVANCED, {"ids": sorted(ids)})


@attrs.frozen
class Renewal:
    """Leases of one worker, to be lengthened."""

    leases: frozenset[Lease]
    seconds: float


_RENEW = Many(
    {"command": sa.Text, "until": sa.BigInteger},
    lambda given: sa.update(commands).where(commands.c.id == given.c.command).values(lease_until=given.c.until),
)


def renew(c: sa.Connection, renewals: Sequence[Renewal]) -> list[frozenset[CommandId]]:
    """The answer names, for each renewal, the commands that are lost."""
    held, now = holding(c, frozenset().union(*(renewal.leases for renewal in renewals)))
    rows = [
        (lease.command, now + span(renewal.seconds))
        for renewal in renewals
        for lease in sorted(renewal.leases & held, key=lambda lease: lease.command)
    ]
    _RENEW.run(c, rows)
    return [frozenset(lease.command for lease in renewal.leases - held) for renewal in renewals]


@attrs.frozen
class PutDown:
    """The end of a claim: waiting again in so many seconds, or finished."""

    lease: Lease
    state: WriteBackState
    why: str | None
    seconds: float = 0.0


_PUT_DOWN = Many(
    {"command": sa.Text, "mine": sa.BigInteger, "to": sa.Text, "why": sa.Text, "due": sa.BigInteger},
    lambda given: (
        sa.update(commands)
        .where(
            commands.c.id == given.c.command,
            commands.c.fence == given.c.mine,
            commands.c.state == RUNNING,
            commands.c.lease_until > sa.bindparam("now"),
        )
        .values(
            state=given.c.to,
            reason=given.c.why,
            due_at=given.c.due,
            finished_at=sa.case((given.c.to != WAITING, sa.bindparam("now", type_=sa.BigInteger))),
            lease_until=None,
            crashes=0,
        )
        .returning(*(commands.c[name] for name in ("id", "fence", "connection_id", "key", "kind")))
    ),
)


def put_down(c: sa.Connection, ends: Sequence[PutDown]) -> list[LeaseLostError | None]:
    now = now_us(c)
    names = [(end.lease.command, end.lease.fence) for end in ends]
    first = dict(zip(reversed(names), reversed(ends), strict=True))  # a lease ends once
    rows = [(*name, end.state.value, end.why, now + span(end.seconds)) for name, end in first.items()]
    found = _PUT_DOWN.rows(c, rows, now=now)
    ended = {(row.id, row.fence) for row in found}
    tell_of_write_backs(c, found, {command: end.state for (command, _), end in first.items()}, now)
    return [
        None if name in ended and first[name] is end else lost(end.lease) for name, end in zip(names, ends, strict=True)
    ]
