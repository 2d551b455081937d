"""Tells subscribers, one after the other, and takes no notice of what they answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import attrs

from entrypoints.sandbox.tempworks.state import Row, State
from entrypoints.sandbox.tempworks.subscriptions import told
from entrypoints.sandbox.world import World

_PATIENCE = aiohttp.ClientTimeout(total=10)


@attrs.frozen(kw_only=True)
class Tellings:
    world: World[State]
    due: asyncio.Queue[tuple[Row, Row]] = attrs.field(factory=asyncio.Queue)

    def changed(self) -> None:
        for telling in told(self.world.state):
            self.due.put_nowait(telling)

    async def tell(self, session: aiohttp.ClientSession) -> None:  # noqa: TID251 - it speaks for the vendor
        while True:
            one, delivery = await self.due.get()
            headers = {one["httpHeaderName"]: one["httpHeaderValue"] or ""} if one["httpHeaderName"] else {}
            # Whether the vendor tries again is not known: here it does not.
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.post(one["callbackUrl"], json=delivery, headers=headers):
                    pass
            self.due.task_done()


@asynccontextmanager
async def telling(tellings: Tellings) -> AsyncIterator[None]:
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:  # noqa: TID251 - it speaks for the vendor
        task = asyncio.create_task(tellings.tell(session))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
