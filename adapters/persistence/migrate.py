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
    engine = sqlite_engine(url, None, pool_size=1, begin="BEGIN IMMEDIATE")
    try:
        in_transaction(engine, upgrade)
    finally:
        engine.dispose()


async def _migrate_postgres(url: sa.URL) -> None:
    engine = postgres_engine(url, pool_size=1)
    try:
        async with engine.begin() as c:
            await _locked(c)
            await c.run_sync(upgrade)
    finally:
        await engine.dispose()


async def _locked(c: AsyncConnection) -> None:
    await c.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def upgrade(c: sa.Connection) -> None:
    """To the newest schema, in the connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = c
    command.upgrade(config, "head")
