"""Who holds a pull: decisions count only while the fence is the newest and the lease has not run out."""

from collections.abc import Collection, Sequence
from typing import Self

import attrs
import sqlalchemy as sa

from adapters.persistence.moments import now_us, span
from adapters.persistence.prepared import Prepared
from adapters.persistence.record_tables import cursors
from domain.ids import PullId
from ports.errors import LeaseLostError
from ports.pulls import PullClaim


@attrs.frozen(order=True)
class PullLease:
    """A worker's hold on a pull of one connection and kind."""

    connection: str
    kind: str
    fence: int
    pull: str

    @classmethod
    def of(cls, claim: PullClaim) -> Self:
        return cls(claim.connection, claim.kind.value, claim.fence, claim.pull)

    @property
    def cursor(self) -> sa.ColumnElement[bool]:
        """The row that it is a hold on."""
        return sa.and_(cursors.c.connection_id == self.connection, cursors.c.kind == self.kind)


def lost(claim: PullClaim) -> LeaseLostError:
    return LeaseLostError(f"{claim.pull} is no longer in this worker's hands")


_UNTIL = Prepared(
    sa.select(cursors.c.lease_until)
    .where(
        cursors.c.connection_id == sa.bindparam("connection"),
        cursors.c.kind == sa.bindparam("kind"),
        cursors.c.fence == sa.bindparam("fence"),
        cursors.c.pull_id == sa.bindparam("pull"),
    )
    .with_for_update()
)


def held(c: sa.Connection, leases: Collection[PullLease]) -> frozenset[PullLease]:
    """Those that hold. Their rows are locked, in one order for all: the answer is true until the commit."""
    holding = set()
    for lease in sorted(set(leases)):
        until = _UNTIL.run(c, **attrs.asdict(lease)).scalar()
        # The time after the lock: waiting for it may have taken longer than the lease lasts.
        if until is not None and until > now_us(c):
            holding.add(lease)
    return frozenset(holding)


@attrs.frozen
class PullRenewal:
    """Leases of one worker, to be lengthened."""

    leases: frozenset[PullLease]
    seconds: float


def renew(c: sa.Connection, renewals: Sequence[PullRenewal]) -> list[frozenset[PullId]]:
    """The answer names, for each renewal, the pulls that are lost."""
    holding = held(c, frozenset().union(*(renewal.leases for renewal in renewals)))
    for renewal in renewals:
        for lease in sorted(renewal.leases & holding):
            c.execute(sa.update(cursors).where(lease.cursor).values(lease_until=now_us(c) + span(renewal.seconds)))
    return [frozenset(PullId(lease.pull) for lease in renewal.leases - holding) for renewal in renewals]
