"""Rows of the command table: accept, claim and finish with an empty handler, every commit on disk."""

from adapters.persistence.serial import encode
from tests import builders as b
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import figures_of

JOBS = 10_000


def body() -> str:
    """What others carry: as large as what we keep of a call result without a report."""
    return encode(b.a_call_result(report=None)).decode()


async def _ours() -> Figures:
    return await figures_of("tests.bench.our_table", jobs=JOBS)


async def _bare() -> Figures:
    return await figures_of("tests.bench.group_queue", jobs=JOBS, body=body())


TABLE = Experiment(
    name="table",
    ours=Side(label="atsbridge", run=_ours),
    rows=(
        Row(
            name="command table: accept, claim, finish",
            unit="commands/s",
            against=Side(label="bare SQLite queue, group commit, synchronous=FULL", run=_bare),
            least=0.5,
        ),
    ),
)
