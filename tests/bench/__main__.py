"""`make bench`: what we do against what could be done, in one run on this machine. No test asserts on it.

`python -m tests.bench table http` measures those alone, `--rounds 2` is quicker.
"""

import argparse
import asyncio
import os

from tests.bench.candidate_stream import STREAM
from tests.bench.command_table import TABLE, TABLE_ON_POSTGRESQL
from tests.bench.comparison import HEAD, RESULTS
from tests.bench.first_byte import FIRST_BYTE
from tests.bench.http_accept import HTTP
from tests.bench.pulls import PULLS
from tests.bench.tempworks_rate import RATE
from tests.bench.webhooks import WEBHOOKS
from tests.bench.worker_memory import MEMORY

EXPERIMENTS = {
    one.name: one for one in (TABLE, TABLE_ON_POSTGRESQL, HTTP, FIRST_BYTE, STREAM, PULLS, RATE, WEBHOOKS, MEMORY)
}


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(EXPERIMENTS)}; all if none is given")
    parser.add_argument("--rounds", type=int)
    wanted = parser.parse_args()
    RESULTS.unlink(missing_ok=True)
    busy = os.getloadavg()[0]
    print(
        f"{os.cpu_count()} cores, load {busy:.1f} at the start: rates of a busy machine say little\n{HEAD}",
        flush=True,
    )
    for name in wanted.names or EXPERIMENTS:
        await EXPERIMENTS[name].print(wanted.rounds)


asyncio.run(main())
