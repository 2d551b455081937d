"""Events: what customers are told of, and which of their endpoints hears it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import attrs

from domain.ids import ConnectionId, EndpointId, EventId
from domain.writeback import WriteBackState


class EventType(StrEnum):
    """What happened."""

    CALL_COMPLETED = "call.completed"
    RESULT_READY = "result.ready"
    APPLICATION_RECEIVED = "application.received"
    WRITEBACK_DONE = "writeback.done"
    WRITEBACK_REFUSED = "writeback.refused"
    WRITEBACK_HELD = "writeback.held"
    CONNECTION_PARKED = "connection.parked"
    PULL_COMPLETED = "pull.completed"
    JOB_CHANGED = "job.changed"
    APPLICATION_CHANGED = "application.changed"
    CANDIDATE_CHANGED = "candidate.changed"
    ENDPOINT_DISABLED = "endpoint.disabled"
    ENDPOINT_TEST = "endpoint.test"


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened. `id` is the same in every delivery of it; `data` is None once it has been erased.

    `connection` is None for what concerns endpoints of all connections.
    """

    id: EventId
    type: EventType
    timestamp: datetime
    connection: ConnectionId | None
    data: Mapping[str, object] | None


@attrs.frozen(kw_only=True)
class Audience:
    """Which events an endpoint hears: of one connection or (None) of all, of some types or (empty) of all."""

    connection: ConnectionId | None = None
    types: frozenset[EventType] = frozenset()

    def hears(self, event_type: str, connection: str | None) -> bool:
        """What is no connection's own is for those who hear all of them."""
        mine = self.connection is None or self.connection == connection
        return mine and (not self.types or event_type in self.types)


_TOLD_AS = {
    WriteBackState.DONE: EventType.WRITEBACK_DONE,
    WriteBackState.REFUSED: EventType.WRITEBACK_REFUSED,
    WriteBackState.HELD: EventType.WRITEBACK_HELD,
    # Given up: nothing more comes of it by itself, as of one that was refused; its `state` tells them apart.
    WriteBackState.DEAD: EventType.WRITEBACK_REFUSED,
}


def told_as(state: WriteBackState) -> EventType | None:
    """The event that a write-back's coming to a state is; None for those in which it goes on by itself."""
    return _TOLD_AS.get(state)


def write_back_data(write_back: str, key: str, kind: str, state: WriteBackState) -> Mapping[str, object]:
    """What is told of a write-back. Not why: reasons may quote what stands in the ATS, and are shown where it is."""
    return {
        "writeback_id": write_back,
        "href": f"/v1/writebacks/{write_back}",
        "kind": kind,
        "key": key,
        "state": state.value,
    }


def disabled_data(endpoint: EndpointId, why: str) -> Mapping[str, object]:
    """What the other endpoints are told of one that was disabled."""
    return {"endpoint_id": endpoint, "href": f"/v1/webhook-endpoints/{endpoint}", "reason": why}
