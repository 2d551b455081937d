"""What events say is what is described of them."""

from collections.abc import Mapping

import msgspec
import pytest

from domain.event import EventType, disabled_data, told_as, write_back_data
from domain.ids import ApplicationId, CandidateId, ConnectionId, EndpointId, JobId
from domain.intake import received_data
from domain.job_application import Application
from domain.policy import RecordType
from domain.pull import Change, PullMode, Tally, changed_data, pulled_data
from domain.result_event import LARGEST_RESULT, call_data, result_data
from domain.writeback import UNFINISHED, WriteBackState
from entrypoints.web.event_schemas import TOLD
from tests import builders as b

ACME = ConnectionId("con_acme")
APPLICATION = Application(id=ApplicationId("a"), candidate_id=CandidateId("c"), job_id=JobId("j"))
SAID: list[tuple[EventType | None, Mapping[str, object]]] = [
    (EventType.CALL_COMPLETED, call_data(ACME, b.a_call_result())),
    (EventType.CALL_COMPLETED, call_data(ACME, b.a_call_result(application_id=None, verdict=None))),
    (EventType.RESULT_READY, result_data(ACME, b.a_call_result())),
    (EventType.RESULT_READY, result_data(ACME, b.a_call_result(summary="x" * LARGEST_RESULT))),
    (EventType.APPLICATION_RECEIVED, received_data(APPLICATION)),
    (EventType.ENDPOINT_DISABLED, disabled_data(EndpointId("whe_1"), "gone")),
    (EventType.PULL_COMPLETED, pulled_data("pul_1", RecordType.JOB, PullMode.FULL, Tally(read=2, new=2), ACME)),
    *(
        (EventType(f"{kind}.changed"), changed_data(kind, "x/1", change, ACME))
        for kind in RecordType
        for change in Change
    ),
    *(
        (told_as(state), write_back_data("wb_1", "call-result:1", "call_result", state))
        for state in WriteBackState
        if state not in UNFINISHED
    ),
]


@pytest.mark.parametrize(("kind", "data"), SAID)
def test_the_data_of_an_event_is_as_it_is_described(kind: EventType, data: Mapping[str, object]) -> None:
    described = msgspec.convert(data, TOLD[kind])
    assert msgspec.to_builtins(described) == data
