"""The count of what arrived tells what is lost, wrong, and merely delivered again."""

from typing import Any

import msgspec
import pytest

from adapters.webhooks.signing import signed
from domain.event import EventType
from tests.chaos.arrivals import Ears, Heard, Listener, Told
from tests.chaos.receiver import Arrival
from tests.chaos.servers import CLOCK

ALL = Listener(id="whe_all", secret="whsec_Y2FuYXJ5LW9mLWNoYW9zLW9uZS4uLi4=")
OTHERS = Listener(id="whe_others", secret="whsec_Y2FuYXJ5LW9mLWNoYW9zLXR3by4uLi4=", connection="con_other")
TOLD = Told(token="t1", id="evt_1", type=EventType.RESULT_READY, connection="con_acme")
LATER = Told(token="t2", id="evt_2", type=EventType.RESULT_READY, connection="con_acme")


def an_arrival(
    *, event: str = "evt_1", named: str = "evt_1", token: str = "t1", at: str = "whe_all", **more: Any
) -> Arrival:
    body = msgspec.json.encode({"id": named, "data": {"token": token, "words": more.get("words", "")}})
    headers = signed(event, body, [more.get("secret", ALL.secret)], CLOCK.now())
    return Arrival(endpoint=at, headers=headers, body=body, taken=more.get("taken", True))


def counted(*arrivals: Arrival) -> Heard:
    return Ears((ALL, OTHERS)).count([TOLD], arrivals, {})


def test_what_was_taken_once_is_well() -> None:
    found = counted(an_arrival(taken=False), an_arrival())
    assert (found.events, found.deliveries, found.lost, found.again, found.wrong) == (1, 1, 0, 0, 0)


def test_what_nobody_took_is_lost() -> None:
    assert (counted().lost, counted(an_arrival(taken=False)).lost) == (1, 1)


def test_what_is_not_shown_as_delivered_is_lost() -> None:
    found = Ears((ALL,)).count([TOLD], [an_arrival()], {"evt_1": "failed"})
    assert found.faults == ("lost: evt_1 is shown as failed",)


def test_what_was_taken_twice_was_delivered_again() -> None:
    assert (counted(an_arrival(), an_arrival()).again, counted(an_arrival(), an_arrival()).wrong) == (1, 0)


def test_what_comes_late_counts_in_a_later_run() -> None:
    ears = Ears((ALL,))
    ears.count([TOLD], [an_arrival()], {})
    found = ears.count([LATER], [an_arrival(), an_arrival(event="evt_2", named="evt_2", token="t2")], {})
    assert (found.lost, found.again, found.wrong) == (0, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (an_arrival(at="whe_others", secret=OTHERS.secret), "is not what it listens for"),
        (an_arrival(event="evt_9", named="evt_9"), "is not what it listens for"),
        (an_arrival(secret=OTHERS.secret), "is not signed with its secret"),
        (an_arrival(named="evt_9"), "has another event's body"),
        (an_arrival(token="t2"), "has another event's body"),
        (an_arrival(words="more"), "has another body than before"),
    ],
)
def test_what_is_wrong_with_an_arrival(wrong: Arrival, fault: str) -> None:
    found = counted(an_arrival(), wrong)
    assert (found.lost, found.wrong) == (0, 1)
    assert found.faults[0].endswith(fault)
