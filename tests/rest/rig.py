"""What the tests of the plumbing are built from."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import NoneType
from typing import Any, TypeVar

import attrs

from adapters.rest.api import Api, Link
from adapters.rest.auth import ApiKey, Auth
from adapters.rest.endpoint import Endpoint, Wire
from adapters.rest.retry import RetryPolicy
from adapters.rest.sessions import Pair, verified
from adapters.rest.verdicts import DEFAULT, VerdictTable
from adapters.turns.in_process import InProcessTurns
from domain.ids import ConnectionId
from ports.attempt import Attempt
from ports.clock import Clock
from ports.turns import Host, Rate, Turns

T = TypeVar("T")

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOST = Host(ConnectionId("con_1"), "standard")
FAST = Rate(1_000_000, 1, 1_000)


class FakeClock(Clock):
    """Waits by moving its own hands; `slept` is what it was asked to wait."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return 1_000.0 + self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)


class Begun(Attempt):
    """Counts what it was begun for; `then` runs at each begin and may refuse."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.seconds: list[float] = []
        self._then = then

    @property
    def marker(self) -> str:
        return "3f9c1a2b4d5e"

    async def begin(self, seconds: float) -> None:
        self._then()
        self.seconds.append(seconds)


@attrs.frozen
class Person:
    name: str
    age: int | None = None


def row(
    method: str = "GET",
    *,
    reply: type[T] = Person,  # type: ignore[assignment]
    path: str = "/people/{candidate_id}",
    seconds: float = 5.0,
    largest: int = 1_000_000,
    repeatable: bool | None = None,
    host: str = "standard",
) -> Endpoint[T]:
    return Endpoint(
        name="person",
        method=method,
        path=path,
        reply=reply,
        repeatable=method == "GET" if repeatable is None else repeatable,
        wire=Wire.ASSUMED,
        source="these tests",
        timeout=seconds,
        largest_reply=largest,
        host=host,
    )


READ: Endpoint[Person] = row()
WRITE: Endpoint[None] = row("POST", reply=NoneType)
PATH = {"candidate_id": "42"}


@asynccontextmanager
async def calling(
    url: str,
    *,
    clock: FakeClock | None = None,
    turns: Turns | None = None,
    auth: Auth | None = None,
    retry: RetryPolicy | None = None,
    verdicts: VerdictTable = DEFAULT,
    sessions: Pair | None = None,
    rate: Rate = FAST,
    limit_header: str | None = None,
    silence: float | None = None,
) -> AsyncIterator[Api]:
    """An Api over a real session to `url`, waiting by a fake clock."""
    clock = clock or FakeClock()
    async with verified() as pair:
        link = Link(
            base_url=url,
            sessions=sessions or pair,
            auth=auth or ApiKey(),
            host=HOST,
            rate=rate,
            limit_header=limit_header,
            silence=lambda _headers, _now: silence,
        )
        yield Api(
            provider="acme",
            links={"standard": link},
            turns=turns or InProcessTurns(clock),
            clock=clock,
            retry=retry or RetryPolicy(attempts=3),
            verdicts=verdicts,
        )


async def read(api: Api, endpoint: Endpoint[Any] = READ) -> Any:
    return await api.call(endpoint, path=PATH)


async def write(api: Api, attempt: Attempt, endpoint: Endpoint[Any] = WRITE) -> Any:
    return await api.call(endpoint, path=PATH, attempt=attempt)
