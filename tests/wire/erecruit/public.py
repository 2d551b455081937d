"""The hosts that stand in recordings of eRecruit in place of the sandbox's."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from adapters.erecruit.endpoints import ENDPOINTS
from adapters.erecruit.routing import routed
from adapters.erecruit.settings import read_settings
from entrypoints.sandbox.erecruit import running
from entrypoints.sandbox.erecruit.server import CREDENTIALS
from tests.erecruit.rig import NOON, Sun, opened
from tests.wire.case import Ready, Recorded
from tests.wire.erecruit.rows import CASES

STANDARD, LEGACY = "https://erecruit.example.test", "https://webapi.example.test"
CONNECTION: Mapping[str, Any] = {
    "settings": {
        "base_url": f"{STANDARD}/webapi",
        "login_url": f"{STANDARD}/t/token",
        "legacy_url": f"{LEGACY}/api",
        "time_zone": "America/Toronto",
    },
    "credentials": dict(CREDENTIALS),
}
_SETTINGS = read_settings(CONNECTION["settings"], None)


@asynccontextmanager
async def _sandbox() -> AsyncIterator[Ready]:
    async with running(rate_limit=None, clock=Sun(NOON), records=12) as sandbox:
        addresses = {
            sandbox.base_urls["standard"].removesuffix("/webapi"): STANDARD,
            sandbox.base_urls["legacy"].removesuffix("/api"): LEGACY,
        }
        yield Ready(sandbox, sandbox.connection, addresses)


ERECRUIT = Recorded(
    provider="erecruit",
    endpoints=tuple(routed(row, _SETTINGS) for row in ENDPOINTS),
    bases={"standard": f"{STANDARD}/webapi", "legacy": f"{LEGACY}/api"},
    cases=CASES,
    connection=CONNECTION,
    sandbox=_sandbox,
    open=opened,
)
