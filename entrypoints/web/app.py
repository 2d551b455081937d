"""The application: every operation of the table as a route, watched, and with one way for things to go wrong."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aiohttp import web

from entrypoints.bodies import CallResultBody, ScreeningBody
from entrypoints.container import Container
from entrypoints.web.dispatch import serving
from entrypoints.web.docs_page import Description, described
from entrypoints.web.errors import expected, problems
from entrypoints.web.openapi import document
from entrypoints.web.operation import Operation
from entrypoints.web.reading import LARGEST_BODY, Bodies
from entrypoints.web.routes.table import OPERATIONS
from entrypoints.web.services import Check, services_of


def build_app(container: Container, checks: Mapping[str, Check] | None = None) -> web.Application:
    """Serve it with `access_log=None` and `logger=server_log()`: it logs requests itself, by route.

    `checks` are what must be ready beside the database.
    """
    services = services_of(container, _description(), checks or {})
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[services.telemetry.watch, problems])
    bodies = Bodies()
    for operation in sorted(OPERATIONS, key=_is_seldom_asked):
        handler = serving(operation, services, bodies)
        app.router.add_route(operation.method, operation.path, handler, expect_handler=expected)
    app.on_response_prepare.append(_finish)
    return app


def _is_seldom_asked(operation: Operation[Any, Any]) -> bool:
    """aiohttp tries the paths below `/v1/connections` one after the other, as they were added."""
    return operation.body.kind not in {CallResultBody, ScreeningBody}


async def _finish(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "atsbridge"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")


@cache
def _description() -> Description:
    return described(document())
