"""The emulated Kombo sends its webhooks over a socket: twice, in another order, signed with another secret."""

from typing import Any

import aiohttp

from domain.policy import RecordType
from entrypoints.sandbox.kombo import KomboSandbox, running
from tests.persistence.pulled import asked
from tests.web.rig import Api


async def sent(sandbox: KomboSandbox, url: str, *events: dict[str, Any], **parts: Any) -> list[int]:
    """What its webhooks were answered with."""
    order = {"url": url, "events": events, **parts}
    async with (
        aiohttp.ClientSession() as session,  # noqa: TID251 - who tells the sandbox what to do
        session.post(f"{sandbox.control_url}/webhooks", json=order) as response,
    ):
        assert response.status == 201, await response.text()
        return [one["status"] for one in (await response.json())["sent"]]


async def test_its_webhooks_come_in_once_each_and_only_with_its_secret(api: Api) -> None:
    async with running(records=3, rate_limit=None) as sandbox:
        one = (await api("POST", "/v1/connections", sandbox.connection)).body["id"]
        path = f"/v1/connections/{one}/vendor-events"
        url = str(api.client.make_url(path))
        changed = {"type": "data-changed", "models": ["ats_jobs", "ats_interviews"], "id": "of-the-sandbox"}
        failed = {"type": "sync-finished", "sync_state": "AUTHENTICATION_FAILED"}

        assert await sent(sandbox, url, failed, changed, times=2) == [200] * 4
        assert await sent(sandbox, url, changed, secret="another") == [401]
        other = sandbox.connection_kombo["credentials"]["integration_id"]
        assert await sent(sandbox, url, {"type": "data-changed"}, integration=other) == [200]

        kept = (await api("GET", path)).body["items"]
        assert [(event["type"], event["changed"], event.get("fault")) for event in kept] == [
            ("data-changed", ["ats_jobs", "ats_interviews"], None),
            ("sync-finished", [], "the last sync ended as AUTHENTICATION_FAILED"),
        ]
        assert await asked(api.stores) == {(one, RecordType.JOB)}
