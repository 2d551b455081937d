"""What is finished is forgotten in time: payloads go, keys and receipts stay."""

from collections.abc import Awaitable, Callable, Sequence

import structlog

from entrypoints.logs import frames
from ports.clock import Clock
from ports.errors import PortError

HOUR = 3600.0

log = structlog.get_logger("atsbridge.worker")


async def forget_in_time(forgets: Sequence[Callable[[float], Awaitable[int]]], clock: Clock, days: float) -> None:
    """Every hour, for ever: cancel it to stop. What goes wrong is logged and tried an hour later.

    Each of `forgets` takes the age in days, and gives how much it forgot, until that is nothing.
    """
    while True:
        try:
            forgotten = 0
            for forget in forgets:
                while batch := await forget(days):
                    forgotten += batch
        except PortError as error:
            log.warning("nothing forgotten", reason=error.message)
        except Exception as error:
            # A defect of ours: the next time is an hour away all the same.
            log.warning("nothing forgotten", error=type(error).__name__, at=frames(error))
        else:
            if forgotten:
                log.info("forgotten", rows=forgotten)
        await clock.sleep(HOUR)
