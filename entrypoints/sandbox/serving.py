"""Starts and stops aiohttp servers on the loopback address."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from entrypoints.sandbox.host import Host

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = "127.0.0.1"


def application(host: Host[Any], handle: Handle) -> web.Application:
    """Everything goes to one function: which paths exist is its business."""
    # A few bytes more than the most, so that the host's own refusal comes first.
    app = web.Application(client_max_size=host.most_bytes + 65_536)
    app.router.add_route("*", "/{tail:.*}", handle)
    return app


@asynccontextmanager
async def listening(app: web.Application, port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Yields the port that the server got."""
    # Cancelling handlers of callers that have gone ends those that hang on purpose.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port, ssl_context=tls).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving(
    host: Host[Any], port: int, tls: ssl.SSLContext | None = None, handle: Handle | None = None
) -> AsyncIterator[int]:
    """`handle` stands before the host's own."""
    async with listening(application(host, handle or host.handle), port, tls) as got:
        try:
            yield got
        finally:
            host.closing.set()
