"""A post office to try the intake on: a real NATS server, real stores, and eyes on what passes."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import attrs
import nats
from nats.aio.client import Client
from nats.js import JetStreamContext

from adapters.brokers.addresses import Address
from adapters.brokers.nats import INCOMING, PREFIX, REASON_HEADER, REJECTED, REJECTS, NatsInbound
from entrypoints.cli import demo_story as story
from entrypoints.worker.intake import Intake
from ports.errors import UnavailableError
from ports.messages import Inbound, Message
from ports.scope import EVERYTHING
from tests.nats_server import NatsServer
from tests.office import CONNECTION, Office

SECONDS = 20.0


def an_event(n: int = 1, **changes: Any) -> dict[str, Any]:
    """A screening of a person of its own."""
    event = story.screening_event(CONNECTION)
    data = event["data"] | {"screening_id": f"screening-{n}", "candidate_id": f"cand-{n}"}
    return {**event, "id": f"event-{n}", "data": data, **changes}


@attrs.define
class Watched(Inbound):
    """An inbound that shows what passes; `before_ack` may keep it from passing."""

    inner: Inbound
    closed: int = 0
    """How often it was found that it is not open."""
    opened: int = 0
    """How often it was open after that."""
    fetches: int = 0
    settled: int = 0
    before_ack: Callable[[Message], None] = lambda _: None
    _failed: bool = False
    moved: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def open(self) -> None:
        with self._noticing():
            await self.inner.open()
            self.opened += self._failed
            self._failed = False

    async def fetch(self) -> tuple[Message, ...]:
        self.fetches += 1
        self.moved.set()
        with self._noticing():
            return await self.inner.fetch()

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except UnavailableError:
            self.closed += 1
            self._failed = True
            raise
        finally:
            self.moved.set()

    async def ack(self, message: Message) -> None:
        self.before_ack(message)
        await self.inner.ack(message)
        self._settle()

    @property
    def largest(self) -> int:
        return self.inner.largest

    async def reject(self, message: Message, reason: str, document: bytes) -> None:
        await self.inner.reject(message, reason, document)
        self._settle()

    def _settle(self) -> None:
        self.settled += 1
        self.moved.set()

    async def next_fetch(self) -> None:
        before = self.fetches
        await self.until(lambda one: one.fetches > before)

    async def until(self, done: Callable[["Watched"], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not done(self):
                self.moved.clear()
                await self.moved.wait()


@attrs.frozen
class Rejection:
    """A rejection as it was kept."""

    reason: str
    document: dict[str, Any]

    @property
    def faults(self) -> dict[str, str]:
        return {one["pointer"]: one["message"] for one in self.document["faults"]}


@attrs.define
class Post:
    """The outside of the queue: who publishes, and who reads what was rejected."""

    server: NatsServer
    office: Office
    client: Client

    @property
    def stream(self) -> JetStreamContext:
        return self.client.jetstream(timeout=SECONDS)

    async def connect_again(self) -> None:
        """After the server was away: the client's own reconnecting leaves sockets open."""
        await self.client.close()
        self.client = await _connected(self.server)

    async def publish(self, event: object, connection: str = CONNECTION, *, seconds: float = SECONDS) -> None:
        content = event if isinstance(event, bytes) else json.dumps(event).encode()
        await self.stream.publish(f"{PREFIX}{connection}", content, seconds, stream=INCOMING)

    async def waiting(self) -> int:
        """How many messages the queue still holds."""
        return (await self.stream.stream_info(INCOMING)).state.messages

    async def rejections(self) -> list[Rejection]:
        held = (await self.stream.stream_info(REJECTED)).state.messages
        if not held:
            return []
        reading = await self.stream.subscribe(REJECTS, ordered_consumer=True)
        found = [await reading.next_msg(SECONDS) for _ in range(held)]
        await reading.unsubscribe()
        return [Rejection((one.headers or {})[REASON_HEADER], json.loads(one.data)) for one in found]

    async def keys(self) -> list[str]:
        """Of the commands that there are."""
        page = await self.office.stores.commands.page(EVERYTHING, after=None, limit=1000)
        return sorted(one.key for one in page)

    def inbound(self, **options: Any) -> NatsInbound:
        return NatsInbound(Address.of(self.server.url), **options)

    def intake(self, inbound: Inbound) -> Intake:
        bridge = self.office.bridge
        return Intake(inbound, bridge, self.office.clock)

    @asynccontextmanager
    async def taking_in(
        self, inbound: NatsInbound | None = None, *, beside: Watched | None = None
    ) -> AsyncIterator[Watched]:
        """An intake that runs until the block ends; `beside` is another one, to be waited for together."""
        real = inbound or self.inbound()
        watched = Watched(real, moved=beside.moved if beside else asyncio.Event())
        async with running(self.intake(watched)):
            await watched.until(lambda one: one.fetches > 0)
            yield watched
        await real.close()


@asynccontextmanager
async def running(intake: Intake) -> AsyncIterator[None]:
    task = asyncio.create_task(intake.run())
    try:
        yield
    finally:
        intake.stop()
        await asyncio.wait_for(task, SECONDS)


async def _connected(server: NatsServer) -> Client:
    return await nats.connect(
        server.url, allow_reconnect=False, max_reconnect_attempts=1, reconnect_time_wait=0, error_cb=quiet
    )


async def quiet(_: Exception) -> None:
    """That the server is away is no news to a test that stopped it."""


@asynccontextmanager
async def a_post(server: NatsServer, office: Office) -> AsyncIterator[Post]:
    """With streams that are there and empty."""
    post = Post(server, office, await _connected(server))
    try:
        inbound = post.inbound()
        await inbound.open()
        await inbound.close()
        for stream in (INCOMING, REJECTED):
            await post.stream.purge_stream(stream)
        yield post
    finally:
        await post.client.close()
