"""What no reader is ever told: when anything really changed. Tests count by it what a reader misses."""

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from entrypoints.sandbox.control import read_object, refused
from entrypoints.sandbox.tempworks.noted import of_assignment, on_order
from entrypoints.sandbox.tempworks.recruiter import EVERY_EDIT, edit
from entrypoints.sandbox.tempworks.state import State
from entrypoints.sandbox.world import World


def truth(state: State) -> dict[str, dict[str, str]]:
    """When each record really was changed last, by the ids that its readers know it by."""
    return {
        "candidate": {str(one.number): one.modified.isoformat() for one in state.employees.values()},
        "job": {str(one.number): one.modified.isoformat() for one in state.job_orders.values()},
        "application": {
            **{on_order(one)[1]: one.modified.isoformat() for one in state.candidates.values()},
            **{of_assignment(one.number)[1]: one.modified.isoformat() for one in state.assignments.values()},
        },
    }


def _number(record: str) -> int:
    """Of a record that is named as readers name it."""
    return int(re.split(r"[:-]", record)[-1])


def control_routes(world: World[State], changed: Callable[[], None]) -> tuple[web.RouteDef, ...]:
    """`changed` is called when there may be something to tell subscribers of."""

    async def show(_request: web.Request) -> web.Response:
        return web.json_response(truth(world.state))

    async def change(request: web.Request) -> web.Response:
        given: dict[str, Any] = await read_object(request)
        try:
            edit(world.state, given["edit"], _number(given["id"]), world.clock())
        except (KeyError, ValueError, TypeError):
            return refused(
                f"these keys are taken: edit (one of {', '.join(sorted(EVERY_EDIT))}) and id, as /truth has it"
            )
        changed()
        return web.json_response({"edited": given}, status=201)

    async def file(request: web.Request) -> web.Response:
        """Where downloads are redirected to; whoever brings credentials along gave them to a stranger."""
        if {"x-tw-token", "authorization"} & {name.casefold() for name in request.headers}:
            return web.Response(status=418, text="credentials of another host")
        document = world.state.documents.get(int(request.match_info["number"]))
        return web.Response(status=404) if document is None else web.Response(body=document.content)

    return (
        web.get("/truth", show),
        web.post("/edits", change),
        web.get(r"/files/{number:\d+}", file),
    )
