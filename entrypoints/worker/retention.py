"""What is finished is forgotten in time: payloads go, keys and receipts stay."""

import structlog

from entrypoints.logs import frames
from ports.clock import Clock
from ports.commands import Commands
from ports.errors import PortError

HOUR = 3600.0

log = structlog.get_logger("atsbridge.worker")


async def forget_in_time(commands: Commands, clock: Clock, days: float) -> None:
    """Every hour, for ever: cancel it to stop. What goes wrong is logged and tried an hour later."""
    while True:
        try:
            forgotten = 0
            while batch := await commands.forget(days):
                forgotten += batch
        except PortError as error:
            log.warning("nothing forgotten", reason=error.message)
        except Exception as error:
            # A defect of ours: the next time is an hour away all the same.
            log.warning("nothing forgotten", error=type(error).__name__, at=frames(error))
        else:
            if forgotten:
                log.info("forgotten", commands=forgotten)
        await clock.sleep(HOUR)
