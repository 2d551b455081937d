"""Speaks to the emulated Kombo as any HTTP client would, without our own adapters in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import attrs

from entrypoints.sandbox.kombo import KomboSandbox
from tests.sandbox.client import Got

Row = dict[str, Any]

PASSTHROUGH = "/passthrough/avionte/front-office-v1"


@attrs.define
class Client:
    """`integration` is the one that is named in every request."""

    sandbox: KomboSandbox
    session: aiohttp.ClientSession  # noqa: TID251 - only named here
    integration: str

    @property
    def headers(self) -> dict[str, str]:
        key = self.sandbox.credentials["api_key"]
        return {"Authorization": f"Bearer {key}", "X-Integration-Id": self.integration}

    async def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Got:
        given = self.headers if headers is None else headers
        return await self.fetch(method, self.sandbox.base_urls["api"] + path, headers=given, **more)

    async def control(self, method: str, path: str, **more: Any) -> Got:
        return await self.fetch(method, self.sandbox.control_url + path, **more)

    async def fetch(self, method: str, url: str, **more: Any) -> Got:
        async with self.session.request(method, url, allow_redirects=False, **more) as response:
            return Got(response.status, dict(response.headers), await response.read())

    async def page(self, model: str, **query: Any) -> tuple[list[Row], str | None]:
        got = await self.call("GET", f"/ats/{model}", params=query)
        assert got.status == 200, got.body
        return got.json["data"]["results"], got.json["data"]["next"]

    async def rows(self, model: str, **query: Any) -> list[Row]:
        """Over all pages."""
        rows, cursor = await self.page(model, **query)
        while cursor is not None:
            more, cursor = await self.page(model, **query, cursor=cursor)
            rows += more
        return rows

    async def inner(self, method: str, path: str, data: object = None, **params: str) -> Row:
        """What Avionté said, inside Kombo's success."""
        body: Row = {"method": method, "path": path, "params": params}
        got = await self.call("POST", PASSTHROUGH, json=body if data is None else body | {"data": data})
        assert got.status == 200, got.body
        inside: Row = got.json["data"]
        return inside

    async def state(self) -> Row:
        state: Row = (await self.control("GET", "/state")).json
        return state

    async def switch(self, **switches: Any) -> None:
        assert (await self.control("POST", "/switches", json=switches)).status == 200


@asynccontextmanager
async def connected(sandbox: KomboSandbox, integration: str | None = None) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:  # noqa: TID251 - tests speak to the sandbox directly
        yield Client(sandbox, session, integration or sandbox.credentials["integration_id"])


def code(got: Got) -> tuple[int, str]:
    """The status and code of a refusal, which has all four keys."""
    error = got.json["error"]
    assert (got.json["status"], set(error)) == ("error", {"code", "title", "message", "log_url"})
    return got.status, str(error["code"])
