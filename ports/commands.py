"""Commands: the durable requests that write-backs are, and who works on them."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import attrs

from domain.attachment import Attachment
from domain.effect import Effect
from domain.ids import CommandId, ConnectionId
from domain.writeback import EffectRecord, Request, WriteBackState
from ports.scope import Scope


class CommandKind(StrEnum):
    """What was asked for."""

    CALL_RESULT = "call_result"
    SCREENING = "screening"
    WRITE = "write"


@attrs.frozen(kw_only=True)
class NewCommand:
    """A request to be kept. `key` is its name for ever: the same request, whatever way it came in, has the same.

    `subject` is whom it concerns (a candidate is `candidate:<id>`): two commands of one never run at once. `files` are
    those that the request refers to by digest. `plan` is given when it was planned in the request already.
    """

    connection: ConnectionId
    key: str
    kind: CommandKind
    subject: str
    request: Request
    files: tuple[Attachment, ...] = ()
    plan: tuple[Effect, ...] | None = None


@attrs.frozen
class Accepted:
    """`new` is False when the same request had been accepted before."""

    id: CommandId
    new: bool


@attrs.frozen(kw_only=True)
class Claim:
    """A command in a worker's hands for as long as its lease lasts. `fence` grows by one with each claim."""

    command: CommandId
    connection: ConnectionId
    key: str
    kind: CommandKind
    subject: str
    fence: int
    request: Request
    planned: bool
    age: float
    """Seconds since it was accepted or, if a person set it or its parked connection going again, since then."""

    @property
    def id(self) -> CommandId:
        """What a worker has in hand."""
        return self.command


@attrs.frozen(kw_only=True)
class WriteBack:
    """A command and its effects, as it is shown. `reason` says why it waits, is held or was given up."""

    id: CommandId
    connection: ConnectionId
    kind: CommandKind
    key: str
    state: WriteBackState
    created_at: datetime
    reason: str | None = None
    effects: tuple[EffectRecord, ...] = ()


class SettleAs(StrEnum):
    """What an operator says of a held effect."""

    DONE = "done"
    RESEND = "resend"


class Commands(Protocol):
    """The table of commands. Leases run on the time of the database."""

    @abstractmethod
    async def accept(self, new: NewCommand) -> Accepted:
        """Durable when it returns. Same key and same request: the same command again.

        Raises ConflictError for the same key with another request, NotFoundError for an unknown connection.
        """

    @abstractmethod
    async def claim(self, most: int) -> tuple[Claim, ...]:
        """Up to `most` commands that are due, connections served in turn; not of parked ones, nor of busy subjects.

        If a limit is set, no more of a connection run at once than that, over all workers.
        """

    @abstractmethod
    async def renew(self, claims: Sequence[Claim]) -> frozenset[CommandId]:
        """Lengthens the leases; the answer names those that are lost."""

    @abstractmethod
    async def postpone(self, claim: Claim, seconds: float, why: str | None = None) -> None:
        """Puts it back, due in so many seconds. Raises LeaseLostError."""

    @abstractmethod
    async def park(self, claim: Claim, revision: int, why: str) -> None:
        """Puts it back, and starts nothing of its connection until that is unparked. Raises LeaseLostError.

        What was seen of one `revision` of the connection is not held against another: then it is only put back.
        """

    @abstractmethod
    async def finish(self, claim: Claim, state: WriteBackState, why: str | None = None) -> None:
        """Ends it as done, refused, held or dead. Raises LeaseLostError."""

    @abstractmethod
    async def wait(self, seconds: float) -> None:
        """Returns when a command may have come or fallen due here, or after so many seconds."""

    @abstractmethod
    async def get(self, scope: Scope, command: CommandId) -> WriteBack:
        """Raises NotFoundError, also outside the scope."""

    @abstractmethod
    async def with_key(self, scope: Scope, connection: ConnectionId, key: str) -> WriteBack:
        """Raises NotFoundError."""

    @abstractmethod
    async def request(self, scope: Scope, connection: ConnectionId, key: str) -> Request | None:
        """What was handed in under the key; None once it has been erased. Raises NotFoundError."""

    @abstractmethod
    async def file(self, scope: Scope, connection: ConnectionId, key: str, sha256: str) -> bytes:
        """A file that was handed in with it. Raises NotFoundError, also once it has been erased."""

    @abstractmethod
    async def page(
        self,
        scope: Scope,
        *,
        state: WriteBackState | None = None,
        connection: ConnectionId | None = None,
        after: str | None,
        limit: int,
    ) -> tuple[WriteBack, ...]:
        """Newest first, beginning after (older than) one."""

    @abstractmethod
    async def replay(self, scope: Scope, command: CommandId) -> WriteBack:
        """Lets a refused, held or dead one go on: refused effects are planned again under their same keys.

        Raises ConflictError while it waits or runs, or when all of it is confirmed; NotFoundError.
        """

    @abstractmethod
    async def settle(self, scope: Scope, command: CommandId, n: int, settle_as: SettleAs) -> WriteBack:
        """Settles a held effect by a person's word. Raises ConflictError when it is not held; NotFoundError."""

    @abstractmethod
    async def forget(self, older_than_days: float) -> int:
        """Erases payloads of commands that were done, refused or dead so long ago; the answer is of how many.

        A bounded number at a time: call it again while it is above 0. Keys, digests, states, markers and receipts
        stay: the same request is the same write-back still, and a replay raises ConflictError.
        """
