"""How a claim of a pull ends: finished, put back, begun anew."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import attrs
import sqlalchemy as sa

from adapters.persistence.connections import exists
from adapters.persistence.moments import now_us, span
from adapters.persistence.parking import park_connection
from adapters.persistence.pull_leases import PullLease, held, lost
from adapters.persistence.record_tables import cursors, pulls
from adapters.persistence.serial import decode, encode
from adapters.persistence.tables import AnyRow, asked_pulls
from adapters.persistence.telling import News, tell
from domain.event import EventType
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally, pulled_data
from ports.errors import LeaseLostError
from ports.pulls import PullClaim
from ports.scope import EVERYTHING

_ENDED_KEPT = 100


class _OfClaim(Protocol):
    @property
    def claim(self) -> PullClaim: ...


Item = TypeVar("Item", bound=_OfClaim)


@attrs.frozen(kw_only=True)
class End:
    """Done, or failed for a reason; in how many seconds the next one is due, and the next full one."""

    claim: PullClaim
    next_in: float | None
    full_in: float | None
    why: str | None


def finish(c: sa.Connection, ends: Sequence[End]) -> list[LeaseLostError | None]:
    return _those_that_hold(c, ends, _finish)


def _those_that_hold(
    c: sa.Connection, items: Sequence[Item], do: Callable[[sa.Connection, Item], None]
) -> list[LeaseLostError | None]:
    holding = held(c, [PullLease.of(item.claim) for item in items])
    outcomes: list[LeaseLostError | None] = []
    for item in items:
        if PullLease.of(item.claim) in holding:
            do(c, item)
            outcomes.append(None)
        else:
            outcomes.append(lost(item.claim))
    return outcomes


def _finish(c: sa.Connection, end: End) -> None:
    now = now_us(c)
    lease = PullLease.of(end.claim)
    pull = c.execute(sa.select(pulls).where(pulls.c.id == lease.pull)).one()
    state = PullState.DONE if end.why is None else PullState.FAILED
    ended = {"state": state.value, "reason": end.why, "place": None, "ended_at": now}
    c.execute(sa.update(pulls).where(pulls.c.id == lease.pull).values(ended))
    cursor: dict[str, Any] = {
        "pull_id": None,
        "lease_until": None,
        "due_at": None if end.next_in is None else now + span(end.next_in),
    }
    if state is PullState.DONE:
        cursor |= {"since": pull.began_at, "failures": 0}
        if pull.mode == PullMode.FULL:
            cursor |= {"full_at": None if end.full_in is None else now + span(end.full_in)}
        _tell(c, pull, now)
    else:
        cursor |= {"failures": cursors.c.failures + 1}
    c.execute(sa.update(cursors).where(lease.cursor).values(cursor))
    # What was asked for before it began has been seen; a failed one would be begun over and over for its sake.
    told = sa.and_(asked_pulls.c.connection_id == lease.connection, asked_pulls.c.kind == lease.kind)
    c.execute(sa.delete(asked_pulls).where(told, asked_pulls.c.asked_at <= pull.began_at))
    _forget_old_ones(c, lease)


def _tell(c: sa.Connection, pull: AnyRow, now: int) -> None:
    if pull.mode == PullMode.FULL or pull.asked:
        tally = decode(pull.tally, Tally)
        data = encode(pulled_data(pull.id, RecordType(pull.kind), PullMode(pull.mode), tally, pull.connection_id))
        tell(c, [News(type=EventType.PULL_COMPLETED, connection=pull.connection_id, data=data)], now)


def _forget_old_ones(c: sa.Connection, lease: PullLease) -> None:
    mine = sa.and_(pulls.c.connection_id == lease.connection, pulls.c.kind == lease.kind, pulls.c.ended_at.is_not(None))
    newest = sa.select(pulls.c.id).where(mine).order_by(pulls.c.id.desc()).offset(_ENDED_KEPT).limit(1)
    oldest = c.scalar(newest)
    if oldest is not None:
        c.execute(sa.delete(pulls).where(mine, pulls.c.id <= oldest))


@attrs.frozen(kw_only=True)
class PutBack:
    """It waits again, for so many seconds."""

    claim: PullClaim
    seconds: float
    why: str


def postpone(c: sa.Connection, items: Sequence[PutBack]) -> list[LeaseLostError | None]:
    return _those_that_hold(c, items, _put_back)


def _put_back(c: sa.Connection, item: PutBack) -> None:
    lease = PullLease.of(item.claim)
    waiting = {"state": PullState.WAITING.value, "reason": item.why}
    c.execute(sa.update(pulls).where(pulls.c.id == lease.pull).values(waiting))
    due = {"due_at": now_us(c) + span(item.seconds), "lease_until": None, "failures": cursors.c.failures + 1}
    c.execute(sa.update(cursors).where(lease.cursor).values(due))


@attrs.frozen(kw_only=True)
class PullParking:
    """What a worker saw of its connection, as that was at one revision."""

    claim: PullClaim
    revision: int
    why: str


def park(c: sa.Connection, items: Sequence[PullParking]) -> list[LeaseLostError | None]:
    for connection in sorted({item.claim.connection for item in items}):
        exists(c, EVERYTHING, connection)  # locked before its pulls are
    return _those_that_hold(c, items, _park)


def _park(c: sa.Connection, item: PullParking) -> None:
    park_connection(c, item.claim.connection, item.revision, item.why, now_us(c))
    _put_back(c, PutBack(claim=item.claim, seconds=0.0, why=f"the connection is parked: {item.why}"))


def restart(c: sa.Connection, claims: Sequence[PullClaim]) -> list[PullClaim | LeaseLostError]:
    holding = held(c, [PullLease.of(claim) for claim in claims])
    return [_restart(c, claim) if PullLease.of(claim) in holding else lost(claim) for claim in claims]


def _restart(c: sa.Connection, claim: PullClaim) -> PullClaim:
    mode = PullMode.FULL if claim.place is None else claim.mode
    anew = {"place": None, "mode": mode.value, "tally": encode(Tally())}
    c.execute(sa.update(pulls).where(pulls.c.id == claim.pull).values(anew))
    return attrs.evolve(claim, place=None, mode=mode)
