"""What the control server of this sandbox can do beside what every one can."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from entrypoints.sandbox.control import read_object, refused
from entrypoints.sandbox.kombo.recruiter import edit, redefine
from entrypoints.sandbox.kombo.state import State
from entrypoints.sandbox.kombo.webhooks import send
from entrypoints.sandbox.wire import Refusal
from entrypoints.sandbox.world import World

_Act = Callable[[web.Request], Awaitable[web.Response]]


def control_routes(world: World[State]) -> tuple[web.RouteDef, ...]:
    async def edits(request: web.Request) -> web.Response:
        return _done(edit(world.state, await read_object(request), world.clock()))

    async def definitions(request: web.Request) -> web.Response:
        return _done(redefine(world.state, await read_object(request)))

    async def webhooks(request: web.Request) -> web.Response:
        return _done(await send(world.state, await read_object(request), world.clock()))

    acts = {"/edits": edits, "/definitions": definitions, "/webhooks": webhooks}
    return tuple(web.post(path, _explained(world, act)) for path, act in acts.items())


def _done(what: dict[str, Any]) -> web.Response:
    return web.json_response(what, status=201)


def _explained(world: World[State], act: _Act) -> _Act:
    async def answer(request: web.Request) -> web.Response:
        try:
            return await act(request)
        except (ValueError, Refusal) as error:
            return refused(str(error), world.faults.known)

    return answer
