"""The ledger: what is known of each effect. A worker without its lease may testify, but not decide."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from domain.effect import Effect, EffectState
from domain.evidence import Receipt
from domain.writeback import EffectRecord
from ports.commands import Claim


class Ledger(Protocol):
    """Effects of commands, each under its key for ever."""

    @abstractmethod
    async def plan(self, claim: Claim, effects: Sequence[Effect], subject: str) -> tuple[EffectRecord, ...]:
        """Stores the plan, once: where there is one already, that one stands and is returned.

        `subject` is the claim's or, if planning learned whom it concerns, that person. Raises LeaseLostError, also
        when that person was erased after the command had been accepted: it is given up, its payload erased. Raises
        ConflictError when another command of the subject is running: put the claim back and plan later.
        """

    @abstractmethod
    async def effects(self, claim: Claim) -> tuple[EffectRecord, ...]:
        """All of them, in order, as they are now."""

    @abstractmethod
    async def begin(self, claim: Claim, n: int, seconds: float) -> int:
        """Makes `sending` durable, with the end of the flight; the answer is the number of the attempt.

        Raises LeaseLostError when another worker holds the command or the lease has run out.
        """

    @abstractmethod
    async def decide(
        self, claim: Claim, n: int, state: EffectState, *, reason: str | None = None, receipt: Receipt | None = None
    ) -> None:
        """Changes the state by this worker's judgement. Raises LeaseLostError."""

    @abstractmethod
    async def testify(self, claim: Claim, n: int, attempt: int, receipt: Receipt) -> bool:
        """The ATS confirmed an attempt. Accepted whoever holds the lease now; True if it stands there twice by now.

        That is what it looks like when an attempt is confirmed although a later one has begun.
        """

    @abstractmethod
    async def file(self, claim: Claim, sha256: str) -> bytes:
        """The content of a file that the request refers to. Raises NotFoundError when it was erased."""
