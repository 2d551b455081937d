"""The stores of one connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs

from domain.ids import ConnectionId
from ports.attempt import Attempt
from ports.errors import OutcomeUnknownError, UnavailableError
from ports.gateway import Provider
from ports.intake import Intake
from ports.outbox import Outbox

PROVIDER = Provider.PUBLIC_API
_LONGEST_WRITE = 60.0


@attrs.frozen
class Store:
    """Without stores it shows what can be done, and nothing can be read or written over it."""

    connection: ConnectionId
    intake_or_none: Intake | None
    outbox_or_none: Outbox | None

    @property
    def intake(self) -> Intake:
        """Raises UnavailableError."""
        if self.intake_or_none is None:
            raise UnavailableError("there is no store", provider=PROVIDER)
        return self.intake_or_none

    @property
    def outbox(self) -> Outbox:
        """Raises UnavailableError."""
        if self.outbox_or_none is None:
            raise UnavailableError("there is no outbox", provider=PROVIDER)
        return self.outbox_or_none


@asynccontextmanager
async def writing(attempt: Attempt, operation: str) -> AsyncIterator[None]:
    """Around one write: a database that does not answer may have written."""
    await attempt.begin(_LONGEST_WRITE)
    try:
        yield
    except UnavailableError as error:
        raise OutcomeUnknownError(error.message, provider=PROVIDER, operation=operation) from None
