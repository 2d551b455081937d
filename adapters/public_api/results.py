"""Results, told by webhook: they are delivered to the customer's endpoints, or read by polling."""

import attrs

from adapters.public_api.store import Store, writing
from domain.call_result import CallResult
from domain.event import EventType
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.result_event import call_data, result_data
from ports.attempt import Attempt
from ports.outbox import NewEvent
from ports.results import ResultDelivery


@attrs.frozen
class ToldResults(ResultDelivery):
    """Both events of a call come into the outbox together, once: their keys name the call."""

    store: Store
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    async def deliver(self, result: CallResult, attempt: Attempt) -> Receipt:
        connection = self.store.connection
        events = [
            NewEvent(
                type=kind,
                connection=connection,
                data=data,
                key=_key(kind, result),
                candidate=result.candidate_id,
            )
            for kind, data in (
                (EventType.CALL_COMPLETED, call_data(connection, result)),
                (EventType.RESULT_READY, result_data(connection, result)),
            )
        ]
        async with writing(attempt, "deliver_result"):
            told = await self.store.outbox.put(events)
        return Receipt(id=told[-1])

    async def find(self, result: CallResult) -> Found | Absent | CannotTell:
        told = await self.store.outbox.find(self.store.connection, _key(EventType.RESULT_READY, result))
        return Absent() if told is None else Found(Receipt(id=told))


def _key(kind: EventType, result: CallResult) -> str:
    return f"{kind}:{result.call_id}"
