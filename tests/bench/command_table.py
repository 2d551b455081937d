"""Rows of the command table: accept, claim and finish with an empty handler, every commit on disk."""

from functools import partial

from adapters.persistence.serial import encode
from tests import builders as b
from tests.bench import servers
from tests.bench.comparison import Experiment, Figures, Row, Side
from tests.bench.machine import figures_of
from tests.bench.peers_python import PEERS, lacking_peers

JOBS, FEWER, FEWEST = 10_000, 2_000, 500


def body() -> str:
    """What others carry: as large as what we keep of a call result without a report."""
    return encode(b.a_call_result(report=None)).decode()


async def _ours() -> Figures:
    return await figures_of("tests.bench.our_table", {"jobs": JOBS, "url": None})


async def _ours_on_postgresql() -> Figures:
    with servers.postgresql() as url:
        return await figures_of("tests.bench.our_table", {"jobs": JOBS, "url": url})


async def _bare() -> Figures:
    return await figures_of("tests.bench.group_queue", {"jobs": JOBS, "body": body()})


async def _jetstream() -> Figures:
    with servers.nats() as url:
        return await figures_of("tests.bench.jetstream_jobs", {"jobs": JOBS, "body": body(), "url": url})


async def _pgqueuer(jobs: int, at_once: int) -> Figures:
    with servers.postgresql() as url:
        return await _of_peer("pgqueuer_jobs", jobs, url, at_once=at_once)


async def _procrastinate() -> Figures:
    with servers.postgresql() as url:
        return await _of_peer("procrastinate_jobs", FEWEST, url)


async def _aio_pika() -> Figures:
    async with servers.rabbitmq() as url:
        return await _of_peer("aio_pika_jobs", JOBS, url)


async def _celery() -> Figures:
    async with servers.rabbitmq() as url:
        return await _of_peer("celery_jobs", FEWER, url)


async def _of_peer(module: str, jobs: int, url: str, **more: int) -> Figures:
    task = {"jobs": jobs, "body": body(), "url": url, **more}
    return await figures_of(f"tests.bench.peers.{module}", task, python=PEERS)


def _lacking_rabbitmq() -> str | None:
    return lacking_peers() or servers.lacking_rabbitmq()


NAME, UNIT = "command table: accept, claim, finish", "commands/s"
_BARE = Side(label="bare SQLite queue, group commit, synchronous=FULL", run=_bare)
_JETSTREAM = Side(label="NATS JetStream, file storage", run=_jetstream, needs=servers.lacking_nats)
_PGQUEUER = Side(
    label=f"pgqueuer, single enqueue, {FEWER:,} jobs",
    run=partial(_pgqueuer, FEWER, 1),
    needs=lacking_peers,
    rounds=3,
)
_AIO_PIKA = Side(label="aio-pika, quorum queue, confirms", run=_aio_pika, needs=_lacking_rabbitmq, rounds=3)
_CELERY = Side(
    label=f"Celery on RabbitMQ, late acks, confirms, {FEWER:,} jobs", run=_celery, needs=_lacking_rabbitmq, rounds=2
)
_PROCRASTINATE = Side(
    label=f"Procrastinate, batched defer, {FEWEST:,} jobs", run=_procrastinate, needs=lacking_peers, rounds=2
)
_PGQUEUER_BATCHED = Side(
    label="pgqueuer, 500 enqueued in a call", run=partial(_pgqueuer, JOBS, 500), needs=lacking_peers
)

TABLE = Experiment(
    name="table",
    ours=Side(label="atsbridge on SQLite", run=_ours),
    rows=(
        Row(name=NAME, unit=UNIT, against=_BARE, least=0.5),
        Row(name="command table: CPU of a command", unit="us", against=_BARE, figure="cpu_us"),
        Row(name=NAME, unit=UNIT, against=_JETSTREAM, least=1.0),
        Row(name=NAME, unit=UNIT, against=_PGQUEUER, least=2.0),
        Row(name=NAME, unit=UNIT, against=_AIO_PIKA, least=4.0),
        Row(name=NAME, unit=UNIT, against=_CELERY, least=12.0),
        Row(name=NAME, unit=UNIT, against=_PROCRASTINATE, least=15.0),
    ),
    beneath=(
        "Not like with like: SQLite is in the process, the others are reached through a socket. JetStream syncs its"
        " files now and then, not before it acknowledges; RabbitMQ is one node."
    ),
)
TABLE_ON_POSTGRESQL = Experiment(
    name="postgresql",
    ours=Side(label="atsbridge on PostgreSQL", run=_ours_on_postgresql),
    rows=(Row(name="command table on PostgreSQL", unit=UNIT, against=_PGQUEUER_BATCHED, least=1.0),),
    rounds=3,
)
