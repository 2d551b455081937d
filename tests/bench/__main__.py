"""`make bench`: what we do against what could be done, in one run on this machine. No test asserts on it."""

import asyncio

from tests.bench.comparison import RESULTS, keep, shown
from tests.bench.http_accept import HTTP
from tests.bench.table import TABLE


async def main() -> None:
    RESULTS.unlink(missing_ok=True)
    print(f"{'':<44}{'ours':>12} {'':<12}{'theirs':>12}  {'ratio':>7}")
    for comparison in (TABLE, HTTP):
        line = await comparison.line()
        keep(line)
        print(shown(line), flush=True)


asyncio.run(main())
