"""Receive intake: what a customer without an ATS hands in is kept, or refused with every reason."""

import attrs

from domain.errors import Fault, InvalidError
from domain.ids import ConnectionId
from domain.intake import Submission
from domain.policy import RecordType
from ports.connections import ConnectionStore
from ports.errors import UnsupportedError
from ports.gateway import Provider
from ports.intake import Envelope, Intake, Taken
from ports.scope import Scope


@attrs.frozen
class ReceiveIntake:
    """Only connections to the public API take records in: all others have an ATS that they come from."""

    store: ConnectionStore
    intake: Intake

    async def __call__(
        self, scope: Scope, connection: ConnectionId, submission: Submission, envelope: Envelope | None = None
    ) -> Taken:
        """Raises NotFoundError, UnsupportedError, ConflictError, InvalidError (what it refers to is not there)."""
        await self.must_take_in(scope, connection)
        taken = await self.intake.put(connection, submission, envelope)
        if taken.unknown:
            kinds = {"job_id": "there is no such job", "candidate_id": "there is no such candidate"}
            raise InvalidError(*(Fault(f"/{name}", kinds[name]) for name in taken.unknown))
        return taken

    async def must_take_in(self, scope: Scope, connection: ConnectionId) -> None:
        """Raises NotFoundError (the connection), UnsupportedError."""
        row = await self.store.get(scope, connection)
        if row.provider is not Provider.PUBLIC_API:
            why = f"the records of this connection come from {row.provider}: only public_api takes them in"
            raise UnsupportedError(why, provider=row.provider)

    async def remove(self, scope: Scope, connection: ConnectionId, kind: RecordType, record: str) -> None:
        """Of a job or an application. Raises NotFoundError, UnsupportedError, ConflictError."""
        await self.must_take_in(scope, connection)
        await self.intake.remove(connection, kind, record)
