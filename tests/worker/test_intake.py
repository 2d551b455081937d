"""The intake itself, on a shelf of messages instead of a broker."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest
from structlog.testing import capture_logs

from application.post_call_results import PostCallResults
from application.receive_intake import ReceiveIntake
from application.screen_and_tag import ScreenAndTag
from domain.ids import ConnectionId
from entrypoints.cli import demo_story as story
from entrypoints.worker.bridge import Bridge
from entrypoints.worker.intake import BREATHER, Intake
from ports.commands import Accepted, Commands, NewCommand
from ports.errors import UnavailableError
from ports.messages import Inbound, Message
from ports.scope import EVERYTHING
from tests.clocks import HandClock
from tests.office import CONNECTION, Office, an_office

DOWN = UnavailableError("the database cannot be reached")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, clock=HandClock()) as office:
        yield office


def a_message(n: int, *, deliveries: int = 1) -> Message:
    event = story.screening_event(CONNECTION)
    event["data"] |= {"screening_id": f"screening-{n}", "candidate_id": f"cand-{n}"}
    return Message(
        content=json.dumps(event).encode(),
        connection=ConnectionId(CONNECTION),
        address=f"somewhere.{CONNECTION}",
        number=n,
        deliveries=deliveries,
        receipt=n,
    )


class Shelf(Inbound):
    """Gives out two messages at a time. `settled` are the numbers of those that need not come again."""

    def __init__(self, *messages: Message) -> None:
        self.messages = list(messages)
        self.fetches = 0
        self.settled: list[int] = []
        self.rejected: dict[int, str] = {}
        self._moved = asyncio.Event()

    async def open(self) -> None:
        return

    async def fetch(self) -> tuple[Message, ...]:
        self.fetches += 1
        self._moved.set()
        if not self.messages:
            await asyncio.Event().wait()
        given, self.messages = self.messages[:2], self.messages[2:]
        return tuple(given)

    async def ack(self, message: Message) -> None:
        self.settled.append(message.number)
        self._moved.set()

    @property
    def largest(self) -> int:
        return 10_000

    async def reject(self, message: Message, reason: str, document: bytes) -> None:
        self.rejected[message.number] = reason
        await self.ack(message)

    async def until(self, done: Callable[["Shelf"], bool]) -> None:
        async with asyncio.timeout(10):
            while not done(self):
                self._moved.clear()
                await self._moved.wait()


@attrs.define
class Mishaps:
    """The table of commands, which takes nothing in as long as `error` is set."""

    commands: Commands
    error: Exception | None = None
    tries: int = 0
    tried: asyncio.Event = attrs.field(factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.commands, name)

    async def accept(self, new: NewCommand) -> Accepted:
        self.tries += 1
        self.tried.set()
        if self.error is not None:
            raise self.error
        return await self.commands.accept(new)

    async def until_tried(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self.tries < times:
                self.tried.clear()
                await self.tried.wait()
        await asyncio.sleep(0)


@asynccontextmanager
async def taking_in(office: Office, shelf: Shelf, commands: Any) -> AsyncIterator[Intake]:
    results, screenings = PostCallResults(office.connections, commands), ScreenAndTag(office.connections, commands)
    bridge = Bridge(results, screenings, ReceiveIntake(office.stores.connections, office.stores.intake))
    intake = Intake(shelf, bridge, office.clock)
    running = asyncio.create_task(intake.run())
    try:
        yield intake
    finally:
        intake.stop()
        await asyncio.wait_for(running, 10)


async def keys(office: Office) -> list[str]:
    return sorted(one.key for one in await office.stores.commands.page(EVERYTHING, after=None, limit=10))


async def test_while_the_database_is_down_nothing_more_is_fetched(office: Office) -> None:
    shelf, commands = Shelf(*map(a_message, range(5))), Mishaps(office.stores.commands, error=DOWN)
    async with taking_in(office, shelf, commands) as intake:
        for again in range(1, 4):
            await commands.until_tried(2 * again)
            office.clock.advance(BREATHER)
        assert (shelf.fetches, shelf.settled) == (1, [])
        with pytest.raises(UnavailableError, match=DOWN.message):
            await intake.ready()

        await commands.until_tried(8)
        commands.error = None
        office.clock.advance(BREATHER)
        await shelf.until(lambda one: len(one.settled) == 5)
        await shelf.until(lambda one: one.fetches == 4)
        await intake.ready()
    assert await keys(office) == [f"screening:screening-{n}" for n in range(5)]


async def test_stopping_does_not_wait_for_a_database_that_is_down(office: Office) -> None:
    shelf, commands = Shelf(a_message(1)), Mishaps(office.stores.commands, error=DOWN)
    async with taking_in(office, shelf, commands):
        await commands.until_tried(1)
    assert shelf.settled == [], "it comes again"


async def test_a_defect_of_ours_leaves_the_message_for_later_but_not_for_ever(office: Office) -> None:
    defect = ZeroDivisionError("of Jane")
    shelf = Shelf(a_message(1), a_message(2, deliveries=5), a_message(3))
    with capture_logs() as logs:
        async with taking_in(office, shelf, Mishaps(office.stores.commands, error=defect)):
            await shelf.until(lambda one: one.fetches == 3)
    assert shelf.rejected == {2: "internal"}
    assert shelf.settled == [2]
    assert {line["error"] for line in logs if "error" in line} == {"ZeroDivisionError"}
    assert "Jane" not in repr(logs)


async def test_whatever_fails_in_the_broker_does_not_end_the_intake(office: Office) -> None:
    class Odd(Shelf):
        async def open(self) -> None:
            if self.fetches == 0:
                self.fetches = 1
                raise ZeroDivisionError

    shelf = Odd(a_message(1))
    async with taking_in(office, shelf, office.stores.commands):
        await asyncio.sleep(0)
        while not shelf.settled:
            office.clock.advance(BREATHER)
            await office.stores.commands.renew([])
    assert shelf.settled == [1]
