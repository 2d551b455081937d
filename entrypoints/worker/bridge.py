"""From an event to the same use case that HTTP calls."""

import hashlib
import json
from collections.abc import Mapping

import attrs

from application.post_call_results import PostCallResults
from application.receive_intake import ReceiveIntake
from application.screen_and_tag import ScreenAndTag
from domain.errors import InvalidError
from domain.policy import RecordType
from entrypoints.bodies import decode_call_result, decode_screening
from entrypoints.intake_bodies import FORMS, Form
from entrypoints.worker import envelope as envelopes
from entrypoints.worker.envelope import EventType
from ports.commands import Accepted
from ports.intake import Envelope, Taken
from ports.scope import EVERYTHING

_FORMS: Mapping[EventType, Form] = {
    EventType.JOB: FORMS[RecordType.JOB],
    EventType.CANDIDATE: FORMS[RecordType.CANDIDATE],
    EventType.APPLICATION: FORMS[RecordType.APPLICATION],
}


@attrs.frozen
class Bridge:
    """Hands an event in. Whoever can reach this may write to any connection."""

    post_call_results: PostCallResults
    screen_and_tag: ScreenAndTag
    receive_intake: ReceiveIntake

    async def __call__(self, raw: bytes, connection: str) -> Accepted | Taken:
        """Durable when it returns. The event must be for `connection`, which is where it was handed in.

        Raises InvalidError (pointers into the event), NotFoundError (the connection), ConflictError (the same call,
        screening or event with another body), UnsupportedError (records for a connection that has an ATS),
        UnavailableError.
        """
        envelope = envelopes.decode(raw)
        if envelope.connection != connection:
            raise InvalidError.at("/subject", f"must be {connection}, the connection that it was handed in for")
        try:
            return await self._handed_in(envelope)
        except InvalidError as error:
            raise InvalidError(*(fault.beneath("/data") for fault in error.faults)) from None

    async def _handed_in(self, envelope: envelopes.Envelope) -> Accepted | Taken:
        match envelope.type:
            case EventType.CALL_RESULT:
                result, files = decode_call_result(envelope.data)
                return await self.post_call_results(EVERYTHING, envelope.connection, result, files)
            case EventType.SCREENING:
                screening = decode_screening(envelope.data)
                return await self.screen_and_tag(EVERYTHING, envelope.connection, screening)
            case _:
                form = _FORMS[envelope.type]
                submission = form.submission(form.decoded(envelope.data), None)
                return await self.receive_intake(EVERYTHING, envelope.connection, submission, _once(envelope))


def _once(envelope: envelopes.Envelope) -> Envelope:
    """An event is named by its source and id together; order of members makes no difference."""
    return Envelope(id=_digest([envelope.source, envelope.id]), content=_digest([envelope.type, envelope.data]))


def _digest(value: object) -> bytes:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).digest()
