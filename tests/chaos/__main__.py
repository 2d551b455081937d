"""`python -m tests.chaos`: plays it, prints what came of it, and ends with 1 if the promise was broken."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine
from typing import Any

import structlog

from domain.policy import RecordType
from tests.chaos import pulls, webhooks, writebacks
from tests.chaos.sources import SOURCES
from tests.chaos.writebacks import ENGINES, EVERY_ATS

KINDS = ("writebacks", "webhooks", "pulls")


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, help="how many runs are played side by side")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two lines of progress")
    parser.add_argument("--keep", action="store_true", help="leave databases and logs behind")
    parser.add_argument(
        "--forgetful",
        action="store_true",
        help="with a ledger that forgets what it was sending; with webhooks that are called delivered before they are; "
        "with pages that are called kept and are not",
    )
    parser.add_argument("--events", type=int, default=50, help="of webhooks alone: how many are told in a run")
    parser.add_argument("--records", type=int, default=120, help="of pulls alone: of each kind in each sandbox")
    parser.add_argument("--page", type=int, default=10, help="of pulls alone: records on a page")
    parser.add_argument("--kinds", default=",".join(RecordType), help="of pulls alone: which kinds of records")
    parser.add_argument("--providers", help="not of webhooks: which, with commas between")
    only = parser.add_argument_group("of writebacks alone")
    only.add_argument("--least", type=int, default=5, help="how often each point must be hit")
    only.add_argument("--only", default="", help="parts of the names of the points that count, with commas between")
    only.add_argument("--bounded", action="store_true", help="end as soon as each point was hit")
    only.add_argument("--no-broker", action="store_true", help="hand everything straight into the table")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)


def _playing(given: argparse.Namespace) -> Coroutine[Any, Any, writebacks.Tally | webhooks.Tally | pulls.Tally]:
    both = {name: getattr(given, name) for name in ("runs", "seed", "every", "keep", "forgetful")}
    both["engines"] = tuple(given.engines.split(","))
    if given.kind == "webhooks":
        return webhooks.play(webhooks.Request(lanes=given.lanes or 8, events=given.events, **both), _say)
    if given.kind == "pulls":
        return pulls.play(_pulls(given, both), _say)
    request = writebacks.Request(
        providers=tuple(given.providers.split(",")) if given.providers else tuple(EVERY_ATS),
        least=given.least,
        lanes=given.lanes or 4 * len(EVERY_ATS),
        only=tuple(filter(None, given.only.split(","))),
        bounded=given.bounded,
        broker=not given.no_broker,
        **both,
    )
    return writebacks.play(request, _say)


def _pulls(given: argparse.Namespace, both: dict[str, Any]) -> pulls.Request:
    return pulls.Request(
        lanes=given.lanes or 2 * len(SOURCES),
        providers=tuple(given.providers.split(",")) if given.providers else tuple(SOURCES),
        records=given.records,
        page=given.page,
        kinds=tuple(RecordType(one) for one in given.kinds.split(",")),
        **both,
    )


async def _main(given: argparse.Namespace) -> int:
    task = asyncio.current_task()
    assert task is not None
    # What workers say stands in their logs; the harness itself works as one too.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return 0 if (await _playing(given)).good else 1


if __name__ == "__main__":
    try:
        code = asyncio.run(_main(_given()))
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = 130
    sys.exit(code)
