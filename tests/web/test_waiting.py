"""Whoever waits for long keeps nobody else from being answered."""

import asyncio
import io
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import attrs

from domain.ids import ConnectionId
from tests import builders as b
from tests.clocks import HandClock
from tests.memory_gateway import memory_gateway
from tests.web.bodies import a_call_result
from tests.web.rig import Answer, Api, an_api

MANY = 8
PATIENCE = 10.0


@attrs.frozen
class Silent:
    """An ATS that does not answer until the test lets it."""

    asked: asyncio.Semaphore
    released: asyncio.Event

    async def job(self, _: object) -> Any:
        self.asked.release()
        await self.released.wait()
        return b.a_job()


async def test_live_reads_of_a_silent_ats_keep_nobody_else_waiting(api: Api, connection: str) -> None:
    silent = Silent(asyncio.Semaphore(0), asyncio.Event())
    api.offices.gateways[ConnectionId(connection)] = attrs.evolve(memory_gateway(), job_lookup=silent)
    path = f"/v1/connections/{connection}/jobs/{b.JOB}"
    reads = [asyncio.create_task(api("GET", path)) for _ in range(MANY)]
    async with asyncio.timeout(PATIENCE):
        for _ in reads:
            await silent.asked.acquire()
        assert (await api("GET", "/healthz")).status == 200
    silent.released.set()
    assert {answer.status for answer in await asyncio.gather(*reads)} == {200}


async def test_whoever_waits_for_a_write_back_leaves_its_room_to_other_bodies(migrated: Path, tmp_path: Path) -> None:
    clock = HandClock()
    async with an_api(Path(shutil.copy(migrated, tmp_path / "web.db")), clock=clock) as api:
        connection = await api.add_connection()
        waiting = [asyncio.create_task(_tagged(api, connection, {"Prefer": "wait=30"})) for _ in range(MANY)]
        async with asyncio.timeout(PATIENCE):
            while len((await api("GET", "/v1/writebacks")).body["items"]) < MANY:
                pass
            assert (await _tagged(api, connection, {})).status == 202
            while not all(one.done() for one in waiting):
                clock.advance(31)
                await asyncio.sleep(0)
    assert {one.result().status for one in waiting} == {202}


async def test_a_caller_who_sends_slowly_leaves_room_for_others(api: Api, connection: str) -> None:
    path = f"/v1/connections/{connection}/call-results"
    slow = await api.add_key("write")
    uploads = [await _begun(slow, path) for _ in range(MANY)]
    async with asyncio.timeout(PATIENCE):
        answer = await _posted_large(api, path)
    for upload in uploads:
        upload.close()
    assert answer.status == 202


async def _begun(api: Api, path: str) -> asyncio.StreamWriter:
    """A large body of which the first byte is still awaited."""
    reader, writer = await asyncio.open_connection(api.client.host, api.client.port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.key}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n".encode())
    assert b" 100 " in await reader.readline()
    return writer


async def _posted_large(api: Api, path: str) -> Answer:
    raw = json.dumps(a_call_result()).ljust(2_000_000).encode()
    return await api("POST", path, data=io.BytesIO(raw), headers={"Content-Type": "application/json"})


async def _tagged(api: Api, connection: str, headers: dict[str, str]) -> Answer:
    """By a body that does not say how large it is, which counts as a large one."""
    path = f"/v1/connections/{connection}/candidates/{b.CANDIDATE}/tags"
    return await api("POST", path, data=_pieces(), headers={"Content-Type": "application/json", **headers})


async def _pieces() -> AsyncIterator[bytes]:
    yield json.dumps({"tag": "vip"}).encode()
