"""What comes in over the queue."""

import json
from typing import Any

import pytest

from entrypoints.cli import demo_story as story
from tests.broker.post import Post, an_event
from tests.office import CONNECTION


async def test_an_event_becomes_a_command_and_leaves_the_queue(post: Post) -> None:
    async with post.taking_in() as watched:
        await post.publish(an_event())
        await watched.until(lambda one: one.settled == 1)

    assert await post.keys() == ["screening:screening-1"]
    assert await post.waiting() == 0
    assert await post.rejections() == []


async def test_what_was_published_before_anybody_came_is_taken_in(post: Post) -> None:
    for n in range(40):
        await post.publish(an_event(n))
    async with post.taking_in() as watched:
        await watched.until(lambda one: one.settled == 40)

    assert len(await post.keys()) == 40
    assert await post.waiting() == 0


async def test_the_same_again_is_the_same_command(post: Post) -> None:
    async with post.taking_in() as watched:
        for number in range(3):
            await post.publish(an_event(id=f"event-{number}"))
        await watched.until(lambda one: one.settled == 3)

    assert await post.keys() == ["screening:screening-1"]
    assert await post.rejections() == []


async def rejected(post: Post, event: object, connection: str = CONNECTION) -> Any:
    """The one rejection of an event, which left no command and is not in the queue any more."""
    async with post.taking_in() as watched:
        await post.publish(event, connection)
        await watched.until(lambda one: one.settled == 1)
    (found,) = await post.rejections()
    assert await post.waiting() == 0
    assert found.document["type"] == f"urn:atsbridge:problem:{found.reason}"
    assert found.document["address"] == f"atsbridge.in.{connection}"
    return found


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"type": "atsbridge.screening.v2"}, {"/type"}),
        ({"type": "com.example.other.v1"}, {"/type"}),
        ({"specversion": "0.3"}, {"/specversion"}),
        ({"id": "", "source": 7, "datacontenttype": "text/xml"}, {"/id", "/source", "/datacontenttype"}),
        ({"subject": "con_other"}, {"/subject"}),
        (
            {"data": {"screening_id": 7, "surprise": True, "answers": [{"question": "q"}]}},
            {"/data/screening_id", "/data/surprise", "/data/application_id", "/data/candidate_id"}
            | {"/data/answers/0/answer"},
        ),
        ({"type": "atsbridge.call-result.v1", "data": None}, {"/data"}),
    ],
)
async def test_what_is_not_as_described_is_rejected_with_every_fault(
    post: Post, changes: dict[str, Any], pointers: set[str]
) -> None:
    event = an_event(**changes)
    found = await rejected(post, event)

    assert found.reason == "invalid"
    assert set(found.faults) == pointers
    assert found.document["event"] == event
    assert await post.keys() == []


@pytest.mark.parametrize("content", [b"", b"{nonsense", b"\xff\xfe", b"[" * 2000])
async def test_what_is_not_json_is_rejected_as_it_came(post: Post, content: bytes) -> None:
    found = await rejected(post, content)

    assert (found.reason, set(found.faults)) == ("invalid", {""})
    assert "event" not in found.document
    assert found.document["bytes"] == len(content)


async def test_nobody_knows_the_connection(post: Post) -> None:
    found = await rejected(post, an_event(subject="con_nobody"), "con_nobody")
    assert found.reason == "not-found"


async def test_the_same_id_with_another_body_is_rejected(post: Post) -> None:
    first = an_event()
    changed = an_event(data=first["data"] | {"score": 1})
    async with post.taking_in() as watched:
        await post.publish(first)
        await watched.until(lambda one: one.settled == 1)
    found = await rejected(post, changed)

    assert found.reason == "conflict"
    assert found.document["event"] == changed
    assert await post.keys() == ["screening:screening-1"]


async def test_a_rejection_without_room_for_the_event_still_tells_why(post: Post) -> None:
    largest = post.client.max_payload
    event = an_event(type="atsbridge.call-result.v1", data=story.call_result())
    rest = largest - len(json.dumps(event)) - 100
    event["data"] |= {"summary": "s" * rest}
    found = await rejected(post, event)

    assert set(found.faults) == {"/data/summary"}
    assert "event" not in found.document
    assert found.document["bytes"] > largest - 200


async def test_a_call_result_comes_with_its_report(post: Post) -> None:
    async with post.taking_in() as watched:
        await post.publish(an_event(type="atsbridge.call-result.v1", data=story.call_result()))
        await watched.until(lambda one: one.settled == 1)
    assert await post.keys() == ["call-result:demo-call-1"]
