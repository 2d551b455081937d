"""Starts the emulated eRecruit: standard host, legacy host and control server, each on a port of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

from entrypoints.sandbox import certificate, people
from entrypoints.sandbox.certificate import Certificate
from entrypoints.sandbox.clock import utc_now
from entrypoints.sandbox.control import control
from entrypoints.sandbox.erecruit import legacy, standard
from entrypoints.sandbox.erecruit.auth import GATE, LEGACY, STANDARD
from entrypoints.sandbox.erecruit.fixtures import filled
from entrypoints.sandbox.erecruit.manners import ErecruitManners
from entrypoints.sandbox.erecruit.state import State
from entrypoints.sandbox.host import Host
from entrypoints.sandbox.limits import RateLimit
from entrypoints.sandbox.sandbox import Sandbox
from entrypoints.sandbox.serving import LOOPBACK, listening, serving
from entrypoints.sandbox.world import World

ErecruitSandbox = Sandbox[State]

# Secrets that no log, trace or recording may ever show: easy to search for.
CREDENTIALS = {
    "client_id": "sandbox-client",
    "client_secret": "canary-client-secret-7d1f",
    "legacy_user_name": "api@canary.example.test",
    "legacy_password": "canary-legacy-password-91c2",
    "legacy_entity_id": "00000000-0000-4000-8000-000000000e01",
}
_DEFAULT_LIMIT = RateLimit()
# What a caller may be told when nothing limits it.
_UNLIMITED = 1000


@asynccontextmanager
async def running(
    *,
    port: int = 0,
    records: int = 50,
    rate_limit: RateLimit | None = _DEFAULT_LIMIT,
    clock: Callable[[], datetime] = utc_now,
    time_zone: str = "America/Toronto",
    legacy_certificate: tuple[bytes, bytes] | None = None,
    hollow: bool = False,
) -> AsyncIterator[ErecruitSandbox]:
    """The standard host listens on `port`, the legacy one on the next, control on the one after; 0 takes free ones."""
    build = partial(filled, records, time_zone, CREDENTIALS)
    world = World[State](build=build, clock=clock, rate_limit=rate_limit, hollow=hollow)
    shown = Certificate(*legacy_certificate) if legacy_certificate else certificate.broken()
    manners = ErecruitManners()
    std = Host(name=STANDARD, world=world, routes=standard.ROUTES, manners=manners, gate=GATE)
    old = Host(name=LEGACY, world=world, routes=legacy.ROUTES, manners=manners, gate=GATE, methods=legacy.METHODS)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(serving(std, port))
        second = await stack.enter_async_context(serving(old, port and port + 1, shown.context()))
        third = await stack.enter_async_context(listening(control(world), port and port + 2))
        world.elsewhere = f"http://{LOOPBACK}:{third}/elsewhere"
        yield _sandbox(world, (first, second, third), time_zone, shown)


def _sandbox(world: World[State], ports: tuple[int, int, int], zone: str, shown: Certificate) -> ErecruitSandbox:
    root, control_url = f"http://{LOOPBACK}:{ports[0]}", f"http://{LOOPBACK}:{ports[2]}"
    urls = {"standard": f"{root}/webapi", "login": f"{root}/t/token", "legacy": f"https://{LOOPBACK}:{ports[1]}/api"}
    return Sandbox(
        provider="erecruit",
        base_urls=urls,
        credentials=dict(CREDENTIALS),
        control_url=control_url,
        connection=_connection(urls, zone, world.rate_limit),
        certificates={"legacy": shown.pem},
        fingerprints={"legacy": shown.fingerprint},
        canaries=(CREDENTIALS["client_secret"], CREDENTIALS["legacy_password"], *people.canaries()),
        world=world,
    )


def _connection(urls: dict[str, str], zone: str, limit: RateLimit | None) -> dict[str, Any]:
    settings = {
        "base_url": urls["standard"],
        "login_url": urls["login"],
        "legacy_url": urls["legacy"],
        "time_zone": zone,
        "rate_limit": limit.sustained if limit else _UNLIMITED,
    }
    return {
        "provider": "erecruit",
        "name": "sandbox",
        "settings": settings,
        "credentials": dict(CREDENTIALS),
        "policy": {},
    }
