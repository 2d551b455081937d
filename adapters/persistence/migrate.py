"""Brings a database to this version's schema."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.persistence.engines import in_transaction, postgres_engine, sqlite_engine
from adapters.persistence.failures import translated

_LOCK = 0x61747362  # any number that nobody else on the server locks


async def migrate(url: str) -> None:
    """Idempotent, and safe when several processes start at once. Raises UnavailableError."""
    parsed = sa.make_url(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            await asyncio.to_thread(_migrate_sqlite, parsed)
        else:
            await _migrate_postgres(parsed)
    except Exception as error:
        raise translated(error) from None


def _migrate_sqlite(url: sa.URL) -> None:
    # A table that is made anew is dropped and renamed, and others refer to it: they are looked at once all is done.
    engine = sqlite_engine(url, None, pool_size=1, begin="BEGIN IMMEDIATE", foreign_keys=False)
    try:
        in_transaction(engine, _upgrade_sqlite)
    finally:
        engine.dispose()


def _upgrade_sqlite(c: sa.Connection) -> None:
    upgrade(c)
    if c.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise RuntimeError("the migration would leave rows that refer to nothing")


async def _migrate_postgres(url: sa.URL) -> None:
    engine = postgres_engine(url, pool_size=1, longest=None)
    try:
        async with engine.begin() as c:
            await _locked(c)
            await c.run_sync(upgrade)
    finally:
        await engine.dispose()


async def _locked(c: AsyncConnection) -> None:
    await c.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def upgrade(c: sa.Connection, revision: str = "head") -> None:
    """To the newest schema (or an older one, to try what follows it), in the connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = c
    command.upgrade(config, revision)
