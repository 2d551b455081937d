"""What happens to the broker and to workers: nothing is lost, nothing is twice."""

import asyncio
import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from nats.errors import Error as NatsError

from adapters.brokers.nats import BATCH, CONSUMER, INCOMING, REJECTED, NatsInbound
from ports.errors import UnavailableError
from ports.messages import Message
from tests.broker.post import SECONDS, Post, an_event
from tests.shape.source import ROOT

QUICK = 1.0
"""Seconds after which a message that nobody acknowledged comes again."""


async def killed_before_its_acknowledgement(post: Post, folder: Path) -> None:
    database = f"sqlite:///{folder / 'office.db'}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.broker.dying", post.server.url, database, str(QUICK)), cwd=ROOT
    )
    assert await asyncio.wait_for(process.wait(), SECONDS) == -signal.SIGKILL


async def test_a_kill_between_commit_and_acknowledgement_leaves_one_command(post: Post, tmp_path: Path) -> None:
    await post.publish(an_event())
    await killed_before_its_acknowledgement(post, tmp_path)
    assert await post.keys() == ["screening:screening-1"]
    assert await post.waiting() == 1

    async with post.taking_in(post.inbound(ack_seconds=QUICK)) as watched:
        await watched.until(lambda one: one.settled == 1)
    assert await post.keys() == ["screening:screening-1"]
    assert await post.waiting() == 0


async def test_messages_of_a_worker_that_died_keep_no_others_back(post: Post) -> None:
    for n in range(BATCH):
        await post.publish(an_event(n))
    dead = post.inbound()
    await dead.open()
    assert len(await dead.fetch()) == BATCH

    async with post.taking_in() as watched:
        await post.publish(an_event(BATCH))
        await watched.until(lambda one: one.settled == 1)
    assert await post.keys() == [f"screening:screening-{BATCH}"]
    await dead.close()


async def test_what_came_for_an_earlier_fetch_is_taken_by_the_next(post: Post) -> None:
    inbound = post.inbound()
    await inbound.open()
    client, pull = inbound._client, inbound._pull
    assert client is not None
    assert pull is not None
    # As a fetch leaves it that ended while the server still worked on its request.
    await client.publish(pull._nms, b'{"batch": 3}', pull._deliver)
    for n in range(3):
        await post.publish(an_event(n))
    async with asyncio.timeout(SECONDS):
        while pull.pending_msgs < 3:
            await client.flush()
        found = await inbound.fetch()
    assert [message.deliveries for message in found] == [1] * 3
    await inbound.close()


async def fetched(inbound: NatsInbound, deliveries: int) -> Message:
    """The one message that waits, when it comes for that time."""
    await inbound.open()
    async with asyncio.timeout(SECONDS):
        while not (found := await inbound.fetch()):
            pass
    (message,) = found
    assert message.deliveries == deliveries
    return message


async def test_two_that_reject_the_same_leave_one_rejection(post: Post) -> None:
    await post.publish(b"nonsense")
    slow, quick = post.inbound(ack_seconds=QUICK), post.inbound(ack_seconds=QUICK)
    late = await fetched(slow, 1)
    again = await fetched(quick, 2)
    await quick.reject(again, "invalid", b"{}")
    await slow.reject(late, "invalid", b"{}")

    assert (await post.stream.stream_info(REJECTED)).state.messages == 1
    for inbound in (slow, quick):
        await inbound.close()
    assert await post.waiting() == 0


async def test_two_workers_share_one_queue(post: Post) -> None:
    async with post.taking_in() as first, post.taking_in(beside=first) as second:
        for n in range(100):
            await post.publish(an_event(n))
        await first.until(lambda _: first.settled + second.settled == 100)
    assert first.settled > 0
    assert second.settled > 0
    assert len(await post.keys()) == 100
    assert await post.waiting() == 0


async def publish_surely(post: Post, n: int) -> None:
    """Until the broker has confirmed it, as a publisher must that wants nothing to be lost."""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                return await post.publish(an_event(n), seconds=1.0)
            except NatsError:
                with suppress(NatsError):
                    await post.connect_again()


@pytest.mark.parametrize("kill", [False, True])
async def test_a_broker_that_restarts_under_load_loses_and_doubles_nothing(post: Post, kill: bool) -> None:
    async def publishing() -> None:
        for n in range(150):
            await publish_surely(post, n)

    async with post.taking_in(post.inbound(ack_seconds=QUICK)) as watched:
        load = asyncio.create_task(publishing())
        await watched.until(lambda one: one.settled >= 20)
        await asyncio.to_thread(post.server.restart, kill=kill)
        await watched.until(lambda one: one.settled >= 70)
        await asyncio.to_thread(post.server.restart, kill=kill)
        await load
        async with asyncio.timeout(SECONDS):
            while len(await post.keys()) < 150:
                await watched.next_fetch()
    assert await post.keys() == sorted(f"screening:screening-{n}" for n in range(150))
    await post.connect_again()
    assert await post.rejections() == []


async def test_a_consumer_that_somebody_removed_is_made_again(lonely_post: Post) -> None:
    async with lonely_post.taking_in(lonely_post.inbound(patience=QUICK)) as watched:
        await lonely_post.stream.delete_consumer(INCOMING, CONSUMER)
        await lonely_post.publish(an_event())
        await watched.until(lambda one: one.settled == 1)
    assert await lonely_post.keys() == ["screening:screening-1"]


def break_consumer(folder: Path) -> None:
    """As the server itself does when its removing of a consumer comes late."""
    (kept,) = folder.glob(f"nats/jetstream/*/streams/{INCOMING}/obs/{CONSUMER}")
    shutil.rmtree(kept)


async def test_a_consumer_that_the_server_can_no_longer_keep_is_made_again(lonely_post: Post, tmp_path: Path) -> None:
    break_consumer(tmp_path)
    await lonely_post.publish(an_event())
    async with lonely_post.taking_in(lonely_post.inbound(ack_seconds=QUICK)) as watched:
        await watched.until(lambda one: one.settled == 1)
    assert await lonely_post.keys() == ["screening:screening-1"]


async def test_streams_that_somebody_removed_are_made_again(lonely_post: Post) -> None:
    async with lonely_post.taking_in(lonely_post.inbound(patience=QUICK)) as watched:
        opened = watched.opened
        for stream in (INCOMING, REJECTED):
            await lonely_post.stream.delete_stream(stream)
        await watched.until(lambda one: one.opened > opened)
        await lonely_post.publish(an_event())
        await watched.until(lambda one: one.settled == 1)
    assert await lonely_post.keys() == ["screening:screening-1"]


async def test_a_broker_that_froze_is_noticed_and_come_back_to(post: Post) -> None:
    inbound = post.inbound(patience=QUICK)
    await inbound.open()
    os.kill(post.server.pid, signal.SIGSTOP)
    try:
        with pytest.raises(UnavailableError, match="does not answer"):
            await inbound.fetch()
        with pytest.raises(UnavailableError, match="does not answer"):
            await inbound.open()
    finally:
        os.kill(post.server.pid, signal.SIGCONT)
    await post.publish(an_event())
    await fetched(inbound, 1)
    await inbound.close()
