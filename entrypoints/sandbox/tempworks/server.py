"""Starts the emulated TempWorks: API, log-in server, webhook subscriptions and control, each on a port of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, Literal

from entrypoints.sandbox import people
from entrypoints.sandbox.clock import utc_now
from entrypoints.sandbox.control import control, shown
from entrypoints.sandbox.host import Host
from entrypoints.sandbox.sandbox import Sandbox
from entrypoints.sandbox.serving import LOOPBACK, listening, serving
from entrypoints.sandbox.tempworks import api
from entrypoints.sandbox.tempworks.auth import GATE
from entrypoints.sandbox.tempworks.catalogue import PHONE_SCREEN
from entrypoints.sandbox.tempworks.employees import BIRTH_PLACE, GENDER, GOVERNMENT_ID
from entrypoints.sandbox.tempworks.fixtures import filled
from entrypoints.sandbox.tempworks.front import Front
from entrypoints.sandbox.tempworks.limits import ALLOWED
from entrypoints.sandbox.tempworks.manners import TempWorksManners
from entrypoints.sandbox.tempworks.state import State
from entrypoints.sandbox.tempworks.tellings import Tellings, telling
from entrypoints.sandbox.tempworks.truth import control_routes
from entrypoints.sandbox.world import World

TempWorksSandbox = Sandbox[State]
Auth = Literal["token", "basic", "oauth"]

# Secrets that no log, trace or recording may ever show: easy to search for.
CREDENTIALS = {
    "token": "canary-tw-token-5b8e21f0",
    "account_sid": "AC-canary-sid-90d3",
    "auth_token": "canary-tw-auth-token-c47a",
    "client_id": "sandbox-vendor",
    "client_secret": "canary-tw-client-secret-1e6b",
    "tenant": "acme",
    "product_instance": "5d1c8e0a-0000-4000-8000-000000000f01",
    "user_name": "web.user@canary.example.test",
    "password": "canary-tw-password-38fa",
}
SECRETS = tuple(CREDENTIALS[name] for name in ("token", "account_sid", "auth_token", "client_secret", "password"))
SENSITIVE = (GOVERNMENT_ID, BIRTH_PLACE, GENDER)
"""What is in records and is no business of a phone screen."""
_NEEDED = {
    "token": ("token",),
    "basic": ("account_sid", "auth_token"),
    "oauth": ("client_id", "client_secret", "tenant", "product_instance"),
}
# What a caller may be told when nothing limits it.
_UNLIMITED = 1000
# Twenty-five megabytes written as base64, and something round them.
_MOST_BYTES = 40_000_000


@asynccontextmanager
async def running(
    *,
    port: int = 0,
    records: int = 50,
    rate_limit: int | None = ALLOWED,
    clock: Callable[[], datetime] = utc_now,
    time_zone: str = "America/New_York",
    auth: Auth = "token",
    hollow: bool = False,
) -> AsyncIterator[TempWorksSandbox]:
    """The API listens on `port`, the others on the next three in the order above; 0 takes free ones.

    `rate_limit` is how many requests a token has in five seconds.
    """
    urls: dict[str, str] = {}
    build = partial(filled, records, time_zone, CREDENTIALS, urls)
    world = World[State](build=build, clock=clock, rate_limit=None, hollow=hollow)
    tellings, manners = Tellings(world=world), TempWorksManners()
    host = partial(Host, world=world, manners=manners, gate=GATE, most_bytes=_MOST_BYTES)
    main = host(name="api", routes=api.API)
    front = Front(host=main, allowed=rate_limit, changed=tellings.changed)
    tables = shown(api=api.API, login=api.LOGIN, webhooks=api.WEBHOOKS)
    more = (*control_routes(world, tellings.changed), tables)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(telling(tellings))
        first = await stack.enter_async_context(serving(main, port, handle=front.handle))
        login = await stack.enter_async_context(serving(host(name="login", routes=api.LOGIN), port and port + 1))
        hooks = await stack.enter_async_context(serving(host(name="webhooks", routes=api.WEBHOOKS), port and port + 2))
        last = await stack.enter_async_context(listening(control(world, *more), port and port + 3))
        world.elsewhere = f"http://{LOOPBACK}:{last}/elsewhere"
        urls["files"] = f"http://{LOOPBACK}:{last}/files"
        yield _sandbox(world, (first, login, hooks, last), auth, limited=rate_limit is not None)


def _sandbox(world: World[State], ports: tuple[int, int, int, int], auth: Auth, *, limited: bool) -> TempWorksSandbox:
    api_url, login, webhooks, control_url = (f"http://{LOOPBACK}:{port}" for port in ports)
    urls = {"api": api_url, "login": f"{login}/connect/token", "webhooks": f"{webhooks}/api"}
    return Sandbox(
        provider="tempworks",
        base_urls=urls,
        credentials=dict(CREDENTIALS),
        control_url=control_url,
        connection=_connection(urls, world.state.zone, auth, limited=limited),
        certificates={},
        fingerprints={},
        canaries=(*SECRETS, *SENSITIVE, *people.canaries()),
        world=world,
    )


def _connection(urls: dict[str, str], zone: str, auth: Auth, *, limited: bool) -> dict[str, Any]:
    settings = {
        "base_url": urls["api"],
        "login_url": urls["login"],
        "webhooks_url": urls["webhooks"],
        "time_zone": zone,
        "auth": auth,
        "message_action_id": str(PHONE_SCREEN),
    }
    return {
        "provider": "tempworks",
        "name": "sandbox",
        "settings": settings if limited else settings | {"rate_limit": _UNLIMITED},
        "credentials": {name: CREDENTIALS[name] for name in _NEEDED[auth]},
        "policy": {},
    }
