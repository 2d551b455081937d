"""Puts a reply on the socket, honestly or not."""

import asyncio
import socket
import struct
from contextlib import suppress

from aiohttp import web

from entrypoints.sandbox.wire import Conduct, Reply

# SO_LINGER on, for no time at all: closing sends RST instead of FIN.
_LINGER_NOT = struct.pack("ii", 1, 0)


async def deliver(request: web.Request, reply: Reply, closing: asyncio.Event) -> web.StreamResponse:
    if reply.delay:
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), reply.delay)
    match reply.conduct:
        case Conduct.SEND:
            return _response(reply, reply.payload())
        case Conduct.TRUNCATE:
            payload = reply.payload()
            return _response(reply, payload[: max(1, len(payload) // 2)])
        case Conduct.STALL:
            return await _stall(request, reply, closing)
        case Conduct.HANG:
            await closing.wait()
            _close(request)
        case Conduct.CLOSE:
            _close(request)
        case Conduct.RESET:
            _reset(request)
    # aiohttp wants a response even where nobody is left to read it.
    return web.Response()


def _response(reply: Reply, payload: bytes) -> web.Response:
    headers = {"Content-Type": reply.media, **reply.headers}
    return web.Response(status=reply.status, body=payload, headers=headers)


async def _stall(request: web.Request, reply: Reply, closing: asyncio.Event) -> web.StreamResponse:
    payload = reply.payload()
    headers = {"Content-Type": reply.media, "Content-Length": str(len(payload) + 1), **reply.headers}
    response = web.StreamResponse(status=reply.status, headers=headers)
    await response.prepare(request)
    await response.write(payload[: len(payload) // 2])
    await closing.wait()
    _close(request)
    return response


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()
