"""The host that stands in recordings of TempWorks in place of the sandbox's."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from adapters.tempworks.endpoints import ENDPOINTS
from adapters.tempworks.routing import routed
from adapters.tempworks.settings import read_settings
from entrypoints.sandbox.tempworks import running
from entrypoints.sandbox.tempworks.server import CREDENTIALS, SENSITIVE
from tests.erecruit.rig import NOON, Sun
from tests.tempworks.rig import opened
from tests.wire.case import Ready, Recorded
from tests.wire.tempworks.rows import CASES

API, FILES = "https://tempworks.example.test", "https://files.example.test"
CONNECTION: Mapping[str, Any] = {
    "settings": {"base_url": API, "time_zone": "America/New_York", "message_action_id": "462"},
    "credentials": {"token": CREDENTIALS["token"]},
}
_SETTINGS = read_settings(CONNECTION["settings"])


@asynccontextmanager
async def _sandbox() -> AsyncIterator[Ready]:
    async with running(rate_limit=None, clock=Sun(NOON), records=12) as sandbox:
        yield Ready(sandbox, sandbox.connection, {sandbox.base_urls["api"]: API, sandbox.control_url: FILES})


TEMPWORKS = Recorded(
    provider="tempworks",
    endpoints=tuple(routed(row, _SETTINGS) for row in ENDPOINTS),
    bases={"standard": API, "files": f"{FILES}/{{place}}/{{number}}"},
    cases=CASES,
    connection=CONNECTION,
    sandbox=_sandbox,
    open=opened,
    sensitive=SENSITIVE,
)
