"""Speaks to the sandbox as any HTTP client would, without our own adapters in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import attrs
import msgspec

from entrypoints.sandbox.erecruit import ErecruitSandbox


@attrs.frozen
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@attrs.define
class Client:
    sandbox: ErecruitSandbox
    session: aiohttp.ClientSession  # noqa: TID251 - only named here
    tokens: dict[str, str] = attrs.field(factory=dict)

    async def log_in(self, host: str) -> str:
        given = self.sandbox.credentials
        if host == "standard":
            form = {"grant_type": "client_credentials", "client_id": given["client_id"], "scope": ""}
            got = await self.send("POST", "/t/token", data=form | {"client_secret": given["client_secret"]})
            token = got.json["access_token"]
        else:
            names = {"UserName": "legacy_user_name", "Password": "legacy_password", "EntityID": "legacy_entity_id"}
            body = {key: given[name] for key, name in names.items()}
            token = (await self.send("POST", "/api/Authenticate", json=body)).json["Token"]
        self.tokens[host] = token
        return str(token)

    async def call(self, method: str, path: str, *, media: str | None = None, **more: Any) -> Got:
        """With the token of the host that the path belongs to; `media` states what a raw body is."""
        host = _host(path)
        token = self.tokens.get(host) or await self.log_in(host)
        headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": media} if media else {})
        return await self.send(method, path, headers=headers, **more)

    async def send(self, method: str, path: str, **more: Any) -> Got:
        host = _host(path)
        root = self.sandbox.base_urls[host].rpartition("/")[0]
        return await self.fetch(method, root + path, **more)

    async def control(self, method: str, path: str, **more: Any) -> Got:
        return await self.fetch(method, self.sandbox.control_url + path, **more)

    async def fetch(self, method: str, url: str, **more: Any) -> Got:
        async with self.session.request(method, url, ssl=False, **({"allow_redirects": False} | more)) as response:
            return Got(response.status, dict(response.headers), await response.read())


def _host(path: str) -> str:
    return "legacy" if path.lstrip("/").startswith("api/") else "standard"


@asynccontextmanager
async def connected(sandbox: ErecruitSandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:  # noqa: TID251 - tests speak to the sandbox directly
        yield Client(sandbox, session)
