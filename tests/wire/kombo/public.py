"""The host that stands in recordings of Kombo in place of the sandbox's."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from adapters.kombo.endpoints import ACTIONS, BULK, ENDPOINTS, FILES, STANDARD
from entrypoints.sandbox.kombo import running
from entrypoints.sandbox.kombo.server import CREDENTIALS, PLAIN_INTEGRATION
from tests.erecruit.rig import NOON, Sun
from tests.kombo.rig import opened
from tests.wire.case import Ready, Recorded
from tests.wire.kombo.rows import CASES, RESUME

PUBLIC, LOGS = "https://kombo.example.test", "https://logs.example.test"
CONNECTION: Mapping[str, Any] = {
    "provider": "kombo",
    "settings": {"base_url": f"{PUBLIC}/v1"},
    "credentials": {**CREDENTIALS, "integration_id": PLAIN_INTEGRATION},
}


@asynccontextmanager
async def _sandbox() -> AsyncIterator[Ready]:
    async with running(rate_limit=None, clock=Sun(NOON), records=12) as sandbox:
        address = sandbox.base_urls["api"].removesuffix("/v1")
        # Errors bear an address at Kombo's own site, where their log can be read.
        yield Ready(sandbox, sandbox.connection_kombo, {address: PUBLIC, "https://app.kombo.dev": LOGS})


KOMBO = Recorded(
    provider="kombo",
    endpoints=ENDPOINTS,
    bases={**dict.fromkeys((STANDARD, ACTIONS, BULK), f"{PUBLIC}/v1"), FILES: f"{PUBLIC}/resources/{RESUME}"},
    cases=CASES,
    connection=CONNECTION,
    sandbox=_sandbox,
    open=opened,
)
