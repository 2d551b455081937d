"""The control server: what was done, what shall go wrong, and back to the beginning."""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import attrs
from aiohttp import web

from entrypoints.sandbox.faults import FAULTS, UnknownFaultError
from entrypoints.sandbox.routes import Route
from entrypoints.sandbox.world import World

_KEYS = {"fault": str, "times": int, "route": str, "after_s": (int, float)}


def control(world: World[Any], *more: web.RouteDef) -> web.Application:
    """`more` are routes that one emulated system alone has."""
    app = web.Application()
    app.add_routes(
        [
            web.get("/state", partial(_state, world)),
            web.get("/faults", partial(_list, world)),
            web.post("/faults", partial(_arm, world)),
            web.post("/switches", partial(_switch, world)),
            web.post("/reset", partial(_reset, world)),
            web.route("*", "/elsewhere/{tail:.*}", partial(_elsewhere, world)),
            *more,
        ]
    )
    return app


async def _state(world: World[Any], _request: web.Request) -> web.Response:
    world.settle()
    limits = {name: counted.shown() for name, counted in world.counted.items()}
    more = {"limits": limits, "in_flight": world.flights.shown()}
    return web.json_response(world.journal.shown() | more | world.tell(world.state))


async def _list(world: World[Any], _request: web.Request) -> web.Response:
    armed = [
        {"fault": one.fault.name, "times": one.left, "route": one.route, "after_s": one.after_s}
        for one in world.faults.armed
    ]
    return web.json_response({"faults": sorted(world.faults.known), "armed": armed})


async def _arm(world: World[Any], request: web.Request) -> web.Response:
    given, known = await read_object(request), world.faults.known
    wrong = [key for key in given if key not in _KEYS or not _is(given[key], _KEYS[key])]
    if wrong or "fault" not in given:
        return refused(f"these keys are taken: fault, times, route, after_s; wrong: {wrong or ['fault']}", known)
    try:
        world.faults.arm(**given)
    except UnknownFaultError:
        return refused(f"no fault named {given['fault']!r}", known)
    except ValueError as error:
        return refused(str(error), known)
    return web.json_response({"armed": given}, status=201)


async def _switch(world: World[Any], request: web.Request) -> web.Response:
    """Peculiarities of the emulated system that some customers' servers have and others have not."""
    given = await read_object(request)
    switches = world.state.switches
    known = attrs.asdict(switches)
    wrong = [name for name, value in given.items() if name not in known or not _is(value, type(known[name]))]
    if wrong:
        return refused(f"switches are {sorted(known)}; wrong: {wrong}", world.faults.known)
    for name, value in given.items():
        setattr(switches, name, value)
    return web.json_response(attrs.asdict(switches))


async def _reset(world: World[Any], _request: web.Request) -> web.Response:
    world.reset()
    return web.json_response({"reset": True})


def shown(**tables: Sequence[Route[Any]]) -> web.RouteDef:
    """A route that tells of all rows of the hosts where they come from."""
    rows = [
        {"host": host, "method": row.method, "path": row.label.partition(" ")[2], "source": row.source}
        for host, table in tables.items()
        for row in table
    ]

    async def tell(_request: web.Request) -> web.Response:
        return web.json_response({"routes": rows})

    return web.get("/routes", tell)


async def _elsewhere(world: World[Any], _request: web.Request) -> web.Response:
    """Where redirects lead: whoever arrives here followed one."""
    world.journal.redirects_followed += 1
    return web.json_response({})


async def read_object(request: web.Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.read())
    except ValueError:
        return {"body": None}
    return given if isinstance(given, dict) else {"body": None}


def _is(value: object, kind: Any) -> bool:
    wanted = (int, float) if kind is float else kind
    return isinstance(value, wanted) and (kind is bool or not isinstance(value, bool))


def refused(why: str, known: Iterable[str] = FAULTS) -> web.Response:
    """`known` are the faults that there are."""
    return web.json_response({"error": why, "faults": sorted(known)}, status=400)
