"""`atsbridge sandbox`: an emulated ATS on this machine."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from entrypoints.sandbox import erecruit, kombo, tempworks
from entrypoints.sandbox.sandbox import Sandbox


async def sandbox(
    provider: Literal["erecruit", "tempworks", "kombo"],
    *,
    port: int = 0,
    records: int = 50,
    rate_limit: Annotated[Literal["on", "off"], Parameter(help="whether it counts requests as the vendor does")] = "on",
) -> None:
    """Start an emulated ATS on loopback; it prints one JSON line when it is ready, and runs until it is stopped.

    Parameters
    ----------
    provider
        Which ATS; kombo has Avionté behind it.
    port
        The first of its ports (the next one to three are taken as well); 0 takes free ones.
    records
        How many people it knows; the same number gives the same people.
    """
    async with _running(provider, port, records, limited=rate_limit == "on") as running:
        print(running.ready_line(), flush=True)
        await _until_stopped()


def _running(provider: str, port: int, records: int, *, limited: bool) -> AbstractAsyncContextManager[Sandbox[Any]]:
    starts: dict[str, Callable[..., AbstractAsyncContextManager[Sandbox[Any]]]] = {
        "erecruit": erecruit.running,
        "tempworks": tempworks.running,
        "kombo": kombo.running,
    }
    unlimited = {} if limited else {"rate_limit": None}
    return starts[provider](port=port, records=records, **unlimited)


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
