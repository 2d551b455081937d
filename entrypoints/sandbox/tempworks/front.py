"""What stands before the API's host: each token's limit, headers that all replies bear, an installation's own words."""

from collections.abc import Callable

import attrs
from aiohttp import web

from entrypoints.sandbox.deliver import deliver
from entrypoints.sandbox.host import Host
from entrypoints.sandbox.routes import tidy
from entrypoints.sandbox.tempworks.auth import OAUTH, caller
from entrypoints.sandbox.tempworks.limits import Windows
from entrypoints.sandbox.tempworks.manners import as_installed
from entrypoints.sandbox.tempworks.recruiter import stir
from entrypoints.sandbox.tempworks.state import EMPLOYEE_ORIGIN, State

_PEOPLE = {"/search/employees", f"/search/{EMPLOYEE_ORIGIN}"}
# No reply of this vendor says how long to wait.
_UNSAID = "Retry-After"


@attrs.frozen(kw_only=True)
class Front:
    """`changed` is called when there may be something to tell subscribers of."""

    host: Host[State]
    allowed: int | None
    changed: Callable[[], None]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        world = self.host.world
        who = caller(world.state, request.headers)
        windows = self._windows(who)
        excess = windows.take(world.clock())
        if excess is None:
            response = await self.host.handle(request)
            if world.state.switches.rows_move and tidy(request.path).casefold() in _PEOPLE:
                stir(world.state, world.clock())
        else:
            world.journal.asked(f"{request.method} (over the limit)")
            response = await deliver(request, self.host.manners.too_many(excess.most), self.host.closing)
        self.changed()
        return self._dressed(response, windows.headers(oauth=who == OAUTH))

    def _windows(self, who: str) -> Windows:
        world = self.host.world
        found = world.counted.get(who)
        if not isinstance(found, Windows):
            found = world.counted[who] = Windows(limit=None)
        sold = world.state.switches.oauth_allowed
        found.allowed = sold if who == OAUTH and self.allowed is not None else self.allowed
        return found

    def _dressed(self, response: web.StreamResponse, counts: dict[str, str]) -> web.StreamResponse:
        if response.prepared or not isinstance(response, web.Response):
            return response
        kind = self.host.world.state.switches.error_bodies
        if response.status >= 400 and response.content_type == "application/problem+json" and kind != "problem":
            other = as_installed(kind, response.status, "The request failed.")
            response.body, response.headers["Content-Type"] = other.payload(), other.media
        response.headers.update({**counts, "x-response-from": "sandbox"})
        response.headers.pop(_UNSAID, None)
        return response
