"""From an event to the same use case that HTTP calls."""

import attrs

from application.post_call_results import PostCallResults
from application.screen_and_tag import ScreenAndTag
from domain.errors import InvalidError
from entrypoints.bodies import decode_call_result, decode_screening
from entrypoints.worker.envelope import EventType, decode
from ports.commands import Accepted
from ports.scope import EVERYTHING


@attrs.frozen
class Bridge:
    """Hands an event in. Whoever can reach this may write to any connection."""

    post_call_results: PostCallResults
    screen_and_tag: ScreenAndTag

    async def __call__(self, raw: bytes, connection: str) -> Accepted:
        """Durable when it returns. The event must be for `connection`, which is where it was handed in.

        Raises InvalidError (pointers into the event), NotFoundError (the connection), ConflictError (the same call or
        screening with another body), UnavailableError.
        """
        envelope = decode(raw)
        if envelope.connection != connection:
            raise InvalidError.at("/subject", f"must be {connection}, the connection that it was handed in for")
        try:
            if envelope.type is EventType.CALL_RESULT:
                result, files = decode_call_result(envelope.data)
                return await self.post_call_results(EVERYTHING, envelope.connection, result, files)
            screening = decode_screening(envelope.data)
        except InvalidError as error:
            raise InvalidError(*(fault.beneath("/data") for fault in error.faults)) from None
        return await self.screen_and_tag(EVERYTHING, envelope.connection, screening)
