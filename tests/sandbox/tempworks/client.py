"""Speaks to the emulated TempWorks as any HTTP client would, without our own adapters in between."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import attrs

from entrypoints.sandbox.tempworks import TempWorksSandbox
from tests.sandbox.client import Got


@attrs.define
class Client:
    """Brings the personal access token along unless it is told to come with other headers."""

    sandbox: TempWorksSandbox
    session: aiohttp.ClientSession  # noqa: TID251 - only named here

    @property
    def token(self) -> dict[str, str]:
        return {"x-tw-token": self.sandbox.credentials["token"]}

    @property
    def basic(self) -> dict[str, str]:
        pair = ":".join(self.sandbox.credentials[name] for name in ("account_sid", "auth_token"))
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    async def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {(await self.log_in()).json['access_token']}"}

    async def log_in(self, **other: str) -> Got:
        """With the credentials of the vendor's service, or others in place of some of them."""
        given = self.sandbox.credentials
        form = {
            "grant_type": "tw_vendor_service_credentials",
            "client_id": given["client_id"],
            "client_secret": given["client_secret"],
            "acr_values": f"tenant:{given['tenant']} pid:{given['product_instance']}",
        }
        return await self.fetch("POST", self.sandbox.base_urls["login"], data=form | other)

    async def call(self, method: str, path: str, **more: Any) -> Got:
        return await self.fetch(method, self.url(path), **({"headers": self.token} | more))

    def url(self, path: str) -> str:
        """Of the host that the path belongs to."""
        plain = path.casefold().lstrip("/")
        if plain.startswith("connect"):
            return self.sandbox.base_urls["login"].removesuffix("/connect/token") + path
        if plain.startswith("api/"):
            return self.sandbox.base_urls["webhooks"].removesuffix("/api") + path
        return self.sandbox.base_urls["api"] + path

    async def get(self, path: str, **query: Any) -> Any:
        got = await self.call("GET", path, params=query)
        assert got.status == 200, got.body
        return got.json

    async def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return list((await self.get(path, **({"skip": 0, "take": 1000} | query)))["data"])

    async def control(self, method: str, path: str, **more: Any) -> Got:
        return await self.fetch(method, self.sandbox.control_url + path, **more)

    async def fetch(self, method: str, url: str, **more: Any) -> Got:
        async with self.session.request(method, url, **({"allow_redirects": False} | more)) as response:
            return Got(response.status, dict(response.headers), await response.read())


@asynccontextmanager
async def connected(sandbox: TempWorksSandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:  # noqa: TID251 - tests speak to the sandbox directly
        yield Client(sandbox, session)
