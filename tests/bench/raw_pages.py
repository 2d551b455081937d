"""The limit: pages read by bare aiohttp and thrown away; of each only the cursor of the next is looked at."""

import asyncio
import json
import re
import time

import aiohttp

from tests.bench.kombo_pages import PAGE
from tests.bench.machine import handed

_NEXT = re.compile(rb'"next":(?:null|"(\w+)")')
_HEAD = 200


async def main(port: int, records: int) -> None:
    cursor: str | None = ""
    pages, start = 0, time.perf_counter()
    async with aiohttp.ClientSession() as session:  # noqa: TID251 - none of ours is in this
        while cursor is not None:
            query = {"page_size": str(PAGE)} | ({"cursor": cursor} if cursor else {})
            async with session.get(f"http://127.0.0.1:{port}/v1/ats/candidates", params=query) as response:
                content = await response.read()
            pages += 1
            found = _NEXT.search(content, 0, _HEAD)
            cursor = found[1].decode() if found and found[1] else None
    took = time.perf_counter() - start
    if pages != -(-records // PAGE):
        raise RuntimeError(f"{pages} pages came for {records} records")
    print(json.dumps({"per_second": records / took}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
