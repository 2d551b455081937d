"""Pulls: one at a time for each connection and kind of record, each with its place, over all workers."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import attrs

from domain.ids import ConnectionId, PullId
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Record, Tally
from ports.gateway import Provider
from ports.scope import Scope


@attrs.frozen(kw_only=True)
class Pull:
    """A pull, as it is shown.

    `since`: from when on changes were asked for, less the overlap. `asked`: by a person or program, not the schedule.
    `expected`: about how many records a full read will give, where that is known. `reason` says why it waits or failed.
    """

    id: PullId
    connection: ConnectionId
    kind: RecordType
    mode: PullMode
    state: PullState
    asked: bool
    created_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    since: datetime | None = None
    expected: int | None = None
    tally: Tally = attrs.field(factory=Tally)
    reason: str | None = None


@attrs.frozen(kw_only=True)
class PullClaim:
    """A pull that is to be carried out. `fence` grows with each claim of its connection and kind.

    `place` is where it was interrupted, `since` when the last finished read began (None before the first one),
    `failures` how often in a row it came to nothing.
    """

    pull: PullId
    connection: ConnectionId
    kind: RecordType
    mode: PullMode
    asked: bool
    fence: int
    since: datetime | None
    place: str | None
    failures: int = 0

    @property
    def id(self) -> PullId:
        """What a worker has in hand."""
        return self.pull


@attrs.frozen(kw_only=True)
class SeenRecord:
    """A record whose bytes are new to us. `record` is None where it was deleted.

    One that is `partial` is laid over what is kept (`domain.pull.merged`).
    """

    id: str
    digest: bytes
    record: Record | None
    partial: bool = False


@attrs.frozen(kw_only=True)
class PutAside:
    """A record that could not be decoded, by its id and the path in it. `why` holds nothing out of it."""

    id: str
    path: str
    why: str


@attrs.frozen(kw_only=True)
class PutAsideRecord(PutAside):
    """As it is shown. `since`: when it was first put aside."""

    connection: ConnectionId
    kind: RecordType
    since: datetime


@attrs.frozen(kw_only=True)
class PulledPage:
    """What is to be kept of a page of `read` records.

    `place`: where the next page begins. The last page has none: until the pull has ended its place stays where it is.
    """

    read: int
    seen: tuple[SeenRecord, ...] = ()
    put_aside: tuple[PutAside, ...] = ()
    place: str | None = None


class Pulls(Protocol):
    """The schedule, the pulls, and what they keep. Leases run on the time of the database."""

    @abstractmethod
    async def unscheduled(self, limit: int) -> Mapping[ConnectionId, Provider]:
        """Connections of which nobody has said yet what is pulled."""

    @abstractmethod
    async def schedule(self, connection: ConnectionId, first: Mapping[RecordType, float | None]) -> None:
        """The kinds that are pulled, and in how many seconds for the first time; None: only when asked for."""

    @abstractmethod
    async def ask(
        self, scope: Scope, connection: ConnectionId, kinds: Sequence[RecordType], mode: PullMode
    ) -> tuple[Pull, ...]:
        """Due at once, one for each kind. One that has not ended yet is the answer itself, and now asked for.

        One that has not begun becomes a full one where that is asked for. Raises NotFoundError.
        """

    @abstractmethod
    async def claim(self, most: int) -> tuple[PullClaim, ...]:
        """Up to `most` that are due, or whose worker went silent; not of parked connections.

        Due is what the schedule, a person or a vendor's word asks for.
        """

    @abstractmethod
    async def renew(self, claims: Sequence[PullClaim]) -> frozenset[PullId]:
        """Lengthens the leases; the answer names those that are lost."""

    @abstractmethod
    async def keep(self, claim: PullClaim, page: PulledPage) -> Tally:
        """Records, events, place and tally in one transaction; the answer is the tally so far.

        The first read of a kind tells nothing of single records. People who were erased are not kept again. Raises
        LeaseLostError.
        """

    @abstractmethod
    async def restart(self, claim: PullClaim) -> PullClaim:
        """From its beginning, or if that is where it stands, as a full read; its tally begins anew.

        Raises LeaseLostError.
        """

    @abstractmethod
    async def postpone(self, claim: PullClaim, seconds: float, why: str) -> None:
        """Puts it back with its place, due in so many seconds. Raises LeaseLostError."""

    @abstractmethod
    async def finish(
        self, claim: PullClaim, *, next_in: float | None, full_in: float | None, why: str | None = None
    ) -> None:
        """Ends it: done, or failed with the reason `why`. Raises LeaseLostError.

        One that is done moves the kind's cursor to when it began. The next is due in `next_in` seconds (None: only when
        asked for). A full read that is done makes the next one due in `full_in` (None: never by itself).
        """

    @abstractmethod
    async def park(self, claim: PullClaim, revision: int, why: str) -> None:
        """Puts it back, and starts nothing of its connection until that is unparked. Raises LeaseLostError."""

    @abstractmethod
    async def wait(self, seconds: float) -> None:
        """Returns when one may have fallen due here, or after so many seconds."""

    @abstractmethod
    async def get(self, scope: Scope, connection: ConnectionId, pull: PullId) -> Pull:
        """Raises NotFoundError."""

    @abstractmethod
    async def page(self, scope: Scope, connection: ConnectionId, *, after: str | None, limit: int) -> tuple[Pull, ...]:
        """The newest first, beginning after (older than) one. Raises NotFoundError."""

    @abstractmethod
    async def put_aside(
        self, scope: Scope, connection: ConnectionId, *, after: str | None, limit: int
    ) -> tuple[PutAsideRecord, ...]:
        """By kind and id, beginning after one (`kind:id`). Raises NotFoundError."""
