"""The whole HTTP side in process: real stores on SQLite, an ATS in memory for each connection, a worker's pass."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet
from dependency_injector import providers

from adapters.deps import Deps
from adapters.persistence.stores import Stores, open_stores
from adapters.providers import Catalogue, entry
from adapters.turns.in_process import InProcessTurns
from adapters.vault import FernetVault
from domain.ids import ConnectionId
from entrypoints.container import Container
from entrypoints.settings import Settings
from entrypoints.web.access import digest_of
from entrypoints.web.app import build_app
from entrypoints.web.telemetry import server_log
from ports.api_keys import ApiKey, Permission
from ports.commands import WriteBack
from ports.connections import Connection, Connections
from ports.gateway import Gateway, Provider
from ports.scope import EVERYTHING, Scope
from tests import builders as b
from tests.clocks import FakeClock
from tests.memory_ats import MemoryAts
from tests.memory_gateway import memory_gateway

ADMIN_KEY = "atsb_admin_canary-admin-8sJq0PzT4wYkN2vR7xLm"
SETTINGS = {
    "base_url": "https://standard.invalid/webapi",
    "login_url": "https://login.invalid/t/token",
    "legacy_url": "https://webapi.myagilus.ca/api",
    "time_zone": "America/Toronto",
}
CREDENTIALS = {
    "client_id": "screening",
    "client_secret": b.API_SECRET,
    "legacy_user_name": "screening",
    "legacy_password": b.PASSWORD,
    "legacy_entity_id": "7",
}


@attrs.define
class Offices(Connections):
    """Every connection opens on an ATS of its own; `gateways` replaces one's gateway."""

    stores: Stores
    clock: FakeClock
    ats: dict[ConnectionId, MemoryAts] = attrs.field(factory=dict)
    gateways: dict[ConnectionId, Gateway] = attrs.field(factory=dict)

    async def open(
        self, scope: Scope, connection: ConnectionId, *, patient: bool = False
    ) -> tuple[Connection, Gateway]:
        row = await self.stores.connections.get(scope, connection)
        if row.provider is Provider.PUBLIC_API:
            return row, entry(row.provider).connect(row.id, row.settings, {}, self._deps())
        return row, self.gateways.get(row.id) or memory_gateway(self.of(row.id), provider=row.provider)

    def _deps(self) -> Deps:
        turns = InProcessTurns(self.clock)
        return Deps(turns=turns, clock=self.clock, intake=self.stores.intake, outbox=self.stores.outbox)

    def of(self, connection: str) -> MemoryAts:
        return self.ats.setdefault(ConnectionId(connection), MemoryAts(clock=self.clock))


@attrs.define
class Api:
    """A client with a key, and what stands behind the API."""

    client: "TestClient[Any, Any]"
    stores: Stores
    offices: Offices
    clock: FakeClock
    container: Container
    key: str = ADMIN_KEY

    async def __call__(self, method: str, path: str, body: Any = None, **parts: Any) -> "Answer":
        headers = {"Authorization": f"Bearer {self.key}", **parts.pop("headers", {})}
        json = {"json": body} if body is not None else {}
        async with self.client.request(method, path, headers=headers, **json, **parts) as response:
            return await Answer.of(response)

    def with_key(self, key: str) -> "Api":
        return attrs.evolve(self, key=key)

    async def add_connection(self, **changes: Any) -> str:
        answer = await self("POST", "/v1/connections", a_connection(**changes))
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    async def add_key(self, *scopes: str, **parts: Any) -> "Api":
        answer = await self("POST", "/v1/api-keys", {"name": "of a test", "scopes": list(scopes), **parts})
        assert answer.status == 201, answer.body
        return self.with_key(answer.body["key"])

    async def carry_out(self) -> list[WriteBack]:
        """One pass of a worker over all that is due."""
        work, done = self.container.carry_out(), []
        for claim in await self.stores.commands.claim(100):
            await work(claim)
            done.append(await self.stores.commands.get(EVERYTHING, claim.command))
        return done

    async def pull(self) -> int:
        """One pass of a worker over the pulls that are due."""
        work, claims = self.container.pull_changes(), await self.stores.pulls.claim(100)
        for claim in claims:
            await work(claim)
        return len(claims)


@attrs.frozen
class Answer:
    """An answer, read."""

    status: int
    headers: Mapping[str, str]
    text: str
    body: Any

    @classmethod
    async def of(cls, response: ClientResponse) -> "Answer":
        is_json = response.content_type.endswith(("/json", "+json"))
        text = await response.text(errors="replace")
        return cls(response.status, response.headers, text, await response.json(content_type=None) if is_json else None)

    @property
    def faults(self) -> dict[str, str]:
        """The faults of a problem document, by pointer."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.text
        assert self.body["status"] == self.status
        return {one["pointer"]: one["message"] for one in self.body.get("faults", ())}


def a_connection(**changes: Any) -> dict[str, Any]:
    body = {"provider": "erecruit", "name": "Acme", "settings": SETTINGS, "credentials": CREDENTIALS}
    return {**body, **changes}


@asynccontextmanager
async def an_api(database: Path | str, *, admin: bool = True, clock: FakeClock | None = None) -> AsyncIterator[Api]:
    """`database` is a migrated file of the test's own, or the URL of a database."""
    clock = clock or FakeClock()
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    vault = FernetVault([Fernet.generate_key().decode()])
    async with open_stores(url, vault=vault, clock=clock) as stores:
        if admin:
            await stores.api_keys.add(_admin_key(clock))
        offices = Offices(stores, clock)
        container = Container(
            settings=providers.Object(Settings()),
            clock=providers.Object(clock),
            stores=providers.Object(stores),
            connections=providers.Object(offices),
            catalogue=providers.Object(Catalogue(Deps(turns=InProcessTurns(clock), clock=clock))),
        )
        server = TestServer(build_app(container))
        await server.start_server(access_log=None, logger=server_log())
        async with TestClient(server) as client:
            yield Api(client, stores, offices, clock, container)


def _admin_key(clock: FakeClock) -> ApiKey:
    return ApiKey(
        id="admin",
        name="admin",
        permissions=frozenset(Permission),
        connection=None,
        created_at=clock.now(),
        secret_sha256=digest_of(ADMIN_KEY),
    )
