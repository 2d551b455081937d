"""What a host says of how many requests it bears at once."""

import attrs
import pytest

from adapters.rest.retry import RetryPolicy
from adapters.turns.in_process import InProcessTurns
from ports.turns import Host
from tests.rest.raw_server import reply, serving
from tests.rest.rig import FAST, HOST, Begun, FakeClock, calling, read, write

COUNTED = attrs.evolve(FAST, in_flight=30, everywhere=True)
HEADER = "Concurrency-Limit"


class NotedTurns(InProcessTurns):
    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.heard: list[tuple[Host, int]] = []

    async def bear(self, host: Host, in_flight: int) -> None:
        self.heard.append((host, in_flight))
        await super().bear(host, in_flight)


@pytest.mark.parametrize(("told", "heard"), [("7", [7]), (" 12 ", [12]), ("many", []), ("-1", []), ("9" * 40, [])])
async def test_it_is_heard_while_the_turn_lasts_if_it_is_a_number(told: str, heard: list[int]) -> None:
    turns = NotedTurns(FakeClock())
    async with (
        serving(reply(Concurrency_Limit=told)) as server,
        calling(server.url, turns=turns, rate=COUNTED, limit_header=HEADER) as api,
    ):
        await read(api)

    assert turns.heard == [(HOST, one) for one in heard]


async def test_a_header_that_the_link_does_not_name_is_nobodys_word() -> None:
    turns = NotedTurns(FakeClock())
    async with serving(reply(Concurrency_Limit="7")) as server, calling(server.url, turns=turns, rate=COUNTED) as api:
        await read(api)

    assert turns.heard == []


async def test_a_refusal_for_too_many_at_once_is_surely_not_done_and_waits_a_second() -> None:
    clock, attempt = FakeClock(), Begun()
    turns = NotedTurns(clock)
    refused = reply(429, b'{"error": {"code": "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED"}}', Concurrency_Limit="1")
    async with (
        serving(refused, reply(Concurrency_Limit="1")) as server,
        calling(
            server.url, turns=turns, clock=clock, rate=COUNTED, limit_header=HEADER, retry=RetryPolicy(spread=lambda: 0)
        ) as api,
    ):
        await write(api, attempt)

    assert [len(server.seen), len(attempt.seconds), sum(clock.slept)] == [2, 2, 1.0]
    assert turns.heard == [(HOST, 1)] * 2
