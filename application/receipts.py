"""Receipts in hand: what an ATS has confirmed is kept until the database takes it."""

import asyncio

import attrs

from domain.evidence import Receipt
from ports.clock import Clock
from ports.commands import Claim
from ports.errors import UnavailableError
from ports.ledger import Ledger

_AGAIN = 1.0


@attrs.define
class Receipts:
    """Those that the database did not take at once: one for each command that is carried out here, at most.

    While there is one, nothing new should be begun, and this process is not ready.
    """

    in_hand: int = 0
    doubled: int = 0
    """Effects that were seen to stand there twice, since this process began."""

    async def testify(self, ledger: Ledger, clock: Clock, claim: Claim, n: int, attempt: int, receipt: Receipt) -> None:
        """Tries for as long as this process lives. Raises what the ledger raises but UnavailableError."""
        if await self._taken(ledger, claim, n, attempt, receipt):
            return
        self.in_hand += 1
        try:
            await clock.sleep(_AGAIN)
            while not await self._taken(ledger, claim, n, attempt, receipt):
                await clock.sleep(_AGAIN)
        finally:
            self.in_hand -= 1

    async def _taken(self, ledger: Ledger, claim: Claim, n: int, attempt: int, receipt: Receipt) -> bool:
        try:
            # Whoever is cancelled leaves the receipt with the database all the same.
            doubled = await asyncio.shield(ledger.testify(claim, n, attempt, receipt))
        except UnavailableError:
            return False
        self.doubled += doubled
        return True
