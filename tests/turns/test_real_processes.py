"""Two workers and a web process on one database, against an emulated eRecruit that counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import pytest
from cryptography.fernet import Fernet

from entrypoints.cli.processes import child
from entrypoints.sandbox.erecruit import ErecruitSandbox, running
from entrypoints.sandbox.erecruit.fixtures import CANDIDATE, POSITION
from entrypoints.sandbox.limits import RateLimit
from tests.cli.command import ADMIN_KEY
from tests.persistence.postgres import empty_database

MANY = 6
ALLOWED = RateLimit(per_second=20, per_minute=6_000)
# Three processes that counted each by itself would send 36.
RATE = 12
START = 60.0


@attrs.frozen
class Service:
    """The web process, and the folder in which all of them log."""

    session: aiohttp.ClientSession  # noqa: TID251 - a user's client
    url: str
    folder: Path

    async def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {ADMIN_KEY}", **headers}
        async with self.session.request(method, self.url + path, json=body, headers=sent) as response:
            assert response.status in {200, 201, 202}, (method, path, response.status, await response.text())
            answer = await response.json()
        # Not carried out yet: the same key asks for the same write-back again.
        return await self(method, path, body, **headers) if response.status == 202 else answer

    async def busy(self, connection: str, turn: str) -> None:
        """Writes for the workers and reads for the web process, at once, on both hosts."""
        path = f"/v1/connections/{connection}"
        reads = [f"{path}/stages", f"{path}/jobs/{POSITION}"] * MANY
        answers = await asyncio.gather(
            *(self._written(f"{path}/candidates/{CANDIDATE + n}", turn) for n in range(MANY)),
            *(self("GET", read) for read in reads),
        )
        assert [one["state"] for one in answers[:MANY]] == ["done"] * MANY

    async def _written(self, record: str, turn: str) -> Any:
        headers = {"Idempotency-Key": turn, "Prefer": "wait=30"}
        await self("POST", f"{record}/notes", {"text": f"A call, {turn}."}, **headers)
        return await self("POST", f"{record}/tags", {"tag": "65880"}, **headers)


@asynccontextmanager
async def three_processes(url: str, folder: Path) -> AsyncIterator[Service]:
    environment = {
        "ATSBRIDGE_DATABASE_URL": url,
        "ATSBRIDGE_ADMIN_KEY": ADMIN_KEY,
        "ATSBRIDGE_VAULT_KEYS": Fernet.generate_key().decode(),
        "ATSBRIDGE_PORT": "0",
        "ATSBRIDGE_CONNECTION_CONCURRENCY": str(MANY),
    }
    async with AsyncExitStack() as stack:
        for name, command in (("first", "work"), ("second", "work"), ("web", "web")):
            (folder / name).mkdir()
            started = await stack.enter_async_context(child(command, folder=folder / name, environment=environment))
        address = (await started.line(START)).rpartition(" ")[2]
        session = await stack.enter_async_context(aiohttp.ClientSession())  # noqa: TID251 - a user's client
        yield Service(session, address, folder)


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return await empty_database(request.config)
    return f"sqlite:///{tmp_path}/three.db"


@pytest.mark.slow
async def test_they_keep_to_one_rate_and_share_one_log_in(url: str, tmp_path: Path) -> None:
    """Each log-in ends the session before it, so a process that logged in by itself would end those of the others."""
    async with running(rate_limit=ALLOWED) as sandbox, three_processes(url, tmp_path) as service:
        sandbox.state.switches.single_session = True
        body = sandbox.connection | {"settings": sandbox.connection["settings"] | {"rate_limit": RATE}}
        connection = (await service("POST", "/v1/connections", body))["id"]

        await service.busy(connection, "first")
        assert sandbox.journal.logins == {"standard": 1, "legacy": 1}
        seen = [*sandbox.state.tokens]
        sandbox.faults.arm("expire_tokens")
        await service.busy(connection, "second")
        assert sandbox.journal.logins == {"standard": 2, "legacy": 2}

        assert {name: (host.refused, host.requests > 4 * MANY) for name, host in sandbox.world.counted.items()} == {
            "standard": (0, True),
            "legacy": (0, True),
        }
        assert len(sandbox.writes) == 3 * MANY
        show_nothing(tmp_path, [*seen, *sandbox.state.tokens], sandbox)


def show_nothing(folder: Path, tokens: list[str], sandbox: ErecruitSandbox) -> None:
    """Neither the logs nor the files of the database hold a token or a secret."""
    assert len(tokens) == 4
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert [one for one in (*tokens, *sandbox.canaries[:2]) if one.encode() in content] == [], file.name
