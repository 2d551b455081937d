"""`python -m tests.chaos`: plays it, prints what came of it, and ends with 1 if the promise was broken."""

import argparse
import asyncio
import signal
import sys

from tests.chaos.writebacks import ENGINES, EVERY_ATS, Request, play


def _request() -> Request:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("kind", choices=["writebacks"])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=5, help="how often each point must be hit")
    parser.add_argument("--lanes", type=int, default=4 * len(EVERY_ATS), help="how many runs are played side by side")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--providers", default=",".join(EVERY_ATS))
    parser.add_argument("--only", default="", help="parts of the names of the points that count, with commas between")
    parser.add_argument("--bounded", action="store_true", help="end as soon as each point was hit")
    parser.add_argument("--no-broker", action="store_true", help="hand everything straight into the table")
    parser.add_argument("--forgetful", action="store_true", help="with a ledger that forgets what it was sending")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two lines of progress")
    parser.add_argument("--keep", action="store_true", help="leave databases and logs behind")
    given = parser.parse_args()
    return Request(
        runs=given.runs,
        seed=given.seed,
        engines=tuple(given.engines.split(",")),
        providers=tuple(given.providers.split(",")),
        least=given.least,
        lanes=given.lanes,
        only=tuple(filter(None, given.only.split(","))),
        bounded=given.bounded,
        broker=not given.no_broker,
        forgetful=given.forgetful,
        every=given.every,
        keep=given.keep,
    )


async def _main(request: Request) -> int:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    tally = await play(request, lambda line: print(line, flush=True))
    return 0 if tally.good else 1


if __name__ == "__main__":
    try:
        code = asyncio.run(_main(_request()))
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = 130
    sys.exit(code)
