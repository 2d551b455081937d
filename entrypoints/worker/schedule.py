"""New connections come into the schedule of pulls."""

from collections.abc import Awaitable, Callable

import structlog

from entrypoints.logs import frames
from ports.clock import Clock
from ports.errors import PortError

EVERY = 5.0

log = structlog.get_logger("atsbridge.worker")


async def schedule_in_time(schedule: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Every five seconds, for ever: cancel it to stop. What goes wrong is logged and tried again."""
    while True:
        try:
            await schedule()
        except PortError as error:
            log.warning("nothing scheduled", reason=error.message)
        except Exception as error:
            # A defect of ours: the next time comes all the same.
            log.warning("nothing scheduled", error=type(error).__name__, at=frames(error))
        await clock.sleep(EVERY)
