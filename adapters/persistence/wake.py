"""Waking workers: at once for what happens in this process, by looking again for what happens in another."""

import asyncio

from ports.clock import Clock

LOOK_AGAIN = 1.0


class Bell:
    """Rung whenever a command may have become claimable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def heard(self, seconds: float) -> None:
        """Returns when it was rung since it was last heard, and after a second at the latest: others have no bell."""
        sleeping = asyncio.ensure_future(self._clock.sleep(min(seconds, LOOK_AGAIN)))
        ringing = asyncio.ensure_future(self._rung.wait())
        try:
            await asyncio.wait({sleeping, ringing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            ringing.cancel()
            await asyncio.gather(sleeping, ringing, return_exceptions=True)
        self._rung.clear()
