"""Our command table in a process of its own: so many call results are accepted, claimed and finished."""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path

from domain.call_result import CallResult
from domain.ids import CandidateId
from domain.writeback import WriteBackState
from entrypoints.memory import settled_in
from ports.commands import Claim, Commands
from ports.scope import EVERYTHING
from tests import builders as b
from tests.bench.machine import a_folder, handed
from tests.office import CONNECTION, Office, an_office

AT_ONCE = 100


def results(jobs: int) -> list[CallResult]:
    return [
        b.a_call_result(call_id=f"call-{n}", candidate_id=CandidateId(f"cand-{n}"), report=None) for n in range(jobs)
    ]


async def accept(office: Office, jobs: int) -> float:
    """Seconds in which all are committed, each producer waiting for its own."""
    post, waiting = office.post_call_results, iter(results(jobs))
    settled_in()  # as every process of the service does

    async def hand_in() -> None:
        for result in waiting:
            await post(EVERYTHING, CONNECTION, result)

    start = time.perf_counter()
    await asyncio.gather(*(hand_in() for _ in range(AT_ONCE)))
    return time.perf_counter() - start


async def work(commands: Commands, jobs: int) -> float:
    """Seconds in which all are finished, each on its own; the next ones are claimed while these are worked on."""

    async def handle(claim: Claim) -> None:
        await asyncio.sleep(0)
        await commands.finish(claim, WriteBackState.DONE)

    async def finish(claims: Sequence[Claim]) -> None:
        await asyncio.gather(*(handle(claim) for claim in claims))

    start, finished = time.perf_counter(), 0
    claimed = asyncio.ensure_future(commands.claim(AT_ONCE))
    while claims := await claimed:
        claimed = asyncio.ensure_future(commands.claim(AT_ONCE))
        await finish(claims)
        finished += len(claims)
    if finished != jobs:
        raise RuntimeError(f"{finished} of {jobs} were finished")
    return time.perf_counter() - start


async def main(jobs: int, url: str | None) -> None:
    with a_folder() as folder:
        async with an_office(Path(folder), url=url) as office:
            began = time.process_time()
            accepting = await accept(office, jobs)
            working = await work(office.stores.commands, jobs)
            cpu = time.process_time() - began
    rates = {"accepted": jobs / accepting, "worked": jobs / working, "per_second": jobs / (accepting + working)}
    print(json.dumps(rates | {"cpu_us": 1e6 * cpu / jobs}))


if __name__ == "__main__":
    asyncio.run(main(**handed()))
