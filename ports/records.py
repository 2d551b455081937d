"""Records pulled out of an ATS, as they are kept and read back."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import attrs

from domain.ids import ConnectionId
from domain.policy import RecordType
from domain.pull import Record
from ports.scope import Scope


@attrs.frozen(kw_only=True)
class KeptRecord:
    """A record as it is kept. `record` is None once it was deleted in the ATS. `updated_at`: when we kept it so."""

    id: str
    record: Record | None
    updated_at: datetime


@attrs.frozen(kw_only=True)
class RecordPage:
    """A page of records, and where the next one begins; None at the end."""

    items: tuple[KeptRecord, ...]
    next: str | None


@attrs.frozen(kw_only=True)
class RecordQuery:
    """Which records: of one kind, kept so after a moment, in a status.

    The status of a job is a `JobStatus`, that of an application the id of its stage. Deleted ones are among them only
    where `updated_after` is given: who asks for everything wants what there is.
    """

    kind: RecordType
    updated_after: datetime | None = None
    status: str | None = None


class Records(Protocol):
    """What pulls have kept; `Pulls.keep` writes them."""

    @abstractmethod
    async def digests(self, connection: ConnectionId, kind: RecordType, ids: Sequence[str]) -> Mapping[str, bytes]:
        """The digests of the bytes in which records came last; of those that are kept, or known to be deleted."""

    @abstractmethod
    async def page(
        self, scope: Scope, connection: ConnectionId, query: RecordQuery, *, cursor: str | None, limit: int
    ) -> RecordPage:
        """In the order in which they were kept so: who goes on from the last page's end misses nothing.

        Raises NotFoundError for the connection, InvalidInputError for a cursor that is none.
        """
