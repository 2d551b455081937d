"""Starts the emulated Kombo: one host and the control server, each on a port of its own."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

import attrs

from entrypoints.sandbox import people
from entrypoints.sandbox.clock import utc_now
from entrypoints.sandbox.control import control, shown
from entrypoints.sandbox.faults import Faults
from entrypoints.sandbox.host import Host, Traffic
from entrypoints.sandbox.kombo import fixtures, talents, unified
from entrypoints.sandbox.kombo.acts import control_routes
from entrypoints.sandbox.kombo.auth import GATE, INTEGRATION
from entrypoints.sandbox.kombo.faults import KNOWN, TRICKS
from entrypoints.sandbox.kombo.manners import KomboManners
from entrypoints.sandbox.kombo.state import State
from entrypoints.sandbox.limits import RateLimit
from entrypoints.sandbox.routes import Route
from entrypoints.sandbox.sandbox import Sandbox
from entrypoints.sandbox.serving import LOOPBACK, listening, serving
from entrypoints.sandbox.world import World

HOST = "api"
# Secrets that no log, trace or recording may ever show: easy to search for.
CREDENTIALS = {
    "api_key": "canary-kombo-key-4b7e",
    "integration_id": ":".join(fixtures.AVIONTE),
    "webhook_secret": "canary-kombo-webhook-secret-c09a",
}
PLAIN_INTEGRATION = ":".join(fixtures.PLAIN)
SECRETS = (CREDENTIALS["api_key"], CREDENTIALS["webhook_secret"], *talents.SENSITIVE.values())
# What bulk calls of Avionté's bear; of Kombo's own limit nobody knows a number.
_DEFAULT_LIMIT = RateLimit(per_second=5, per_minute=300)
# What a caller may be told when nothing limits it.
_UNLIMITED = 1000


@attrs.frozen(kw_only=True)
class KomboSandbox(Sandbox[State]):
    """`connection` is Avionté's over Kombo, `connection_kombo` that of the other integration."""

    connection_kombo: dict[str, Any] = attrs.field(repr=False)

    def parts(self) -> tuple[str, ...]:
        return (*super().parts(), "connection_kombo")


@asynccontextmanager
async def running(
    *,
    port: int = 0,
    records: int = 50,
    rate_limit: RateLimit | None = _DEFAULT_LIMIT,
    clock: Callable[[], datetime] = utc_now,
    hollow: bool = False,
) -> AsyncIterator[KomboSandbox]:
    """Kombo listens on `port`, control on the next; 0 takes free ones. `rate_limit` is that of Avionté's bulk calls."""
    world = World[State](
        build=partial(fixtures.filled, records, CREDENTIALS, rate_limit),
        clock=clock,
        rate_limit=None,
        hollow=hollow,
        faults=Faults(known=KNOWN),
        tell=lambda state: {"keys_at_resources": state.keys_at_resources},
    )
    manners = KomboManners()
    host = Host(
        name=HOST,
        world=world,
        routes=unified.ROUTES,
        manners=manners,
        gate=GATE,
        tricks=TRICKS,
        traffic=Traffic[State](who=_who, counts=_counts, limit=_limit, seconds=_seconds, full=manners.full),
        exact=True,
    )
    more = (*control_routes(world), shown(api=unified.ROUTES, avionte=unified.CARRIED))
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(serving(host, port))
        second = await stack.enter_async_context(listening(control(world, *more), port and port + 1))
        world.elsewhere = f"http://{LOOPBACK}:{second}/elsewhere"
        yield _sandbox(world, first, second, rate_limit)


def _who(headers: Mapping[str, str]) -> str:
    return headers.get(INTEGRATION, "")


def _counts(state: State, route: Route[State]) -> bool:
    return route.action and (state.switches.passthrough_counts or "/passthrough/" not in route.template)


def _limit(state: State) -> int:
    return state.switches.concurrency


def _seconds(state: State) -> float:
    return state.switches.action_seconds


def _sandbox(world: World[State], port: int, control_port: int, limit: RateLimit | None) -> KomboSandbox:
    url = f"http://{LOOPBACK}:{port}/v1"
    plain = CREDENTIALS | {"integration_id": PLAIN_INTEGRATION}
    return KomboSandbox(
        provider="kombo",
        base_urls={"api": url},
        credentials=dict(CREDENTIALS),
        control_url=f"http://{LOOPBACK}:{control_port}",
        connection=_connection("avionte", url, CREDENTIALS, limit),
        connection_kombo=_connection("kombo", url, plain, limit),
        certificates={},
        fingerprints={},
        canaries=(*SECRETS, *people.canaries()),
        world=world,
    )


def _connection(provider: str, url: str, credentials: dict[str, str], limit: RateLimit | None) -> dict[str, Any]:
    settings: dict[str, Any] = {"base_url": url} if limit else {"base_url": url, "rate_limit": _UNLIMITED}
    return {
        "provider": provider,
        "name": f"sandbox {provider}",
        "settings": settings,
        "credentials": dict(credentials),
        "policy": {},
    }
