"""From a request to an operation's handler and back: access, then the query, then the body, then the work."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from entrypoints.web.access import may
from entrypoints.web.operation import NO_BODY, Call, Operation, Reply
from entrypoints.web.problems import bad_header, not_found
from entrypoints.web.reading import Bodies, is_large, parsed, query_of
from entrypoints.web.services import Services
from entrypoints.web.streaming import streamed
from ports.api_keys import ApiKey

_PARAM = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,255}")


def serving(
    operation: Operation[Any, Any], services: Services, bodies: Bodies
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The operation as aiohttp calls it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        caller = await _caller(request, operation, services)
        if not all(_PARAM.fullmatch(value) for value in request.match_info.values()):
            raise not_found()
        if operation.paced:
            services.turnstile.enter(request.match_info["connection"])
        query = query_of(request, operation.query)
        for name in operation.needs:
            if name not in request.headers:
                raise bad_header(name, "is required here")

        async def replied() -> Reply:
            call = Call(
                services=services,
                operation=operation,
                params=request.match_info,
                headers=request.headers,
                caller=caller,
                body=await _body(request, operation, bodies),
                query=query,
            )
            return await operation.handler(call)

        async with bodies.room(request, caller.id if caller else "", operation.largest):
            reply = await replied()
        if reply.later is not None:
            reply = await reply.later()
        if reply.pieces is not None:
            return await streamed(request, reply.pieces, reply.media_type)
        return _response(operation, reply)

    return handle


async def _caller(request: web.Request, operation: Operation[Any, Any], services: Services) -> ApiKey | None:
    if operation.permission is None:
        return None
    caller = await services.gate.caller(request.headers)
    may(caller, operation.permission, request.match_info.get("connection"))
    return caller


async def _body(request: web.Request, operation: Operation[Any, Any], bodies: Bodies) -> Any:
    if operation.body is NO_BODY:
        return None
    content = await bodies.read(request, operation.takes, operation.largest)
    if is_large(content):
        return await asyncio.to_thread(_decoded, operation, content)
    return _decoded(operation, content)


def _decoded(operation: Operation[Any, Any], content: bytes) -> Any:
    found = operation.body.read(content)
    return operation.body.decode(parsed(content)) if found is None else found


def _response(operation: Operation[Any, Any], reply: Reply) -> web.Response:
    status = reply.status or operation.status
    if status == 204:
        return web.Response(status=status, headers=reply.headers)
    content = reply.content if reply.content is not None else msgspec.json.encode(reply.value)
    return web.Response(body=content, status=status, headers={**reply.headers, "Content-Type": reply.media_type})
