"""The hosts that stand in recordings of Avionté in place of the sandbox's and of Avionté's own; and what is inside."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from adapters.avionte.endpoints import ENDPOINTS
from adapters.kombo.endpoints import ACTIONS, BULK
from entrypoints.sandbox.kombo import running
from entrypoints.sandbox.kombo.server import CREDENTIALS, SECRETS
from tests.erecruit.rig import NOON, Sun
from tests.kombo.rig import opened
from tests.wire.avionte.rows import CASES
from tests.wire.case import Exchange, Ready, Recorded, plain

API = "https://kombo.example.test"
_VENDORS = {
    "https://app.kombo.dev": "https://logs.example.test",
    "https://api.avionte.com": "https://avionte.example.test",
    "https://example.myavionte.com": "https://app.example.test",
}
CONNECTION: Mapping[str, Any] = {
    "provider": "avionte",
    "settings": {"base_url": f"{API}/v1"},
    "credentials": dict(CREDENTIALS),
}


@asynccontextmanager
async def _sandbox() -> AsyncIterator[Ready]:
    async with running(rate_limit=None, clock=Sun(NOON), records=12) as sandbox:
        host = sandbox.base_urls["api"].removesuffix("/v1")
        yield Ready(sandbox, sandbox.connection, {host: API, **_VENDORS})


def inside(interaction: Mapping[str, Any]) -> Exchange:
    """What Avionté was asked and said, where it was asked at all."""
    method, uri, status = plain(interaction)
    if "/passthrough/" not in uri:
        return method, uri, status
    asked = msgspec.json.decode(interaction["request"]["body"])
    said = msgspec.json.decode(interaction["response"]["body"]["string"])
    return asked["method"], asked["path"], said["data"]["status"] if status == 200 else status


AVIONTE = Recorded(
    provider="avionte",
    endpoints=ENDPOINTS,
    bases={ACTIONS: "", BULK: ""},
    cases=CASES,
    connection=CONNECTION,
    sandbox=_sandbox,
    open=opened,
    sensitive=SECRETS,
    exchange=inside,
)
