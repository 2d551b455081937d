"""Deliver webhooks: an errand is sent once, and what became of it is kept, with what follows."""

import random
from collections.abc import Callable
from contextlib import suppress

import attrs

from domain.delivery import Reply, wait_after
from ports.errors import LeaseLostError
from ports.webhooks import Deliveries, Errand, Sender, Verdict


@attrs.frozen
class DeliverWebhooks:
    """At least once: whoever ends between the answer and its record leaves the delivery to the next one."""

    deliveries: Deliveries
    sender: Sender
    chance: Callable[[], float] = random.random

    async def __call__(self, errand: Errand) -> None:
        """Raises only UnavailableError: when our own database is gone; the lease then runs out by itself."""
        reply = await self.sender.send(errand)
        # Who has lost the lease has sent it for nothing: its receiver knows the event by its id.
        with suppress(LeaseLostError):
            await self.deliveries.record(errand, Verdict(reply=reply, wait=self._wait(errand, reply)))

    def _wait(self, errand: Errand, reply: Reply) -> float | None:
        if reply.succeeded or reply.gone:
            return None
        return wait_after(errand.tries + 1, self.chance(), reply.asked)
