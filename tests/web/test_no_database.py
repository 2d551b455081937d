"""A database that takes nothing more: whoever is told so comes again, and nothing is half accepted."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import TypeAlias

import pytest
import sqlalchemy as sa

from adapters.persistence.tables import blobs, command_files, commands
from tests.web.bodies import a_call_result, a_screening
from tests.web.rig import Answer, Api

Mishap: TypeAlias = Callable[[Api, Path], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def full(api: Api, _: Path) -> AsyncIterator[None]:
    await _told(api, "PRAGMA max_page_count = 1")  # SQLite takes as many as there are
    yield
    await _told(api, "PRAGMA max_page_count = 1000000")


@asynccontextmanager
async def held_by_another(api: Api, database: Path) -> AsyncIterator[None]:
    await _told(api, "PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def _told(api: Api, pragma: str) -> None:
    def tell(c: sa.Connection, _: Sequence[object]) -> list[None]:
        c.exec_driver_sql(pragma).close()
        return [None]

    await api.stores.database.write(tell, None)


@pytest.mark.parametrize("mishap", [full, held_by_another])
async def test_what_cannot_be_kept_is_not_accepted_and_can_be_sent_again(
    api: Api, connection: str, tmp_path: Path, mishap: Mishap
) -> None:
    accepted = 0
    async with mishap(api, tmp_path / "web.db"):
        while (answer := await _handed_in(api, connection, accepted)).status == 202:
            accepted += 1
        assert (answer.status, answer.body["type"]) == (503, "urn:atsbridge:problem:unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        refused = f"/v1/connections/{connection}/results/call-{accepted}"
        assert (await api("GET", refused)).status == 404
        assert await _rows(api) == [accepted, min(accepted, 1), accepted]

    assert (await _handed_in(api, connection, accepted)).status == 202
    assert (await api("GET", refused)).body["state"] == "waiting"
    assert (await api("POST", f"/v1/connections/{connection}/screenings", a_screening())).status == 202


async def _handed_in(api: Api, connection: str, n: int) -> Answer:
    body = a_call_result(call_id=f"call-{n}", summary="x" * 20_000)
    return await api("POST", f"/v1/connections/{connection}/call-results", body)


async def _rows(api: Api) -> list[int]:
    """Of results, of files (it is the same one each time), and of links between them."""

    def count(c: sa.Connection) -> list[int]:
        tables = (commands, blobs, command_files)
        return [int(c.execute(sa.select(sa.func.count()).select_from(one)).scalar_one()) for one in tables]

    return await api.stores.database.read(count)
