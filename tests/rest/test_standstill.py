"""A process that stood still while it connected sends nothing: others have not waited for it."""

import asyncio

import aiohttp
from yarl import URL

from adapters.rest.answer import Answer
from adapters.rest.exchange import Break, Broken, Request, exchange
from adapters.rest.sessions import verified
from tests.rest.raw_server import reply, serving
from tests.turns.virtual_time import VirtualLoop, in_virtual_time

SECONDS = 2.0


def standing_still(seconds: float) -> aiohttp.TraceConfig:
    """Between the end of connecting and whoever waits for it, where no time-out is looked at."""

    async def stand(_session: object, _context: object, _about: object) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.jump(seconds)

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(stand)
    trace.freeze()
    return trace


async def sent(url: str, still: float) -> Answer | Broken:
    request = Request(
        method="POST", url=URL(url), headers={}, parts=(b"{}",), seconds=SECONDS, largest=1_000, repeatable=False
    )
    async with verified() as sessions:
        sessions.writes.trace_configs.append(standing_still(still))
        return await exchange(sessions.writes, request)


def test_who_stood_still_while_connecting_sends_nothing_and_knows_it() -> None:
    async def story() -> None:
        async with serving(reply()) as server:
            outcome = await sent(server.url, 10 * SECONDS)

            assert isinstance(outcome, Broken)
            assert outcome.how is Break.NEVER_SENT
            assert server.seen == []

    in_virtual_time(story)


def test_who_did_not_sends_once() -> None:
    async def story() -> None:
        async with serving(reply()) as server:
            outcome = await sent(server.url, SECONDS / 10)

            assert isinstance(outcome, Answer)
            assert len(server.seen) == 1

    in_virtual_time(story)
