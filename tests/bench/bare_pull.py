"""What one writes by hand: pages split by msgspec, each record decoded whole and kept as it came, straight sqlite3.

No tenants, digests, events, leases, skipped records or records put aside; the next page is asked for once this one is
kept. One thread decodes and writes: a page and its cursor in one transaction, `synchronous=FULL`, all else as it comes.
"""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import msgspec

from tests.bench.bare_wire import Candidate, Page
from tests.bench.kombo_pages import PAGE
from tests.bench.machine import a_folder, handed

SCHEMA = """
pragma journal_mode = wal;
pragma synchronous = full;
create table candidate (
    id text primary key, remote_id text, first_name text, last_name text, email text, changed_at text, deleted_at text,
    raw blob
);
create table place (list text primary key, cursor text);
"""
UPSERT = (
    "insert into candidate values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set"
    " remote_id = excluded.remote_id, first_name = excluded.first_name, last_name = excluded.last_name,"
    " email = excluded.email, changed_at = excluded.changed_at, deleted_at = excluded.deleted_at, raw = excluded.raw"
    " where excluded.changed_at >= candidate.changed_at"
)
PLACE = "insert into place values ('candidates', ?) on conflict (list) do update set cursor = excluded.cursor"

_page, _candidate = msgspec.json.Decoder(Page), msgspec.json.Decoder(Candidate)


def _rows(page: Page) -> Iterator[tuple[Any, ...]]:
    for raw in map(bytes, page.data.results):
        one = _candidate.decode(raw)
        email = one.email_addresses[0].email_address if one.email_addresses else None
        changed_at = one.changed_at.isoformat()
        deleted_at = one.remote_deleted_at and one.remote_deleted_at.isoformat()
        yield one.id, one.remote_id, one.first_name, one.last_name, email, changed_at, deleted_at, raw


def _keep(database: sqlite3.Connection, content: bytes) -> str | None:
    """The answer is the cursor of the next page."""
    page = _page.decode(content)
    rows = list(_rows(page))
    database.execute("begin immediate")
    database.executemany(UPSERT, rows)
    database.execute(PLACE, (page.data.next,))
    database.execute("commit")
    return page.data.next


async def _pull(port: int, database: sqlite3.Connection) -> None:
    loop, cursor = asyncio.get_running_loop(), ""
    with ThreadPoolExecutor(1) as thread:
        async with aiohttp.ClientSession() as session:  # noqa: TID251 - none of ours is in this
            while True:
                query = {"page_size": str(PAGE)} | ({"cursor": cursor} if cursor else {})
                async with session.get(f"http://127.0.0.1:{port}/v1/ats/candidates", params=query) as response:
                    content = await response.read()
                following = await loop.run_in_executor(thread, _keep, database, content)
                if following is None:
                    return
                cursor = following


async def main(port: int, records: int) -> None:
    with a_folder() as folder:
        database = sqlite3.connect(folder / "bare.db", isolation_level=None, check_same_thread=False)
        database.executescript(SCHEMA)
        start, cpu = time.perf_counter(), time.process_time()
        await _pull(port, database)
        took, worked = time.perf_counter() - start, time.process_time() - cpu
        kept = database.execute("select count(*) from candidate").fetchone()[0]
        database.close()
    if kept != records:
        raise RuntimeError(f"{kept} of {records} are kept")
    print(json.dumps({"per_second": records / took, "cpu_us": 1e6 * worked / records}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
