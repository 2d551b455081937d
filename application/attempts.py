"""Attempts: leave to send one unsafe request, written down before its bytes leave."""

import attrs

from domain.writeback import EffectRecord
from ports.attempt import Attempt
from ports.clock import Clock
from ports.commands import Claim
from ports.errors import UnavailableError
from ports.ledger import Ledger

_LONGEST_LATENESS = 5.0
"""Seconds that may pass from asking for leave to sending; a quarter of the request's own time, if that is less."""


@attrs.define
class LedgerAttempt(Attempt):
    """An attempt whose beginning is durable, and whose flight surely ends when the ledger says that it does."""

    ledger: Ledger
    clock: Clock
    claim: Claim
    record: EffectRecord
    number: int | None = None

    @property
    def marker(self) -> str:
        """As the ledger has it."""
        return self.record.marker

    async def begin(self, seconds: float) -> None:
        """Raises UnavailableError too: who got leave too late (a process that stood still, a slow disk) sends nothing.

        Others count on the end of the flight that was written down.
        """
        lateness = min(_LONGEST_LATENESS, seconds / 4)
        asked = self.clock.monotonic()
        self.number = await self.ledger.begin(self.claim, self.record.n, seconds + lateness)
        if self.clock.monotonic() - asked > lateness:
            raise UnavailableError("it took too long to write down that a request begins: nothing was sent")
