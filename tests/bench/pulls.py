"""Rows of pulling: 50,000 candidates of 2 KB from Kombo's pages into SQLite, against those who load them too."""

from functools import partial
from pathlib import Path

from tests.bench.candidate_stream import FEWER, RECORDS, sdk, served
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import figures_of, lacking_proc
from tests.bench.peers_python import PEERS, lacking_peers

FEW_PAGES = 10_000
LATE = 0.05


async def _pull(module: str, *, records: int = RECORDS, late: float = 0.0, python: Path | None = None) -> Figures:
    async with served(records, late) as port:
        task = {"port": port, "records": records}
        return await (figures_of(module, task, python=python) if python else figures_of(module, task))


async def _ours() -> Figures:
    few = await _pull("tests.bench.our_pull", records=FEWER)
    many = await _pull("tests.bench.our_pull")
    late = await _pull("tests.bench.our_pull", records=FEW_PAGES, late=LATE)
    return {**many, "more": many["growth"] - few["growth"], "late": late["per_second"]}


async def _late() -> Figures:
    return {"late": (await _pull("tests.bench.raw_pages", records=FEW_PAGES, late=LATE))["per_second"]}


async def _set() -> Figures:
    return {"growth": 40.0, "more": 2.0}


NAME, UNIT = f"{RECORDS:,} candidates pulled", "records/s"
_OURS = Side(label="atsbridge's first pull", run=_ours)
_SDK = Side(label="the official SDK's asynchronous iteration, storing nothing", run=sdk, rounds=3)
_DLT = Side(
    label="dlt into SQLite, no nested tables",
    run=partial(_pull, "tests.bench.peers.dlt_pull", python=PEERS),
    needs=lacking_peers,
    rounds=3,
)
_SINGER = Side(
    label="a Singer tap into a SQLite target",
    run=partial(_pull, "tests.bench.peers.singer_pull", python=PEERS),
    needs=lacking_peers,
    rounds=2,
)
_BARE = Side(label="msgspec and sqlite3 by hand, synchronous=FULL", run=partial(_pull, "tests.bench.bare_pull"))
_RAW = Side(label="pages read by aiohttp and thrown away", run=partial(_pull, "tests.bench.raw_pages"))
_RAW_LATE = Side(label="the same pages thrown away", run=_late)
_LIMIT = Side(label="the limit set for it", run=_set, needs=lacking_proc)

PULLS = Experiment(
    name="pulls",
    ours=_OURS,
    rounds=3,
    rows=(
        Row(name=NAME, unit=UNIT, against=_SDK, least=3.5),
        Row(name=NAME, unit=UNIT, against=_DLT, least=6.0),
        Row(name=NAME, unit=UNIT, against=_SINGER, least=15.0),
        Row(name=NAME, unit=UNIT, against=_BARE, least=0.7),
        Row(name=NAME, unit=UNIT, against=_RAW),
        Row(name="a candidate pulled: CPU", unit="us", against=_BARE, figure="cpu_us"),
        Row(name="pulled, each page 50 ms late", unit=UNIT, against=_RAW_LATE, figure="late", least=0.9),
        Row(name="pulled again, nothing changed", unit=UNIT, against=_OURS, figure="again", over="per_second", least=2),
        Row(name="pulling: growth over idle", unit="MB", against=_LIMIT, figure="growth", most=1.0),
        Row(name=f"pulling: growth from {FEWER:,} on", unit="MB", against=_LIMIT, figure="more", most=1.0),
    ),
    beneath=(
        "Pages of 250 from prepared bytes, served on the other core; SQLite on disk. Not like with like: the SDK stores"
        " nothing, dlt and Singer also work out schemas; of Singer two processes are timed from start to end."
    ),
)
